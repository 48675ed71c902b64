/** What the rows of an outside register fill is there to be filled. */
import type { Report } from './report.ts';
import type { DocumentType, RecordKind } from './schema.ts';

export function checkSynchronise(
  { synchronise, asked }: RecordKind,
  { typeOfSlot, report }: { typeOfSlot: (slot: string) => DocumentType | undefined; report: Report },
): void {
  if (!synchronise) return;
  const { slot, fills, answers, person } = synchronise;
  const documentType = typeOfSlot(slot);
  if (!documentType) return report('synchronise.slot', `unknown slot: ${slot}`);
  for (const id of Object.keys(fills))
    if (!documentType.fields.some((field) => field.id === id))
      report(`synchronise.fills.${id}`, `unknown field of ${documentType.id}: ${id}`);
  for (const id of [...Object.keys(answers), ...(person === undefined ? [] : [person])])
    if (!asked.some((field) => field.id === id)) report('synchronise.answers', `unknown answer: ${id}`);
}
