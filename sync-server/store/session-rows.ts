import type { Kysely } from 'kysely';
import { z } from 'zod';
import { assuranceSchema } from '#domain/accounts/assurance.ts';
import { identitySchema } from '#domain/accounts/identity.ts';
import { loginWaySchema } from '#domain/accounts/login-way-ids.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { accountKindSchema, actingAsSchema, nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { IssuedNote } from '../ports/account-rows.ts';
import type { FoundSession, SessionRows } from '../ports/session-rows.ts';
import { toView } from './account-rows.ts';
import { appendLine } from './log-chain.ts';
import type { Db } from './open-store.ts';
import { referenceOf } from './organisation-reference.ts';
import { prepareQuery, prepareRows } from './prepared-query.ts';
import type { Tables } from './tables.ts';

export function createSessionRows(db: Db): SessionRows {
  return {
    async open({ account, at, ...session }, endsSha) {
      await db.transaction().execute(async (trx) => {
        // first: whoever freezes the account at this moment holds its row, and ends the sessions that are there by then
        const opened = await noteSignIn(trx, { account, at });
        if (opened && opened.frozen_at !== null)
          throw new AppError('ACCOUNT_FROZEN', { reason: opened.frozen_reason ?? '' });
        await endOver(trx, { at });
        if (endsSha !== undefined) await trx.deleteFrom('session').where('token_sha', '=', endsSha).execute();
        await insert(trx, {
          ...{ account, at, tokenSha: session.tokenSha, id: session.id, way: session.way },
          assurance: JSON.stringify(session.assurance),
          onBehalfOf: session.onBehalfOf === undefined ? null : JSON.stringify(session.onBehalfOf),
          actingAs: session.actingAs === undefined ? null : JSON.stringify(session.actingAs),
          ...{ device: session.device, place: session.place, expiresAt: session.expiresAt },
        });
        const { way, place, device, onBehalfOf } = session;
        await appendLine(trx, {
          ...{ at, kind: 'login', actor: account, action: 'sign-in', refId: account },
          ...{ detail: way, place, device, onBehalfOf },
        });
      });
    },
    async find(tokenSha, at) {
      const row =
        (await findByToken(db, { tokenSha, at })) ?? (await findByEarlierToken(db, { tokenSha, at }));
      if (!row) return undefined;
      const session = toFound(row);
      const { password_issued_at: issuedAt } = row;
      return issuedAt === null
        ? session
        : { ...session, issued: await issuedNote(db, { id: row.id, issuedAt }) };
    },
    async seen(id, at) {
      await db.updateTable('session').set({ last_seen_at: at }).where('id', '=', id).execute();
    },
    async rotate({ id, to, earlierUntil, onlyIfDue }) {
      const rotated = await db
        .updateTable('session')
        .set((eb) => ({
          token_sha: to,
          earlier_sha: eb.ref('token_sha'),
          earlier_until: earlierUntil,
          is_rotation_due: 0,
        }))
        .where('id', '=', id)
        .$if(onlyIfDue, (query) => query.where('is_rotation_due', '=', 1))
        .returning('id')
        .executeTakeFirst();
      return rotated !== undefined;
    },
    async prove(id, assurance) {
      await db
        .updateTable('session')
        .set({ assurance: JSON.stringify(assurance) })
        .where('id', '=', id)
        .execute();
    },
    async actAs(id, actingAs) {
      await db
        .updateTable('session')
        .set({ acting_as: JSON.stringify(actingAs) })
        .where('id', '=', id)
        .execute();
    },
    async close(tokenSha, at) {
      await db.transaction().execute(async (trx) => {
        const closed = await trx
          .deleteFrom('session')
          .where((eb) => eb.or([eb('token_sha', '=', tokenSha), eb('earlier_sha', '=', tokenSha)]))
          .returning(['account_id', 'on_behalf_of'])
          .executeTakeFirst();
        if (!closed) return;
        const { account_id: actor } = closed;
        const line = { at, kind: 'login', actor, action: 'sign-out', refId: actor } as const;
        await appendLine(trx, { ...line, ...behalfOf(closed) });
      });
    },
    async list(account, at) {
      const rows = await db
        .selectFrom('session')
        .selectAll()
        .where('account_id', '=', account)
        .where('expires_at', '>', at)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(100)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        account: row.account_id,
        way: loginWaySchema.parse(row.way),
        ...behalfOf(row),
        device: row.device,
        place: row.place,
        createdAt: row.created_at,
        lastSeenAt: row.last_seen_at,
        expiresAt: row.expires_at,
      }));
    },
    async organisationOf(account) {
      const row = await db
        .selectFrom('account')
        .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
        .select(['organisation.credit_code', 'organisation.scheme'])
        .where('account.id', '=', account)
        .executeTakeFirst();
      return row && referenceOf(row);
    },
    async owner(id) {
      const row = await db
        .selectFrom('session')
        .innerJoin('account', 'account.id', 'session.account_id')
        .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
        .select(['session.account_id', 'organisation.credit_code', 'organisation.scheme'])
        .where('session.id', '=', id)
        .executeTakeFirst();
      return row && { account: row.account_id, organisation: referenceOf(row) };
    },
    async end(id, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const ended = await trx
          .deleteFrom('session')
          .where('id', '=', id)
          .returning('account_id')
          .executeTakeFirst();
        if (!ended) return false;
        const line = { at, kind: 'login', actor, action: 'account-session-ended' } as const;
        await appendLine(trx, { ...line, refId: ended.account_id });
        return true;
      });
    },
  };
}

