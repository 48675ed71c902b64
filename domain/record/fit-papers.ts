/** A record that is still filled in, and whose kind has got other papers since it was begun: it has those of today. */
import { getDocumentType } from '../catalogue/lookup.ts';
import type { Catalogue, MaterialSlot, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { Subject, Values } from '../primitives.ts';
import type { LudengRecord, Material } from './schema.ts';

/** `answers`: of what was asked before the page opened. */
export function prefilledValues(fields: readonly Field[], subject: Subject, answers: Values = {}): Values {
  const values: Values = {};
  for (const { id, prefill } of fields) {
    if (prefill === 'subject-name') values[id] = subject.name;
    if (prefill === 'subject-credit-code') values[id] = subject.creditCode;
    const answer = answers[id];
    if (prefill === 'answer' && answer !== undefined) values[id] = answer;
  }
  return values;
}

/** Nothing is read of a paper that stands on another one's page: its few fields are typed. */
const firstMode = (kind: Pick<RecordKind, 'defaultMode'>, { beside }: MaterialSlot): Material['mode'] =>
  beside ? 'manual' : kind.defaultMode;

export function emptyMaterial(
  slot: MaterialSlot,
  {
    kind,
    catalogue,
    subject,
  }: { kind: Pick<RecordKind, 'defaultMode'>; catalogue: Catalogue; subject: Subject },
): Material {
  return {
    slot: slot.id,
    certificate: slot.documentType,
    mode: firstMode(kind, slot),
    values: prefilledValues(getDocumentType(catalogue, slot.documentType).fields, subject),
    readings: {},
    chip: {},
    pages: [],
    marks: {},
    confirmed: false,
  };
}

/** The very same record where nothing is to be fitted. */
export function fitPapers(record: LudengRecord, kind: RecordKind, catalogue: Catalogue): LudengRecord {
  const { materials, subject } = record;
  const isFitting = (slot: MaterialSlot): boolean => {
    const material = materials.find((one) => one.slot === slot.id);
    if (!material) return false;
    return material.pages.length > 0 || material.mode === 'manual' || slot.beside === undefined;
  };
  const hasOthers = materials.some(({ slot }) => kind.materials.every(({ id }) => id !== slot));
  if (!hasOthers && kind.materials.every(isFitting)) return record;
  return {
    ...record,
    materials: kind.materials.map((slot) => {
      const before = materials.find((one) => one.slot === slot.id);
      if (!before) return emptyMaterial(slot, { kind, catalogue, subject });
      return isFitting(slot) ? before : { ...before, mode: firstMode(kind, slot) };
    }),
  };
}
