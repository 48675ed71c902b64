/** What the registration of a portal names and one file alone cannot show: account types, kinds, fields, sections. */
import type { Parsed } from './parsed-files.ts';
import type { Portal } from './portal.ts';
import type { Report } from './report.ts';
import type { Programme, RecordKind } from './schema.ts';

interface Around {
  programme: Programme;
  /** Record kinds of the same programme. */
  kinds: readonly Parsed<RecordKind>[];
  report: Report;
}

export function checkPortalRegistration(portal: Portal, { programme, kinds, report }: Around): void {
  const { accountTypes, registration, keyApplication, keyLogin } = portal;
  const checkType = (id: string, at: string): void => {
    if (!accountTypes.some((type) => type.id === id)) report(at, `unknown account type: ${id}`);
  };
  const checkFields = (kindId: string, fields: readonly string[], at: string): void => {
    const kind = kinds.find(({ value }) => value.id === kindId)?.value;
    if (!kind) return report(`${at}.recordKind`, `unknown record kind: ${kindId}`);
    for (const field of fields)
      if (!kind.form.some(({ id }) => id === field)) report(at, `unknown field of the form: ${field}`);
  };
  registration?.kinds.forEach(({ accountType, renamedBy, opens }, index) => {
    const at = `portal.registration.kinds.${index}`;
    checkType(accountType, `${at}.accountType`);
    if (!programme.sections.some(({ id }) => id === opens))
      report(`${at}.opens`, `unknown section: ${opens}`);
    if (renamedBy) checkFields(renamedBy.recordKind, [renamedBy.field], `${at}.renamedBy`);
  });
  if (keyLogin?.accountType !== undefined) checkType(keyLogin.accountType, 'portal.keyLogin.accountType');
  if (keyLogin && !registration && keyLogin.accountType === undefined)
    report('portal.keyLogin.accountType', 'missing: nobody registers here, and a key would open nothing');
  if (!keyApplication) return;
  const { accountTypes: types, recordKind, needs, sends } = keyApplication;
  types.forEach((id, index) => checkType(id, `portal.keyApplication.accountTypes.${index}`));
  checkFields(recordKind, [...needs, ...Object.values(sends)], 'portal.keyApplication');
}
