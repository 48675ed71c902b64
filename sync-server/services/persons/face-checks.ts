import { randomBytes, randomUUID } from 'node:crypto';
import type { FaceWanted } from '#domain/contracts/mobile/todos.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AtomicRows } from '../../ports/atomic-rows.ts';
import type { FaceCheck } from '../../ports/outside/face-check.ts';
import type { FaceRows } from '../../ports/person-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';

/** From the first question to the use of what came of it. */
const faceMs = 30 * 60_000;

export interface FaceChecksOptions {
  rows: FaceRows;
  atomic: Pick<AtomicRows, 'reserve' | 'consume'>;
  face: FaceCheck;
  clock: Pick<Clock, 'nowMs'>;
  makeId: MakeId;
  log: Pick<Log, 'info'>;
}

export interface FaceQuestion {
  account: string;
  person: { name: string; idNumber: string };
  /** As the person reads it on the service's page. */
  purpose: string;
  /** Names what is confirmed by it, and no other thing. */
  about: string;
  wanted: FaceWanted;
  /** Where the service leads back to, by the id of the question. */
  returnUrlOf: (id: string) => string;
}

/** Faces that are asked for: each for one account, one person and one thing, and good once. */
export function createFaceChecks({ rows, atomic, face, clock, makeId, log }: FaceChecksOptions) {
  return {
    /** Throws SERVICE_MISSING, SERVICE_UNREACHABLE; then nothing is kept. */
    async begin(question: FaceQuestion): Promise<{ id: string; url: string }> {
      const { account, person, purpose, about, wanted, returnUrlOf } = question;
      const [id, nonce] = [makeId(), randomBytes(32).toString('hex')];
      const { checkId, url } = await face.begin({
        ...{ ...person, purpose, about, nonce },
        returnUrl: returnUrlOf(id),
      });
      const nowMs = clock.nowMs();
      const expiresAtMs = nowMs + faceMs;
      await atomic.reserve(`face ${id}`, { nowMs, untilMs: expiresAtMs });
      const { idNumber } = person;
      await rows.add({ ...{ id, account, checkId, idNumber, about, nonce, wanted }, expiresAtMs }, nowMs);
      return { id, url };
    },

    /**
     * What it was asked for, once it has passed; undefined while the person is still before the camera. Uses it up. Throws
     * NOT_FOUND for one of another account, FACE_FAILED, FACE_RESULT_USED, FACE_RESULT_REFUSED, SERVICE_UNREACHABLE: after
     * the last one it may be asked again.
     */
    async finish(account: string, id: string): Promise<{ wanted: FaceWanted; idNumber: string } | undefined> {
      const asked = await rows.find(id, account);
      if (!asked) throw new AppError('NOT_FOUND', { face: id });
      const outcome = await face.resultOf(asked.checkId, asked);
      if (outcome === 'pending') return undefined;
      const once = { holder: randomUUID(), nowMs: clock.nowMs() };
      if (!(await atomic.consume(`face ${id}`, once))) throw new AppError('FACE_RESULT_USED', { face: id });
      log.info({ face: id, purpose: asked.wanted.purpose, outcome }, 'face check ended');
      if (outcome === 'failed') throw new AppError('FACE_FAILED');
      return { wanted: asked.wanted, idNumber: asked.idNumber };
    },
  };
}
export type FaceChecks = ReturnType<typeof createFaceChecks>;
