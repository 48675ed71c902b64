import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';

interface Earlier {
  account: { id: string; name: string; created_at: string; kind: string; person_id: string | null };
  desk_session: { token_sha: string; account_id: string; created_at: string; expires_at: string };
  person: { id: string; name: string; id_number: string | null; mobile: string | null; created_at: string };
  identity: {
    id: string;
    account_id: string;
    kind: string;
    scheme: string;
    value: string;
    name: string;
    way: string;
    proved_at: string;
  };
  session: {
    token_sha: string;
    id: string;
    account_id: string;
    way: string;
    assurance: string;
    on_behalf_of: string | null;
    device: string;
    place: string;
    created_at: string;
    last_seen_at: string;
    expires_at: string;
    is_rotation_due: number;
    earlier_sha: string | null;
    earlier_until: string | null;
  };
}

/**
 * Persons, organisations, what they are known by, and one table of sessions for every way in. Each account of before is a
 * person's at the desk; whoever was signed in stays so.
 */
export async function up(db: Kysely<Earlier>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('person')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('id_number', 'text')
    .addColumn('mobile', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .createTable('organisation')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('credit_code', 'text', (c) => c.unique())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute();
  await schema
    .alterTable('account')
    .addColumn('kind', 'text', (c) => c.notNull().defaultTo('staff'))
    .execute();
  for (const name of ['person_id', 'organisation_id'] as const)
    await schema.alterTable('account').addColumn(name, 'text').execute();
  await schema.createIndex('account_by_organisation').on('account').column('organisation_id').execute();
  await schema
    .createTable('identity')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('scheme', 'text', (c) => c.notNull())
    .addColumn('value', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('proved_at', 'text', (c) => c.notNull())
    .addUniqueConstraint('identity_value', ['scheme', 'value', 'account_id'])
    .execute();
  await schema.createIndex('identity_by_account').on('identity').column('account_id').execute();
  await schema
    .createTable('session')
    .addColumn('token_sha', 'text', (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('account_id', 'text', (c) => c.notNull().references('account.id'))
    .addColumn('way', 'text', (c) => c.notNull())
    .addColumn('assurance', 'text', (c) => c.notNull())
    .addColumn('on_behalf_of', 'text')
    .addColumn('device', 'text', (c) => c.notNull())
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('last_seen_at', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'text', (c) => c.notNull())
    .addColumn('is_rotation_due', 'integer', (c) => c.notNull())
    .addColumn('earlier_sha', 'text')
    .addColumn('earlier_until', 'text')
    .execute();
  await schema.createIndex('session_by_account').on('session').column('account_id').execute();
  await schema.createIndex('session_by_earlier').on('session').column('earlier_sha').execute();
  await schema.createIndex('session_over').on('session').column('expires_at').execute();

  for (const { id, name, created_at } of await db.selectFrom('account').selectAll().execute()) {
    const person = randomUUID();
    await db
      .insertInto('person')
      .values({ id: person, name, id_number: null, mobile: null, created_at })
      .execute();
    await db.updateTable('account').set({ person_id: person }).where('id', '=', id).execute();
    await db
      .insertInto('identity')
      .values({
        ...{ id: randomUUID(), account_id: id, kind: 'person', scheme: 'account', value: id, name },
        ...{ way: 'password', proved_at: created_at },
      })
      .execute();
  }
  const sessions = await db
    .selectFrom('desk_session')
    .innerJoin('account', 'account.id', 'desk_session.account_id')
    .selectAll('desk_session')
    .select('account.name')
    .execute();
  for (const { token_sha, account_id, created_at, expires_at, name } of sessions) {
    const identity = { kind: 'person', scheme: 'account', value: account_id, name };
    await db
      .insertInto('session')
      .values({
        ...{ token_sha, id: randomUUID(), account_id, way: 'password', on_behalf_of: null },
        assurance: JSON.stringify([{ way: 'password', level: 'password', identity, at: created_at }]),
        ...{ device: '', place: '', created_at, last_seen_at: created_at, expires_at },
        ...{ is_rotation_due: 0, earlier_sha: null, earlier_until: null },
      })
      .execute();
  }
  await schema.dropTable('desk_session').execute();
}
