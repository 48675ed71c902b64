import { canonicalJson } from '../canonical-json.ts';
import type { LudengRecord } from './schema.ts';

/**
 * What the record's own seal covers, as bytes: all that the applicant entered, and by its hash every sealed file, every attachment
 * and every page that has no sealed file of its own (parts that older records lack are left out, so that their seals hold). What
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
      attachments: record.attachments?.map(({ attachment, sha, name, mime }) => ({
        ...{ attachment, sha, name, mime },
      })),
      materials: record.materials.map(({ slot, certificate, values, chip, seal, pages, marks }) => ({
        ...{ slot, certificate, values, chip },
        pdfSha: seal?.pdfSha,
        ...(seal || pages.length === 0 ? {} : { pages: pages.map(({ sha }) => sha), marks }),
      })),
    }),
  );
}
