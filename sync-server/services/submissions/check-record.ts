import { getDocumentType, getProgramme } from '#domain/catalogue/lookup.ts';
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { isAsked } from '#domain/fields/field-rules.ts';
import { mayChooseFrom } from '#domain/record/chosen-records.ts';
import { checkConsistency, findingsOf } from '#domain/record/consistency.ts';
import { nextState } from '#domain/record/lifecycle.ts';
import { accountTypeOf, subjectOfForm } from '#domain/record/form-subject.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import { keyFieldsOf, missingForSubmit } from '#domain/record/rules.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { lightOfMaterials } from '#domain/verdict/decide-record.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import type { StoredRecord } from '../../ports/case-rows.ts';
import type { Refusal } from './refusal.ts';

export interface RecordQuestion {
  record: LudengRecord;
  /** Where it was entered. */
  stationId: string;
  kind: RecordKind;
  catalogue: Catalogue;
  /** Those that answers were chosen from, by the answer's field. */
  sources: ReadonlyMap<string, StoredRecord>;
  /** The record that this one supersedes, where the server has it. */
  before: StoredRecord | undefined;
  /** This very record as it was stored before it was given back. */
  returned: StoredRecord | undefined;
}

type Step = (question: RecordQuestion) => Refusal | undefined;

const steps: readonly Step[] = [
  isSubmitted,
  isComplete,
  answersWhatIsAsked,
  fitsTheKind,
  isConsistent,
  choosesWhatIsStored,
  hasKnownRole,
  standsForItsUnit,
  keepsTheSubject,
  keepsTheKind,
  staysWhatItIs,
  replacesWhatStands,
  replacesUnderSeal,
  keepsKeyFields,
  lightHolds,
];

/** What is wrong with a record as a whole; undefined when its materials may be looked at. */
export function checkRecord(question: RecordQuestion): Refusal | undefined {
  for (const step of steps) {
    const refusal = step(question);
    if (refusal) return refusal;
  }
  return undefined;
}

function isSubmitted({ record }: RecordQuestion): Refusal | undefined {
  return nextState(record.state, 'store') === undefined ? { code: 'BAD_REQUEST' } : undefined;
}

function isComplete({ record, kind }: RecordQuestion): Refusal | undefined {
  const [first] = missingForSubmit(record, kind);
  return first && { code: first.code, about: first.title };
}

/** A field that hangs on another is demanded by the server as by the page: what was changed is ticked, and its papers follow. */
function answersWhatIsAsked({ record, kind, catalogue }: RecordQuestion): Refusal | undefined {
  for (const { slot, values, pages } of record.materials) {
    const planned = kind.materials.find(({ id }) => id === slot);
    if (!planned || pages.length === 0) continue;
    const empty = getDocumentType(catalogue, planned.documentType).fields.find(
      (field) => field.onlyIf && field.required && isAsked(field, values) && !values[field.id]?.trim(),
    );
    if (empty) return { code: 'FIELD_INVALID', about: empty.label };
  }
  return undefined;
}

function isConsistent({ record, kind, catalogue }: RecordQuestion): Refusal | undefined {
  const findings = findingsOf(checkConsistency(record, kind, catalogue));
  return findings.length === 0
    ? undefined
    : { code: 'RECORD_INCONSISTENT', reasons: findings.map(({ text }) => text) };
}

/** An answer that is chosen among the subject's records names one that stands, and says what stands there. */
function choosesWhatIsStored({ record, kind, sources, returned }: RecordQuestion): Refusal | undefined {
  // it did so when it was stored first
  if (returned) return undefined;
  for (const { id, label, from } of kind.asked) {
    const value = record.answers[id] ?? '';
    if (!from || value === '') continue;
    const source = sources.get(id);
    const isThere =
      source?.state === 'stored' &&
      mayChooseFrom({ ...source.record, state: source.state }) &&
      source.record.programme === record.programme &&
      source.record.kind === from.kind &&
      source.record.form[from.form] === value &&
      subjectIdOf(source.record.subject) === subjectIdOf(record.subject);
    if (!isThere) return { code: 'CHOICE_NOT_STORED', about: label };
  }
  return undefined;
}

/** Every material is one of the kind's, once, with the kind's document. */
function fitsTheKind({ record, kind }: RecordQuestion): Refusal | undefined {
  const slots = new Set<string>();
  for (const { slot, certificate } of record.materials) {
    const planned = kind.materials.find(({ id }) => id === slot);
    if (slots.has(slot) || planned?.documentType !== certificate) return { code: 'BAD_REQUEST', about: slot };
    slots.add(slot);
  }
  return undefined;
}

