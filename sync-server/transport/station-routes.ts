import type { FastifyInstance } from 'fastify';
import { enrolmentRequestSchema, stationRoutes } from '#domain/contracts/station-server.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AttemptLimit } from '../services/attempt-limit.ts';
import type { Enrolment } from '../services/enrol-station.ts';
import { parseInput } from './http-server.ts';

/** The one thing a station does over plain HTTP. */
export function addStationRoutes(
  app: FastifyInstance,
  { enrolment, attempts }: { enrolment: Enrolment; attempts: AttemptLimit },
): void {
  app.post(stationRoutes.enrol.path, async (request) => {
    const keys = [{ name: `enrolment ${request.ip}`, free: 5 }];
    attempts.check(keys);
    const wanted = parseInput(enrolmentRequestSchema, request.body);
    try {
      const answer = await enrolment.enrol(wanted);
      attempts.succeeded(keys);
      return answer;
    } catch (error) {
      if (error instanceof AppError && error.code === 'ENROLMENT_REFUSED') attempts.failed(keys);
      throw error;
    }
  });
}
