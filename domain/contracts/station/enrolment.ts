/** What a station and the server say over plain HTTP: the enrolment, once in a station's life. The rest is domain/sync. */
import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { stationIdSchema } from '../../primitives.ts';
import type { ServerRoutes } from '../route.ts';

export const enrolmentRequestSchema = z.object({
  /** One-time code from the administrator (or from the server's data folder, where both run on one machine). */
  code: z.string().min(8).max(128),
  stationId: stationIdSchema,
  stationName: z.string().min(1).max(100),
  /** Ed25519, SubjectPublicKeyInfo in PEM. */
  publicKey: z.string().min(40).max(400),
});

export type EnrolmentRequest = z.infer<typeof enrolmentRequestSchema>;

export const enrolmentAnswerSchema = z.object({
  stationId: stationIdSchema,
  /** Ed25519, SubjectPublicKeyInfo in PEM: checks receipts and digital certificates. */
  serverPublicKey: z.string().max(maxLength.name),
  /** Root certificates of the recognised certification authorities, PEM. */
  trustAnchors: z.array(z.string().max(maxLength.text)).max(maxCount.parts),
});

export type EnrolmentAnswer = z.infer<typeof enrolmentAnswerSchema>;

export const enrolmentRoutes = {
  /** The same again with the same code, id and key gives the same answer. Failure: ENROLMENT_REFUSED, CONFLICT. */
  enrol: {
    method: 'POST',
    path: '/api/enrolments',
    permission: 'public',
    body: enrolmentRequestSchema,
    answer: enrolmentAnswerSchema,
  },
} as const satisfies ServerRoutes;
