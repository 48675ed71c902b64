/** Limits and single-use codes under a burst: each is one statement, on both databases and across processes. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { storeSettings } from '#tests/support/server-stores.ts';
import { createAtomicRows } from '../../sync-server/store/atomic-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { makeDataFolder } from './server-support.ts';

/** As many as the requirement says at night, a sample of them otherwise. */
const isNight = process.env['LUDENG_NIGHTLY'] !== undefined;
const workers = 50;
const each = isNight ? 1_000 : 20;
const patienceMs = isNight ? 1_800_000 : 120_000;

const nowMs = Date.parse('2026-11-30T08:00:00.000Z');
const waits = { nowMs, firstWaitMs: 30_000, maxWaitMs: 900_000, forgetMs: 3_600_000 };
let data: ReturnType<typeof makeDataFolder>;
let store: OpenStore;

beforeEach(async () => {
  data = makeDataFolder();
  store = await openStore({ folder: data.folder, ...(await storeSettings(data.folder)) });
});
afterEach(async () => {
  await store.close();
  data.remove();
});

/** Of `workers` that each try `each` times at once: how many got through. */
async function race(attempt: (worker: number, n: number) => Promise<boolean>): Promise<number> {
  let through = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let n = 0; n < each; n += 1) if (await attempt(worker, n)) through += 1;
    }),
  );
  return through;
}

describe('many at once', () => {
  it(
    'counts every one, and lets no more through than are free',
    async () => {
      const rows = createAtomicRows(store.db);
      await race(async () => 'count' in (await rows.increment({ ...waits, name: 'counted' })));
      expect(await rows.increment({ ...waits, name: 'counted' })).toEqual({ count: workers * each + 1 });
      const through = await race(
        async () => 'count' in (await rows.increment({ ...waits, name: 'limited', free: 7 })),
      );
      expect(through).toBe(7);
    },
    patienceMs,
  );

  it(
    'takes back as many as it counted',
    async () => {
      const rows = createAtomicRows(store.db);
      await race(async () => {
        await rows.increment({ ...waits, name: 'given back' });
        await rows.decrement('given back');
        return true;
      });
      expect(await rows.increment({ ...waits, name: 'given back' })).toEqual({ count: 1 });
    },
    patienceMs,
  );

  it(
    'gives one thing to one: the first to name it, the first to use it',
    async () => {
      const rows = createAtomicRows(store.db);
      expect(await race(() => rows.reserve('once', { nowMs }))).toBe(1);
      const holders = new Set<number>();
      await race(async (worker) => {
        const isMine = await rows.consume('once', { holder: `holder ${worker}`, nowMs });
        if (isMine) holders.add(worker);
        return isMine;
      });
      expect(holders.size).toBe(1);
      expect(await rows.consume('never named', { holder: 'x', nowMs })).toBe(false);
    },
    patienceMs,
  );

  it('enrols one station with a one-time code, however many come with it at once', async () => {
    const stations = createStationRows(store.db);
    const at = new Date(nowMs).toISOString();
    await stations.addCode({ sha: 'sha', reusable: false }, at);
    const enrol = (n: number) =>
      stations.enrol({ codeSha: 'sha', stationId: `S${n}`, name: 'S', publicKey: `key ${n}`, at });
    const answers = await Promise.allSettled(Array.from({ length: workers }, (_, n) => enrol(n)));
    const enrolled = answers.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []));
    expect(enrolled).toHaveLength(1);
    expect((await stations.list()).map(({ id }) => id)).toEqual([`S${enrolled[0]}`]);
    // its own request once more is fine; a restart with the same code makes it no new one
    await enrol(enrolled[0] ?? -1);
    await stations.addCode({ sha: 'sha', reusable: false }, at);
    await expect(enrol(99)).rejects.toMatchObject({ code: 'ENROLMENT_REFUSED' });
  });

  it(
    'does so across processes',
    async () => {
      const { database } = await storeSettings(data.folder);
      // SQLite has one process
      if (database === undefined) expect(inject('postgres')).toBeUndefined();
      else {
        const script = join(import.meta.dirname, '../support/atomic-race.ts');
        const run = async (holder: string) => {
          const folder = join(data.folder, holder);
          const options = JSON.stringify({ folder, database, workers: workers / 2, each, holder });
          const { stdout } = await promisify(execFile)(process.execPath, [script, options]);
          return JSON.parse(stdout) as Record<'through' | 'reserved' | 'consumed', number>;
        };
        const [one, other] = await Promise.all([run('one'), run('other')]);
        expect(one.through + other.through).toBe(7);
        expect(one.reserved + other.reserved).toBe(5);
        expect(one.consumed + other.consumed).toBe(5);
        const counted = await createAtomicRows(store.db).increment({ ...waits, name: 'counted' });
        expect(counted).toEqual({ count: workers * each + 1 });
      }
    },
    patienceMs,
  );
});

it('waits longer after each further one, forgets in quiet, and gives a wait back with its cause', async () => {
  const rows = createAtomicRows(store.db);
  const at = (ms: number) => rows.increment({ ...waits, nowMs: nowMs + ms, name: 'n', free: 2 });
  expect(await at(0)).toEqual({ count: 1 });
  expect(await at(0)).toEqual({ count: 2 });
  expect(await at(10_000)).toEqual({ retryAfterMs: 20_000 });
  expect(await at(30_000)).toEqual({ count: 3 });
  expect(await at(30_000)).toEqual({ retryAfterMs: 60_000 });
  for (const [n, ms] of [90_000, 210_000, 450_000, 930_000, 1_830_000].entries())
    expect(await at(ms)).toEqual({ count: 4 + n });
  expect(await at(1_830_000)).toEqual({ retryAfterMs: 900_000 });
  await rows.decrement('n');
  expect(await at(1_830_000)).toEqual({ count: 8 });
  expect(await at(1_830_000 + 3_600_000)).toEqual({ count: 1 });
  await rows.forget(nowMs + 20_000_000);
  expect(await store.db.selectFrom('tally').select('name').execute()).toEqual([]);
});

it('lets a name be taken again when it has run out, and used by nobody then', async () => {
  const rows = createAtomicRows(store.db);
  expect(await rows.reserve('code', { nowMs, untilMs: nowMs + 1000 })).toBe(true);
  expect(await rows.consume('code', { holder: 'a', nowMs: nowMs + 1000 })).toBe(false);
  expect(await rows.reserve('code', { nowMs: nowMs + 999 })).toBe(false);
  expect(await rows.reserve('code', { nowMs: nowMs + 1000 })).toBe(true);
  expect(await rows.consume('code', { holder: 'a', nowMs: nowMs + 1000 })).toBe(true);
  expect(await rows.consume('code', { holder: 'b', nowMs: nowMs + 1000 })).toBe(false);
});

it('counts under a name that holds U+0000, which a stranger may type', async () => {
  const rows = createAtomicRows(store.db);
  expect(await rows.increment({ ...waits, name: 'sign-in a\0b' })).toEqual({ count: 1 });
  expect(await rows.increment({ ...waits, name: 'sign-in a\0b' })).toEqual({ count: 2 });
});
