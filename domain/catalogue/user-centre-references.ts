/** What a user centre names and one file alone cannot show: kinds, roles, fields and programmes that are there. */
import type { Parsed, ParsedFiles } from './parsed-files.ts';
import { reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { Programme, RecordKind } from './schema.ts';
import { mainChangeFields } from './user-centre.ts';
import type { MainAccountType, UserCentre } from './user-centre.ts';

interface Around {
  programme: Programme;
  /** Record kinds of the same programme. */
  kinds: readonly Parsed<RecordKind>[];
  files: ParsedFiles;
  report: Report;
}

export function checkUserCentre(centre: UserCentre, around: Around): void {
  const { kinds, files, report } = around;
  const { accountTypes, handlers, systems, agreements } = centre;
  reportRepeats(accountTypes, 'userCentre.accountTypes', report);
  reportRepeats([...accountTypes, ...handlers.types], 'userCentre.handlers.types', report);
  reportRepeats(agreements, 'userCentre.agreements', report);
  accountTypes.forEach((type, index) => checkType(type, `userCentre.accountTypes.${index}`, around));
  for (const place of ['recordKind', 'mainChangeKind'] as const)
    if (!kinds.some(({ value }) => value.id === handlers[place]))
      report(`userCentre.handlers.${place}`, `unknown record kind: ${handlers[place]}`);
  handlers.types.forEach(({ role }, index) => {
    if (role !== undefined && !around.programme.subjectRoles.some(({ id }) => id === role))
      report(`userCentre.handlers.types.${index}.role`, `unknown subject role: ${role}`);
  });
  const mainChange = kinds.find(({ value }) => value.id === handlers.mainChangeKind)?.value;
  for (const field of Object.values(mainChangeFields))
    if (mainChange && !mainChange.form.some(({ id }) => id === field))
      report('userCentre.handlers.mainChangeKind', `its form has no field ${field}`);
  systems.forEach(({ programme: id }, index) => {
    if (!files.programmes.some(({ value }) => value.id === id))
      report(`userCentre.systems.${index}.programme`, `unknown programme: ${id}`);
  });
}

function checkType(type: MainAccountType, at: string, { programme, kinds, report }: Around): void {
  if (!programme.subjectRoles.some(({ id }) => id === type.role))
    report(`${at}.role`, `unknown subject role: ${type.role}`);
  const kind = kinds.find(({ value }) => value.id === type.recordKind)?.value;
  if (!kind) return report(`${at}.recordKind`, `unknown record kind: ${type.recordKind}`);
  const named = {
    'subject.name': type.subject.name,
    'subject.code': type.subject.code,
    confirmerName: type.confirmerName,
    confirmerIdNumber: type.confirmerIdNumber,
    confirmerMobile: type.confirmerMobile,
    handlerIdNumber: type.handlerIdNumber,
  };
  for (const [place, field] of Object.entries(named))
    if (!kind.form.some(({ id }) => id === field))
      report(`${at}.${place}`, `unknown field of the form: ${field}`);
}
