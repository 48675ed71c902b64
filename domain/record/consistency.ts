/** 规范化逻辑校验: the rules of the kind held against what form and papers say; what does not hold is named with its place. */
import { fieldAt } from '../catalogue/field-at.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import type { SaidAt } from '../catalogue/consistency.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { endOf, startOf } from '../fields/dates.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { holds } from './demanded-papers.ts';
import { valueAt } from './in-browser.ts';
import type { LudengRecord } from './schema.ts';

export interface Finding {
  /** What is wrong, whole: which places and what they say. */
  text: string;
  /** Where it is mended: a paper's field, or one of the form. */
  at: { slot?: string; field: string };
}
export interface RuleResult {
  title: string;
  findings: Finding[];
}

interface Place {
  at: SaidAt;
  field: Field;
  /** 合同的签订日期. */
  name: string;
  value: string;
}

/** One result for each rule, in order; without findings it holds. What nobody has said compares with nothing. */
export function checkConsistency(record: LudengRecord, kind: RecordKind, catalogue: Catalogue): RuleResult[] {
  return (kind.consistency?.rules ?? []).map(({ rule, title, places }) => {
    const said = places.flatMap((at) => placeOf(at, { record, kind, catalogue }) ?? []);
    const unreadable = said.flatMap(problemOf);
    const sound = said.filter((place) => problemOf(place).length === 0);
    return { title, findings: [...unreadable, ...(rule === 'same' ? differing(sound) : descending(sound))] };
  });
}

export const findingsOf = (results: readonly RuleResult[]): Finding[] =>
  results.flatMap(({ findings }) => findings);

function placeOf(
  at: SaidAt,
  { record, kind, catalogue }: { record: LudengRecord; kind: RecordKind; catalogue: Catalogue },
): Place | undefined {
  const value = valueAt(record, at).trim();
  if (value === '' || at.unless?.some((condition) => holds(condition, record))) return undefined;
  const field = fieldAt(kind, at, (id) => getDocumentType(catalogue, id));
  if (!field) return undefined;
  const paper = 'slot' in at ? kind.materials.find(({ id }) => id === at.slot) : undefined;
  return { at, field, name: paper ? `${paper.title}的${field.label}` : `填写的${field.label}`, value };
}

const spotOf = ({ at, field }: Place): Finding['at'] => ({
  ...('slot' in at ? { slot: at.slot } : {}),
  field: field.id,
});
const shown = ({ field, value }: Place): string => `“${fieldRules[field.kind].format(value, field)}”`;

function problemOf(place: Place): Finding[] {
  const parsed = fieldRules[place.field.kind].parse(place.value, place.field);
  if (parsed.ok) return [];
  return [{ text: `${place.name}“${place.value}”填写有误：${parsed.problem}`, at: spotOf(place) }];
}

/** Each is held against the first, by the rule of its own kind of field. */
function differing([first, ...others]: readonly Place[]): Finding[] {
  if (!first) return [];
  return others.flatMap((place) => {
    const rule = fieldRules[place.field.kind];
    const parsed = rule.parse(first.value, place.field);
    const agrees = parsed.ok && rule.agrees(parsed.value, place.value, place.field);
    return agrees
      ? []
      : [{ text: `${place.name}${shown(place)}与${first.name}${shown(first)}不一致`, at: spotOf(place) }];
  });
}

function descending(places: readonly Place[]): Finding[] {
  return places.flatMap((place, index) => {
    const before = places[index - 1];
    const [day, earlier] = [endOf(place.value), before && startOf(before.value)];
    if (!before || day === undefined || earlier === undefined || earlier <= day) return [];
    return [{ text: `${place.name}${shown(place)}早于${before.name}${shown(before)}`, at: spotOf(place) }];
  });
}
