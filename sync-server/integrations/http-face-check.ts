import { createPublicKey, hash, verify } from 'node:crypto';
import { z } from 'zod';
import {
  faceDoneSchema,
  facePendingSchema,
  faceService,
  textOfStatement,
} from '#domain/contracts/outside/face.ts';
import type { FaceStatement } from '#domain/contracts/outside/face.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { FaceCheck, FaceCheckRequest } from '../ports/outside/face-check.ts';
import { createJsonService } from './json-service.ts';
import type { ServicePlace } from './json-service.ts';

/** From the look at the person until the server has heard of it. */
const maxAgeMs = 10 * 60_000;
/** By which the service's clock may be ahead of ours. */
const maxAheadMs = 2 * 60_000;

/** Why a result counts for nothing; told for the log, and in the details. */
type Refusal = 'unsigned' | 'check' | 'person' | 'about' | 'nonce' | 'time';

export interface HttpFaceCheckOptions {
  place: ServicePlace;
  /** PEM of the service's Ed25519 key. */
  publicKey: string;
  nowMs: () => number;
}

/** Pending is taken as it comes, since nothing follows from it; whatever ends a check must be signed, a failure as well. */
const answerSchema = z.union([facePendingSchema, z.looseObject({ state: z.literal('done') })]);

export function createHttpFaceCheck({ place, publicKey, nowMs }: HttpFaceCheckOptions): FaceCheck {
  const service = createJsonService(faceService.name, place);
  const { begin, result } = faceService.operations;
  const key = createPublicKey(publicKey);
  const refuse = (reason: Refusal): AppError => {
    place.tell({ service: faceService.name, problem: `a result was refused: ${reason}` });
    return new AppError('FACE_RESULT_REFUSED', { reason });
  };

  return {
    async begin({ name, idNumber, purpose, about, nonce, returnUrl }) {
      const body = { name, idNumber, purpose, about, nonce, returnUrl };
      return service.ask(begin, { body, answer: begin.answer });
    },
    async resultOf(checkId, asked) {
      const answer = await service.ask(result, { params: { checkId }, answer: answerSchema });
      if (answer.state === 'pending') return 'pending';
      const done = faceDoneSchema.safeParse(answer);
      if (!done.success) throw refuse('unsigned');
      const { statement, signature } = done.data;
      if (!verify(null, Buffer.from(textOfStatement(statement)), key, Buffer.from(signature, 'base64')))
        throw refuse('unsigned');
      const refusal = disagreement(statement, { checkId, ...asked }, nowMs());
      if (refusal) throw refuse(refusal);
      return statement.outcome;
    },
  };
}

function disagreement(
  statement: FaceStatement,
  asked: Pick<FaceCheckRequest, 'idNumber' | 'about' | 'nonce'> & { checkId: string },
  nowMs: number,
): Refusal | undefined {
  if (statement.checkId !== asked.checkId) return 'check';
  if (statement.idNumberSha256 !== hash('sha256', asked.idNumber)) return 'person';
  if (statement.about !== asked.about) return 'about';
  if (statement.nonce !== asked.nonce) return 'nonce';
  const ageMs = nowMs - Date.parse(statement.at);
  return ageMs > maxAgeMs || ageMs < -maxAheadMs ? 'time' : undefined;
}
