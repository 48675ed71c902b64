/**
 * How a credential travels by itself: as JSON, or as a PDF whose last two lines hold that JSON and a signature over all that
 * stands before. Whoever has the published key checks either without asking anybody.
 */
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { maxLength } from '../limits.ts';

export const maxCredentialFileBytes = 4 * 1024 * 1024;

/** Base64, Ed25519. */
const signatureSchema = z.string().regex(/^[A-Za-z0-9+/]{86}==$/);

export const credentialFileSchema = z.strictObject({
  format: z.literal('ludeng-credential-file/1'),
  /** The very text that is signed: `credentialBodySchema`. */
  body: z.string().max(maxLength.payload),
  signature: signatureSchema,
  /** SHA-256 of the issuing key's encoding (SPKI), hex: which key it is, and no proof of it. */
  key: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CredentialFile = z.infer<typeof credentialFileSchema>;

export const writeCredentialFile = (given: Omit<CredentialFile, 'format'>): string =>
  canonicalJson({ format: 'ludeng-credential-file/1', ...given });

const contentMark = '%ludeng-credential ';
const sealMark = '%ludeng-file-seal ';

/** Behind the PDF's own end; readers of PDFs skip it as a comment. `content`: base64 of the JSON. */
export const contentLine = (content: string): string => `${contentMark}${content}\n`;
export const sealLine = (signature: string): string => `${sealMark}${signature}\n`;

/** What the signature of a PDF is over. */
export const sealedText = (sha256: string): string => `ludeng/credential-file/1 ${sha256}`;

export type FileParts =
  | { kind: 'json'; content: string }
  /** `sealedLength`: bytes before the line of the seal. `content`: base64. */
  | { kind: 'pdf'; content: string; signature: string; sealedLength: number }
  /** A PDF without these lines: cut off, saved anew by another program, or another paper. */
  | { kind: 'bare-pdf' }
  | { kind: 'unknown' };

/** `text`: the file's bytes as Latin-1, one character a byte. */
export function splitFile(text: string): FileParts {
  if (/^\s*\{/.test(text)) return { kind: 'json', content: text };
  if (!text.startsWith('%PDF-')) return { kind: 'unknown' };
  const sealAt = text.lastIndexOf(sealMark);
  const contentAt = text.lastIndexOf(contentMark);
  const seal = text.slice(sealAt);
  // the seal is the last line, whole, and the content the one before: nothing is added behind either
  if (sealAt < 0 || contentAt < 0 || !seal.endsWith('\n') || seal.indexOf('\n') !== seal.length - 1)
    return { kind: 'bare-pdf' };
  const content = text.slice(contentAt, sealAt);
  if (!content.endsWith('\n') || content.indexOf('\n') !== content.length - 1) return { kind: 'bare-pdf' };
  return {
    kind: 'pdf',
    content: content.slice(contentMark.length, -1),
    signature: seal.slice(sealMark.length, -1),
    sealedLength: sealAt,
  };
}
