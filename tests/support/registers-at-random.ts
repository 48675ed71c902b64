/** Random acts on the registers. As a process of its own: `registers-at-random.ts FOLDER SEED COUNT [DATABASE]`. */
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ulid } from 'ulid';
import type { Deed } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import { doDeeds } from '../../sync-server/store/case-deeds.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { Db, Trx } from '../../sync-server/store/open-store.ts';
import {
  beginAppointment,
  createRegisterRows,
  endAppointment,
  releaseLocks,
} from '../../sync-server/store/register-rows.ts';
import fc from './properties.ts';

export const rules = [
  { post: 'project-manager', limit: 1 },
  { post: 'chief-supervisor', limit: 3 },
];
const people = ['p1', 'p2', 'p3'];
const at = '2026-11-30T00:00:00.000Z';

const work = fc.constantFrom<string>('w1', 'w2', 'w3', 'w4', 'w5');
const person = fc.constantFrom<string>(...people);
const post = fc.constantFrom(...rules.map((rule) => rule.post));
const act = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('work' as const),
      work,
      state: fc.constantFrom('under-construction', 'under-construction', 'finished'),
      // the same contract, as it is typed
      contract: fc.constantFrom('K-1', 'ｋ－１', ' K-1 ', undefined, undefined, undefined),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('person' as const), person, name: fc.constantFrom('甲', '乙') }),
  },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('begin' as const), person, work, post }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('end' as const), person, work, post }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('release' as const), person }) },
  // one in another's place, as a decision does it
  {
    weight: 3,
    arbitrary: fc.record({ what: fc.constant('change' as const), person, by: person, work, post }),
  },
);
export type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

export const actsOf = (seed: number, count: number): Act[] => fc.sample(act, { numRuns: count, seed });

const current: Case = {
  ...{ id: ulid(), about: { kind: 'work', id: 'w' }, workflow: 'change', state: 'approved', openedAt: at },
  ...{ parties: [], claims: [], decisions: [] },
};
/** What a decision about a change of persons does to the registers. */
async function changes(
  trx: Trx,
  { person: leaving, by, work, post }: Extract<Act, { what: 'change' }>,
): Promise<void> {
  const deeds: Deed[] = [
    { deed: 'end-appointment', person: leaving, work, post },
    { deed: 'begin-appointment', person: by, work, post },
  ];
  const context = { current, rules, at, issueCredential: () => undefined, links: [] };
  await doDeeds(trx, { deeds, told: { to: [], changes: [] } }, context);
}

/** True where a lock kept the person from a further work: nothing has changed then. */
export async function does(db: Db, one: Act): Promise<boolean> {
  const registers = createRegisterRows(db, rules);
  const nothing = { persons: [], works: [], appointments: [] };
  if (one.what === 'person') {
    await registers.put({ ...nothing, persons: [{ id: one.person, name: one.name, unit: 'u' }] });
    return false;
  }
  if (one.what === 'work') {
    const state = one.state === 'finished' ? 'finished' : 'under-construction';
    const row: RegisteredWork = {
      ...{ id: one.work, name: one.work, state, unit: 'u', authority: '甲', supervisor: '乙' },
      ...(one.contract === undefined ? {} : { contractNumber: one.contract }),
    };
    await registers.put({ ...nothing, works: [row] });
    return false;
  }
  const context = { rules, at };
  try {
    await db.transaction().execute(async (trx) => {
      if (one.what === 'begin') await beginAppointment(trx, one, context);
      else if (one.what === 'change') await changes(trx, one);
      else if (one.what === 'end') await endAppointment(trx, one, context);
      else await releaseLocks(trx, one, context);
    });
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'PERSON_LOCKED') return true;
    throw error;
  }
}

/** SQLite is one process's: where others hold it for long, an act that has done nothing comes again. */
async function patiently(db: Db, one: Act): Promise<boolean> {
  for (let left = 500; ; left -= 1)
    try {
      return await does(db, one);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (!code.startsWith('SQLITE_BUSY') || left === 0) throw error;
      await pause(10);
    }
}

const [, script, folder = '', seed, count, database] = process.argv;
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  const store = await openStore({ folder, ...(database === undefined ? {} : { database }), beside: true });
  let barred = 0;
  for (const one of actsOf(Number(seed), Number(count))) if (await patiently(store.db, one)) barred += 1;
  await store.close();
  process.stdout.write(String(barred));
}
