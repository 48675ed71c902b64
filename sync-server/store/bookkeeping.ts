/** Small writes that other transactions share: counters, the feed, effects, alarms, operations. */
import { ulid } from 'ulid';
import type { Audience } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import type { JobKind } from '../ports/job-rows.ts';
import type { NewLogLine } from '../ports/log-rows.ts';
import { appendLine } from './log-chain.ts';
import type { Trx } from './open-store.ts';

/** Next number of a counter, 1 first. A row and UPDATE … RETURNING, so that numbers follow the order of the commits. */
export async function nextNumber(trx: Trx, name: string): Promise<number> {
  const row = await trx
    .insertInto('counter')
    .values({ name, value: 1 })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('counter.value', '+', 1) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return Number(row.value);
}

/** Changes for whoever is in one of the audiences; each is numbered in every one of them. */
export interface Addressed {
  to: readonly Audience[];
  changes: readonly Change[];
}

/**
 * Puts changes at the ends of the feeds. To be called once in a transaction: the audiences' counters are taken in one
 * order, whoever writes, so that two that address the same ones do not wait for each other.
 */
export async function appendChanges(trx: Trx, addressed: readonly Addressed[], at: string): Promise<void> {
  const letters = addressed.flatMap(({ to, changes }) =>
    [...new Set(to)].flatMap((audience) => changes.map((change) => ({ audience, change }))),
  );
  for (const { audience, change } of letters.toSorted(byAudience)) {
    const head = await trx
      .insertInto('feed_head')
      .values({ audience, seq: 1 })
      .onConflict((conflict) =>
        conflict.column('audience').doUpdateSet((eb) => ({ seq: eb('feed_head.seq', '+', 1) })),
      )
      .returning('seq')
      .executeTakeFirstOrThrow();
    await trx
      .insertInto('change')
      .values({
        audience,
        seq: Number(head.seq),
        body: JSON.stringify(change),
        at,
        subject: subjectOf(change),
      })
      .execute();
  }
}

/** By code units: the same everywhere. Equal ones stay in their order. */
const byAudience = (left: { audience: Audience }, right: { audience: Audience }): number =>
  left.audience < right.audience ? -1 : left.audience > right.audience ? 1 : 0;

function subjectOf(change: Change): string {
  if (change.kind === 'station-settings') return 'settings';
  // another word than that it was stored, which must stay
  if (change.kind === 'record-superseded') return `superseded:${change.recordId}`;
  if (change.kind === 'record-returned') return `returned:${change.recordId}`;
  if (change.kind === 'case-state') return `case:${change.case.id}`;
  if (change.kind === 'record-void') return `void:${change.recordId}`;
  if (change.kind === 'record-released') return `released:${change.recordId}`;
  if (change.kind === 'credential-issued') return `credential:${change.recordId}`;
  if (change.kind === 'credential-revoked') return `revoked:${change.recordId}`;
  if (change.kind === 'record-links') return `links:${change.recordId}`;
  if (change.kind === 'certificate-code') return `certificate:${change.recordId}`;
  return change.kind === 'push-state' ? `push:${change.pushId}` : `record:${change.recordId}`;
}

/** Of one station at a time: acknowledged, they make room for the next. */
export const maxFindings = 200;

export async function noteEffect(trx: Trx, kind: string, refId: string, at: string): Promise<void> {
  await trx.insertInto('effect').values({ id: ulid(), at, kind, ref_id: refId }).execute();
}

export async function raiseAlarm(
  trx: Trx,
  alarm: { kind: string; refId: string; detail: string; at: string; stationId?: string },
): Promise<void> {
  await trx
    .insertInto('alarm')
    .values({
      id: ulid(),
      at: alarm.at,
      kind: alarm.kind,
      ref_id: alarm.refId,
      detail: alarm.detail,
      settled_at: null,
      station_id: alarm.stationId ?? null,
      settled_by: null,
      settled_reason: null,
      is_known: 0,
    })
    .execute();
}

/** A line of the log. The last of a transaction that takes a lock (log-chain.ts). */
export const noteOperation = (
  trx: Trx,
  { actor, action, refId, at, detail }: Pick<NewLogLine, 'actor' | 'action' | 'refId' | 'at' | 'detail'>,
): Promise<void> =>
  appendLine(trx, {
    kind: 'operation',
    actor,
    action,
    refId,
    at,
    ...(detail === undefined ? {} : { detail }),
  });

/** Ends the job; false when an earlier run, or one of another process whose lease ended, has done so: no second effect. */
export async function finishJob(trx: Trx, jobId: string): Promise<boolean> {
  const row = await trx
    .updateTable('job')
    .set({ state: 'done', lease_owner: null, lease_until_ms: 0 })
    .where('id', '=', jobId)
    .where('state', '!=', 'done')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Work for later, in the transaction that makes it necessary. */
export async function addJob(
  trx: Trx,
  { id, kind, refId, at }: { id: string; kind: JobKind; refId: string; at: string },
): Promise<void> {
  await trx
    .insertInto('job')
    .values({
      id,
      kind,
      ref_id: refId,
      waits_for: null,
      state: 'ready',
      attempts: 0,
      next_at_ms: 0,
      lease_owner: null,
      lease_until_ms: 0,
      last_error: null,
      created_at: at,
    })
    .execute();
}
