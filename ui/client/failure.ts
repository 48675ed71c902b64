import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';

/** The process that was asked answered with an expected failure. */
export class RequestFailure extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'RequestFailure';
    this.wire = wire;
  }
}

/** No answer: the process, or the way to it, is down. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('no answer', options);
    this.name = 'Unreachable';
  }
}

/** What a person reads about any failure: what is wrong, what to do. */
export interface ShownError {
  readonly message: string;
  readonly action: string;
  readonly code?: ErrorCode;
  readonly traceId?: string;
}

export const isFailure = (error: unknown, code: ErrorCode): boolean =>
  error instanceof RequestFailure && error.wire.code === code;

/** `unexpected`: what is said of an answer that is none of ours. */
export async function failureOf(
  response: Response,
  unexpected: (status: number) => Pick<ShownError, 'message' | 'action'>,
): Promise<RequestFailure> {
  const parsed = wireErrorSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return new RequestFailure(parsed.data);
  const { message, action } = unexpected(response.status);
  return new RequestFailure({ code: 'INTERNAL', message, action, retry: 'later', details: {}, traceId: '' });
}
