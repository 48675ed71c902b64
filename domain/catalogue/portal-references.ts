/** What a portal names and one file alone cannot show: kinds, roles and ways that are there. */
import { loginWays, offeredBy } from '../accounts/login-ways.ts';
import type { Parsed } from './parsed-files.ts';
import type { Portal, PortalPageId } from './portal.ts';
import { reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { Programme, RecordKind } from './schema.ts';
import { checkPortalRegistration } from './portal-registration-references.ts';

/** Pages about operators of companies. */
const operatorPages: readonly PortalPageId[] = ['operators', 'operator-review', 'name-application'];

interface Around {
  programme: Programme;
  /** Record kinds of the same programme. */
  kinds: readonly Parsed<RecordKind>[];
  programmes: readonly Programme[];
  report: Report;
}

export function checkPortal(portal: Portal, around: Around): void {
  const { programme, kinds, report } = around;
  const { accountTypes, wayTitles = [], limits = [], pages = [] } = portal;
  const offered = offeredBy(programme.loginWays).map(({ way }) => way);
  const checkKind = (id: string, at: string): void => {
    if (!kinds.some(({ value }) => value.id === id)) report(at, `unknown record kind: ${id}`);
  };
  if (!offered.some((way) => loginWays[way].at.some((place) => place === 'server')))
    report('portal', 'no way in of this programme can be gone in a browser');
  for (const [part, way] of [
    ['openid', 'openid'],
    ['mobileAccounts', 'password'],
  ] as const) {
    const entry = portal[part];
    if (entry && !accountTypes.some(({ id }) => id === entry.accountType))
      report(`portal.${part}.accountType`, `unknown account type: ${entry.accountType}`);
    if (entry && !offered.includes(way)) report(`portal.${part}`, `not offered: ${way}`);
  }
  if (offered.includes('openid') && !portal.openid) report('portal.openid', 'missing: the way is offered');
  reportRepeats(accountTypes, 'portal.accountTypes', report);
  accountTypes.forEach(({ role }, index) => {
    if (role !== undefined && !programme.subjectRoles.some(({ id }) => id === role))
      report(`portal.accountTypes.${index}.role`, `unknown subject role: ${role}`);
  });
  for (const [place, list] of Object.entries({ wayTitles, limits }))
    list.forEach(({ way }, index) => {
      if (!offered.includes(way)) report(`portal.${place}.${index}.way`, `not offered: ${way}`);
    });
  limits.forEach(({ recordKinds = [] }, index) =>
    recordKinds.forEach((id, at) => checkKind(id, `portal.limits.${index}.recordKinds.${at}`)),
  );
  checkPortalRegistration(portal, around);
  checkTopMenu(portal, around);
  checkUserCentreOf(portal, around);
  pages.forEach(({ recordKind, section, page }, index) => {
    const at = `portal.pages.${index}`;
    if (recordKind !== undefined) checkKind(recordKind, `${at}.recordKind`);
    if (section !== undefined && !programme.sections.some(({ id }) => id === section))
      report(`${at}.section`, `unknown section: ${section}`);
    if (operatorPages.includes(page) && !programme.operators)
      report(`${at}.page`, 'operators of companies are not known in this programme');
  });
}

/** Whatever the side menus show stands under one of the headings above, and each of these leads somewhere. */
function checkTopMenu({ topMenu, pages = [] }: Portal, { programme, report }: Around): void {
  if (!topMenu) return;
  const replaced = pages.flatMap(({ section, under }) => (section !== undefined && under ? [section] : []));
  const shown = [
    ...programme.sections.map(({ id, under }, index) => ({ id, under, at: `sections.${index}.under` })),
    ...pages.flatMap(({ section, under }, index) =>
      section !== undefined && !under ? [] : [{ id: '', under, at: `portal.pages.${index}.under` }],
    ),
  ].filter(({ id }) => !replaced.includes(id));
  for (const { under, at } of shown)
    if (!topMenu.includes(under?.[0] ?? '')) report(at, 'begins with none of portal.topMenu');
  topMenu.forEach((title, index) => {
    if (!shown.some(({ under }) => under?.[0] === title))
      report(`portal.topMenu.${index}`, `nothing stands under ${title}`);
  });
}

function checkUserCentreOf({ userCentre }: Portal, { programme, programmes, report }: Around): void {
  if (userCentre === undefined) return;
  const centre = programmes.find(({ id }) => id === userCentre)?.userCentre;
  if (!centre) report('portal.userCentre', `no programme with a user centre: ${userCentre}`);
  else if (!centre.systems.some((system) => system.programme === programme.id))
    report('portal.userCentre', `${userCentre} lets nobody into this programme`);
}
