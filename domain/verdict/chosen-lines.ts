/**
 * What was chosen before the paper came, held against what the applicant says and against what the paper says. The chosen type
 * names the line of the paper that is meant; values of another line are red, and so is a paper that has no such line.
 */
import type { Agreement } from '../catalogue/record-kind.ts';
import type { DocumentType, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { normaliseGrade } from '../fields/choices.ts';
import { endOf, startOf } from '../fields/dates.ts';
import type { Values } from '../primitives.ts';
import { comparableText } from '../text/normalise.ts';
import { reason } from './reasons.ts';
import type { FieldEvidence, Reason } from './schema.ts';

/** One agreement of the kind with what this record chose. */
export interface ChosenLine {
  agreement: Agreement;
  /** Of the answer or the form's field. */
  label: string;
  /** As people read it. */
  said: string;
  /** How it stands on paper; empty: whatever the paper says will do. */
  own: readonly string[];
  /** How what was not chosen stands on paper. */
  others: readonly string[];
  /** listed: one of `own`, whole. text: one holds the other. month: it lies within the period. same: the kind of field says so. */
  compare: 'listed' | 'text' | 'month' | 'same';
}

/** For one material; values that were not chosen yet, and choices that say nothing of the paper, leave nothing to compare. */
export function chosenLines(
  kind: Pick<RecordKind, 'agreements' | 'asked' | 'form'>,
  slot: string,
  record: { answers: Values; form: Values },
): ChosenLine[] {
  return (kind.agreements ?? [])
    .filter((agreement) => agreement.slot === slot)
    .flatMap((agreement) => lineOf(agreement, kind, record) ?? []);
}

function lineOf(
  agreement: Agreement,
  kind: Pick<RecordKind, 'asked' | 'form'>,
  record: { answers: Values; form: Values },
): ChosenLine | undefined {
  const { chosen } = agreement;
  if ('always' in chosen)
    return {
      ...{ agreement, label: chosen.label, said: chosen.said },
      ...{ own: chosen.always, others: chosen.never ?? [], compare: 'listed' },
    };
  const [fields, values, id] =
    'answer' in chosen
      ? ([kind.asked, record.answers, chosen.answer] as const)
      : ([kind.form, record.form, chosen.form] as const);
  const field = fields.find((candidate) => candidate.id === id);
  const value = values[id]?.trim() ?? '';
  if (!field || value === '') return undefined;
  const common = { agreement, label: field.label, said: fieldRules[field.kind].format(value, field) };
  if (field.kind === 'choice') {
    const own = field.choices.find((choice) => choice.value === value)?.paper ?? [];
    const others = field.choices
      .filter((choice) => choice.value !== value)
      .flatMap(({ paper }) => paper ?? []);
    return own.length === 0 ? undefined : { ...common, own, others, compare: 'listed' };
  }
  const isText = field.kind === 'text' || field.kind === 'long-text';
  return {
    ...{ ...common, own: [value], others: [] },
    compare: agreement.compare ?? (isText ? 'text' : 'same'),
  };
}

export interface ChosenContext {
  documentType: DocumentType;
  values: Values;
  evidence: Readonly<Record<string, FieldEvidence>>;
  chosen: readonly ChosenLine[];
}

/** Reasons by field id; every one of them is red, whatever the field's weight. */
export function contradictions(context: ChosenContext): Map<string, Reason[]> {
  const found = new Map<string, Reason[]>();
  const add = (field: string, one: Reason | undefined) =>
    one && found.set(field, [...(found.get(field) ?? []), one]);
  for (const line of context.chosen) {
    const { field: id, with: beside = [] } = line.agreement;
    const field = fieldOf(context, id);
    if (!field) continue;
    const wrong = nameContradicts(line, field, context);
    add(id, wrong);
    // of a wrong line nothing more need be said
    if (!wrong)
      for (const other of beside) add(other, besideContradicts(line, fieldOf(context, other), context));
  }
  return found;
}

const fieldOf = ({ documentType }: ChosenContext, id: string): Field | undefined =>
  documentType.fields.find((field) => field.id === id);

function nameContradicts(line: ChosenLine, field: Field, context: ChosenContext): Reason | undefined {
  const { label } = field;
  const claim = context.values[field.id]?.trim() ?? '';
  const claimed = claim === '' ? '' : fieldRules[field.kind].format(claim, field);
  const expected = { label, chosenLabel: line.label, expected: line.said };
  if (claim !== '' && !isChosen(line, claim, field, context))
    return reason('contradicts-choice', { ...expected, claimed });
  if (line.compare !== 'listed') return undefined;
  const onPaper = nameOnPaper(line, context);
  return onPaper === undefined ? undefined : reason('contradicts-choice', { ...expected, claimed: onPaper });
}

function isChosen(line: ChosenLine, claim: string, field: Field, context: ChosenContext): boolean {
  switch (line.compare) {
    case 'listed':
    case 'text': {
      const name = nameOf(claim, gradesOf(line, context));
      return isOwn(line, name) || (line.agreement.open === true && !fits(line.others, name));
    }
    case 'month':
      return line.own.every((own) => liesWithin(own, claim, field));
    case 'same':
      return line.own.every((own) => {
        const rule = fieldRules[field.kind];
        const parsed = rule.parse(own, field);
        return !parsed.ok || rule.agrees(claim, parsed.value, field);
      });
  }
}

/** `2025年6月` within the period; a text that is no month compares with nothing. */
function liesWithin(month: string, claim: string, field: Field): boolean {
  const parts = /^(\d{4})(?:年|-|\.|\/)?(\d{1,2})月?(?:份)?$/u.exec(comparableMonth(month));
  const parsed = fieldRules[field.kind].parse(claim, field);
  const [from, to] = parsed.ok ? [startOf(parsed.value), endOf(parsed.value)] : [undefined, undefined];
  if (!parts || from === undefined || to === undefined) return true;
  const wanted = `${parts[1]}-${(parts[2] ?? '').padStart(2, '0')}`;
  return from.slice(0, 7) <= wanted && wanted <= to.slice(0, 7);
}

const comparableMonth = (text: string): string => text.normalize('NFKC').replace(/\s/gu, '');

/** What the paper says where it is another choice and the chosen one is not there; undefined: the paper does not contradict. */
function nameOnPaper(line: ChosenLine, context: ChosenContext): string | undefined {
  const { field, among } = line.agreement;
  for (const id of [field, ...(among === undefined ? [] : [among])]) {
    const segments = textsOf(context.evidence[id]).flatMap((text) => segmentsOf(text, line, context));
    if (segments.some(({ name }) => isOwn(line, name))) return undefined;
    const other = segments.find(({ name }) => fits(line.others, name));
    if (other) return other.name;
  }
  return undefined;
}

/** A value of the chosen line stands in that line, not in one beside it. */
function besideContradicts(
  line: ChosenLine,
  field: Field | undefined,
  context: ChosenContext,
): Reason | undefined {
  const claim = field ? (context.values[field.id]?.trim() ?? '') : '';
  if (!field || claim === '' || !(line.compare === 'listed' || line.compare === 'text')) return undefined;
  const rule = fieldRules[field.kind];
  const parsed = rule.parse(claim, field);
  if (!parsed.ok) return undefined;
  const { evidence } = context;
  const wrong = (onPaper: string): Reason =>
    reason('other-line', {
      label: field.label,
      claimed: rule.format(parsed.value, field),
      recognised: onPaper === '' ? '' : rule.format(onPaper, field),
      chosenLabel: line.label,
      expected: line.said,
    });

  // what its own marks show comes first: they may stand around the whole line
  const own = textsOf(evidence[field.id]).flatMap((text) => segmentsOf(text, line, context));
  const inOwnLine = own.filter(({ name }) => isOwn(line, name));
  const judged = judgeSegments(inOwnLine, parsed.value, field);
  if (judged === 'agrees') return undefined;
  if (judged !== undefined) return wrong(judged.says);
  if (inOwnLine.length === 0 && own.some(({ name }) => fits(line.others, name))) return wrong('');
  // else what the whole list of the paper says of the chosen line
  const { field: nameField, among } = line.agreement;
  for (const id of [nameField, ...(among === undefined ? [] : [among])]) {
    const segments = textsOf(evidence[id]).flatMap((text) => segmentsOf(text, line, context));
    const here = judgeSegments(
      segments.filter(({ name }) => isOwn(line, name)),
      parsed.value,
      field,
    );
    if (here === 'agrees') return undefined;
    if (here !== undefined) return wrong(here.says);
  }
  return undefined;
}

function judgeSegments(
  segments: readonly Segment[],
  value: string,
  field: Field,
): 'agrees' | { says: string } | undefined {
  const rule = fieldRules[field.kind];
  const read = segments.flatMap(({ rest }) => {
    const found = rest === '' ? undefined : rule.readFrom(rest, field);
    return found === undefined ? [] : [found];
  });
  if (read.some((one) => rule.agrees(one, value, field))) return 'agrees';
  const [says] = read;
  return says === undefined ? undefined : { says };
}

/** What the reader made of a field's marks. */
function textsOf(evidence: FieldEvidence | undefined): string[] {
  if (!evidence) return [];
  return [...new Set([evidence.score?.freeReading ?? '', evidence.recognised])].filter((text) => text !== '');
}

interface Segment {
  /** Comparable. */
  name: string;
  /** What follows the name in its line: its grade. */
  rest: string;
}

/** A list of lines, parted after each grade and at each sign that parts: 建筑工程施工总承包壹级；市政公用工程施工总承包贰级. */
function segmentsOf(text: string, line: ChosenLine, context: ChosenContext): Segment[] {
  const grades = gradesOf(line, context);
  const folded = normaliseGrade(text);
  const ends = grades.length > 0 ? new RegExp(`(${grades.map(escape).join('|')})`, 'u') : undefined;
  // outside of brackets: 建筑行业(建筑工程、人防工程) is one name
  const lines = folded.split(/[;；\n|](?![^()]*\))|[,.。](?![^()]*\))/u);
  return lines.flatMap((one) => {
    const parts = ends ? one.split(ends) : [one];
    const segments: Segment[] = [];
    for (let index = 0; index < parts.length; index += 2) {
      const name = nameOf(parts[index] ?? '', grades);
      if (name !== '') segments.push({ name, rest: parts[index + 1] ?? '' });
    }
    return segments;
  });
}

