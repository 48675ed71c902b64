import { createHash } from 'node:crypto';

const prefix = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** RFC 8017 §9.2 note 1: DigestInfo for SHA-256; CKM_RSA_PKCS and SKF_RSASignData pad but do not add it. */
export function sha256DigestInfo(data: Uint8Array): Uint8Array {
  return Buffer.concat([prefix, createHash('sha256').update(data).digest()]);
}
