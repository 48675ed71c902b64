import { z } from 'zod';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { isUniqueCode } from '#domain/record/unique-code.ts';
import type { IssuedCredential, RecordRows } from '../../ports/case-rows.ts';
import type { ServerKey } from '../../ports/surroundings.ts';
import type { AttemptLimit } from '../accounts/attempt-limit.ts';
import { limitKeyOf } from '../accounts/limit-key.ts';
import type { VerificationCodes } from './verification-codes.ts';

/** Public look-ups from one address within an hour, before the next one waits. */
const freeLookUps = 30;

/** What a unique code stands for, for whoever knows its 查验码. Throws NOT_FOUND, TOO_MANY_ATTEMPTS. */
export type LookUpCredential = (
  asked: { uniqueCode: string; verificationCode: string },
  by: { actor: Actor; address: string },
) => Promise<ShownCredential>;

export type ShownCredential = IssuedCredential & {
  /** PEM. */
  serverPublicKey: string;
  titles: { programme: string; kind: string };
};

export function createLookUpCredential(deps: {
  records: Pick<RecordRows, 'findCredential'>;
  verificationCodes: Pick<VerificationCodes, 'isRight'>;
  attempts: Pick<AttemptLimit, 'take'>;
  serverKey: Pick<ServerKey, 'publicKeyPem'>;
  catalogue: Catalogue;
}): LookUpCredential {
  const { records, verificationCodes, attempts, serverKey, catalogue } = deps;
  return async ({ uniqueCode, verificationCode }, { actor, address }) => {
    const isAtWork = actor.kind !== 'nobody' && !actor.mustChangePassword;
    // whoever guesses waits ever longer, and a miss counts as a hit does
    if (!isAtWork)
      await attempts.take([{ name: `certificate from ${limitKeyOf(address)}`, free: freeLookUps }]);
    // codes count up: without the right one nothing is looked for, so that no answer and no delay tells which exist
    const isRight = verificationCodes.isRight(uniqueCode, verificationCode) && isUniqueCode(uniqueCode);
    const found = isRight ? await records.findCredential(uniqueCode) : undefined;
    if (!found) throw new AppError('NOT_FOUND', { uniqueCode });
    // `body` is the very text that is signed
    return { ...found, serverPublicKey: serverKey.publicKeyPem, titles: titlesOf(found.body, catalogue) };
  };
}

/** What programme and kind are called today; a kind that the configuration has no more keeps its id. */
function titlesOf(body: string, catalogue: Catalogue): ShownCredential['titles'] {
  const ids = z.object({ programme: z.string(), kind: z.string() }).parse(JSON.parse(body));
  const programme = catalogue.programmes.find(({ id }) => id === ids.programme);
  const kind = programme?.recordKinds.find(({ id }) => id === ids.kind);
  return { programme: programme?.name ?? ids.programme, kind: kind?.title ?? ids.kind };
}
