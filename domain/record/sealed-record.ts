import { canonicalJson } from '../canonical-json.ts';
import type { LudengRecord } from './schema.ts';

/**
 * What the record's own seal covers, as bytes: all that the applicant entered, and by its hash every sealed file. What
 * server and station add later (state, light, receipts, pushes) is not the applicant's word and not in it.
 */
export function sealedRecord(record: LudengRecord, catalogueHash: string): Uint8Array {
  return new TextEncoder().encode(
    canonicalJson({
      format: 'ludeng-record/2',
      recordId: record.id,
      programme: record.programme,
      kind: record.kind,
      role: record.role,
      catalogueHash,
      subject: record.subject,
      answers: record.answers,
      form: record.form,
      supersedes: record.supersedes,
      materials: record.materials.map(({ slot, certificate, values, chip, seal }) => ({
        ...{ slot, certificate, values, chip },
        pdfSha: seal?.pdfSha,
      })),
    }),
  );
}
