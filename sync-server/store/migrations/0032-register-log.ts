import type { Kysely } from 'kysely';

/** As they were before. */
type Rows = {
  registered_person: { id: string; name: string; unit: string };
  registered_work: {
    id: string;
    name: string;
    state: string;
    contract_number: string | null;
    unit: string;
    authority: string;
    supervisor: string;
  };
  appointment: {
    id: string;
    person: string;
    work: string;
    post: string;
    begun_at: string;
    ended_at: string | null;
  };
  lock_release: { id: string; person: string; body: string };
  register_entry: { stream: string; seq: number; record_id: string | null; body: string };
};

/** The log of the registers: every row as it was from then on. It begins with what stands there already. */
export async function up(given: Kysely<unknown>): Promise<void> {
  await given.schema
    .createTable('register_entry')
    .addColumn('stream', 'text', (c) => c.notNull())
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('record_id', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('register_entry_key', ['stream', 'seq'])
    .execute();
  const db = given.withTables<Rows>();
  const next = new Map<string, number>();
  const note = async (stream: string, entry: object): Promise<void> => {
    const seq = (next.get(stream) ?? 0) + 1;
    next.set(stream, seq);
    await db
      .insertInto('register_entry')
      .values({ stream, seq, record_id: null, body: JSON.stringify(entry) })
      .execute();
  };
  for (const row of await db.selectFrom('registered_person').selectAll().execute())
    await note(`person ${row.id}`, { what: 'person', row });
  for (const { contract_number: contract, ...row } of await db
    .selectFrom('registered_work')
    .selectAll()
    .execute())
    await note(`work ${row.id}`, {
      what: 'work',
      row: contract === null ? row : { ...row, contractNumber: contract },
    });
  for (const { begun_at: from, ended_at: until, ...row } of await db
    .selectFrom('appointment')
    .selectAll()
    .orderBy('id')
    .execute())
    await note(`person ${row.person}`, {
      what: 'appointment',
      row: until === null ? { ...row, from } : { ...row, from, until },
    });
  for (const { id, person, body } of await db.selectFrom('lock_release').selectAll().orderBy('id').execute())
    await note(`person ${person}`, { what: 'release', id, row: JSON.parse(body) as unknown });
}
