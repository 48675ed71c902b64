/** The server's real rows against the table of a record's life, on the database of the project: SQLite or PostgreSQL. */
import { sql } from 'kysely';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyEvent, movesAmong, statesAtServer } from '#domain/record/lifecycle.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import fc from '#tests/support/properties.ts';
import { sampled } from '#tests/support/nightly.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createItemRows } from '../../sync-server/store/item-rows.ts';
import { createRecordRows } from '../../sync-server/store/record-rows.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { makeDataFolder } from './server-support.ts';

const data = makeDataFolder();
const at = '2026-11-21T09:00:00.000Z';
let store: OpenStore;
let epoch: number;
let seq = 0;
beforeAll(async () => {
  store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)) });
  const stations = createStationRows(store.db);
  await stations.addKnown({ id: 'S', name: 'S', publicKey: 'k' }, at);
  const session = await stations.openSession({
    ...{ stationId: 'S', installId: ulid(), maxSeq: 0, pending: 0, appVersion: '1' },
    ...{ blobTokenSha: 'a'.repeat(64), at, onlineUntilMs: 0 },
  });
  epoch = session.sessionEpoch;
});
afterAll(async () => {
  await store.close();
  data.remove();
});

/** An item with its job, as a submission leaves them. */
async function arrive(): Promise<{ submissionId: string; jobId: string }> {
  const submissionId = ulid();
  const jobId = ulid();
  const sha = 'a'.repeat(64);
  await createItemRows(store.db, store.flush).commit(
    {
      ...{ id: submissionId, stationId: 'S', seq: (seq += 1), kind: 'submission' as const, schemaVersion: 1 },
      ...{ payload: '{}', payloadSha: sha, manifestSha: sha, blobs: [] },
    },
    { sessionEpoch: epoch, jobId, jobKind: 'submission', at, sign: () => 'signature' },
  );
  return { submissionId, jobId };
}

const stateOf = async (id: string) =>
  (await sql<{ state: string }>`select state from record where id = ${id}`.execute(store.db)).rows[0]?.state;
const forceState = (id: string, state: string) =>
  sql`update record set state = ${state} where id = ${id}`.execute(store.db).then(
    () => 'done',
    (error: unknown) => String(error),
  );

it('has a row for every move of the table, and no other', async () => {
  const { rows } = await sql<{ from_state: string; to_state: string }>`select * from record_move`.execute(
    store.db,
  );
  const text = rows.map(({ from_state, to_state }) => `${from_state} ${to_state}`).sort();
  expect(text).toEqual(
    movesAmong(statesAtServer)
      .map(({ from, to }) => `${from} ${to}`)
      .sort(),
  );
});

it('follows the table through refusals, storing and replacing, and refuses every other move in SQL', async () => {
  const rows = createRecordRows(store.db);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('store' as const, 'reject' as const, 'replace' as const), { maxLength: 6 }),
      async (events) => {
        const record = applyEvent(makeRecord(), 'submit', { at });
        let model: string | undefined;
        const settle = async (event: 'store' | 'reject', one: typeof record) => {
          const common = { ...(await arrive()), stationId: 'S', receivedAt: at, at, record: one };
          if (event === 'reject') return rows.reject({ ...common, code: 'BAD_REQUEST', message: '退回' });
          return rows.store({
            ...{ ...common, light: 'green' as const, materials: [], counter: 'life' },
            makeUniqueCode: (serial) => `L${serial}`,
          });
        };
        for (const event of events) {
          if (event === 'replace') {
            const next = settle('store', { ...makeRecord({ supersedes: record.id }), state: 'submitted' });
            // of two that replace one record, one counts
            if (model === 'superseded')
              await expect(next).rejects.toMatchObject({ code: 'RECORD_SUPERSEDED' });
            else await next;
            if (model === 'stored') model = 'superseded';
          } else {
            await settle(event, record);
            if (model === undefined || model === 'rejected')
              model = event === 'store' ? 'stored' : 'rejected';
          }
          expect(await stateOf(record.id)).toBe(model);
          if (model === undefined) continue;
          for (const to of statesAtServer) {
            const isMove = movesAmong(statesAtServer).some((move) => move.from === model && move.to === to);
            if (to === model || isMove) continue;
            expect(await forceState(record.id, to)).toContain('ILLEGAL_MOVE');
          }
        }
      },
    ),
    { numRuns: sampled(25, 250) },
  );
});