const found = (db: Kysely<Tables>, at: string) =>
  db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select(['account.id', 'account.kind', 'account.name', 'account.department', 'account.permissions'])
    .select(['account.password_issued_at', 'account.type'])
    .select(['session.id as session_id', 'session.assurance', 'session.on_behalf_of', 'session.acting_as'])
    .select(['session.last_seen_at', 'session.is_rotation_due'])
    .select(['organisation.name as organisation_name', 'organisation.credit_code', 'organisation.scheme'])
    .where('session.expires_at', '>', at)
    .where('account.disabled_at', 'is', null)
    .where('account.is_pending', '=', 0)
    .where('account.frozen_at', 'is', null);

type ByToken = Record<'tokenSha' | 'at', string>;
const findByToken = prepareQuery('session-by-token', (db, { tokenSha, at }: ByToken) =>
  found(db, at).where('session.token_sha', '=', tokenSha),
);
const findByEarlierToken = prepareQuery('session-by-earlier-token', (db, { tokenSha, at }: ByToken) =>
  found(db, at).where('session.earlier_sha', '=', tokenSha).where('session.earlier_until', '>', at),
);
const noteSignIn = prepareQuery('session-sign-in', (db, { account, at }: Record<'account' | 'at', string>) =>
  db
    .updateTable('account')
    .set({ last_sign_in_at: at })
    .where('id', '=', account)
    .returning(['frozen_at', 'frozen_reason']),
);
const endOver = prepareRows('session-end-over', (db, { at }: { at: string }) =>
  db.deleteFrom('session').where('expires_at', '<=', at),
);

interface Inserted extends Record<'tokenSha' | 'id' | 'account' | 'way' | 'assurance', string> {
  onBehalfOf: string | null;
  actingAs: string | null;
  device: string;
  place: string;
  at: string;
  expiresAt: string;
}
const insert = prepareRows('session-insert', (db, session: Inserted) => {
  const { at } = session;
  return db.insertInto('session').values({
    ...{ token_sha: session.tokenSha, id: session.id, account_id: session.account, way: session.way },
    ...{ assurance: session.assurance, on_behalf_of: session.onBehalfOf, acting_as: session.actingAs },
    ...{ device: session.device, place: session.place, created_at: at, last_seen_at: at },
    ...{ expires_at: session.expiresAt, is_rotation_due: 0, earlier_sha: null, earlier_until: null },
  });
});

type Row = NonNullable<Awaited<ReturnType<ReturnType<typeof found>['executeTakeFirst']>>>;

/** Who made the password of an account that must choose its own; asked only there, since every request finds its session. */
async function issuedNote(db: Db, { id, issuedAt }: { id: string; issuedAt: string }): Promise<IssuedNote> {
  const row = await db
    .selectFrom('account')
    .leftJoin('account as maker', 'maker.id', 'account.password_issued_by')
    .select(['account.created_at', 'account.password_issued_by as by', 'maker.name as by_name'])
    .where('account.id', '=', id)
    .executeTakeFirstOrThrow();
  return {
    at: issuedAt,
    by: row.by ?? '',
    byName: row.by_name ?? undefined,
    isReset: issuedAt !== row.created_at,
  };
}

function toFound(row: Row): FoundSession {
  const account = toView(row);
  const organisation =
    row.credit_code === null
      ? {}
      : {
          organisation: {
            ...{ kind: 'organisation', scheme: row.scheme },
            ...{ value: row.credit_code, name: row.organisation_name ?? '' },
          },
        };
  const actor: Actor = {
    ...nobody,
    kind: accountKindSchema.parse(row.kind),
    account: account.id,
    name: account.name,
    permissions: account.permissions,
    department: account.department,
    ...organisationSchema.parse(organisation),
    ...behalfOf(row),
    ...(row.acting_as === null ? {} : { actingAs: actingAsSchema.parse(JSON.parse(row.acting_as)) }),
    assurance: assuranceSchema.parse(JSON.parse(row.assurance)),
    mustChangePassword: row.password_issued_at !== null,
  };
  return {
    id: row.session_id,
    account,
    actor,
    type: row.type,
    lastSeenAt: row.last_seen_at,
    isRotationDue: row.is_rotation_due === 1,
  };
}

const organisationSchema = z.object({ organisation: identitySchema.exactOptional() });

const behalfOf = ({ on_behalf_of: behalf }: { on_behalf_of: string | null }) =>
  behalf === null ? {} : { onBehalfOf: identitySchema.parse(JSON.parse(behalf)) };
