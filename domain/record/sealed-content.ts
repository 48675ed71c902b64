import type { LudengRecord, Material, SealedContent } from './schema.ts';

/** What travels inside the PDF: everything the applicant vouches for with the seal. */
export function sealedContent(
  record: LudengRecord,
  material: Material,
  catalogueHash: string,
): SealedContent {
  return {
    format: 'ludeng-material/1',
    recordId: record.id,
    programme: record.programme,
    kind: record.kind,
    slot: material.slot,
    certificate: material.certificate,
    catalogueHash,
    subject: record.subject,
    answers: record.answers,
    values: material.values,
    chip: material.chip,
    marks: material.marks,
    pages: material.pages.map(({ sha, widthPx, heightPx }) => ({ sha, widthPx, heightPx })),
  };
}
