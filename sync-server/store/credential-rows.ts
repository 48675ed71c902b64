import { isIdentifier } from '#domain/credentials/identifier.ts';
import { statesAtServer } from '#domain/record/lifecycle.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { Credential } from '#domain/record/schema.ts';
import { z } from 'zod';
import type { Selectable } from 'kysely';
import type {
  CredentialRows,
  IssueCredential,
  IssuedCredential,
  StandingCredential,
} from '../ports/credential-rows.ts';
import type { StoredRecord } from '../ports/case-rows.ts';
import type { Db, Trx } from './open-store.ts';
import type { Tables } from './tables.ts';

type CredentialRow = Selectable<Tables['credential']>;
const rejectionSchema = z.object({ message: z.string() });

export function createCredentialRows(db: Db): CredentialRows {
  const standing = async (row: CredentialRow | undefined): Promise<StandingCredential | undefined> => {
    if (!row) return undefined;
    const record = await db
      .selectFrom('record')
      .select(['state', 'settled_at', 'superseded_at', 'released_at', 'rejection', 'body'])
      .where('id', '=', row.record_id)
      .executeTakeFirstOrThrow();
    const { voided } = recordSchema.pick({ voided: true }).parse(JSON.parse(record.body));
    return {
      ...issuedOf(row),
      recordId: row.record_id,
      facts: {
        issuedAt: row.issued_at,
        ...(row.replaced_at === null ? {} : { replacedAt: row.replaced_at }),
        ...revocationOf(row),
        record: {
          state: z.enum(statesAtServer).parse(record.state),
          settledAt: record.settled_at,
          ...(record.superseded_at === null ? {} : { supersededAt: record.superseded_at }),
          ...(record.released_at === null ? {} : { releasedAt: record.released_at }),
          ...(voided ? { voidedAt: voided.at } : {}),
          ...(record.rejection === null
            ? {}
            : { rejection: rejectionSchema.parse(JSON.parse(record.rejection)).message }),
        },
      },
    };
  };
  return {
    ofIdentifier: async (identifier) =>
      standing(
        await db.selectFrom('credential').selectAll().where('identifier', '=', identifier).executeTakeFirst(),
      ),
    ofUniqueCode: async (uniqueCode) => standing(await latestOf(db, uniqueCode)),
  };
}

const latestOf = (db: Db | Trx, uniqueCode: string): Promise<CredentialRow | undefined> =>
  db
    .selectFrom('credential')
    .selectAll()
    .where('unique_code', '=', uniqueCode)
    .orderBy('version', 'desc')
    .executeTakeFirst();

/** What the record itself says of its credential: the one that no later version has replaced. */
export async function credentialOf(db: Db | Trx, uniqueCode: string): Promise<Credential | undefined> {
  const row = await latestOf(db, uniqueCode);
  return row && row.replaced_at === null ? toldOf({ ...issuedOf(row), ...revocationOf(row) }) : undefined;
}

/** What the record's own station and subject are told of it. */
export function toldOf({
  identifier,
  uniqueCode,
  issuedAt,
  signature,
  revoked,
}: IssuedCredential & Pick<Credential, 'revoked'>): Credential {
  return {
    ...(identifier === undefined ? {} : { identifier }),
    ...{ uniqueCode, issuedAt, signature },
    ...(revoked ? { revoked } : {}),
  };
}

/** The next version under the record's unique code; the ones before count no more. Undefined where its programme issues none. */
export async function addCredential(
  trx: Trx,
  {
    stored,
    at,
    issue,
  }: {
    stored: Pick<StoredRecord, 'record' | 'materials'> & { uniqueCode: string };
    at: string;
    issue: IssueCredential;
  },
): Promise<ReturnType<IssueCredential>> {
  const { record, uniqueCode, materials } = stored;
  const last = await latestOf(trx, uniqueCode);
  const version = (last?.version ?? 0) + 1;
  const issued = issue({ record, materials, uniqueCode, version, at });
  if (!issued) return undefined;
  await replaceCredentials(trx, uniqueCode, at);
  await trx
    .insertInto('credential')
    .values({
      identifier: issued.identifier ?? uniqueCode,
      ...{ unique_code: uniqueCode, version, record_id: record.id, issued_at: issued.issuedAt },
      ...{ body: issued.body, signature: issued.signature, is_code_told: 1 },
      ...{ replaced_at: null, revoked_at: null, revoked_reason: null },
    })
    .execute();
  return issued;
}

/** False where the unique code has none that counts. */
export async function revokeCredential(
  trx: Trx,
  { uniqueCode, at, reason }: { uniqueCode: string; at: string; reason: string },
): Promise<boolean> {
  const revoked = await trx
    .updateTable('credential')
    .set({ revoked_at: at, revoked_reason: reason })
    .where('unique_code', '=', uniqueCode)
    .where('replaced_at', 'is', null)
    .where('revoked_at', 'is', null)
    .returning('identifier')
    .executeTakeFirst();
  return revoked !== undefined;
}

/** Those of the content that is replaced. */
export async function replaceCredentials(trx: Trx, uniqueCode: string, at: string): Promise<void> {
  await trx
    .updateTable('credential')
    .set({ replaced_at: at })
    .where('unique_code', '=', uniqueCode)
    .where('replaced_at', 'is', null)
    .execute();
}

const issuedOf = (row: CredentialRow): IssuedCredential => ({
  ...(isIdentifier(row.identifier) ? { identifier: row.identifier } : {}),
  uniqueCode: row.unique_code,
  issuedAt: row.issued_at,
  body: row.body,
  signature: row.signature,
});

const revocationOf = ({ revoked_at: at, revoked_reason: reason }: CredentialRow) =>
  at === null ? {} : { revoked: { at, reason: reason ?? '' } };
