/** 投诉 against pushes of a record: how they stand, and what an upheld one takes away. Pure. */
import type { Push } from './schema.ts';
import type { Complaint, RecordCase } from './standing.ts';

/** A complaint with how its case stands: of a record's own cases, or of the server's. */
export interface StandingComplaint {
  state: RecordCase['state'];
  complaint: Pick<Complaint, 'push'>;
}

/** Of cases of a record those that are complaints, with what they are about. */
export const complaintsAmong = <Of extends { state: RecordCase['state']; complaint?: Complaint }>(
  cases: readonly Of[],
): (Of & { complaint: Complaint })[] =>
  cases.flatMap((one) => (one.complaint ? [{ ...one, complaint: one.complaint }] : []));

export const complaintsOf = (cases: readonly RecordCase[] | undefined) => complaintsAmong(cases ?? []);

/** What the record's own 提交 opened. */
export const ownCasesOf = (cases: readonly RecordCase[] | undefined): RecordCase[] =>
  (cases ?? []).filter(({ complaint }) => complaint === undefined);

/** The push was approved, and a complaint about it was upheld: that approval counts no more. */
export const isLost = ({ id }: Pick<Push, 'id'>, complaints: readonly StandingComplaint[]): boolean =>
  complaints.some(({ state, complaint }) => complaint.push === id && state === 'approved');

/** Somebody has to decide it yet. */
export const isDisputed = ({ id }: Pick<Push, 'id'>, complaints: readonly StandingComplaint[]): boolean =>
  complaints.some(({ state, complaint }) => complaint.push === id && state === 'open');

/** Whether the push keeps its field: its department decides yet, or has approved it, and no complaint took that away. */
export const holdsField = (
  push: Pick<Push, 'id' | 'state'>,
  complaints: readonly StandingComplaint[],
): boolean => push.state !== 'refused' && !isLost(push, complaints);
