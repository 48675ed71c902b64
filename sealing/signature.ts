import { constants, verify, X509Certificate } from 'node:crypto';
import { describeCertificate } from './certificate.ts';
import { isSm2Signature, sm2PointOf } from './sm2.ts';

/** Whether `signature` (as the token port gives it) was made over `data` by the certificate's key, with SHA-256 or SM3. */
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
    if (describeCertificate(certificate).algorithm === 'SM2-SM3') {
      return isSm2Signature({ point: sm2PointOf(certificate), data, signature });
    }
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
