import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { IssuedCredential } from '#domain/contracts/public/credentials.ts';
import { readCredentialBody } from '#domain/credentials/schema.ts';
import { statusOf } from '#domain/credentials/status.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { isUniqueCode } from '#domain/record/unique-code.ts';
import { isUsable, usableFields } from '#domain/record/usable-fields.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { CredentialRows, StandingCredential } from '../../ports/credential-rows.ts';
import type { ServerKey } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import { pushedRecord } from '../cases/push-of.ts';
import type { VerificationCodes } from './verification-codes.ts';

/** Public questions from one address within an hour, before the next one waits. */
const freeByCode = 30;
/** Nobody guesses 80 bits; a whole office looks papers up from one address. */
const freeByIdentifier = 600;

export interface Asker {
  actor: Actor;
  address: string;
}

export interface LookUpOptions {
  credentials: CredentialRows;
  records: Pick<RecordRows, 'find'>;
  cases: Pick<CaseRows, 'ofRecord'>;
  verificationCodes: Pick<VerificationCodes, 'isRight'>;
  attempts: Pick<AttemptLimit, 'take'>;
  serverKey: Pick<ServerKey, 'publicKeyPem'>;
  catalogue: Catalogue;
}

/** What a number stands for, for whoever has it, and how it stands at this moment. */
export function createLookUpCredential(options: LookUpOptions) {
  const { credentials, records, cases, verificationCodes, attempts, serverKey, catalogue } = options;

  /** Whoever guesses waits ever longer, and a miss counts as a hit does. */
  async function countAttempt({ actor, address }: Asker, free = freeByIdentifier): Promise<void> {
    const isAtWork = actor.kind !== 'nobody' && !actor.mustChangePassword;
    if (!isAtWork) await attempts.take([{ name: `certificate from ${limitKeyOf(address)} ${free}`, free }]);
  }

  async function show(found: StandingCredential): Promise<IssuedCredential> {
    const { facts, recordId, ...issued } = found;
    const body = readCredentialBody(issued.body);
    const programme = catalogue.programmes.find(({ id }) => id === body?.programme);
    const kind = programme?.recordKinds.find(({ id }) => id === body?.kind);
    const status = statusOf(facts);
    return {
      ...issued,
      serverPublicKey: serverKey.publicKeyPem,
      status,
      // a kind that the configuration has no more keeps its id
      titles: {
        programme: programme?.name ?? body?.programme ?? '',
        kind: kind?.title ?? body?.kind ?? '',
      },
      fields: programme && kind?.pushable ? await fieldsOf(recordId, { programme, status }) : [],
    };
  }

  async function fieldsOf(
    recordId: string,
    { programme, status }: { programme: Catalogue['programmes'][number]; status: IssuedCredential['status'] },
  ): Promise<IssuedCredential['fields']> {
    const stored = await records.find(recordId);
    if (!stored) return [];
    const own = (await cases.ofRecord(recordId)).map((one) => one.case);
    // a revoked or replaced one is used nowhere, whatever was approved
    const state = status.state === 'valid' ? stored.state : 'superseded';
    return usableFields(programme, { ...pushedRecord(stored, own), state }).map(({ name, text, use }) => ({
      ...{ name, text },
      isUsable: isUsable(use),
    }));
  }

  return {
    show,

    /** Throws NOT_FOUND, TOO_MANY_ATTEMPTS. */
    async byCode(
      { uniqueCode, verificationCode }: { uniqueCode: string; verificationCode: string },
      by: Asker,
    ): Promise<IssuedCredential> {
      await countAttempt(by, freeByCode);
      // codes count up: without the right one nothing is looked for, so that no answer and no delay tells which exist
      const isRight = verificationCodes.isRight(uniqueCode, verificationCode) && isUniqueCode(uniqueCode);
      const found = isRight ? await credentials.ofUniqueCode(uniqueCode) : undefined;
      if (!found) throw new AppError('NOT_FOUND', { uniqueCode });
      return show(found);
    },

    /** Throws NOT_FOUND, TOO_MANY_ATTEMPTS. */
    async byIdentifier(identifier: string, by: Asker): Promise<StandingCredential> {
      await countAttempt(by);
      const found = await credentials.ofIdentifier(identifier);
      if (!found) throw new AppError('NOT_FOUND', { identifier });
      return found;
    },

    countAttempt,
  };
}
export type LookUpCredential = ReturnType<typeof createLookUpCredential>;
