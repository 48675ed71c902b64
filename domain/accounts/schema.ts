/** Who there is: persons, organisations, the accounts through which they act, what they were known by, and who is signed in. */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema, sha256Schema } from '../primitives.ts';
import { assuranceSchema } from './assurance.ts';
import { identitySchema } from './identity.ts';
import type { Identity } from './identity.ts';
import { loginWaySchema } from './login-way-ids.ts';

const idSchema = z.string().min(1).max(64);
const nameSchema = z.string().trim().min(1).max(64);

/** @public */
export const personSchema = z.object({
  id: idSchema,
  name: nameSchema,
  idNumber: z.string().max(maxLength.name).exactOptional(),
  mobile: z.string().max(maxLength.name).exactOptional(),
  createdAt: instantSchema,
});
/** @public */
export type Person = z.infer<typeof personSchema>;

/** @public */
export const organisationSchema = z.object({
  id: idSchema,
  name: z.string().trim().min(1).max(200),
  /** Absent: it is not registered anywhere yet. */
  creditCode: z.string().max(maxLength.name).exactOptional(),
  createdAt: instantSchema,
});
/** @public */
export type Organisation = z.infer<typeof organisationSchema>;

/**
 * staff: of a department, at the back office. main: an organisation's own. handler and operator: persons who act for an
 * organisation, let in by its main account. person: for oneself. registrant: who opened it by himself at one programme's portal,
 * by a number that nothing proves until its key signs; it sees what is that number's in that programme, and nothing else.
 */
export const accountKindSchema = z.enum(['staff', 'main', 'handler', 'operator', 'person', 'registrant']);
export type AccountKind = z.infer<typeof accountKindSchema>;

/** @public */
export const accountSchema = z.object({
  id: idSchema,
  kind: accountKindSchema,
  /** Who is shown where the account acted. */
  name: nameSchema,
  person: idSchema.exactOptional(),
  organisation: idSchema.exactOptional(),
  /** Empty for somebody who works for none or for all. */
  department: z.string().trim().max(100),
  permissions: z.array(z.string().min(1).max(64)).max(50),
  createdAt: instantSchema,
  disabledAt: instantSchema.exactOptional(),
});
/** @public */
export type Account = z.infer<typeof accountSchema>;

/** By what an account's holder is known, once proved: a code that a UKey signs with, a mobile that answered. @public */
export const knownIdentitySchema = z.object({
  id: idSchema,
  account: idSchema,
  identity: identitySchema,
  way: loginWaySchema,
  provedAt: instantSchema,
});
/** @public */
export type KnownIdentity = z.infer<typeof knownIdentitySchema>;

/** Of a browser or a station; the token itself is kept nowhere. */
export const sessionSchema = z.object({
  /** Names the session where it is listed and ended; says nothing of the token. */
  id: idSchema,
  account: idSchema,
  tokenSha: sha256Schema,
  way: loginWaySchema,
  assurance: assuranceSchema,
  onBehalfOf: identitySchema.exactOptional(),
  /** What the browser calls itself, cut; where it came from. */
  device: z.string().max(maxLength.name),
  place: z.string().max(maxLength.name),
  createdAt: instantSchema,
  lastSeenAt: instantSchema,
  expiresAt: instantSchema,
});
export type Session = z.infer<typeof sessionSchema>;

/** As its owner, and staff, see it. */
export const sessionViewSchema = sessionSchema
  .omit({ tokenSha: true, assurance: true })
  .extend({ isOwn: z.boolean() });
export type SessionView = z.infer<typeof sessionViewSchema>;

/** nobody: not signed in. station: an enrolled station's program. server: the server itself and the command on its machine. */
export const actorKindSchema = z.enum(['nobody', 'station', 'server', ...accountKindSchema.options]);
export type ActorKind = z.infer<typeof actorKindSchema>;

export const actingAsSchema = z.object({
  programme: idSchema,
  /** Of its subject roles. */
  role: idSchema,
});
export type ActingAs = z.infer<typeof actingAsSchema>;

/** Who does something: in a role, through an account, perhaps for somebody else, and how surely that is known. */
export const actorSchema = z.object({
  kind: actorKindSchema,
  /** Empty where there is none. */
  account: z.string().max(64),
  name: z.string().max(maxLength.name),
  /** Of the programme's subject roles. */
  roles: z.array(z.string().max(maxLength.name)).max(maxCount.parts),
  /** What the account may do, one word each. */
  permissions: z.array(z.string().max(64)).max(maxCount.parts),
  department: z.string().max(maxLength.name),
  /** The organisation whose the account is. */
  organisation: identitySchema.exactOptional(),
  /** The person or the organisation for whom it is done, where it is not the actor's own: shown wherever the act is. */
  onBehalfOf: identitySchema.exactOptional(),
  assurance: assuranceSchema,
  /** As what the session acts at a programme's portal, chosen where there are several roles. */
  actingAs: actingAsSchema.exactOptional(),
  /** Somebody else made the password: good for choosing another, and nothing else. */
  mustChangePassword: z.boolean(),
});
export type Actor = Readonly<z.infer<typeof actorSchema>>;

/** Whoever is not signed in. */
export const nobody: Actor = {
  kind: 'nobody',
  account: '',
  name: '',
  roles: [],
  permissions: [],
  department: '',
  assurance: [],
  mustChangePassword: false,
};

/** The server itself, and whoever runs the command on its machine: `account` is what stands in the operation log. */
export const serverActor = (account: 'administrator' | 'server'): Actor => ({
  ...nobody,
  kind: 'server',
  account,
});

/** "X（代 Y）" where somebody acts for another: the words of every log and page. */
export const actingName = ({
  holderName,
  onBehalfOf,
}: {
  holderName: string;
  onBehalfOf?: Identity;
}): string => actorName({ name: holderName, ...(onBehalfOf === undefined ? {} : { onBehalfOf }) });

export const actorName = ({ name, onBehalfOf }: Pick<Actor, 'name' | 'onBehalfOf'>): string =>
  onBehalfOf === undefined ? name : `${name}（代${onBehalfOf.name}）`;
