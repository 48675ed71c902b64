import { randomBytes } from 'node:crypto';
import { organisationCodeIn } from '#domain/fields/check-digits.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { KeyEntryView } from '#domain/contracts/portal/institutions.ts';
import type { InstitutionRows, KeyEntry } from '../../ports/institution-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import type { UkeyLogin } from '../accounts/login/ukey.ts';
import { sha256 } from '../hashing.ts';
import type { PlatformOf } from './platforms.ts';

/** Long enough to fill in a registration, and no longer: whoever comes back later shows the key again. */
export const keyEntryMs = 30 * 60_000;

type Prove = UkeyLogin['prove'];

/** A unit's key that was shown at the door of a platform, known by a token of 256 bits of which only the SHA-256 is kept. */
export function createKeyEntries({
  rows,
  platformOf,
  prove,
  clock,
}: {
  rows: InstitutionRows;
  platformOf: PlatformOf;
  prove: Prove;
  clock: Clock;
}) {
  /** Throws NOT_FOUND, KEY_ENTRY_GONE, also for one of another programme. */
  async function find(programme: string, token: string | undefined): Promise<KeyEntry> {
    platformOf(programme);
    const entry = token === undefined ? undefined : await rows.findEntry(sha256(token), clock.nowMs());
    if (entry?.programme !== programme) throw new AppError('KEY_ENTRY_GONE');
    return entry;
  }

  async function view(entry: KeyEntry): Promise<KeyEntryView> {
    const { programme, provedAt: _provedAt, ...key } = entry;
    const own = await rows.ofUnit(programme, entry.creditCode);
    return {
      ...key,
      organisationCode: organisationCodeIn(entry.creditCode),
      identities: own
        .filter(({ isDisabled }) => !isDisabled)
        .map(({ role, businessAccount, origin }) => ({ role, businessAccount, origin })),
    };
  }

  return {
    find,
    view,
    /** `token`, for a cookie. Throws what `prove` throws, UNIT_KEY_REQUIRED for the key of a person. */
    async open(
      programme: string,
      signed: Parameters<Prove>[0],
      from: Parameters<Prove>[1],
    ): Promise<{ token: string; view: KeyEntryView }> {
      platformOf(programme);
      const { subject, certificate, at } = await proveUnit(prove, signed, from);
      const { serial, issuer, validFrom, validUntil } = certificate;
      const entry = {
        ...{ programme, holderName: subject.name, creditCode: subject.creditCode },
        ...{ serial, issuer, validFrom, validUntil, provedAt: at },
      };
      const token = randomBytes(32).toString('base64url');
      const nowMs = clock.nowMs();
      await rows.keepEntry(sha256(token), entry, { nowMs, expiresAtMs: nowMs + keyEntryMs });
      return { token, view: await view(entry) };
    },
    async close(token: string | undefined): Promise<void> {
      if (token !== undefined) await rows.dropEntry(sha256(token));
    },
  };
}
export type KeyEntries = ReturnType<typeof createKeyEntries>;

/** Whose key signed. Throws what `prove` throws, UNIT_KEY_REQUIRED where the certificate names a person and no unit. */
export async function proveUnit(
  prove: Prove,
  ...[signed, from]: [Parameters<Prove>[0], Parameters<Prove>[1]]
) {
  try {
    return await prove(signed, from, (proved) => Promise.resolve(proved));
  } catch (error) {
    const isOfPerson = error instanceof AppError && error.code === 'TOKEN_HAS_NO_CERTIFICATE';
    if (isOfPerson) throw new AppError('UNIT_KEY_REQUIRED', { ...error.details }, { cause: error });
    throw error;
  }
}
