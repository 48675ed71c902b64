import { PostgresAdapter, sql } from 'kysely';
import type { Kysely } from 'kysely';

/** The database refuses what the life of a record refuses. The rows come from the domain's table at every opening (seed-record-moves.ts). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('record_move')
    .addColumn('from_state', 'text', (c) => c.notNull())
    .addColumn('to_state', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('record_move_key', ['from_state', 'to_state'])
    .execute();
  if (!(db.getExecutor().adapter instanceof PostgresAdapter)) {
    await sql`create trigger record_moves before update of state on record
      when new.state <> old.state
        and not exists (select 1 from record_move where from_state = old.state and to_state = new.state)
      begin select raise(abort, 'ILLEGAL_MOVE'); end`.execute(db);
    return;
  }
  await sql`create function refuse_record_move() returns trigger language plpgsql as $$
    begin
      if new.state <> old.state
        and not exists (select 1 from record_move where from_state = old.state and to_state = new.state)
      then raise exception 'ILLEGAL_MOVE'; end if;
      return new;
    end $$`.execute(db);
  await sql`create trigger record_moves before update of state on record
    for each row execute function refuse_record_move()`.execute(db);
}
