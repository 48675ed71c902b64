/** What the server answers for a number, and whether its signature holds. */
import type { IssuedCredential } from '#domain/contracts/public/credentials.ts';
import { numberOf, readCredentialBody } from '#domain/credentials/schema.ts';
import type { CredentialBody } from '#domain/credentials/schema.ts';

export interface CredentialView {
  /** `unchecked`: this browser cannot check signatures here (a page that is neither https nor local). */
  signature: 'holds' | 'broken' | 'unchecked';
  /** Undefined when the signature is broken or the text is none: then nothing in it may be believed. */
  body?: CredentialBody;
  /** SHA-256 of the public key, hex in groups of four; empty when unchecked. */
  fingerprint: string;
}

/** `subtle` is undefined where the browser offers none. */
export async function examineCredential(
  issued: Pick<IssuedCredential, 'body' | 'signature' | 'serverPublicKey'>,
  asked: string,
  subtle: SubtleCrypto | undefined,
): Promise<CredentialView> {
  const body = readCredentialBody(issued.body);
  const isOfNumber = body !== undefined && [numberOf(body), body.uniqueCode].includes(asked);
  if (!body || !isOfNumber) return { signature: 'broken', fingerprint: '' };
  if (!subtle) return { signature: 'unchecked', body, fingerprint: '' };
  const spki = fromBase64(issued.serverPublicKey.replace(/-----[A-Z ]+-----/g, ''));
  const fingerprint = hexGroups(await subtle.digest('SHA-256', spki));
  if (!(await holds(issued, spki, subtle))) return { signature: 'broken', fingerprint };
  return { signature: 'holds', body, fingerprint };
}

async function holds(
  issued: Pick<IssuedCredential, 'body' | 'signature'>,
  spki: Uint8Array<ArrayBuffer>,
  subtle: SubtleCrypto,
): Promise<boolean> {
  const key = await subtle.importKey('spki', spki, 'Ed25519', false, ['verify']);
  const text = new TextEncoder().encode(issued.body);
  return subtle.verify('Ed25519', key, fromBase64(issued.signature), text);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/\s/g, '')), (char) => char.charCodeAt(0));
}

function hexGroups(bytes: ArrayBuffer): string {
  const hex = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return (hex.match(/.{4}/g) ?? []).join(' ');
}
