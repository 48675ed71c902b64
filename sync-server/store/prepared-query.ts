import type { Compilable, CompiledQuery, DialectAdapter, Kysely } from 'kysely';
import { PostgresAdapter } from 'kysely';
import type { Tables } from './tables.ts';

/** A transaction is one too. */
type Db = Kysely<Tables>;
type Value = string | number | null;

/** What PostgreSQL knows each of these by, by its SQL. */
const names = new Map<string, string>();

/** The name of a statement that is prepared; undefined for every other. */
export const preparedName = (sql: string): string | undefined => names.get(sql);

/**
 * A statement that very many requests ask: its SQL is made once for each database, and PostgreSQL plans it once a connection,
 * under `name`, inside of transactions and outside. `build` gets a stand-in for each parameter, which it may only hand on as
 * a value; it selects columns by name, since a plan for all of them fails once another process has added one.
 */
export function prepareRows<Values extends Record<keyof Values, Value>, Row>(
  name: string,
  build: (db: Db, standIns: Values) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  const known = new WeakMap<DialectAdapter, ReturnType<typeof compile<Values, Row>>>();
  return async (db, values) => {
    const { adapter } = db.getExecutor();
    let fill = known.get(adapter);
    if (fill === undefined) {
      fill = compile(db, build);
      known.set(adapter, fill);
      if (adapter instanceof PostgresAdapter) names.set(fill(values).sql, name);
    }
    return (await db.executeQuery(fill(values))).rows;
  };
}

/** For one row. */
export function prepareQuery<Values extends Record<keyof Values, Value>, Row>(
  name: string,
  build: (db: Db, standIns: Values) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row | undefined> {
  const ask = prepareRows(name, build);
  return async (db, values) => (await ask(db, values))[0];
}

function compile<Values extends Record<keyof Values, Value>, Row>(
  db: Db,
  build: (db: Db, standIns: Values) => Compilable<Row>,
): (values: Values) => CompiledQuery<Row> {
  // told apart by what they are, not by what they say: no text of the query itself can be taken for one of them
  const standIns = new Map<unknown, PropertyKey>();
  const given = new Proxy<Partial<Values>>(
    {},
    {
      get(_, key) {
        const standIn: unknown = Object(key);
        standIns.set(standIn, key);
        return standIn;
      },
    },
  );
  // a stand-in is carried through as the value that it stands for would be
  const compiled = build(db, given as Values).compile();
  // the database's own plugins have seen the stand-ins alone
  const clean =
    db.getExecutor().adapter instanceof PostgresAdapter ? withoutNul : (value: unknown): unknown => value;
  return (values) => ({
    ...compiled,
    parameters: compiled.parameters.map((one) => {
      const key = standIns.get(one);
      return key === undefined ? one : clean(Reflect.get(values, key));
    }),
  });
}

/** PostgreSQL's text cannot hold U+0000, and no text of ours means anything by it: it is left out on the way in. */
export const withoutNul = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '') : value;
