/** A record as it is filled in at a portal: what its kind asks there, what is wrong with it, what may be done with it. Pure. */
import { getDocumentType } from '../catalogue/lookup.ts';
import { needsOf } from '../catalogue/record-kind.ts';
import type { AttachmentSlot, Needs } from '../catalogue/record-kind.ts';
import type { ValuePlace } from '../catalogue/in-browser.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import { parseValues } from '../fields/field-rules.ts';
import type { Values } from '../primitives.ts';
import type { AttachedFile, LudengRecord } from './schema.ts';

/** What somebody has entered. */
export interface BrowserEntries {
  /** Lines of the answers; one where the kind has no list of them. */
  answers: readonly Values[];
  form: Values;
  /** What stands on each paper, by slot. */
  papers: Readonly<Record<string, Values>>;
}

const filesOfPaper = 5;

/** Papers, attached as files by the slot's id, then the kind's own attachments. */
export const slotsInBrowser = ({
  materials,
  attachments = [],
}: Pick<RecordKind, 'materials' | 'attachments'>): AttachmentSlot[] => [
  ...materials.map(({ id, title, required }): AttachmentSlot => ({
    ...{ id, title, required, maxFiles: filesOfPaper, accept: ['picture', 'pdf'] },
  })),
  ...attachments,
];

/** What must be proved to hand it in at a portal: any of these. */
export const assuranceInBrowser = (kind: RecordKind): Needs['assurance'][] =>
  [kind.browser?.assurance ?? needsOf(kind).assurance].flat();

export interface CheckedEntries extends BrowserEntries {
  /** Chinese, by `answers`, `form.<field>`, `<slot>.<field>`, `files.<slot>`; empty where it may be handed in. */
  problems: Record<string, string>;
}

/** Canonical values, and all that is missing or wrong. An optional paper of which nothing was entered asks for nothing. */
export function checkEntries(
  { answers, form, papers }: BrowserEntries,
  files: readonly Pick<AttachedFile, 'attachment'>[],
  { kind, catalogue, texts }: { kind: RecordKind; catalogue: Catalogue; texts: EntryTexts },
): CheckedEntries {
  const problems: Record<string, string> = {};
  const lines = answers.map((line) => parseValues(kind.asked, line));
  if (kind.asked.length > 0 && (lines.length === 0 || lines.some((line) => hasProblem(line.problems))))
    problems['answers'] = texts.answersMissing(
      kind.browser?.answers?.list ?? kind.asked.map(({ label }) => label).join('、'),
    );
  const own = parseValues(kind.form, form);
  for (const [id, problem] of Object.entries(own.problems)) problems[`form.${id}`] = problem;
  const parsedPapers: Record<string, Values> = {};
  for (const { id, title, documentType, required } of kind.materials) {
    const entered = papers[id] ?? {};
    const { fields } = getDocumentType(catalogue, documentType);
    // what stood there from the beginning was entered by nobody
    const isTyped = fields.some(
      (field) => field.prefill === undefined && (entered[field.id] ?? '').trim() !== '',
    );
    const isTouched = files.some(({ attachment }) => attachment === id) || isTyped;
    const parsed = parseValues(fields, entered);
    parsedPapers[id] = parsed.values;
    if ((required || isTouched) && !files.some(({ attachment }) => attachment === id))
      problems[`files.${id}`] = texts.fileMissing(title);
    if (!required && !isTouched) continue;
    for (const [field, problem] of Object.entries(parsed.problems)) problems[`${id}.${field}`] = problem;
  }
  for (const { id, title, required } of kind.attachments ?? [])
    if (required && !files.some(({ attachment }) => attachment === id))
      problems[`files.${id}`] = texts.fileMissing(title);
  return { answers: lines.map(({ values }) => values), form: own.values, papers: parsedPapers, problems };
}

export interface EntryTexts {
  answersMissing: (title: string) => string;
  fileMissing: (title: string) => string;
}

const hasProblem = (problems: Record<string, string>): boolean => Object.keys(problems).length > 0;

/** The record with what was entered in it. */
export function withEntries(
  record: LudengRecord,
  { answers, form, papers }: BrowserEntries,
  files: readonly AttachedFile[],
): LudengRecord {
  const { attachments: _before, answerList: _lines, ...rest } = record;
  return {
    ...rest,
    answers: answers[0] ?? {},
    ...(answers.length > 1 ? { answerList: [...answers] } : {}),
    form,
    materials: record.materials.map((material) => ({
      ...material,
      ...{ mode: 'manual' as const, values: papers[material.slot] ?? {} },
    })),
    ...(files.length > 0 ? { attachments: [...files] } : {}),
  };
}

/** What somebody changes begins as what stands. */
export const entriesOf = (record: LudengRecord): BrowserEntries => ({
  answers: record.answerList ?? (Object.keys(record.answers).length > 0 ? [record.answers] : []),
  form: record.form,
  papers: Object.fromEntries(record.materials.map(({ slot, values }) => [slot, values])),
});

/** It was scanned, checked or sealed at a counter: a browser has nothing of the kind to put in its place. */
export const isOfCounter = ({ materials, recordSeal }: LudengRecord): boolean =>
  recordSeal !== undefined || materials.some(({ pages, seal }) => pages.length > 0 || seal !== undefined);

/** What is said in a record, or in its line in a list. */
export type SaidInRecord = Pick<LudengRecord, 'answers' | 'form'> & {
  readonly materials: readonly Pick<LudengRecord['materials'][number], 'slot' | 'values'>[];
};

export function valueAt(record: SaidInRecord, place: ValuePlace): string {
  if ('answer' in place) return record.answers[place.answer] ?? '';
  if ('form' in place) return record.form[place.form] ?? '';
  return record.materials.find(({ slot }) => slot === place.slot)?.values[place.field] ?? '';
}
