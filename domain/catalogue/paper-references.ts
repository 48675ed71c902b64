/** What conditions, rules and links of a record kind name, and one file of the configuration alone cannot show. */
import { fieldAt } from './field-at.ts';
import type { ValuePlace } from './in-browser.ts';
import type { Condition } from './paper-slot.ts';
import type { ParsedFiles } from './parsed-files.ts';
import type { Report } from './report.ts';
import type { DocumentType, RecordKind } from './schema.ts';
import type { Field } from './field.ts';

interface Kinds {
  kinds: readonly { value: RecordKind }[];
  files: ParsedFiles;
  report: Report;
}

export function checkPapers(kind: RecordKind, { kinds, files, report }: Kinds): void {
  const typeOf = (id: string): DocumentType | undefined =>
    files.documentTypes.find(({ value }) => value.id === id)?.value;
  const hold = (of: RecordKind, place: ValuePlace, at: string): Field | undefined => {
    const field = fieldAt(of, place, typeOf);
    if (!field) report(at, `unknown place: ${JSON.stringify(place)}`);
    return field;
  };
  const holdCondition = (condition: Condition, at: string): void => {
    const field = hold(kind, condition, at);
    if (field?.kind === 'choice' && !field.choices.some(({ value }) => value === condition.is))
      report(`${at}.is`, `no choice of ${field.id}: ${condition.is}`);
  };

  kind.materials.forEach(({ id, demandedIf = [], beside }, index) => {
    const at = `materials.${index}`;
    demandedIf.forEach((condition, place) => holdCondition(condition, `${at}.demandedIf.${place}`));
    if (beside && (beside.slot === id || !kind.materials.some((one) => one.id === beside.slot)))
      report(`${at}.beside.slot`, `unknown slot: ${beside.slot}`);
  });
  kind.consistency?.rules.forEach(({ rule, places }, index) =>
    places.forEach(({ unless = [], ...place }, number) => {
      const at = `consistency.rules.${index}.places.${number}`;
      const field = hold(kind, place, at);
      if (rule === 'ascending' && field && field.kind !== 'date') report(at, `${field.id} is no date`);
      unless.forEach((condition, which) => holdCondition(condition, `${at}.unless.${which}`));
    }),
  );
  checkFieldsOf(kind, { kinds, files, report });
  kind.linked?.forEach(({ to, own, theirs, through }, index) => {
    const at = `linked.${index}`;
    const target = kinds.find(({ value }) => value.id === to)?.value;
    if (!target?.file) return report(`${at}.to`, `records of ${to} have no file`);
    hold(target, theirs, `${at}.theirs`);
    const from = through === undefined ? undefined : kind.asked.find(({ id }) => id === through)?.from;
    if (through !== undefined && !from)
      return report(`${at}.through`, `not chosen from other records: ${through}`);
    const source = from ? kinds.find(({ value }) => value.id === from.kind)?.value : kind;
    if (source) hold(source, own, `${at}.own`);
  });
}

/** Answers that are chosen from other records, and fields that hang on another. */
function checkFieldsOf(kind: RecordKind, { kinds, report }: Kinds): void {
  kind.asked.forEach(({ from }, index) => {
    const source = from && kinds.find(({ value }) => value.id === from.kind)?.value;
    if (from && !source?.form.some(({ id }) => id === from.form))
      report(`asked.${index}.from`, `unknown field of the form: ${from.kind} ${from.form}`);
  });
  kind.form.forEach(({ id, from, prefill }, index) => {
    if (from) report(`form.${index}.from`, 'only what is asked before the page opens is chosen from records');
    if (prefill === 'answer' && !kind.asked.some((field) => field.id === id))
      report(`form.${index}.prefill`, `nothing is asked as ${id}`);
  });
}
