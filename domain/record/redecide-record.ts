import { findRecordKind, getDocumentType } from '../catalogue/lookup.ts';
import type { Catalogue } from '../catalogue/schema.ts';
import type { LudengRecord, Material } from './schema.ts';
import { decideMaterial } from '../verdict/decide-material.ts';
import { lightOfMaterials, worstLight } from '../verdict/decide-record.ts';
import { lacksDemanded } from './demanded-papers.ts';
import { chosenLines } from '../verdict/chosen-lines.ts';
import type { ChosenLine } from '../verdict/chosen-lines.ts';

/**
 * Decides every checked material again from its own evidence, with the other materials as they are now: the licence's
 * legal representative may have been checked before the ID card was there. The server does the same at storing.
 */
export function redecideRecord(record: LudengRecord, catalogue: Catalogue): LudengRecord {
  const materials = record.materials.map((material) => decideAnew(material, record, catalogue));
  const own = lightOfMaterials(materials);
  const kind = findRecordKind(catalogue, record.programme, record.kind);
  // what a condition demands belongs to the record as much as what is there: without it nothing is green
  const light = own && kind && lacksDemanded(kind, record) ? worstLight([own, 'yellow']) : own;
  const { light: _light, ...rest } = record;
  return { ...rest, materials, ...(light ? { light } : {}) };
}

/** The material with the verdict that follows from its own evidence; one that was not checked stays as it is. */
export function decideAnew(material: Material, record: LudengRecord, catalogue: Catalogue): Material {
  const { checked } = material;
  if (!checked) return material;
  const verdict = decideMaterial({
    documentType: getDocumentType(catalogue, material.certificate),
    values: material.values,
    evidence: checked.evidence,
    subject: record.subject,
    otherMaterials: record.materials
      .filter(({ slot }) => slot !== material.slot)
      .map(({ slot, values }) => ({ slot, values })),
    chosen: chosenFor(record, material.slot, catalogue),
    day: checked.day,
  });
  return { ...material, checked: { ...checked, verdict } };
}

/** What the record chose before the paper of this slot came. A kind that the catalogue does not have compares nothing. */
export function chosenFor(
  record: Pick<LudengRecord, 'programme' | 'kind' | 'answers' | 'form'>,
  slot: string,
  catalogue: Catalogue,
): ChosenLine[] {
  const kind = findRecordKind(catalogue, record.programme, record.kind);
  return kind ? chosenLines(kind, slot, record) : [];
}
