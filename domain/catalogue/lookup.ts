/** Finding things in a catalogue. An id that is not there throws NOT_FOUND with the id in its details. */
import { AppError } from '../errors/app-error.ts';
import type { Catalogue, DocumentType, MaterialSlot, Programme, RecordKind } from './schema.ts';
import type { Field } from './field.ts';
import type { Guard } from './guard.ts';
import type { Workflow } from './workflow.ts';

export type LoadedProgramme = Programme & { recordKinds: readonly RecordKind[] };

export function getProgramme(catalogue: Catalogue, programmeId: string): LoadedProgramme {
  return found(byId(catalogue.programmes, programmeId), { programme: programmeId });
}

export function getRecordKind(catalogue: Catalogue, programmeId: string, kindId: string): RecordKind {
  const { recordKinds } = getProgramme(catalogue, programmeId);
  return found(byId(recordKinds, kindId), { programme: programmeId, kind: kindId });
}

/** As what a subject may log in at the counter. */
export const rolesAtCounter = ({ subjectRoles }: Pick<Programme, 'subjectRoles'>) =>
  subjectRoles.filter(({ isOfAccount }) => isOfAccount !== true);

export function findRecordKind(
  catalogue: Catalogue,
  programmeId: string,
  kindId: string,
): RecordKind | undefined {
  return byId(byId(catalogue.programmes, programmeId)?.recordKinds ?? [], kindId);
}

export function getDocumentType(catalogue: Catalogue, documentTypeId: string): DocumentType {
  return found(byId(catalogue.documentTypes, documentTypeId), { documentType: documentTypeId });
}

export function getSlot(kind: RecordKind, slotId: string): MaterialSlot {
  return found(byId(kind.materials, slotId), { kind: kind.id, slot: slotId });
}

export function getWorkflow(catalogue: Catalogue, workflowId: string): Workflow {
  return found(byId(catalogue.workflows, workflowId), { workflow: workflowId });
}

export function getGuard(catalogue: Catalogue, guardId: string): Guard {
  return found(byId(catalogue.guards ?? [], guardId), { guard: guardId });
}

export function documentTypeOfSlot(catalogue: Catalogue, kind: RecordKind, slotId: string): DocumentType {
  return getDocumentType(catalogue, getSlot(kind, slotId).documentType);
}

/** 去标记 is offered for every compared field unless the document says otherwise. */
export function isMarkable(field: Field): boolean {
  return field.markable ?? field.weight !== 'plain';
}

function byId<T extends { id: string }>(items: readonly T[], id: string): T | undefined {
  return items.find((item) => item.id === id);
}

function found<T>(item: T | undefined, details: Record<string, unknown>): T {
  if (!item) throw new AppError('NOT_FOUND', details);
  return item;
}
