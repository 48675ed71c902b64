/**
 * What a portal IS: the door of a programme in an ordinary browser (网上办理). Where it is found, how one gets through it, which
 * accounts it has, and which pages stand in its menu beside the programme's sections.
 */
import { z } from 'zod';
import { accountKindSchema } from '../accounts/schema.ts';
import { loginWaySchema } from '../accounts/login-way-ids.ts';
import type { LoginWayId } from '../accounts/login-way-ids.ts';
import { loginWays } from '../accounts/login-ways.ts';
import { driverGuideSchema } from './driver-guide.ts';
import { idSchema } from './ids.ts';
import { portalInstitutionsSchema } from './portal-institutions.ts';
import { mobileAccountsSchema } from './mobile-accounts.ts';
import { openidEntrySchema } from './openid-entry.ts';
import { keyApplicationSchema, keyLoginSchema, portalRegistrationSchema } from './portal-registration.ts';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(2000);

/** Pages of the portal that are no list of one section's records. */
export const portalPageIds = [
  ...(['change-history', 'certificates', 'own-account', 'works'] as const),
  ...(['operators', 'operator-review', 'name-application'] as const),
] as const;
const portalPageSchema = z.strictObject({
  page: z.enum(portalPageIds),
  title,
  /** Headings above it in the menu, the widest first. */
  under: z.array(title).min(1).max(5).exactOptional(),
  /** The section whose place it takes in the menu. */
  section: idSchema.exactOptional(),
  /** Kinds of account that see it; all of them when left out. */
  accounts: z.array(accountKindSchema).min(1).exactOptional(),
  /** Of change-history: the kind whose versions it lists. */
  recordKind: idSchema.exactOptional(),
});
export type PortalPage = z.infer<typeof portalPageSchema>;
export type PortalPageId = PortalPage['page'];

const portalAccountTypeSchema = z.strictObject({
  id: idSchema,
  /** As it stands on the page. */
  title,
  /** The subject role that comes with it; left out where whoever signs in chooses one. */
  role: idSchema.exactOptional(),
  /** For whom it is, beside the title. */
  forWhom: text.exactOptional(),
});

export const portalSchema = z.strictObject({
  /** Where a browser finds it, as the province publishes it: the site, and what is pressed there to get somewhere, one after the other. */
  entrance: z.strictObject({
    site: title,
    url: z.url({ protocol: /^https?$/ }),
    paths: z
      .array(z.strictObject({ title, path: z.array(title).min(1).max(10) }))
      .min(1)
      .max(10),
  }),
  /** Browsers that are named to whoever comes. */
  browsers: z.array(title).min(1).max(10).exactOptional(),
  /** 办理流程, step by step: drawn as a chart. */
  flow: z.array(z.strictObject({ title, text })).min(1).max(20),
  /** What somebody should know before he begins. */
  notes: z.array(text).min(1).max(20).exactOptional(),
  accountTypes: z.array(portalAccountTypeSchema).min(1).max(20),
  /** What the tab of a way in is called here, where that is not its usual name. */
  wayTitles: z
    .array(z.strictObject({ way: loginWaySchema, title }))
    .max(20)
    .exactOptional(),
  /**
   * What somebody hears who signed in by one of these ways, on the forms of the kinds (all of them when left out), and what of
   * his business that leaves: an account without a key that is good for tenders on paper alone.
   */
  limits: z
    .array(
      z.strictObject({
        way: loginWaySchema,
        recordKinds: z.array(idSchema).min(1).exactOptional(),
        text,
      }),
    )
    .max(20)
    .exactOptional(),
  institutions: portalInstitutionsSchema.exactOptional(),
  openid: openidEntrySchema.exactOptional(),
  mobileAccounts: mobileAccountsSchema.exactOptional(),
  driverGuide: driverGuideSchema.exactOptional(),
  registration: portalRegistrationSchema.exactOptional(),
  keyLogin: keyLoginSchema.exactOptional(),
  keyApplication: keyApplicationSchema.exactOptional(),
  /**
   * The widest headings of the menus, where a bar above the page has them; what is under one of them stands at the side, level by
   * level. Left out: there is one menu, at the side.
   */
  topMenu: z.array(title).min(1).max(12).exactOptional(),
  /** The programme whose user centre opened the accounts that come here: it signs them in. */
  userCentre: idSchema.exactOptional(),
  /** After the sections; a page that takes a section's place stands where that stood. */
  pages: z.array(portalPageSchema).max(20).exactOptional(),
});
export type Portal = z.infer<typeof portalSchema>;

/** How the way is called where the portal stands, at its counter too. */
export const titleOfWay = (portal: Portal | undefined, way: LoginWayId): string =>
  portal?.wayTitles?.find((one) => one.way === way)?.title ?? loginWays[way].label;

/** What of their business is left to whoever signs in by the way, on the forms of the kind. */
export const limitsOf = (portal: Portal | undefined, way: LoginWayId | undefined, kind: string): string[] =>
  (portal?.limits ?? [])
    .filter((limit) => limit.way === way && (limit.recordKinds?.includes(kind) ?? true))
    .map(({ text }) => text);

/** Sections that a role sees. */
export const sectionsOfRole = <S extends { readonly roles: readonly string[] }>(
  sections: readonly S[],
  role: string | undefined,
): S[] => sections.filter(({ roles }) => roles.length === 0 || (role !== undefined && roles.includes(role)));
