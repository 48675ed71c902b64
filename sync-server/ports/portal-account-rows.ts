/** Port: where an account belongs, for the door of a portal. */
export interface PortalAccountRows {
  /** `type`: of an account type, or empty. `programme`: where it was registered; absent where an administrator opened it. */
  find(account: string): Promise<{ type: string; programme?: string } | undefined>;
  /** As which kinds of institution the account's unit is known in the programme. */
  institutionRoles(account: string, programme: string): Promise<string[]>;
}
