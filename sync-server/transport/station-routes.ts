import { enrolmentRoutes } from '#domain/contracts/station/enrolment.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AttemptLimit } from '../services/accounts/attempt-limit.ts';
import { limitKeyOf } from '../services/accounts/limit-key.ts';
import type { Enrolment } from '../services/stations/enrol-station.ts';
import type { Serve } from './serve.ts';

/** Of all addresses together: then every one is slowed down, none is refused. */
const inAll = 'enrolment';
const freeGuessesInAll = 50;

/** The one thing a station does over plain HTTP. */
export function addStationRoutes(
  serve: Serve,
  { enrolment, attempts }: { enrolment: Enrolment; attempts: AttemptLimit },
): void {
  serve(enrolmentRoutes.enrol, async ({ body: wanted, request }) => {
    const attempt = await attempts.take([
      { name: `enrolment from ${limitKeyOf(request.ip)}`, free: 5 },
      { name: inAll },
    ]);
    try {
      await attempts.slowDown(attempt.counts.get(inAll) ?? 0, freeGuessesInAll);
      const answer = await enrolment.enrol(wanted);
      await attempt.giveBack();
      return answer;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'ENROLMENT_REFUSED')) await attempt.giveBack();
      throw error;
    }
  });
}
