/** What a credential (数字证照) says: the one description of the text that the server signs and everybody else reads. */
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { maxCount, maxLength } from '../limits.ts';
import { instantSchema, sha256Schema, ulidSchema } from '../primitives.ts';
import { identifierSchema, maxVersion } from './identifier.ts';

const name = z.string().max(maxLength.name);
const holderSchema = z.object({ name, creditCode: name });
const parts = {
  uniqueCode: name,
  issuedAt: instantSchema,
  recordId: ulidSchema,
  programme: name,
  kind: name,
  light: z.literal('green'),
};

/** Issued before there were identifiers: its unique code is its number. */
const firstBodySchema = z.object({
  format: z.literal('ludeng-certificate/1'),
  ...parts,
  subject: holderSchema,
  materials: z.array(z.object({ slot: name, pdfSha: sha256Schema })).max(maxCount.parts),
});

const secondBodySchema = z.object({
  format: z.literal('ludeng-credential/2'),
  identifier: identifierSchema,
  /** Raised by every correction of the record; its unique code stays. */
  version: z.int().min(1).max(maxVersion),
  issuer: z.object({ name, code: name }),
  ...parts,
  /** As programme and kind were called then. */
  titles: z.object({ programme: name, kind: name }),
  subject: holderSchema,
  materials: z.array(z.object({ slot: name, title: name, pdfSha: sha256Schema })).max(maxCount.parts),
});

export const credentialBodySchema = z.discriminatedUnion('format', [firstBodySchema, secondBodySchema]);
export type CredentialBody = z.infer<typeof credentialBodySchema>;
export type NewCredentialBody = Omit<z.infer<typeof secondBodySchema>, 'format' | 'light'>;

/** The text that is signed: the same members give the same text, always. */
export const writeCredentialBody = (body: NewCredentialBody): string =>
  canonicalJson({ format: 'ludeng-credential/2', light: 'green', ...body });

/** Undefined where the text is no credential's. */
export function readCredentialBody(text: string): CredentialBody | undefined {
  try {
    return credentialBodySchema.safeParse(JSON.parse(text)).data;
  } catch {
    // no JSON
    return undefined;
  }
}

/** By which a credential is asked for. */
export const numberOf = (body: CredentialBody): string =>
  'identifier' in body ? body.identifier : body.uniqueCode;
