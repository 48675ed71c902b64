import { sql } from 'kysely';
import type { ExpressionBuilder, Expression, SqlBool } from 'kysely';
import { directoryRowSchema } from '#domain/contracts/desk/directory.ts';
import type { DirectoryQuery, DirectoryRow, DirectoryState } from '#domain/contracts/desk/directory.ts';
import type { DirectoryRows } from '../ports/directory-rows.ts';
import { appendLine } from './log-chain.ts';
import type { Db, Trx } from './open-store.ts';
import type { Tables } from './tables.ts';

export function createDirectoryRows(db: Db): DirectoryRows {
  return {
    async search({ page, pageSize, ...query }) {
      const found = accounts(db).where((eb) => eb.and(matching(eb, query)));
      const rows = await found
        .orderBy('account.created_at', 'desc')
        .orderBy('account.id')
        .limit(pageSize)
        .offset((page - 1) * pageSize)
        .execute();
      const { total } = await found
        .clearSelect()
        .select((eb) => eb.fn.countAll().as('total'))
        .executeTakeFirstOrThrow();
      return { accounts: rows.map(toRow), total: Number(total) };
    },
    async find(id) {
      const row = await accounts(db).where('account.id', '=', id).executeTakeFirst();
      return row && toRow(row);
    },
    async freeze(id, { reason, note }, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const frozen = await trx
          .updateTable('account')
          .set({ frozen_at: at, frozen_by: actor, frozen_reason: reason, frozen_note: note })
          .where('id', '=', id)
          .where('frozen_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (!frozen) return false;
        await trx.deleteFrom('session').where('account_id', '=', id).execute();
        const detail = note === '' ? reason : `${reason}（${note}）`;
        await appendLine(trx, { at, kind: 'operation', actor, action: 'account-frozen', refId: id, detail });
        return true;
      });
    },
    async thaw(id, { reason }, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const thawed = await trx
          .updateTable('account')
          .set({ frozen_at: null, frozen_by: null, frozen_reason: null, frozen_note: null })
          .where('id', '=', id)
          .where('frozen_at', 'is not', null)
          .returning('id')
          .executeTakeFirst();
        if (!thawed) return false;
        const line = { at, kind: 'operation', actor, action: 'account-thawed', refId: id } as const;
        await appendLine(trx, { ...line, detail: reason });
        return true;
      });
    },
    async issuePassword(id, { hash, until, reason }, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const issued = await trx
          .updateTable('account')
          .set({
            password_hash: hash,
            password_issued_at: at,
            password_issued_by: actor,
            password_until: until,
          })
          .where('id', '=', id)
          .where('kind', '=', 'registrant')
          .returning('id')
          .executeTakeFirst();
        if (!issued) return false;
        await trx.deleteFrom('session').where('account_id', '=', id).execute();
        const line = { at, kind: 'operation', actor, action: 'account-password-reset', refId: id } as const;
        await appendLine(trx, { ...line, detail: reason });
        return true;
      });
    },
    async unmask(id, field, { reason }, { actor, at }) {
      return db.transaction().execute(async (trx) => {
        const row = await accounts(trx).where('account.id', '=', id).executeTakeFirst();
        const value = field === 'mobile' ? row?.mobile : row && toRow(row).idNumber;
        if (typeof value !== 'string') return undefined;
        const line = { at, kind: 'unmask', actor, action: `account-${field}-unmasked`, refId: id } as const;
        await appendLine(trx, { ...line, detail: reason });
        return value;
      });
    },
  };
}

const accounts = (db: Db | Trx) =>
  db
    .selectFrom('account')
    .leftJoin('person', 'person.id', 'account.person_id')
    .leftJoin('organisation', 'organisation.id', 'account.organisation_id')
    .leftJoin('registrant', 'registrant.account_id', 'account.id')
    .leftJoin('account as freezer', 'freezer.id', 'account.frozen_by')
    .select(['account.id', 'account.kind', 'account.name', 'account.department', 'account.created_at'])
    .select(['account.last_sign_in_at', 'account.disabled_at', 'account.is_pending'])
    .select(['account.frozen_at', 'account.frozen_by', 'account.frozen_reason', 'account.frozen_note'])
    .select(['person.id_number', 'person.mobile', 'freezer.name as freezer_name'])
    .select(['organisation.name as unit_name', 'organisation.credit_code'])
    .select(['registrant.scheme as registered_scheme', 'registrant.number as registered_number']);

