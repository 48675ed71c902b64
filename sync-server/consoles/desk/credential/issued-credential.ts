/** What the server answers for a unique code, and whether its signature holds. */
import { z } from 'zod';
import type { IssuedCredential } from '#domain/contracts/public/credentials.ts';

export const credentialBodySchema = z.object({
  format: z.literal('ludeng-certificate/1'),
  uniqueCode: z.string(),
  issuedAt: z.iso.datetime(),
  recordId: z.string(),
  programme: z.string(),
  kind: z.string(),
  subject: z.object({ name: z.string(), creditCode: z.string() }),
  light: z.literal('green'),
  materials: z.array(z.object({ slot: z.string(), pdfSha: z.string() })),
});
export type CredentialBody = z.infer<typeof credentialBodySchema>;

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
  issued: IssuedCredential,
  asked: string,
  subtle: SubtleCrypto | undefined,
): Promise<CredentialView> {
  const body = readBody(issued.body);
  const isOfCode = body?.uniqueCode === asked && issued.uniqueCode === asked;
  if (!body || !isOfCode) return { signature: 'broken', fingerprint: '' };
  if (!subtle) return { signature: 'unchecked', body, fingerprint: '' };
  const spki = fromBase64(issued.serverPublicKey.replace(/-----[A-Z ]+-----/g, ''));
  const fingerprint = hexGroups(await subtle.digest('SHA-256', spki));
  if (!(await holds(issued, spki, subtle))) return { signature: 'broken', fingerprint };
  return { signature: 'holds', body, fingerprint };
}

async function holds(
  issued: IssuedCredential,
  spki: Uint8Array<ArrayBuffer>,
  subtle: SubtleCrypto,
): Promise<boolean> {
  const key = await subtle.importKey('spki', spki, 'Ed25519', false, ['verify']);
  const text = new TextEncoder().encode(issued.body);
  return subtle.verify('Ed25519', key, fromBase64(issued.signature), text);
}

function readBody(text: string): CredentialBody | undefined {
  try {
    return credentialBodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    // no JSON: broken
    return undefined;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/\s/g, '')), (char) => char.charCodeAt(0));
}

function hexGroups(bytes: ArrayBuffer): string {
  const hex = [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return (hex.match(/.{4}/g) ?? []).join(' ');
}