/** As what the subject entered it: a role of the programme. */
function hasKnownRole({ record, catalogue }: RecordQuestion): Refusal | undefined {
  const { subjectRoles } = getProgramme(catalogue, record.programme);
  return subjectRoles.some(({ id }) => id === record.role) ? undefined : { code: 'BAD_REQUEST' };
}

/** Who enters a record for another says so where the kind has it, and it is that unit's which the form names. */
function standsForItsUnit({ record, catalogue }: RecordQuestion): Refusal | undefined {
  const programme = getProgramme(catalogue, record.programme);
  const unit = subjectOfForm(programme, record);
  if (!unit) return record.applicant ? { code: 'BAD_REQUEST' } : undefined;
  const isSame =
    subjectIdOf(unit) === subjectIdOf(record.subject) &&
    unit.name === record.subject.name &&
    accountTypeOf(programme, record.kind)?.role === record.role;
  return isSame && record.applicant ? undefined : { code: 'BAD_REQUEST' };
}

function keepsTheSubject({ record, before }: RecordQuestion): Refusal | undefined {
  return before && subjectIdOf(before.record.subject) !== subjectIdOf(record.subject)
    ? { code: 'FORBIDDEN' }
    : undefined;
}

/** Information takes the place of its own kind only. */
function keepsTheKind({ record, before }: RecordQuestion): Refusal | undefined {
  if (!before) return undefined;
  const isSame = before.record.programme === record.programme && before.record.kind === record.kind;
  return isSame ? undefined : { code: 'BAD_REQUEST' };
}

/** Corrected, a record that was given back is of the same kind, and in the same record's place. */
function staysWhatItIs({ record, returned }: RecordQuestion): Refusal | undefined {
  if (!returned) return undefined;
  const { programme, kind, supersedes } = returned.record;
  const isSame = programme === record.programme && kind === record.kind && supersedes === record.supersedes;
  return isSame ? undefined : { code: 'CONFLICT' };
}

/** Two counters may supplement one and the same: the first does, the second starts from what stands then. */
function replacesWhatStands({ before, returned }: RecordQuestion): Refusal | undefined {
  // it did so when it was stored first
  if (returned) return undefined;
  return before?.state === 'superseded' ? { code: 'RECORD_SUPERSEDED' } : undefined;
}

/** What a record replaces that was entered elsewhere stands under the applicant's own seal, not on a station's word. */
function replacesUnderSeal({ record, stationId, before }: RecordQuestion): Refusal | undefined {
  const isFromElsewhere = before !== undefined && before.stationId !== stationId;
  return isFromElsewhere && !record.recordSeal ? { code: 'RECORD_NOT_SEALED' } : undefined;
}

/** 补充完善 after yellow, and 修改 whatever the light: all but key fields may change, unless the paper was entered anew. */
function keepsKeyFields({ record, before, catalogue, kind }: RecordQuestion): Refusal | undefined {
  const isRevised = kind.actions?.revise !== undefined;
  if (!before || (before.light !== 'yellow' && !isRevised)) return undefined;
  for (const { slot, values, certificate, pages } of record.materials) {
    const older = before.record.materials.find((material) => material.slot === slot);
    if (!older || older.pages.length === 0) continue;
    // the pages tell, not the station's word: what was entered anew has none of the old ones
    const isAnew = pages.every(({ sha }) => older.pages.every((page) => page.sha !== sha));
    if (isRevised && isAnew) continue;
    const changed = keyFieldsOf(catalogue, certificate).find(({ id }) => values[id] !== older.values[id]);
    if (changed) return { code: 'RECORD_NOT_EDITABLE', about: changed.label };
  }
  return undefined;
}

function lightHolds({ record }: RecordQuestion): Refusal | undefined {
  const light = lightOf(record);
  // no paper is there, or the kind has them unchecked: then nobody has said a light
  if (light === undefined && record.light === undefined) return undefined;
  if (light === 'red') return { code: 'RED_LIGHT' };
  return light !== undefined && light === record.light ? undefined : { code: 'VERDICT_MISMATCH' };
}

/** The worst light of the materials that are there. */
export function lightOf(record: LudengRecord): LightColour | undefined {
  return lightOfMaterials(record.materials);
}
