import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { may, filterFor } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import { anActor } from '#tests/support/actors.ts';
import fc from '#tests/support/properties.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { caseFacts, recordFacts, whereMay } from '../../sync-server/store/access-filter.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { makeDataFolder } from './server-support.ts';

const at = '2026-01-01T00:00:00.000Z';
const owners = ['a', 'b', 'c'];
const departments = ['', 'a', 'b', 'c'];
const people = ['1', '2', '3'];
/** So many rows of each table, asked for by so many actors: 10,000 pairs. */
const rows = 40;
const actors = 250;

let store: OpenStore;
const data = makeDataFolder();
beforeAll(async () => {
  const { database } = await storeSettings(data.folder);
  store = await openStore({ folder: data.folder, database });
  await fill();
});
afterAll(async () => {
  await store.close();
  data.remove();
});

/** Record n belongs to one of three; it has no case, one or two, of departments of which some are nameless. */
const ownerOf = (n: number): string => owners[n % 3] ?? '';
const kinds = ['organisation', 'person', 'unit'] as const;
const kindOf = (n: number) => kinds[Math.floor(n / 3) % 3] ?? 'unit';
const departmentsOf = (n: number): string[] =>
  Array.from({ length: n % 3 }, (_, index) => departments[(Math.floor(n / 3) + index) % 4] ?? '');

const programmeOf = (n: number): string => (n % 2 === 0 ? 'p' : 'q');
const systemOf = (n: number): string => `system:${programmeOf(n)}`;

/** Some cases have a second body, and some a person who confirms. */
const secondOf = (n: number, index: number): string[] => (index === 1 ? [departments[n % 4] ?? ''] : []);
const personsOf = (n: number, index: number): string[] => (index === 0 ? [people[n % 3] ?? ''] : []);
const partiesOf = (n: number, index: number): Set<string> =>
  new Set([
    ...[departmentsOf(n)[index] ?? '', ...secondOf(n, index)].map((name) => `department:${name}`),
    ...personsOf(n, index).map((number) => `id-number:${number}`),
  ]);

async function fill(): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(store.db);
  await run(`insert into station (id, name, public_key, session_epoch, state, pending, app_version, enrolled_at)
    values ('S', 'S', 'k', 1, 'active', 0, '1', '${at}')`);
  for (let n = 0; n < rows; n += 1) {
    await run(`insert into item (id, station_id, seq, kind, schema_version, payload, payload_sha, manifest_sha, server_seq,
      received_at, signature) values ('I${n}', 'S', ${n}, 'submission', 1, '{}', 'p', 'm', ${n}, '${at}', 's')`);
    await run(`insert into record (id, station_id, item_id, state, programme, kind, subject_kind, subject_code, subject_name, received_at,
      settled_at, body) values ('R${n}', 'S', 'I${n}', 'stored', '${programmeOf(n)}', 'k', '${kindOf(n)}', '${ownerOf(n)}', 'n', '${at}', '${at}', '{}')`);
    for (const [index, department] of departmentsOf(n).entries()) {
      await run(`insert into case_file (id, about_kind, about_id, record_id, push_id, station_id, programme, kind_title, subject_name, unique_code,
        light, department, push_field, step_title, catalogue_hash, state, decision_count, opened_at, body) values ('C${n}-${index}',
        'record', 'R${n}', 'R${n}', 'P${n}-${index}', 'S', '${programmeOf(n)}', 'k', 'n', 'u${n}', 'green', '${department}', 'f', 's', 'h', 'open', 0, '${at}', '{}')`);
      for (const party of partiesOf(n, index))
        await run(`insert into case_party (case_id, party) values ('C${n}-${index}', '${party}')`);
    }
  }
}

const faceOf = (value: string): Actor['assurance'][number] => ({
  ...{ way: 'face', level: 'face', at },
  identity: { kind: 'person', scheme: 'id-number', value, name: '' },
});

/** Actors that come near the rows, among others at random. */
const nearActor: fc.Arbitrary<Actor> = fc
  .tuple(
    anActor,
    fc.constantFrom('staff', 'main', 'handler', 'person', undefined),
    fc.constantFrom(...owners),
    fc.constantFrom(...people, undefined),
  )
  .map(([actor, kind, value, number]): Actor =>
    kind === undefined
      ? actor
      : {
          ...actor,
          kind,
          mustChangePassword: false,
          ...(number === undefined ? {} : { assurance: [faceOf(number)] }),
          ...(value === 'c'
            ? { onBehalfOf: { kind: 'person', scheme: 'id-number', value, name: '' } }
            : { organisation: { kind: 'organisation', scheme: 'credit-code', value, name: '' } }),
        },
  );

describe('a list cut by the rules', () => {
  it('holds every case, and every record, of which the rule for one says yes, and no other', async () => {
    const all = { seen: 0, hidden: 0 };
    for (const actor of fc.sample(nearActor, { numRuns: actors, seed: 20_261_130 })) {
      const cases = await store.db
        .selectFrom('case_file')
        .select(['id', 'department', 'record_id'])
        .where(whereMay(filterFor(actor, 'case.list'), caseFacts))
        .execute();
      const records = await store.db
        .selectFrom('record')
        .select('id')
        .where(whereMay(filterFor(actor, 'record.read'), recordFacts))
        .execute();
      const expectedCases: string[] = [];
      const expectedRecords: string[] = [];
      for (let n = 0; n < rows; n += 1) {
        const subject = subjectIdOf({ kind: kindOf(n), creditCode: ownerOf(n) });
        const of = departmentsOf(n);
        const bodies = of.flatMap((department, index) => [department, ...secondOf(n, index)]);
        if (may(actor, 'record.read', { departments: bodies, subject, system: systemOf(n) }).allowed)
          expectedRecords.push(`R${n}`);
        for (const [index, first] of of.entries()) {
          const department = [first, ...secondOf(n, index)];
          const person = personsOf(n, index);
          const isSeen = may(actor, 'case.list', {
            department,
            person,
            administered: '',
            permission: '',
            subject,
            system: systemOf(n),
          }).allowed;
          if (isSeen) expectedCases.push(`C${n}-${index}`);
          all[isSeen ? 'seen' : 'hidden'] += 1;
        }
      }
      expect(cases.map(({ id }) => id).sort(), JSON.stringify(actor)).toEqual(expectedCases.sort());
      expect(records.map(({ id }) => id).sort(), JSON.stringify(actor)).toEqual(expectedRecords.sort());
    }
    // both answers were given often: the test can tell one from the other
    expect(Math.min(all.seen, all.hidden)).toBeGreaterThan(1_000);
  }, 60_000);
});
