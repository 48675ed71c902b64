/**
 * A station follows the feed of a subject while somebody is logged in there with that subject's key. The station's word for
 * it counts for nothing: the server gives a challenge for this session of this station, the key signs it, and the server
 * follows the certificate to an authority that it accepts. From version 3 of the protocol; all on /ctl.
 *
 *   subject-challenge -> challenge     for one answer, within two minutes
 *   subscribe -> subscription          with the answer; after a broken connection with the token, without the key
 *   records -> records                 whole, as they stand now: all of the subject, or those that are named
 *   pull {audience}, poke {audience}   as for the station's own feed, from the subscription's head on
 *   record-file -> piece               a page, the sealed file or an attached file of one of the records
 *   unsubscribe -> {}                  the person has gone
 *
 * FORBIDDEN: no subscription of this session covers it, or not any more; a new one is needed.
 */
import { z } from 'zod';
import { maxLength, maxCount } from '../limits.ts';
import { instantSchema, sha256Schema, ulidSchema } from '../primitives.ts';
import { recordSchema } from '../record/schema.ts';
import { audienceSchema } from './audience.ts';

const base64 = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/u);

export const subjectChallengeSchema = z.object({
  nonce: z.string().min(16).max(maxLength.name),
  /** Names the server by its key: what one server asked is no answer for another. */
  origin: z.string().max(maxLength.name),
  /** Names station and session. */
  sessionId: z.string().max(maxLength.name),
  issuedAt: instantSchema,
});
export type SubjectChallenge = z.infer<typeof subjectChallengeSchema>;

/** `fingerprint`: SHA-256 (hex) of the server's public key in PEM, without white space around it. */
export const serverOrigin = (fingerprint: string): string => `ludeng-server:${fingerprint}`;
export const sessionName = (of: { stationId: string; sessionEpoch: number }): string =>
  `${of.stationId}/${of.sessionEpoch}`;

export const keyProofSchema = z.object({
  /** DER. */
  certificate: base64(20_000),
  /** DER of the authorities between it and an accepted one. */
  chain: z.array(base64(20_000)).max(8),
  /** Over the challenge. */
  signature: base64(4_000),
});
export type KeyProof = z.infer<typeof keyProofSchema>;

export const subscribeSchema = z.union([
  z.object({ proof: keyProofSchema }),
  z.object({ token: z.string().min(16).max(maxLength.name) }),
]);
export type Subscribe = z.infer<typeof subscribeSchema>;

export const subscriptionSchema = z.object({
  audience: audienceSchema,
  /** For the same station until `expiresAt`, in a later session too. */
  token: z.string().max(maxLength.name),
  expiresAt: instantSchema,
  /** Where the feed stood before any record is asked for. */
  head: z.object({ epoch: z.string().max(maxLength.name), seq: z.int().nonnegative() }),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

export const unsubscribeSchema = z.object({ audience: audienceSchema });

export const subjectRecordsSchema = z.object({
  audience: audienceSchema,
  /** Those after this id; left out: from the first. */
  after: ulidSchema.exactOptional(),
  /** These alone; what is not the subject's is left out of the answer. */
  ids: z.array(ulidSchema).max(200).exactOptional(),
});
export const subjectRecordsAnswerSchema = z.object({
  records: z.array(recordSchema).max(maxCount.parts),
  more: z.boolean(),
});
export type SubjectRecordsAnswer = z.infer<typeof subjectRecordsAnswerSchema>;

export const recordFileSchema = z.object({
  audience: audienceSchema,
  recordId: ulidSchema,
  slot: z.string().max(maxLength.name),
  /** From 0; left out: the sealed file. */
  page: z.int().nonnegative().exactOptional(),
  /** The file with this hash that is attached there, as it was given; `slot` names the attachment then. */
  attached: sha256Schema.exactOptional(),
  off: z.int().nonnegative(),
});
export type RecordFileQuestion = z.infer<typeof recordFileSchema>;
export const recordFileAnswerSchema = z.object({
  size: z.int().nonnegative(),
  buf: z.custom<Uint8Array>((part) => part instanceof Uint8Array),
});
export const filePieceBytes = 256 * 1024;

export const subjectEvents = {
  challenge: 'subject-challenge',
  subscribe: 'subscribe',
  unsubscribe: 'unsubscribe',
  records: 'records',
  file: 'record-file',
} as const;
