/** The registers are what follows from their log alone, whatever was written in which order, also by several processes at once. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectRegisters, registerEntrySchema } from '#domain/registers/entries.ts';
import type { ProjectedRegisters } from '#domain/registers/entries.ts';
import type { RegisteredWork } from '#domain/registers/schema.ts';
import { lockReleaseSchema, lockSchema } from '#domain/registers/schema.ts';
import { sampled } from '#tests/support/nightly.ts';
import { actsOf, does, rules } from '#tests/support/registers-at-random.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RegisterImport } from '../../sync-server/ports/register-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { rebuildRegisters } from '../../sync-server/store/rebuild-registers.ts';
import { createRegisterRows, toAppointment } from '../../sync-server/store/register-rows.ts';
import { readWorks } from '../../sync-server/store/work-writing.ts';
import { makeDataFolder, testSettings } from './server-support.ts';

const script = fileURLToPath(new URL('../support/registers-at-random.ts', import.meta.url));
const run = promisify(execFile);
const data = makeDataFolder();
let store: OpenStore;
let settings: { database?: string | undefined };
beforeAll(async () => {
  settings = await storeSettings(data.folder);
  store = await openStore({ folder: data.folder, ...settings });
});
afterAll(async () => {
  await store.close();
  data.remove();
});

const byKey = <T>(rows: readonly T[], key: (row: T) => string): T[] =>
  rows.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));

/** What all lines of the log come to. */
async function projected(): Promise<ProjectedRegisters> {
  const lines = await store.db
    .selectFrom('register_entry')
    .select('body')
    .orderBy('stream')
    .orderBy('seq')
    .execute();
  return projectRegisters(
    lines.map(({ body }) => registerEntrySchema.parse(JSON.parse(body))),
    rules,
  );
}
/** What stands in the rows. */
async function standing(): Promise<ProjectedRegisters> {
  const { db } = store;
  const works = await db.selectFrom('registered_work').select('id').execute();
  const locks = await db.selectFrom('person_lock').selectAll().execute();
  const releases = await db.selectFrom('lock_release').selectAll().execute();
  const appointments = await db.selectFrom('appointment').selectAll().execute();
  return {
    persons: byKey(await db.selectFrom('registered_person').selectAll().execute(), ({ id }) => id),
    works: byKey(
      await readWorks(
        db,
        works.map(({ id }) => id),
      ),
      ({ id }) => id,
    ),
    appointments: byKey(appointments.map(toAppointment), ({ id }) => id),
    releases: byKey(
      releases.map(({ id, body }) => ({ ...lockReleaseSchema.parse(JSON.parse(body)), id })),
      ({ id }) => id,
    ),
    locks: locks.map(({ body }) => lockSchema.parse(JSON.parse(body))),
  };
}
async function expectAlike(): Promise<number> {
  const [rows, log] = [await standing(), await projected()];
  const place = ({ person, post }: { person: string; post: string }): string => `${person} ${post}`;
  expect({ ...rows, locks: byKey(rows.locks, place) }).toEqual({ ...log, locks: byKey(log.locks, place) });
  return rows.locks.length;
}

it('after every act, and after several at one moment', async () => {
  let [locked, barred] = [0, 0];
  const acts = actsOf(20_261_130, sampled(200, 4_000));
  for (let index = 0; index < acts.length; index += 4) {
    const done = await Promise.all(
      acts.slice(index, index + 1 + (index % 4)).map((one) => does(store.db, one)),
    );
    barred += done.filter(Boolean).length;
    locked += await expectAlike();
  }
  expect(locked).toBeGreaterThan(10);
  expect(barred).toBeGreaterThan(0);
}, 300_000);

it('after random acts of three processes at once', async () => {
  const count = sampled(120, 33_334);
  const ends = await Promise.all(
    [1, 2, 3].map((seed) =>
      run(process.execPath, [
        ...[script, data.folder, String(seed), String(count)],
        ...(settings.database === undefined ? [] : [settings.database]),
      ]),
    ),
  );
  expect(ends.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBeGreaterThan(3);
  await expectAlike();
  // at night an hour and more on a busy machine, where three processes want the same few people
}, 7_200_000);

it('opposite changes at one moment follow each other: none fails, and each is there as if it had been alone', async () => {
  const all: RegisterImport = { persons: [], works: [], appointments: [] };
  const [first, second, left, right] = [ulid(), ulid(), `1 ${ulid()}`, `2 ${ulid()}`];
  const works = [left, right].map((id): RegisteredWork => ({
    ...{ id, name: id, state: 'under-construction', unit: 'u', authority: '甲', supervisor: '乙' },
    contractNumber: left,
  }));
  await createRegisterRows(store.db, rules).put({ ...all, works });
  const post = 'chief-supervisor';
  const change = (person: string, by: string, work: string) =>
    does(store.db, { what: 'change', person, by, work, post });
  await does(store.db, { what: 'begin', person: first, work: left, post });
  await does(store.db, { what: 'begin', person: second, work: right, post });
  const holders = async (): Promise<string[]> => {
    const rows = await store.db
      .selectFrom('appointment')
      .select(['work', 'person'])
      .where('work', 'in', [left, right])
      .where('ended_at', 'is', null)
      .orderBy('work')
      .execute();
    return rows.map(({ person }) => person);
  };
  for (let round = 0; round < sampled(25, 500); round += 1) {
    await Promise.all([change(first, second, left), change(second, first, right)]);
    expect(await holders()).toEqual([second, first]);
    await Promise.all([change(first, second, right), change(second, first, left)]);
    expect(await holders()).toEqual([first, second]);
  }
  await expectAlike();
}, 600_000);

it('made again from the log, every row is there byte for byte; what the log does not say goes', async () => {
  const whole = await rebuildRegisters(store.db, rules);
  expect(whole.after).toBe(whole.before);
  expect(whole.appointments).toBeGreaterThan(10);
  await store.db
    .insertInto('person_lock')
    .values({ person: 'nobody', post: 'project-manager', body: '{}' })
    .execute();
  await store.db.updateTable('registered_person').set({ name: '丙' }).execute();
  const mended = await rebuildRegisters(store.db, rules);
  expect(mended.before).not.toBe(whole.after);
  expect(mended.after).toBe(whole.after);
});

it('the administrator’s command says whether every byte is the same', async () => {
  const command = () =>
    administer(serverSettingsSchema.parse(testSettings(data.folder, settings)), ['rebuild-registers']);
  // by the programmes' own rules, which lock safety officers too
  await command();
  expect(await command()).toContain('逐字节一致');
  await store.db.deleteFrom('appointment').execute();
  expect(await command()).toContain('不一致，现以流水为准');
  expect(await command()).toContain('逐字节一致');
});
