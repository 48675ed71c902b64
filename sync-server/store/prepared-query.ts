import type { Compilable, CompiledQuery, Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { Tables } from './tables.ts';

type Db = Kysely<Tables>;

const pools = new WeakMap<Db, Pool>();

/** For whoever opens a store on PostgreSQL: its prepared queries keep their plans, one a connection. */
export const keepPlansOf = (db: Db, pool: Pool): void => void pools.set(db, pool);

/**
 * A query that is asked at every request: its SQL is made once, and PostgreSQL plans it once a connection, under `name`. Outside
 * of transactions. `build` gets a stand-in for each parameter, which it may only hand on as a value.
 */
interface Preparing<Name extends string, Row> {
  name: string;
  parameters: readonly Name[];
  build: (standIns: Record<Name, string>) => Compilable<Row>;
}

/** For one row. */
export function prepareQuery<Name extends string, Row>(
  db: Db,
  preparing: Preparing<Name, Row>,
): (values: Record<Name, string>) => Promise<Row | undefined> {
  const ask = prepareRows(db, preparing);
  return async (values) => (await ask(values))[0];
}

export function prepareRows<Name extends string, Row>(
  db: Db,
  { name, parameters, build }: Preparing<Name, Row>,
): (values: Record<Name, string>) => Promise<Row[]> {
  // told apart by what they are, not by what they say: no text of the query itself can be taken for one of them
  const standIns = new Map<unknown, Name>(parameters.map((key) => [Object(key), key]));
  const given = Object.fromEntries([...standIns].map(([standIn, key]) => [key, standIn])) as Record<
    Name,
    string
  >;
  const compiled = build(given).compile();
  const valuesFor = (values: Record<Name, string>): unknown[] =>
    compiled.parameters.map((one) => {
      const key = standIns.get(one);
      return key === undefined ? one : values[key];
    });

  return async (values) => {
    const filled = valuesFor(values);
    const pool = pools.get(db);
    if (pool === undefined) {
      const query: CompiledQuery<Row> = { ...compiled, parameters: filled };
      return (await db.executeQuery(query)).rows;
    }
    // Kysely gives the rows the type of its query, and pg names a statement only where it is asked itself
    return (await pool.query({ name, text: compiled.sql, values: filled })).rows as Row[];
  };
}
