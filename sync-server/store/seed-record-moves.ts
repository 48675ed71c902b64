import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { movesAmong, statesAtServer } from '#domain/record/lifecycle.ts';

/** The domain's table as rows. Several processes may do it at once, each of them with the same outcome. */
export async function seedRecordMoves(db: QueryExecutorProvider): Promise<void> {
  const moves = movesAmong(statesAtServer);
  const { rows } = await sql<Move>`select from_state, to_state from record_move`.execute(db);
  const isSame = ({ from_state, to_state }: Move): boolean =>
    moves.some(({ from, to }) => from === from_state && to === to_state);
  for (const { from_state, to_state } of rows.filter((row) => !isSame(row)))
    await sql`delete from record_move where from_state = ${from_state} and to_state = ${to_state}`.execute(
      db,
    );
  for (const { from, to } of moves)
    await sql`insert into record_move values (${from}, ${to}) on conflict do nothing`.execute(db);
}

interface Move {
  from_state: string;
  to_state: string;
}
