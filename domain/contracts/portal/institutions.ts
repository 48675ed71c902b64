/**
 * Institutions at a platform's door: the key is shown once, a cookie stands for it for half an hour; with it the unit sees as what
 * it is known, registers or binds further identities, and goes into a system. No account is needed before.
 */
import { z } from 'zod';
import { institutionIdentitySchema } from '../../accounts/institutions.ts';
import { maxCount, maxLength, tableOf } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { keyProofSchema } from '../../sync/subject-feed.ts';
import { browserChallengeSchema } from '../public/ca-login.ts';
import { portalParams } from '../public/portals.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);
const role = z.string().min(1).max(64);

const signedSchema = z.strictObject({
  challenge: browserChallengeSchema,
  proof: z.strictObject(keyProofSchema.shape),
});

/** Whose key was shown, and as what that unit is known here. */
export const keyEntrySchema = z.object({
  holderName: name,
  creditCode: name,
  /** The part of it that older systems know the unit by. */
  organisationCode: name,
  serial: name,
  issuer: name,
  validFrom: instantSchema,
  validUntil: instantSchema,
  identities: z.array(institutionIdentitySchema).max(maxCount.parts),
});
export type KeyEntryView = z.infer<typeof keyEntrySchema>;

export const boundableAccountSchema = z.object({ account: name, name });
export type BoundableAccount = z.infer<typeof boundableAccountSchema>;

const params = portalParams;

export const institutionRoutes = {
  /** Throws what stands against the key, UNIT_KEY_REQUIRED. */
  enterByKey: {
    method: 'POST',
    path: '/api/portals/:programme/key-entry',
    permission: 'institution.enter',
    params,
    body: signedSchema,
    answer: keyEntrySchema,
  },
  /** Throws KEY_ENTRY_GONE. */
  keyEntry: {
    method: 'GET',
    path: '/api/portals/:programme/key-entry',
    permission: 'institution.enter',
    params,
    answer: keyEntrySchema,
  },
  leaveKeyEntry: {
    method: 'DELETE',
    path: '/api/portals/:programme/key-entry',
    permission: 'institution.enter',
    params,
    answer: z.object({}),
  },
  /** What the business system knows of the unit as that kind of institution. */
  boundableAccounts: {
    method: 'GET',
    path: '/api/portals/:programme/institutions/accounts',
    permission: 'institution.enter',
    params,
    query: z.strictObject({ role }),
    answer: z.array(boundableAccountSchema).max(maxCount.parts),
  },
  /** Throws INSTITUTION_EXISTS with the province's words, PLATFORM_NOT_OPEN, FIELD_INVALID. */
  registerInstitution: {
    method: 'POST',
    path: '/api/portals/:programme/institutions',
    permission: 'institution.enter',
    params,
    body: z.strictObject({
      role,
      platform: z.string().min(1).max(64),
      information: tableOf(z.string().max(maxLength.name)),
    }),
    answer: keyEntrySchema,
  },
  /** Throws BINDING_FAILED, INSTITUTION_HELD, TOO_MANY_ATTEMPTS; then nothing is bound. */
  bindInstitution: {
    method: 'POST',
    path: '/api/portals/:programme/institutions/bindings',
    permission: 'institution.enter',
    params,
    body: z.strictObject({
      role,
      account: z.string().min(1).max(64),
      proof: z.discriminatedUnion('way', [
        z.strictObject({ way: z.literal('otp'), code: z.string().regex(/^\d{6,8}$/) }),
        z.strictObject({ way: z.literal('key'), ...signedSchema.shape }),
      ]),
    }),
    answer: keyEntrySchema,
  },
  /** Into a system. Throws INSTITUTION_MISSING, INSTITUTION_ROLE_REQUIRED where there are several and none is chosen. */
  enterAsInstitution: {
    method: 'POST',
    path: '/api/portals/:programme/institutions/session',
    permission: 'institution.enter',
    params,
    body: z.strictObject({ system: z.string().min(1).max(64), role: role.exactOptional() }),
    answer: z.object({ role: name }),
  },
} as const satisfies ServerRoutes;
