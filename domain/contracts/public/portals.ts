/** What anybody may read of a programme's portal, and who is signed in there. */
import { z } from 'zod';
import { offeredWaySchema } from '../../accounts/login-ways.ts';
import type { OfferedWay } from '../../accounts/login-ways.ts';
import { accountKindSchema } from '../../accounts/schema.ts';
import type { Portal } from '../../catalogue/portal.ts';
import type { DocumentType, Programme, RecordKind } from '../../catalogue/schema.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { subjectKindSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

const name = z.string().max(maxLength.name);

/** As it is configured, with the kinds of record of its sections. */
export type PortalView = Pick<
  Programme,
  | 'id'
  | 'name'
  | 'region'
  | 'edition'
  | 'contacts'
  | 'subjectRoles'
  | 'sections'
  | 'texts'
  | 'operators'
  | 'works'
> & {
  portal: Portal;
  /** Those that can be gone in a browser, in the programme's order. */
  loginWays: readonly OfferedWay[];
  recordKinds: readonly RecordKind[];
  /** Of the papers of those kinds. */
  documentTypes: readonly DocumentType[];
};

/** Checked whole where it was loaded, by the process that serves it; a page makes sure that it received one. */
const portalAnswer = z.custom<PortalView>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    'portal' in value &&
    Array.isArray(Reflect.get(value, 'recordKinds')),
);

const portalRefSchema = z.object({ id: name, name, region: name });
export type PortalRef = z.infer<typeof portalRefSchema>;

/** Who is signed in, for whom, as what. */
export const portalSelfSchema = z.object({
  account: z.object({ id: name, name, kind: accountKindSchema }),
  /** For whom the account acts; `code` is masked where it is the number of somebody's ID card. Absent: not known yet. */
  subject: z.object({ kind: subjectKindSchema, name, code: name }).exactOptional(),
  /** As what it may act here: chosen where there are several. */
  roles: z.array(z.object({ id: name, name })).max(maxCount.parts),
  /** As what it acts in this session: the only one, or the one that was chosen. */
  role: name.exactOptional(),
  /** By what it was proved, at the level for which that counts here; the surest first. */
  proofs: z.array(offeredWaySchema).max(maxCount.parts),
});
export type PortalSelf = z.infer<typeof portalSelfSchema>;

/** A hint to look again: something of whoever is signed in there came or went on. */
export const portalEventSchema = z.object({ type: z.literal('portal-changed') });

export const portalParams = z.object({ programme: z.string().min(1).max(64) });

export const portalRoutes = {
  /** Programmes that have one. */
  portals: {
    method: 'GET',
    path: '/api/portals',
    permission: 'portal.read',
    answer: z.array(portalRefSchema).max(maxCount.parts),
  },
  portal: {
    method: 'GET',
    path: '/api/portals/:programme',
    permission: 'portal.read',
    params: portalParams,
    answer: portalAnswer,
  },
  /** Throws LOGIN_WAY_NOT_OFFERED, ACCOUNT_ELSEWHERE, SYSTEM_NOT_GRANTED. */
  portalSelf: {
    method: 'GET',
    path: '/api/portals/:programme/self',
    permission: 'portal.enter',
    params: portalParams,
    answer: portalSelfSchema,
  },
  /** As what the session acts there from then on. Throws FORBIDDEN for a role that is none of its account's, and as `portalSelf`. */
  choosePortalRole: {
    method: 'PUT',
    path: '/api/portals/:programme/self/role',
    permission: 'portal.enter',
    params: portalParams,
    body: z.strictObject({ role: z.string().min(1).max(64) }),
    answer: portalSelfSchema,
  },
  portalEvents: {
    method: 'GET',
    path: '/api/portals/:programme/events',
    permission: 'portal.enter',
    params: portalParams,
    answer: { events: portalEventSchema },
  },
} as const satisfies ServerRoutes;
