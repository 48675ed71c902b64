import { Kysely, OperationNodeTransformer, PostgresDialect } from 'kysely';
import type { KyselyPlugin, PrimitiveValueListNode, ValueNode } from 'kysely';
import pg from 'pg';
import { preparedName, withoutNul } from './prepared-query.ts';
import type { Tables } from './tables.ts';

const int8 = 20;

/** Pool and Kysely on `database`. Connects at the first query. */
export function openPostgres({
  database,
  onConnectionLost,
}: {
  database: string;
  onConnectionLost?: (error: Error) => void;
}): { db: Kysely<Tables>; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: database,
    application_name: 'ludeng-server',
    max: 12,
    connectionTimeoutMillis: 10_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    // a peer that is gone without a word is found out
    keepAlive: true,
    types: {
      // times in milliseconds and counts: all below 2^53
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  });
  const lost = onConnectionLost ?? (() => undefined);
  // without a listener a broken connection would end the process, whether it lies in the pool or is lent
  pool.on('error', lost);
  pool.on('connect', (client) => {
    client.on('error', lost);
    keepPlans(client);
  });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [createNulRemover()] });
  return { db, pool };
}

/** Kysely names no statement, and the plan of a named one is kept with its connection. */
function keepPlans(client: pg.PoolClient): void {
  const ask = client.query.bind(client);
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    const name = typeof text === 'string' ? preparedName(text) : undefined;
    const asked = name === undefined ? [text, values, ...rest] : [{ name, text, values }, ...rest];
    return Reflect.apply(ask, client, asked);
  };
  Object.assign(client, { query });
}

function createNulRemover(): KyselyPlugin {
  class NulRemover extends OperationNodeTransformer {
    protected override transformValue(node: ValueNode): ValueNode {
      return { ...super.transformValue(node), value: withoutNul(node.value) };
    }
    protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
      return { ...super.transformPrimitiveValueList(node), values: node.values.map(withoutNul) };
    }
  }
  const remover = new NulRemover();
  return {
    transformQuery: ({ node, queryId }) => remover.transformNode(node, queryId),
    transformResult: ({ result }) => Promise.resolve(result),
  };
}
