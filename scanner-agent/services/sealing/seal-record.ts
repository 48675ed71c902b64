/** The seal of a record as a whole, at 提交: over its form and over the sealed files of its materials. */
import { AppError } from '#domain/errors/app-error.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { LudengRecord, RecordSeal } from '#domain/record/schema.ts';
import { sealedRecord } from '#domain/record/sealed-record.ts';
import { authoritiesBetween } from '#sealing/chain.ts';
import { completeRecordSeal, prepareRecordSeal, verifyRecordSeal } from '#sealing/record-seal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningTokens } from '../../ports/signing-token.ts';
import { trustQuestion } from './apply-seal.ts';
import type { StationTrust } from './apply-seal.ts';
import type { SealingKey } from './key-hold.ts';
import { refuseOtherSubject } from './seal-rules.ts';
import { findSigningCertificate } from '../login/ukey.ts';

const tokenTimeoutMs = 30_000;

export interface SealRecordDeps {
  tokens: SigningTokens;
  trust: StationTrust;
  catalogue: Catalogue;
  clock: Clock;
}

/** Throws what `findSigningCertificate` and `SigningTokens.sign` throw, CERTIFICATE_OF_OTHER_SUBJECT, SIGNATURE_INVALID. */
export async function sealRecord(
  { tokens, trust, catalogue, clock }: SealRecordDeps,
  { record, key, signal }: { record: LudengRecord; key: SealingKey; signal: AbortSignal },
): Promise<RecordSeal> {
  const plugged = await tokens.list({ signal, timeoutMs: tokenTimeoutMs });
  const { tokenId, certificateId, pin } = key;
  const now = clock.now();
  const { token, certificate } = findSigningCertificate(plugged, tokenId, certificateId, now, trust);
  refuseOtherSubject(certificate, record.subject);
  const content = sealedRecord(record, catalogue.hash);
  const question = trustQuestion(trust, now);
  const prepared = prepareRecordSeal(content, {
    signerCertificate: certificate.der,
    chain: authoritiesBetween(certificate.der, question),
  });
  const [signature] = await tokens.sign({
    ...{ tokenId, certificateId, pin, signal, timeoutMs: tokenTimeoutMs },
    data: [prepared.dataToSign],
  });
  if (!signature) throw new AppError('DEVICE_FAULT');
  const cms = completeRecordSeal(prepared, signature);
  // what leaves the station must stand before the strictest reader; better to learn it here
  const { valid, problems } = verifyRecordSeal(cms, content, question);
  if (!valid) throw new AppError('SIGNATURE_INVALID', { problems: problems.map(({ code }) => code) });
  return {
    format: 'ludeng-record/2',
    cms: Buffer.from(cms).toString('base64'),
    catalogueHash: catalogue.hash,
    sealedAt: now,
    signerName: certificate.holderName,
    certificateSerial: certificate.serialNumber,
    simulated: token.simulated,
  };
}
