/** A record as it comes to be, and what may change in it when. Pure: ids and times come in, a new record comes out. */
import { getDocumentType } from '../catalogue/lookup.ts';
import { fieldRules, isAsked } from '../fields/field-rules.ts';
import { lightOfMaterials } from '../verdict/decide-record.ts';
import { needsOf } from '../catalogue/record-kind.ts';
import type { Needs } from '../catalogue/record-kind.ts';
import { missingAttachments } from './attachments.ts';
import { isDemanded } from './demanded-papers.ts';
import { emptyMaterial, prefilledValues } from './fit-papers.ts';
import { logLinesOf } from '../catalogue/log-lines.ts';
import type { LogLines } from '../catalogue/log-lines.ts';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import type { ErrorCode } from '../errors/table.ts';
import { replacesWhatStands } from './once.ts';
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
  /** The records that answers were chosen from. */
  sources?: Record<string, string>;
  at: string;
  by: string;
  /** The record that this one replaces. */
  supersedes?: LudengRecord;
  /** In which way; a supplement if left out. */
  replacing?: Replacing;
  /** Whether the pages of the replaced one are at hand. */
  hasPage?: (sha: string) => boolean;
}

/**
 * supplement (补充完善): the values are taken over, the papers are scanned again. revise (修改): the papers are taken over too, to be
 * sealed again. renew (新增): nothing is taken over.
 */
export type Replacing = 'supplement' | 'revise' | 'renew';

/** How a record of the kind may take this one's place; undefined where none may. */
export function replacingOf(
  old: Pick<LudengRecord, 'state' | 'light' | 'voided'>,
  kind: RecordKind,
): Replacing | undefined {
  // 取消作废 comes first
  if (old.voided) return undefined;
  if (kind.actions?.revise) return allows(old, 'revise') ? 'revise' : undefined;
  if (maySupplement(old)) return 'supplement';
  return replacesWhatStands(kind) && allows(old, 'renew') ? 'renew' : undefined;
}

export function createRecord(input: CreateRecordInput): LudengRecord {
  const { kind, subject, supersedes, replacing = 'supplement', hasPage = () => false } = input;
  const taken = replacing === 'renew' ? undefined : supersedes;
  const lines = logLinesOf(input.catalogue, input.programme);
  return {
    id: input.id,
    programme: input.programme,
    kind: kind.id,
    role: input.role,
    subject,
    answers: input.answers,
    ...(Object.keys(input.sources ?? {}).length > 0 ? { sources: input.sources } : {}),
    form: { ...prefilledValues(kind.form, subject, input.answers), ...taken?.form },
    materials: kind.materials.map((slot) => {
      const before = taken?.materials.find((material) => material.slot === slot.id);
      if (before && replacing === 'revise') return takenOver(before, hasPage);
      const empty = emptyMaterial(slot, { kind, catalogue: input.catalogue, subject });
      return {
        ...(replacing === 'renew' ? { anew: true as const } : {}),
        ...empty,
        values: { ...empty.values, ...before?.values },
      };
    }),
    state: firstState,
    revision: 0,
    createdAt: input.at,
    updatedAt: input.at,
    ...(supersedes ? { supersedes: supersedes.id } : {}),
    ...(replacing === 'revise' && supersedes?.attachments ? { attachments: supersedes.attachments } : {}),
    operations: [{ at: input.at, by: input.by, action: lineOf(kind, taken && replacing, lines) }],
    pushes: [],
  };
}

const lineOf = (kind: RecordKind, replacing: Replacing | undefined, lines: LogLines): string =>
  (replacing === 'revise' ? kind.actions?.revise?.label : undefined) ??
  (replacing ? lines.supplemented : lines.created);

/** A paper as it stood, without the seal and the check that named the old record; its values alone where the pages are gone. */
function takenOver(before: Material, hasPage: (sha: string) => boolean): Material {
  const { seal: _seal, checked: _checked, rechecked: _rechecked, anew: _anew, ...rest } = before;
  const isHere = before.pages.every(({ sha }) => hasPage(sha));
  if (!isHere) return { ...rest, pages: [], readings: {}, marks: {}, confirmed: false };
  const pages = before.pages.map(({ original, ...page }) =>
    original && hasPage(original.sha) ? { ...page, original } : page,
  );
  return { ...rest, pages };
}

/** 重新录入 of a paper that was taken over: it is scanned and filled in from the beginning, key fields too. */
export function enteredAnew(material: Material): Material {
  const { seal: _seal, checked: _checked, rechecked: _rechecked, guesses: _guesses, ...rest } = material;
  return { ...rest, values: {}, readings: {}, chip: {}, pages: [], marks: {}, confirmed: false, anew: true };
}

/** Only what replaces another can hold its papers, and only of a kind that takes them over. */
export function mayEnterAnew(record: LudengRecord, kind: RecordKind, slot: string): boolean {
  const material = record.materials.find((candidate) => candidate.slot === slot);
  const isTakenOver = record.supersedes !== undefined && kind.actions?.revise !== undefined;
  return isTakenOver && mayEdit(record) && material !== undefined && material.anew !== true;
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
export function maySupplement(record: Pick<LudengRecord, 'state' | 'light' | 'voided'>): boolean {
  return record.voided === undefined && allows(record, 'supplement');
}

/** 推送 follows 提交 (LNC-199); while the line is down it waits in the queue behind the submission. */
export function mayPush(record: LudengRecord, kind: RecordKind): boolean {
  return kind.pushable && record.voided === undefined && allows(record, 'push');
}

/** 补充完善 changes everything but key fields: their ids, which the page locks and the agent refuses to change. */
export function lockedFields(catalogue: Catalogue, record: LudengRecord, slot: string): string[] {
  if (record.supersedes === undefined) return [];
  const material = record.materials.find((candidate) => candidate.slot === slot);
  if (!material || material.anew) return [];
  return keyFieldsOf(catalogue, material.certificate).map(({ id }) => id);
}

export const keyFieldsOf = (catalogue: Catalogue, documentType: string): Field[] =>
  getDocumentType(catalogue, documentType).fields.filter(({ weight }) => weight === 'key');

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
  const missing: { slot?: string; title: string; code: ErrorCode }[] = [
    // answered before the page opened, perhaps by a configuration that still took any text
    ...faultyIn(kind.asked, record.answers),
    ...faultyIn(kind.form, record.form),
  ];
  for (const { title } of missingAttachments(record, kind.attachments ?? []))
    missing.push({ title, code: 'ATTACHMENT_MISSING' });
  const needs = needsOf(kind);
  for (const slot of kind.materials) {
    const material = record.materials.find((candidate) => candidate.slot === slot.id);
    const code = missingOfMaterial(material, isDemanded(slot, record), needs);
    if (code) missing.push({ slot: slot.id, title: slot.title, code });
  }
  return missing;
}

function faultyIn(fields: RecordKind['form'], values: Values): { title: string; code: 'FIELD_INVALID' }[] {
  return fields.flatMap((field) => {
    if (!isAsked(field, values)) return [];
    const value = values[field.id]?.trim() ?? '';
    const isFaulty = value === '' ? field.required : !fieldRules[field.kind].parse(value, field).ok;
    return isFaulty ? [{ title: field.label, code: 'FIELD_INVALID' as const }] : [];
  });
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
