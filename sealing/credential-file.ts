/** Credentials as files: written under the issuer's key, and looked at with its published half alone (domain/credentials/file.ts says how they are made). */
import { createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import {
  contentLine,
  credentialFileSchema,
  sealedText,
  sealLine,
  splitFile,
  writeCredentialFile,
} from '#domain/credentials/file.ts';
import type { CredentialFile } from '#domain/credentials/file.ts';
import { readCredentialBody } from '#domain/credentials/schema.ts';
import type { CredentialBody } from '#domain/credentials/schema.ts';

export interface SignedCredential {
  body: string;
  signature: string;
}
/** Of the issuer. */
export interface IssuerKey {
  publicKeyPem: string;
  sign(text: string): string;
}

/** Which key it is, for people and files: SHA-256 of its encoding. Throws where the text is no public key. */
export const fingerprintOf = (publicKeyPem: string): string =>
  hash('sha256', derOf(createPublicKey(publicKeyPem)));

const derOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });

export const credentialJson = (
  credential: SignedCredential,
  key: Pick<IssuerKey, 'publicKeyPem'>,
): Uint8Array => Buffer.from(writeCredentialFile({ ...credential, key: fingerprintOf(key.publicKeyPem) }));

/** The drawn page with the credential inside, and the signature over all of it as the last line. */
export function sealCredentialPdf(pdf: Uint8Array, credential: SignedCredential, key: IssuerKey): Uint8Array {
  const content = Buffer.from(credentialJson(credential, key)).toString('base64');
  const end = Buffer.from(pdf.at(-1) === newline ? '' : '\n');
  const whole = Buffer.concat([pdf, end, Buffer.from(contentLine(content))]);
  return Buffer.concat([whole, Buffer.from(sealLine(key.sign(sealedText(hash('sha256', whole)))))]);
}
const newline = 0x0a;

export type CheckedFile =
  | { verdict: 'holds'; body: CredentialBody; signed: SignedCredential }
  /** The credential in it, or the page around it, is not as it was signed. */
  | { verdict: 'altered' }
  /** Of another key. */
  | { verdict: 'foreign'; key: string }
  | { verdict: 'incomplete' }
  | { verdict: 'not-one' };

/** Says of any bytes whether they are a credential that this key has signed. Never throws for what they are. */
export function checkCredentialFile(bytes: Uint8Array, publicKeyPem: string): CheckedFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts = splitFile(file.toString('latin1'));
  if (parts.kind === 'unknown') return { verdict: 'not-one' };
  if (parts.kind === 'bare-pdf') return { verdict: 'incomplete' };
  const credential = readContent(
    parts.kind === 'json' ? file.toString('utf8') : Buffer.from(parts.content, 'base64').toString('utf8'),
  );
  if (!credential) return { verdict: parts.kind === 'json' ? 'not-one' : 'altered' };
  if (credential.key !== fingerprintOf(publicKeyPem)) return { verdict: 'foreign', key: credential.key };
  const holds = (text: string, signature: string): boolean => {
    const bytes = Buffer.from(signature, 'base64');
    // one signature has one text
    return (
      bytes.toString('base64') === signature && verify(null, Buffer.from(text, 'utf8'), publicKeyPem, bytes)
    );
  };
  const { body: text, signature } = credential;
  const body = readCredentialBody(text);
  if (!body || !holds(text, signature)) return { verdict: 'altered' };
  if (parts.kind === 'pdf') {
    const sha = hash('sha256', file.subarray(0, parts.sealedLength));
    if (!holds(sealedText(sha), parts.signature)) return { verdict: 'altered' };
  }
  return { verdict: 'holds', body, signed: { body: text, signature } };
}

function readContent(text: string): CredentialFile | undefined {
  try {
    return credentialFileSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // no JSON
    return undefined;
  }
}
