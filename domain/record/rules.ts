/** What may change in a record, and when. Pure: ids and times come in, a new record comes out. */
import { getDocumentType } from '../catalogue/lookup.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { lightOfMaterials } from '../verdict/decide-record.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { ErrorCode } from '../errors/table.ts';
import type { Seal, Subject, Values, Checked, LudengRecord, Material, Operation } from './schema.ts';

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
    state: 'draft',
    revision: 0,
    createdAt: input.at,
    updatedAt: input.at,
    ...(supersedes ? { supersedes: supersedes.id } : {}),
    operations: [{ at: input.at, by: input.by, action: supersedes ? '补充完善' : '新增' }],
    pushes: [],
  };
}

/** A draft, a saved record and one the server refused may be edited; what was submitted is frozen for ever. */
export function mayEdit(record: LudengRecord): boolean {
  return record.state === 'draft' || record.state === 'saved' || record.state === 'rejected';
}

/** Only what never left the station may be deleted. */
export function mayDelete(record: LudengRecord): boolean {
  return record.state === 'draft' || record.state === 'saved';
}

/** 补充完善 is for a stored yellow record; a green one is entered anew (LNC-185, LNC-186). */
export function maySupplement(record: LudengRecord): boolean {
  return record.state === 'stored' && record.light === 'yellow';
}

/** 推送 follows 提交 (LNC-199); while the line is down it waits in the queue behind the submission. */
export function mayPush(record: LudengRecord, kind: RecordKind): boolean {
  return kind.pushable && (record.state === 'submitted' || record.state === 'stored');
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

export interface EditStamp {
  at: string;
  by?: string;
  operation?: Omit<Operation, 'at' | 'by'>;
}

/**
 * After any edit: the revision rises, the record is a draft again and has neither light nor a seal of its own. An edit of a material takes its
 * seal and its check away, for they spoke of other content; an edit of the form alone leaves the materials as they are.
 */
export function afterEdit(record: LudengRecord, stamp: EditStamp, slot?: string): LudengRecord {
  const { light: _light, rejection: _rejection, recordSeal: _seal, ...rest } = record;
  return {
    ...rest,
    state: 'draft',
    revision: record.revision + 1,
    updatedAt: stamp.at,
    materials: record.materials.map((material) => (material.slot === slot ? unseal(material) : material)),
    operations: withOperation(record, stamp),
  };
}

/** The material without its seal and its check. */
export function unseal(material: Material): Material {
  const { checked: _checked, seal: _seal, ...rest } = material;
  return rest;
}

/** A seal was set. It takes an older check along: the check is made on what is sealed. */
export function afterSeal(record: LudengRecord, slot: string, seal: Seal, stamp: EditStamp): LudengRecord {
  const edited = afterEdit(record, stamp, slot);
  return {
    ...edited,
    materials: edited.materials.map((material) =>
      material.slot === slot ? { ...material, seal } : material,
    ),
  };
}

/** A check was made: green and yellow are saved, red stays a draft (LNC-136: red is neither saved nor submitted). */
export function afterCheck(
  record: LudengRecord,
  slot: string,
  checked: Checked,
  stamp: EditStamp,
): LudengRecord {
  const materials = record.materials.map((material) =>
    material.slot === slot ? { ...material, checked } : material,
  );
  const light = lightOfMaterials(materials);
  const { light: _light, ...rest } = record;
  return {
    ...rest,
    ...(light ? { light } : {}),
    materials,
    state: checked.verdict.light === 'red' ? 'draft' : 'saved',
    revision: record.revision + 1,
    updatedAt: stamp.at,
    operations: withOperation(record, stamp),
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
  for (const slot of kind.materials) {
    const material = record.materials.find((candidate) => candidate.slot === slot.id);
    const code = missingOfMaterial(material, slot.required);
    if (code) missing.push({ slot: slot.id, title: slot.title, code });
  }
  return missing;
}

function missingOfMaterial(material: Material | undefined, required: boolean): ErrorCode | undefined {
  if (!material || material.pages.length === 0) return required ? 'NO_PAGES' : undefined;
  if (!material.seal) return 'NOT_SEALED';
  if (!material.checked) return 'NOT_CHECKED';
  return material.checked.verdict.light === 'red' ? 'RED_LIGHT' : undefined;
}

function withOperation(record: LudengRecord, { at, by, operation }: EditStamp): Operation[] {
  if (!operation || by === undefined) return record.operations;
  return [...record.operations, { at, by, ...operation }];
}
