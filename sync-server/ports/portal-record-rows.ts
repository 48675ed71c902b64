/** Port: records as a portal lists and voids them. */
import type { Subject } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';

export interface PortalRecordRows {
  /** Of one kind of a programme, newest first: what stands, what was given back, what was replaced. */
  idsOf(wanted: {
    programme: string;
    kind: string;
    subject: Pick<Subject, 'kind' | 'creditCode'>;
    limit: number;
  }): Promise<string[]>;
  /**
   * 作废 or 取消作废, one transaction, noted; whoever may see the record hears of it. False, and nothing changes, where it stands
   * no more as `before` has it.
   */
  setVoid(change: {
    before: { record: LudengRecord; stationId: string };
    isVoid: boolean;
    /** As people are told who did it. */
    by: string;
    actor: string;
    at: string;
    title: string;
  }): Promise<boolean>;
}
