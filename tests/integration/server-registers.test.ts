/** The rows of locks are what `locks` makes of appointments, works and releases, whatever was written in which order, also at once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
import { locks } from '#domain/registers/locks.ts';
import type { Appointment, Lock, LockRelease, RegisteredWork } from '#domain/registers/schema.ts';
import fc from '#tests/support/properties.ts';
import { sampled } from '#tests/support/nightly.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import {
  beginAppointment,
  createRegisterRows,
  endAppointment,
  releaseLocks,
} from '../../sync-server/store/register-rows.ts';
import { makeDataFolder } from './server-support.ts';

const rules = [
  { post: 'project-manager', limit: 1 },
  { post: 'chief-supervisor', limit: 3 },
];
const people = ['p1', 'p2'];
const at = '2026-11-30T00:00:00.000Z';
let store: OpenStore;
const data = makeDataFolder();
beforeAll(async () => {
  store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)) });
});
afterAll(async () => {
  await store.close();
  data.remove();
});

const work = fc.constantFrom('w1', 'w2', 'w3', 'w4');
const person = fc.constantFrom(...people);
const post = fc.constantFrom(...rules.map((rule) => rule.post));
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('work' as const),
      work,
      state: fc.constantFrom('under-construction', 'under-construction', 'finished'),
      contract: fc.constantFrom('k', undefined, undefined),
    }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('begin' as const), person, work, post }) },
  fc.record({ what: fc.constant('end' as const), person, work, post }),
  fc.record({ what: fc.constant('release' as const), person }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

let barred = 0;
/** Whom a lock keeps from a further work is refused it, and everything stands as it stood. */
function unlessLocked(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'PERSON_LOCKED') throw error;
  barred += 1;
}

async function does(one: Act): Promise<void> {
  const context = { rules, at };
  if (one.what === 'work') {
    const row: RegisteredWork = {
      ...{
        id: one.work,
        name: one.work,
        state: one.state === 'finished' ? 'finished' : 'under-construction',
      },
      ...{ unit: 'u', authority: '甲', supervisor: '乙' },
      ...(one.contract === undefined ? {} : { contractNumber: one.contract }),
    };
    await createRegisterRows(store.db, rules).put({ persons: [], works: [row], appointments: [] });
    return;
  }
  await store.db.transaction().execute(async (trx) => {
    if (one.what === 'begin') await beginAppointment(trx, one, context).catch(unlessLocked);
    else if (one.what === 'end') await endAppointment(trx, one, context);
    else await releaseLocks(trx, one, context);
  });
}

/** What everything in the store comes to, read by another way than the rows were written. */
async function expected(): Promise<Lock[]> {
  const works = (await store.db.selectFrom('registered_work').selectAll().execute()).map(
    ({ contract_number: contract, permit_number: _permit, details: _details, ...row }) =>
      ({ ...row, ...(contract === null ? {} : { contractNumber: contract }) }) as RegisteredWork,
  );
  const appointments = (await store.db.selectFrom('appointment').selectAll().execute()).map(
    ({ begun_at: from, ended_at: until, ...row }): Appointment => ({
      ...{ ...row, from },
      ...(until === null ? {} : { until }),
    }),
  );
  const releases = (await store.db.selectFrom('lock_release').selectAll().orderBy('id').execute()).map(
    ({ body }) => JSON.parse(body) as LockRelease,
  );
  return people.flatMap((one) => locks({ person: one, works, appointments, releases, rules }));
}
const byPlace = (left: Lock, right: Lock): number =>
  `${left.person} ${left.post}` < `${right.person} ${right.post}` ? -1 : 1;

it('after every act, and after several at one moment', async () => {
  let locked = 0;
  const rounds = fc.sample(fc.array(act, { minLength: 1, maxLength: 4 }), {
    numRuns: sampled(60, 600),
    seed: 20_261_130,
  });
  for (const round of rounds) {
    await Promise.all(round.map(does));
    const rows = await createRegisterRows(store.db, rules).about(people, at);
    const standing = (rows.locks?.rows ?? []).toSorted(byPlace);
    expect(standing, JSON.stringify(round)).toEqual((await expected()).toSorted(byPlace));
    locked += standing.length;
  }
  expect(locked).toBeGreaterThan(10);
  expect(barred).toBeGreaterThan(10);
}, 120_000);
