/**
 * The outbox against a model of a few lines: whatever happens in whatever order, with the program ending in between,
 * the real tables and the model agree. Run on real SQLite; blobs are left out, they have their own tests.
 */
import fc from '#tests/support/properties.ts';
import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { edited, makeRecord } from '#tests/support/record-fixtures.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import type { OpenedStore } from './open-store.ts';
import { sampled } from '#tests/support/nightly.ts';

type State = 'ready' | 'uploading' | 'committing' | 'accepted' | 'rejected' | 'parked' | 'purged';
interface ModelItem {
  id: string;
  recordId: string;
  state: State;
}

/** `pick` chooses among the first items or records there are: few of them, so that much happens to each. */
const stepArbitrary = fc.record({
  act: fc.constantFrom(
    'submit',
    'submit-again',
    'push',
    'upload',
    'commit',
    'accept',
    'reject',
    'park',
    'unpark',
    'fail',
    'offer-again',
    'purge',
    'restart',
  ),
  pick: fc.nat({ max: 3 }),
});
const isActive = (state: State) => state === 'ready' || state === 'uploading' || state === 'committing';
const receiptOf = (id: string) => ({
  id,
  manifestSha: 'a'.repeat(64),
  serverSeq: 1,
  receivedAt: '2026-03-01T00:00:00.000Z',
  signature: 'x',
});

function allowed(item: ModelItem, act: string): State | undefined {
  if (act === 'unpark') return item.state === 'parked' ? 'ready' : undefined;
  if (act === 'offer-again') return item.state === 'accepted' ? 'ready' : undefined;
  if (!isActive(item.state)) return undefined;
  if (act === 'upload') return 'uploading';
  if (act === 'commit') return 'committing';
  if (act === 'accept') return 'accepted';
  if (act === 'reject') return 'rejected';
  if (act === 'park') return 'parked';
  return act === 'fail' ? 'ready' : undefined;
}

it(
  'agrees with its model in every order of events',
  () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 40, size: 'max' }), (steps) => {
        const { folder, remove } = makeFolder();
        let opened: OpenedStore = openStation(folder);
        const items: ModelItem[] = [];
        const payloads = new Map<string, { record: LudengRecord; itemId: string; payload: string }>();
        const recordIds: string[] = [];
        try {
          for (const { act, pick } of steps) {
            const { store } = opened;
            const item = items[pick % Math.max(items.length, 1)];
            if (act === 'submit') {
              const draft = makeRecord();
              store.insertRecord(draft);
              const request = {
                record: edited(draft, { state: 'submitted' }),
                itemId: ulid(),
                payload: JSON.stringify({ of: draft.id }),
              };
              expect(store.enqueueSubmission({ ...request, blobs: [] }).seq).toBe(items.length + 1);
              payloads.set(request.itemId, request);
              items.push({ id: request.itemId, recordId: draft.id, state: 'ready' });
              recordIds.push(draft.id);
            } else if (act === 'submit-again') {
              const request = item && payloads.get(item.id);
              if (request)
                expect(store.enqueueSubmission({ ...request, blobs: [] }).seq).toBe(items.indexOf(item) + 1);
            } else if (act === 'push') {
              const record = store.getRecord(recordIds[pick % Math.max(recordIds.length, 1)] ?? '');
              if (!record) continue;
              const itemId = ulid();
              const { seq } = store.enqueueAction('push', { record: edited(record), itemId, payload: '{}' });
              expect(seq).toBe(items.length + 1);
              items.push({ id: itemId, recordId: record.id, state: 'ready' });
            } else if (act === 'purge') {
              const accepted = items.filter(({ state }) => state === 'accepted');
              expect(store.purgeAccepted('2027-01-01T00:00:00.000Z')).toBe(accepted.length);
              for (const one of accepted) one.state = 'purged';
            } else if (act === 'restart') {
              store.close();
              opened = openStation(folder);
            } else if (item) {
              move(opened, item, act);
            }
            compare(opened);
          }
        } finally {
          opened.store.close();
          remove();
        }

        function compare({ store }: OpenedStore): void {
          expect(store.maxSeq()).toBe(items.length);
          expect(store.outboxCounts()).toEqual({
            queued: items.filter(({ state }) => isActive(state)).length,
            parked: items.filter(({ state }) => state === 'parked').length,
          });
          for (const recordId of recordIds)
            expect(store.itemsOfRecord(recordId).map(({ id, state }) => ({ id, state, recordId }))).toEqual(
              items.filter((item) => item.recordId === recordId),
            );
          const next = items.find(
            (item, index) =>
              isActive(item.state) &&
              !items
                .slice(0, index)
                .some(
                  (earlier) =>
                    earlier.recordId === item.recordId &&
                    (isActive(earlier.state) || earlier.state === 'parked'),
                ),
          );
          expect(store.nextItem(new Set())?.id).toBe(next?.id);
        }
      }),
      { numRuns: sampled(30, 600) },
    );
  },
  sampled(60_000, 3_600_000),
);

/** Does what the model allows; what it does not allow must throw, or change nothing. */
function move({ store }: OpenedStore, item: ModelItem, act: string): void {
  const work: Record<string, () => void> = {
    upload: () => store.moveItem(item.id, 'uploading'),
    commit: () => store.moveItem(item.id, 'committing'),
    fail: () => store.moveItem(item.id, 'ready', 'INTERNAL'),
    accept: () => store.acceptItem(item.id, receiptOf(item.id)),
    reject: () =>
      store.rejectItem(item.id, { code: 'BAD_REQUEST', message: 'm', at: '2026-03-01T00:00:00.000Z' }),
    park: () => store.parkItem(item.id, 'CONFLICT', 'd'),
    unpark: () => store.unpark(item.id),
    'offer-again': () => {
      store.offerAgain(item.id);
    },
  };
  const next = allowed(item, act);
  if (next) {
    work[act]?.();
    item.state = next;
    return;
  }
  try {
    work[act]?.();
  } catch (error) {
    expect(String(error)).toContain('ILLEGAL_MOVE');
  }
}
