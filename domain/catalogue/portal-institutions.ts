/**
 * Institutions at a portal: units that come with their key to a platform where they hold one identity for each kind of
 * institution that they are, each of them an account of a business system; registered here, or bound to one from before.
 */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';
import type { Report } from './report.ts';
import { reportRepeats } from './report.ts';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(500);

const institutionKindSchema = z.strictObject({
  /** Of the programme's subject roles: as what the institution acts afterwards. */
  role: idSchema,
  /** As it stands on the page, and as business systems are asked for it. */
  title,
  /** What is pressed to register as one. */
  registerBy: title,
  /** Whether it has an account from before: 是 or 否. */
  question: text,
  /** What whoever says 否 and has one hears. */
  exists: text,
});
export type InstitutionKind = z.infer<typeof institutionKindSchema>;

const informationSchema = z.strictObject({
  id: fieldIdSchema,
  label: title,
  kind: z.enum(['text', 'person-name', 'phone', 'address']),
  required: z.boolean().default(true),
});

export const portalInstitutionsSchema = z.strictObject({
  /** What the platform at whose door the key is shown is called. */
  platform: title,
  /** How one comes to that door: to register, and to sign in. */
  entrances: z.strictObject({ register: title, signIn: title }),
  /** Who issues the keys, and what is said to whoever has none. */
  key: z.strictObject({ issuer: title, precondition: text }),
  /** The program that reads keys in a browser, where this computer has none. */
  tool: z.strictObject({
    button: title,
    program: title,
    /** Where it is got. */
    download: z.strictObject({ title, url: z.url({ protocol: /^https$/ }) }),
    steps: z.array(text).min(1).max(10),
  }),
  kinds: z.array(institutionKindSchema).min(1).max(20),
  next: title,
  /** 是, 否 of the question, and the title of the page of each. */
  answers: z.strictObject({
    yes: z.strictObject({ button: title, page: title }),
    no: z.strictObject({ button: title, page: title }),
  }),
  /** Filled in beside what the key says. */
  information: z.array(informationSchema).max(20),
  register: title,
  /** Platforms that stand there to be chosen; `mayRegister`: whether one can register there at present. */
  platforms: z
    .array(z.strictObject({ id: idSchema, title, mayRegister: z.boolean() }))
    .min(1)
    .max(20),
  platformRemark: text,
  /** Systems that are entered afterwards: programmes. */
  systems: z
    .array(z.strictObject({ programme: idSchema, title }))
    .min(1)
    .max(20),
});
export type PortalInstitutions = z.infer<typeof portalInstitutionsSchema>;

/** Roles and programmes that it names and that must be there. */
export function checkInstitutions(
  { kinds, platforms, systems, information }: PortalInstitutions,
  {
    roles,
    programmes,
    report,
  }: { roles: readonly { id: string }[]; programmes: readonly string[]; report: Report },
): void {
  const at = 'portal.institutions';
  const asIds = kinds.map(({ role }) => ({ id: role }));
  reportRepeats(asIds, `${at}.kinds`, report);
  reportRepeats(platforms, `${at}.platforms`, report);
  reportRepeats(information, `${at}.information`, report);
  kinds.forEach(({ role }, index) => {
    if (!roles.some(({ id }) => id === role))
      report(`${at}.kinds.${index}.role`, `unknown subject role: ${role}`);
  });
  systems.forEach(({ programme }, index) => {
    if (!programmes.includes(programme))
      report(`${at}.systems.${index}.programme`, `unknown programme: ${programme}`);
  });
  if (!platforms.some(({ mayRegister }) => mayRegister))
    report(`${at}.platforms`, 'nobody can register at any of them');
}
