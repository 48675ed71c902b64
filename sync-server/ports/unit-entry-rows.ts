/** Port: a unit whose identity another service has proved comes in. */
export interface UnitEntryRows {
  /** The unit's main account, whatever it is of; where it has none, one of `type` is opened. Of several at one moment one opens it. */
  accountOf(
    unit: { name: string; creditCode: string },
    opening: { id: string; type: string; at: string },
  ): Promise<string>;
}
