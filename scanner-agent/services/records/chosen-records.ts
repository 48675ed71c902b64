/** Answers that are chosen among the subject's own records: which record each was chosen from. */
import type { RecordKind } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Values } from '#domain/primitives.ts';
import { mayChooseFrom } from '#domain/record/chosen-records.ts';
import type { LudengRecord } from '#domain/record/schema.ts';

/** The newest record that says it, by the answer's field. Throws CHOICE_NOT_STORED where none was handed in. */
export function chosenRecords(
  { asked }: Pick<RecordKind, 'asked'>,
  answers: Values,
  ownOf: (kind: string) => readonly LudengRecord[],
): Record<string, string> {
  return Object.fromEntries(
    asked.flatMap(({ id, label, from }) => {
      const value = answers[id] ?? '';
      if (!from || value === '') return [];
      const found = ownOf(from.kind)
        .filter((record) => mayChooseFrom(record) && record.form[from.form] === value)
        .toSorted((a, b) => b.id.localeCompare(a.id))
        .at(0);
      if (!found) throw new AppError('CHOICE_NOT_STORED', { label, field: id });
      return [[id, found.id]];
    }),
  );
}
