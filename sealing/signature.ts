import { constants, verify, X509Certificate } from 'node:crypto';
import { describeCertificate } from './certificate.ts';

/** Whether `signature` (as the token port gives it) was made over `data` by the certificate's key, with SHA-256. */
export function isSignatureOf({
  certificate,
  data,
  signature,
}: {
  certificate: Uint8Array;
  data: Uint8Array;
  signature: Uint8Array;
}): boolean {
  try {
    // Node's SM2 signs with an empty identity, which nobody in the field uses: not accepted here
    if (describeCertificate(certificate).algorithm === 'SM2-SM3') return false;
    const key = new X509Certificate(certificate).publicKey;
    if (key.asymmetricKeyType === 'rsa') {
      return verify('sha256', data, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
    }
    return key.asymmetricKeyType === 'ec' && verify('sha256', data, key, signature);
  } catch {
    // a signature that cannot even be parsed is a wrong signature
    return false;
  }
}