type Row = Awaited<ReturnType<ReturnType<typeof accounts>['execute']>>[number];
type Joined = Tables & { freezer: Tables['account'] };
type Builder = ExpressionBuilder<Joined, 'account' | 'person' | 'organisation' | 'registrant' | 'freezer'>;

function matching(
  eb: Pick<Builder, 'and' | 'or'>,
  { search, kind, state }: Pick<DirectoryQuery, 'search' | 'kind' | 'state'>,
): Expression<SqlBool>[] {
  const parts: Expression<SqlBool>[] = [];
  if (kind !== undefined) parts.push(sql<SqlBool>`account.kind = ${kind}`);
  if (state !== undefined) parts.push(inState[state]);
  const words = search.trim();
  if (words === '') return parts;
  // \ % _ of the person's text are themselves; the escape character is named for both databases
  const text = words.toLowerCase().replace(/[\\%_]/g, String.raw`\$&`);
  const columns = ['account.name', 'account.id', 'organisation.name', 'organisation.credit_code'];
  const like = (column: string, pattern: string) =>
    sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`;
  // the number of somebody's ID card is looked for by none of its parts
  const ofUnit = sql<SqlBool>`registrant.scheme = 'credit-code' and ${like('registrant.number', `%${text}%`)}`;
  const named = columns.map((column) => like(column, `%${text}%`));
  // no more than the last digits: a part of a number that matched would tell where in it
  const ofMobile = /^\d{4,11}$/.test(words) ? [like('person.mobile', `%${text}`)] : [];
  parts.push(eb.or([...named, ofUnit, ...ofMobile]));
  return parts;
}

/** As `stateOf` says it of a row: the first that holds. */
const inState = {
  disabled: sql<SqlBool>`account.disabled_at is not null`,
  frozen: sql<SqlBool>`account.disabled_at is null and account.frozen_at is not null`,
  pending: sql<SqlBool>`account.disabled_at is null and account.frozen_at is null and account.is_pending = 1`,
  usable: sql<SqlBool>`account.disabled_at is null and account.frozen_at is null and account.is_pending = 0`,
} satisfies Record<DirectoryState, unknown>;

function stateOf(row: Row): DirectoryState {
  if (row.disabled_at !== null) return 'disabled';
  if (row.frozen_at !== null) return 'frozen';
  return row.is_pending === 1 ? 'pending' : 'usable';
}

function toRow(row: Row): DirectoryRow {
  const registered = row.registered_number;
  const isPerson = row.registered_scheme === 'id-number';
  const idNumber = isPerson ? registered : row.id_number;
  const unit =
    registered !== null && !isPerson
      ? { name: row.name, code: registered }
      : row.unit_name === null
        ? undefined
        : { name: row.unit_name, code: row.credit_code ?? '' };
  return directoryRowSchema.parse({
    ...{ id: row.id, kind: row.kind, name: row.name, department: row.department, state: stateOf(row) },
    ...(unit === undefined ? {} : { unit }),
    ...(idNumber === null ? {} : { idNumber }),
    ...(row.mobile === null ? {} : { mobile: row.mobile }),
    ...(row.frozen_at === null
      ? {}
      : {
          frozen: {
            at: row.frozen_at,
            by: row.freezer_name ?? row.frozen_by ?? '',
            reason: row.frozen_reason ?? '',
            note: row.frozen_note ?? '',
          },
        }),
    createdAt: row.created_at,
    ...(row.last_sign_in_at === null ? {} : { lastSignInAt: row.last_sign_in_at }),
  });
}
