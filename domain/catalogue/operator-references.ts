/** What the operators of a programme name and one file alone cannot show: programmes, the kind of their application, its fields. */
import type { OperatorsOfProgramme } from './operators.ts';
import type { Parsed, ParsedFiles } from './parsed-files.ts';
import type { Report } from './report.ts';
import type { RecordKind } from './schema.ts';

export function checkOperators(
  { systems, realName }: OperatorsOfProgramme,
  {
    kinds,
    files,
    report,
  }: {
    /** Record kinds of the same programme. */
    kinds: readonly Parsed<RecordKind>[];
    files: ParsedFiles;
    report: Report;
  },
): void {
  systems.forEach(({ programme: id }, index) => {
    if (!files.programmes.some(({ value }) => value.id === id))
      report(`operators.systems.${index}.programme`, `unknown programme: ${id}`);
  });
  const kind = kinds.find(({ value }) => value.id === realName.recordKind)?.value;
  if (!kind) return report('operators.realName.recordKind', `unknown record kind: ${realName.recordKind}`);
  for (const place of ['name', 'account'] as const)
    if (!kind.form.some(({ id }) => id === realName[place]))
      report(`operators.realName.${place}`, `unknown field of the form: ${realName[place]}`);
}
