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
  pages.forEach(({ recordKind, section, page }, index) => {
    const at = `portal.pages.${index}`;
    if (recordKind !== undefined) checkKind(recordKind, `${at}.recordKind`);
    if (section !== undefined && !programme.sections.some(({ id }) => id === section))
      report(`${at}.section`, `unknown section: ${section}`);
    if (operatorPages.includes(page) && !programme.operators)
      report(`${at}.page`, 'operators of companies are not known in this programme');
  });
}
