/** A record as it comes to be, and what may change in it when. Pure: ids and times come in, a new record comes out. */
import { getDocumentType } from '../catalogue/lookup.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { lightOfMaterials } from '../verdict/decide-record.ts';
import { needsOf } from '../catalogue/record-kind.ts';
import type { Needs } from '../catalogue/record-kind.ts';
import { missingAttachments } from './attachments.ts';
import { logLinesOf } from '../catalogue/log-lines.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { ErrorCode } from '../errors/table.ts';
import { allows, applyEvent, firstState } from './lifecycle.ts';
import type { Occasion } from './lifecycle.ts';
import type { Subject, Values } from '../primitives.ts';
import type { Seal, Checked, LudengRecord, Material } from './schema.ts';

export interface CreateRecordInput {
  id: string;
  catalogue: Catalogue;
  programme: string;
  kind: RecordKind;
  role: string;
  subject: Subject;
  answers: Values;
  at: string;
  by: string;
  /** The record that this one replaces: a stored one that was yellow (补充完善) or green (新增). */
  supersedes?: LudengRecord;
}

export function createRecord(input: CreateRecordInput): LudengRecord {
  const { kind, subject, supersedes } = input;
  const lines = logLinesOf(input.catalogue, input.programme);
  const prefilled = (fields: RecordKind['form']): Values => {
    const values: Values = {};
    for (const field of fields) {
      if (field.prefill === 'subject-name') values[field.id] = subject.name;
      if (field.prefill === 'subject-credit-code') values[field.id] = subject.creditCode;
    }
    return values;
  };
  return {
    id: input.id,
    programme: input.programme,
    kind: kind.id,
    role: input.role,
    subject,
    answers: input.answers,
    form: { ...prefilled(kind.form), ...supersedes?.form },
    materials: kind.materials.map((slot) => {
      const before = supersedes?.materials.find((material) => material.slot === slot.id);
      return {
        slot: slot.id,
        certificate: slot.documentType,
        mode: kind.defaultMode,
        values: {
          ...prefilled(getDocumentType(input.catalogue, slot.documentType).fields),
          ...before?.values,
        },
        readings: {},
        chip: {},
        pages: [],
        marks: {},
        confirmed: false,
      };
    }),
    state: firstState,
    revision: 0,
    createdAt: input.at,
    updatedAt: input.at,
    ...(supersedes ? { supersedes: supersedes.id } : {}),
    operations: [{ at: input.at, by: input.by, action: supersedes ? lines.supplemented : lines.created }],
    pushes: [],
  };
}

/** A draft, a saved record and one the server refused may be edited; what was submitted is frozen for ever. */
export function mayEdit(record: LudengRecord): boolean {
  // elsewhere it is edited where it was entered
  return record.entered === undefined && allows(record, 'edit');
}

/** Only what never left the station may be deleted. */
export function mayDelete(record: Pick<LudengRecord, 'state' | 'light' | 'uniqueCode'>): boolean {
  // one that was given back is the server's as well
  return record.uniqueCode === undefined && allows(record, 'delete');
}

/** 补充完善 is for a stored yellow record; a green one is entered anew (LNC-185, LNC-186). */
export function maySupplement(record: Pick<LudengRecord, 'state' | 'light'>): boolean {
  return allows(record, 'supplement');
}

/** 推送 follows 提交 (LNC-199); while the line is down it waits in the queue behind the submission. */
export function mayPush(record: LudengRecord, kind: RecordKind): boolean {
  return kind.pushable && record.voided === undefined && allows(record, 'push');
}

/** 补充完善 changes everything but key fields: their ids, which the page locks and the agent refuses to change. */
export function lockedFields(catalogue: Catalogue, record: LudengRecord, slot: string): string[] {
  if (record.supersedes === undefined) return [];
  const material = record.materials.find((candidate) => candidate.slot === slot);
  if (!material) return [];
  return getDocumentType(catalogue, material.certificate)
    .fields.filter((field) => field.weight === 'key')
    .map((field) => field.id);
}

/** After any edit of the form, or of the material in `slot`: a draft, without what rested on the old content. */
export function afterEdit(record: LudengRecord, occasion: Occasion): LudengRecord {
  return applyEvent(record, occasion.slot === undefined ? 'edit' : 'edit-material', occasion);
}

/** A seal was set on the material in `occasion.slot`. */
export function afterSeal(
  record: LudengRecord,
  seal: Seal,
  occasion: Occasion & { slot: string },
): LudengRecord {
  return withMaterial(applyEvent(record, 'seal', occasion), occasion.slot, { seal });
}

/** The material in `occasion.slot` was checked: green and yellow are saved, red stays a draft. */
export function afterCheck(
  record: LudengRecord,
  checked: Checked,
  occasion: Occasion & { slot: string },
): LudengRecord {
  const event = checked.verdict.light === 'red' ? 'fail-check' : 'pass-check';
  const next = withMaterial(applyEvent(record, event, occasion), occasion.slot, { checked });
  const light = lightOfMaterials(next.materials);
  return light ? { ...next, light } : next;
}

function withMaterial(record: LudengRecord, slot: string, change: Partial<Material>): LudengRecord {
  return {
    ...record,
    materials: record.materials.map((material) =>
      material.slot === slot ? { ...material, ...change } : material,
    ),
  };
}

/** What still stands between a record and 提交; empty when it may go. Materials in the kind's order, the form first. */
export function missingForSubmit(
  record: LudengRecord,
  kind: RecordKind,
): { slot?: string; title: string; code: ErrorCode }[] {
  const missing: { slot?: string; title: string; code: ErrorCode }[] = [];
  for (const field of kind.form) {
    const value = record.form[field.id]?.trim() ?? '';
    if (value === '' ? field.required : !fieldRules[field.kind].parse(value, field).ok)
      missing.push({ title: field.label, code: 'FIELD_INVALID' });
  }
  for (const { title } of missingAttachments(record, kind.attachments ?? []))
    missing.push({ title, code: 'ATTACHMENT_MISSING' });
  const needs = needsOf(kind);
  for (const slot of kind.materials) {
    const material = record.materials.find((candidate) => candidate.slot === slot.id);
    const code = missingOfMaterial(material, slot.required, needs);
    if (code) missing.push({ slot: slot.id, title: slot.title, code });
  }
  return missing;
}

function missingOfMaterial(
  material: Material | undefined,
  required: boolean,
  { seal, check }: Needs,
): ErrorCode | undefined {
  if (!material || material.pages.length === 0) return required ? 'NO_PAGES' : undefined;
  if (seal === 'material' && !material.seal) return 'NOT_SEALED';
  if (check === 'none') return undefined;
  if (!material.checked) return 'NOT_CHECKED';
  return material.checked.verdict.light === 'red' ? 'RED_LIGHT' : undefined;
}
