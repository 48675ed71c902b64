/** Port: the way into a department's own system. */
export interface DepartmentPush {
  /** The push's id: the same for every try. */
  key: string;
  caseId: string;
  recordId: string;
  uniqueCode: string;
  programme: string;
  kindTitle: string;
  subject: { name: string; creditCode: string };
  light: string;
  openedAt: string;
}

export interface DepartmentClient {
  /** Whether the department has the push with this key. Throws when it does not say. */
  has(key: string): Promise<boolean>;
  /**
   * Hands it over; may be called again with the same key. A refusal is an outcome. Throws when nobody knows what became of it
   * (no answer, an error of the department's): ask `has` before the next try.
   */
  send(push: DepartmentPush): Promise<{ accepted: true } | { accepted: false; reason: string }>;
}
