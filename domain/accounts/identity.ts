/**
 * Who can be proved, and how surely. A level says nothing without the identity: the UKey of a company proves the company, and
 * never stands for the face or the signature of a person who holds it.
 */
import { z } from 'zod';
import { maxLength } from '../limits.ts';

/** Whom an identity is of. */
export const identityKindSchema = z.enum(['person', 'organisation', 'station']);
export type IdentityKind = z.infer<typeof identityKindSchema>;

/** What the value of an identity is: two are the same only where kind, scheme and value are. */
export const identitySchemeSchema = z.enum([
  'credit-code',
  'organisation-code',
  'id-number',
  'mobile',
  'account',
  'openid',
  'station',
]);
export type IdentityScheme = z.infer<typeof identitySchemeSchema>;

export const identitySchema = z.object({
  kind: identityKindSchema,
  scheme: identitySchemeSchema,
  value: z.string().min(1).max(maxLength.name),
  name: z.string().max(maxLength.name),
});
export type Identity = z.infer<typeof identitySchema>;

/**
 * From weak to strong. `password`: one factor, something known or held (a password, a code on a phone, a card without its
 * PIN). `face`: the living face of the named person, told by a service that signs it. `signed`: a signature by a private key.
 */
export const assuranceLevels = ['none', 'password', 'two-factors', 'face', 'signed'] as const;
export const assuranceLevelSchema = z.enum(assuranceLevels);
export type AssuranceLevel = z.infer<typeof assuranceLevelSchema>;

/** Which levels an identity of that kind can reach: a company has no face, and a station has its key alone. */
export const levelsOf = {
  person: ['none', 'password', 'two-factors', 'face', 'signed'],
  organisation: ['none', 'password', 'two-factors', 'signed'],
  station: ['none', 'signed'],
} as const satisfies Record<IdentityKind, readonly AssuranceLevel[]>;

export const canReach = (kind: IdentityKind, level: AssuranceLevel): boolean =>
  levelsOf[kind].some((one) => one === level);

export const isSameIdentity = (left: Identity, right: Identity): boolean =>
  left.kind === right.kind && left.scheme === right.scheme && left.value === right.value;

/** How much `level` is worth: for comparing levels of one identity alone. */
export const rankOf = (level: AssuranceLevel): number => assuranceLevels.indexOf(level);
