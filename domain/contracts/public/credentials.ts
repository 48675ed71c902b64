/** What anybody may look up: what a digital certificate's unique code stands for, with the server's signature. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

export const issuedCredentialSchema = z.object({
  uniqueCode: z.string().max(maxLength.name),
  issuedAt: instantSchema,
  /** The very text that is signed: canonical JSON of `credentialBodySchema`. */
  body: z.string().max(maxLength.payload),
  /** Base64, Ed25519. */
  signature: z.string().max(maxLength.name),
  /** PEM. */
  serverPublicKey: z.string().max(maxLength.name),
  /** What programme and kind are called today; not signed. */
  titles: z
    .object({ programme: z.string().max(maxLength.name), kind: z.string().max(maxLength.name) })
    .optional(),
});
export type IssuedCredential = z.infer<typeof issuedCredentialSchema>;

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
} as const satisfies ServerRoutes;
