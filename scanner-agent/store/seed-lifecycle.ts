import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'better-sqlite3';
import { movesAmong, nextState, recordStates } from '#domain/record/lifecycle.ts';

interface Move {
  from_state: string;
  to_state: string;
}
interface State {
  state: string;
  may_change: number;
  may_go: number;
}

/** Writes the table of the domain into the database, whose triggers hold every writer to it. Nothing is written where they agree. */
export function seedLifecycle(db: Database): void {
  const moves = movesAmong(recordStates)
    .map(({ from, to }): Move => ({ from_state: from, to_state: to }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const states = recordStates
    .map((state): State => ({
      state,
      may_change: Number(nextState(state, 'edit') !== undefined),
      may_go: Number(nextState(state, 'delete') !== undefined),
    }))
    .sort((a, b) => (a.state < b.state ? -1 : 1));
  db.transaction(() => {
    const keptMoves = db.prepare('select from_state, to_state from record_move order by 1, 2').all();
    const keptStates = db.prepare('select * from record_state order by state').all();
    if (isDeepStrictEqual(keptMoves, moves) && isDeepStrictEqual(keptStates, states)) return;
    db.exec('delete from record_move; delete from record_state');
    const addMove = db.prepare('insert into record_move values (:from_state, :to_state)');
    const addState = db.prepare('insert into record_state values (:state, :may_change, :may_go)');
    for (const move of moves) addMove.run(move);
    for (const state of states) addState.run(state);
  })();
}

const keyOf = ({ from_state, to_state }: Move): string => `${from_state} ${to_state}`;
