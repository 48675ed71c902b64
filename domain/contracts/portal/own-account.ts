/** What a registrant does with the own account: its password, its certificates, the key that it asks for. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { maxPasswordLength } from '../desk/session.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);

export const registrantSchema = z.object({
  /** Of the portal's account types. */
  type: name,
  name,
  /** Masked where it is of somebody's ID card. */
  number: name,
  loginName: name,
  registeredAt: instantSchema,
  /** The account's key signed in this session a moment ago: the password may be chosen anew without the present one. */
  hasFreshKey: z.boolean(),
  /** False from the first sign-in with the account's key on, until another password is chosen. */
  hasPassword: z.boolean(),
});
export type RegistrantView = z.infer<typeof registrantSchema>;

export const boundCertificateSchema = z.object({
  /** Hex. */
  serial: name,
  holderName: name,
  issuer: name,
  validFrom: instantSchema,
  validUntil: instantSchema,
  state: z.enum(['valid', 'expired', 'not-yet-valid']),
  boundAt: instantSchema,
  lastUsedAt: instantSchema,
});
export type BoundCertificate = z.infer<typeof boundCertificateSchema>;

export const keyApplicationViewSchema = z.object({
  /** Labels of what is missing; empty: it can be asked for. */
  missing: z.array(name).max(maxCount.parts),
  last: z
    .object({
      at: instantSchema,
      isAccepted: z.boolean(),
      /** The CA company's number for it. */
      reference: name.exactOptional(),
      /** What the CA company said. */
      reason: name.exactOptional(),
    })
    .exactOptional(),
});
export type KeyApplicationView = z.infer<typeof keyApplicationViewSchema>;

export const ownRegistrantRoutes = {
  ownRegistrant: {
    method: 'GET',
    path: '/api/portal-account',
    permission: 'registrant.read',
    answer: registrantSchema,
  },
  /** With the key that signed in a moment ago in place of the present password. Throws KEY_NOT_INSERTED, PASSWORD_TOO_WEAK. */
  choosePasswordByKey: {
    method: 'PUT',
    path: '/api/portal-account/password',
    permission: 'registrant.choose-password',
    body: z.strictObject({ password: z.string().min(1).max(maxPasswordLength) }),
    answer: z.object({}),
  },
  boundCertificates: {
    method: 'GET',
    path: '/api/portal-account/certificates',
    permission: 'registrant.certificates',
    answer: z.array(boundCertificateSchema).max(maxCount.parts),
  },
  keyApplication: {
    method: 'GET',
    path: '/api/portal-account/key-application',
    permission: 'registrant.apply-for-key',
    answer: keyApplicationViewSchema,
  },
  /** Throws KEY_APPLICATION_INCOMPLETE (details.missing), KEY_APPLICATION_UNDER_WAY, SERVICE_MISSING, SERVICE_UNREACHABLE. */
  applyForKey: {
    method: 'POST',
    path: '/api/portal-account/key-application',
    permission: 'registrant.apply-for-key',
    body: z.strictObject({}),
    answer: keyApplicationViewSchema,
  },
} as const satisfies ServerRoutes;
