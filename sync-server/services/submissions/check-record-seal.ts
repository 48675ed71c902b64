import type { Needs } from '#domain/catalogue/record-kind.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { sealedRecord } from '#domain/record/sealed-record.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { Refusal } from './refusal.ts';
import { refuseOtherSigner } from './refuse-other-signer.ts';

export interface RecordSealQuestion {
  record: LudengRecord;
  needs: Pick<Needs, 'seal'>;
  /** When the server had it: the certificate is judged for that moment. */
  receivedAt: string;
  /** From when on this station seals whole records; undefined: it has never done so and was here before stations did. */
  sealsSince: string | undefined;
  seals: Pick<SealVerifier, 'verifyRecord'>;
}

/** Title of what is refused. */
const wholeRecord = '整份信息';

/**
 * The seal over form and materials together. Without one, a record is of the first format: taken only from a station of
 * the earlier version, and only as long as that station has not sent a sealed one. Nobody sets a station's word back.
 */
export function checkRecordSeal(question: RecordSealQuestion): Refusal | undefined {
  const { record, needs, receivedAt, sealsSince, seals } = question;
  const { recordSeal } = record;
  if (!recordSeal) {
    if (needs.seal === 'none') return undefined;
    // what only the record's seal covers was never sent by stations that had none
    const isEarlier = needs.seal === 'material' && (sealsSince === undefined || receivedAt <= sealsSince);
    return isEarlier ? undefined : { code: 'RECORD_NOT_SEALED', about: wholeRecord };
  }
  const cms = Buffer.from(recordSeal.cms, 'base64');
  // one seal, one form: base64 knows several writings of the same bytes
  if (cms.toString('base64') !== recordSeal.cms) return { code: 'SIGNATURE_INVALID', about: wholeRecord };
  const content = sealedRecord(record, recordSeal.catalogueHash);
  const report = seals.verifyRecord(cms, content, { at: receivedAt });
  if (!report.valid) return { code: 'SIGNATURE_INVALID', about: wholeRecord, reasons: report.problems };
  const other = refuseOtherSigner(report, record.subject);
  return other && { about: wholeRecord, ...other };
}
