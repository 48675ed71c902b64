/** What an action can be about. */

/** What things say of themselves, by the kind of thing. */
export interface Things {
  /** The action is about nothing in particular. */
  none: never;
  /** `permission`: of the step that is asked about; `department`, `person`: those who decide some step of it. `administered`: companies whose administrator does. `subject`: `scheme:value` of the identity it belongs to. `system`: the right to enter its programme. */
  case: 'department' | 'permission' | 'subject' | 'person' | 'administered' | 'system';
  /** `departments`: of its cases. */
  record: 'departments' | 'subject' | 'system';
  account: 'id' | 'organisation' | 'kind';
  /** A key that a unit was given. */
  'unit-key': 'organisation';
  /** A programme, by the right to enter it. */
  system: 'system';
  /** `account`: whose it is. `organisation`: of that account. */
  session: 'account' | 'organisation';
  station: 'id';
  /** A line of it: the account that acted, and the organisation whose that is. */
  log: 'account' | 'organisation';
}
export type ThingKind = keyof Things;