/** Comparable: without what stands before a colon, and without its grade. */
function nameOf(text: string, grades: readonly string[]): string {
  let name = comparableText(normaliseGrade(text).split(/[:：]/u).at(-1) ?? '');
  for (const grade of grades) if (name.endsWith(grade)) name = name.slice(0, -grade.length);
  return name;
}

/** Ways to write the values of the choices that stand beside the name, the longest first. */
function gradesOf({ agreement }: ChosenLine, context: ChosenContext): string[] {
  const ways = (agreement.with ?? []).flatMap((id) =>
    (fieldOf(context, id)?.choices ?? []).flatMap(({ value, label, aliases }) => [value, label, ...aliases]),
  );
  return [...new Set(ways.map((way) => comparableText(normaliseGrade(way))))]
    .filter((way) => way !== '')
    .sort((a, b) => b.length - a.length);
}

/** A typed text may say less than the paper, or more; of a few characters it says nothing. */
function isOwn(line: ChosenLine, name: string): boolean {
  if (line.compare !== 'text') return fits(line.own, name);
  return line.own.some((own) => {
    const typed = nameOf(own, []);
    return typed === '' || name === '' || name.includes(typed) || typed.includes(name);
  });
}

/** Whether a text, without its grade, is one of the ways in which a choice stands on paper. */
export const isOnPaper = (paper: readonly string[], text: string): boolean => fits(paper, nameOf(text, []));

/** Whole names; `*` stands for any text. */
function fits(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => escape(comparableText(part)))
        .join('.*')}$`,
      'u',
    ).test(name),
  );
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
