/** What anybody may look up: what a credential's number stands for, how it stands now, and whether a file is one that was issued. */
import { z } from 'zod';
import { identifierSchema } from '../../credentials/identifier.ts';
import { maxCredentialFileBytes } from '../../credentials/file.ts';
import { credentialStatusSchema } from '../../credentials/status.ts';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

export const issuedCredentialSchema = z.object({
  /** Absent in those that were issued before there were any. */
  identifier: identifierSchema.exactOptional(),
  uniqueCode: z.string().max(maxLength.name),
  issuedAt: instantSchema,
  /** The very text that is signed: `credentialBodySchema`. */
  body: z.string().max(maxLength.payload),
  /** Base64, Ed25519. */
  signature: z.string().max(maxLength.name),
  /** PEM. */
  serverPublicKey: z.string().max(maxLength.name),
  /** As things stand at this moment. */
  status: credentialStatusSchema,
  /** What programme and kind are called today; not signed. */
  titles: z.object({ programme: z.string().max(maxLength.name), kind: z.string().max(maxLength.name) }),
  /** 推送领域: where the information may be used, and where it may not. */
  fields: z
    .array(
      z.object({
        name: z.string().max(maxLength.name),
        text: z.string().max(maxLength.text),
        isUsable: z.boolean(),
      }),
    )
    .max(maxCount.parts),
});
export type IssuedCredential = z.infer<typeof issuedCredentialSchema>;

/**
 * genuine: issued here, unchanged. altered: its signature does not hold, or the PDF is not as it was issued. foreign: of another
 * server. unknown: the signature holds, and no such credential is in the books. incomplete: a PDF that was cut off or saved anew.
 * not-one: no credential at all.
 */
export const fileVerdicts = ['genuine', 'altered', 'foreign', 'unknown', 'incomplete', 'not-one'] as const;
export type FileVerdict = (typeof fileVerdicts)[number];

const number = z.object({ identifier: identifierSchema });

export const publicRoutes = {
  /** A wrong or missing verification code and an unknown unique code are answered alike: NOT_FOUND. */
  credential: {
    method: 'GET',
    path: '/api/certificates/:uniqueCode',
    permission: 'credential.look-up',
    params: z.object({ uniqueCode: z.string().max(40) }),
    /** As somebody typed it. */
    query: z.object({ verificationCode: z.string().max(maxLength.name).default('') }),
    answer: issuedCredentialSchema,
  },
  /** Whoever has the identifier has the credential, or its QR: the serial in it is not counted up. */
  identifiedCredential: {
    method: 'GET',
    path: '/api/credentials/:identifier',
    permission: 'credential.look-up',
    params: number,
    answer: issuedCredentialSchema,
  },
  credentialFile: {
    method: 'GET',
    path: '/api/credentials/:identifier/file.pdf',
    permission: 'credential.look-up',
    params: number,
    answer: { bytes: 'application/pdf' },
  },
  credentialJson: {
    method: 'GET',
    path: '/api/credentials/:identifier/file.json',
    permission: 'credential.look-up',
    params: number,
    answer: { bytes: 'application/json' },
  },
  /** A file that somebody holds, PDF or JSON. */
  credentialCheck: {
    method: 'POST',
    path: '/api/credential-checks',
    permission: 'credential.look-up',
    body: { file: true, maxBytes: maxCredentialFileBytes },
    answer: z.object({ verdict: z.enum(fileVerdicts), credential: issuedCredentialSchema.exactOptional() }),
  },
  /** The published half of the key that credentials are signed with. */
  credentialKey: {
    method: 'GET',
    path: '/api/credential-key.pem',
    permission: 'credential.look-up',
    answer: { bytes: 'application/x-pem-file' },
  },
} as const satisfies ServerRoutes;
