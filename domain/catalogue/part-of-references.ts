/** What a part of a file names and one file of the configuration alone cannot show. */
import type { ParsedFiles } from './parsed-files.ts';
import type { Report } from './report.ts';
import type { RecordKind } from './schema.ts';

/** The kind named has a file, and its papers and form have what is taken from them. */
export function checkPartOf(
  { partOf, asked }: RecordKind,
  { kinds, files, report }: { kinds: readonly { value: RecordKind }[]; files: ParsedFiles; report: Report },
): void {
  if (!partOf) return;
  const whole = kinds.find(({ value }) => value.id === partOf.kind)?.value;
  if (!whole) return report('partOf.kind', `unknown record kind: ${partOf.kind}`);
  if (!whole.file) report('partOf.kind', `records of ${partOf.kind} have no file`);
  if (!(partOf.key in partOf.answers)) report('partOf.key', `not among its answers: ${partOf.key}`);
  for (const [id, source] of Object.entries(partOf.answers)) {
    const at = `partOf.answers.${id}`;
    if (!asked.some((field) => field.id === id)) report(at, `unknown answer: ${id}`);
    if ('form' in source) {
      if (!whole.form.some((field) => field.id === source.form))
        report(at, `unknown field of the form: ${source.form}`);
      continue;
    }
    const slot = whole.materials.find((one) => one.id === source.slot);
    const documentType = files.documentTypes.find(({ value }) => value.id === slot?.documentType)?.value;
    if (!documentType) report(at, `unknown slot: ${source.slot}`);
    else if (!documentType.fields.some((field) => field.id === source.field))
      report(at, `unknown field of ${documentType.id}: ${source.field}`);
  }
}
