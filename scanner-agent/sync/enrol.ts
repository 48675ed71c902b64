import { AppError, fromWireError, wireErrorSchema } from '#domain/errors/app-error.ts';
import { enrolmentRoutes } from '#domain/contracts/station/enrolment.ts';
import type { EnrolmentRequest } from '#domain/contracts/station/enrolment.ts';
import type { Enrolment, SyncStore } from '../ports/store.ts';
import { refusePlainHttp } from './plain-http.ts';

/**
 * Makes this station known to the server, with the one-time code of its administrator, and keeps the server's key.
 * Throws PLAIN_HTTP_REFUSED before anything is sent, SERVER_UNREACHABLE, ENROLMENT_REFUSED for a wrong or used code, CONFLICT for an id that is taken, VERSION_UNSUPPORTED for an answer not understood.
 */
export async function enrolStation(options: {
  store: SyncStore;
  serverUrl: string;
  code: string;
  stationId: string;
  stationName: string;
  /** To a server on another machine: its code and the station's key in the clear. */
  allowPlainHttp?: boolean;
  signal?: AbortSignal;
  timeoutMs?: number;
  now?: () => Date;
}): Promise<Enrolment> {
  const { store, serverUrl, code, stationId, stationName, now = () => new Date() } = options;
  refusePlainHttp(serverUrl, options.allowPlainHttp);
  const limit = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  const request: EnrolmentRequest = { code, stationId, stationName, publicKey: store.identity().publicKey };
  let status: number;
  let body: unknown;
  try {
    const answer = await fetch(new URL(enrolmentRoutes.enrol.path, serverUrl), {
      method: enrolmentRoutes.enrol.method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
    });
    status = answer.status;
    body = await answer.json();
  } catch (error) {
    throw new AppError('SERVER_UNREACHABLE', {}, { cause: error });
  }
  const refusal = wireErrorSchema.safeParse(body);
  if (refusal.success) throw fromWireError(refusal.data);
  const parsed = enrolmentRoutes.enrol.answer.safeParse(body);
  if (!parsed.success) throw new AppError('VERSION_UNSUPPORTED', { status }, { cause: parsed.error });
  const enrolment = { ...parsed.data, stationName, serverUrl, enrolledAt: now().toISOString() };
  store.saveEnrolment(enrolment);
  return enrolment;
}
