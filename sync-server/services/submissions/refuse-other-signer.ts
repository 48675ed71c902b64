import { isSameHolder } from '#domain/record/same-name.ts';
import type { Subject } from '#domain/primitives.ts';
import type { SealReport } from '../../ports/seal-verifier.ts';
import type { Refusal } from './refusal.ts';

/** The code and the name: what is issued in a company's name must be what its authority calls it. */
export function refuseOtherSigner(
  { creditCode, signerName }: Pick<SealReport, 'creditCode' | 'signerName'>,
  subject: Subject,
): Refusal | undefined {
  if (creditCode === subject.creditCode && isSameHolder(signerName, subject.name)) return undefined;
  return { code: 'CERTIFICATE_OF_OTHER_SUBJECT', reasons: [`签章证书属于“${signerName}”`] };
}
