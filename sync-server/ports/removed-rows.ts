/** Port: rows of outside registers that a subject removed from its lists. */
import type { Subject } from '#domain/primitives.ts';

export interface RemovedList {
  subject: Pick<Subject, 'kind' | 'creditCode'>;
  programme: string;
  kind: string;
}

export interface RemovedRows {
  of(list: RemovedList): Promise<string[]>;
  /** Twice is fine. */
  remove(list: RemovedList, row: string, by: { stationId: string; at: string }): Promise<void>;
  restore(list: RemovedList, rows: readonly string[]): Promise<void>;
}
