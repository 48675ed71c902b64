import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { words } from '../locales/zh-CN.ts';

/** The server answered with an expected failure. */
export class ServerFailure extends Error {
  readonly wire: WireError;
  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'ServerFailure';
    this.wire = wire;
  }
}

/** No answer: the network or the server is down. */
export class ServerUnreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('server unreachable', options);
    this.name = 'ServerUnreachable';
  }
}

/** What a person reads about any failure: what is wrong, what to do. */
export interface ShownError {
  readonly message: string;
  readonly action: string;
  readonly code?: ErrorCode;
  readonly traceId?: string;
}

export async function failureOf(response: Response): Promise<ServerFailure> {
  const parsed = wireErrorSchema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return new ServerFailure(parsed.data);
  const { message, action } = words.trouble.unexpected(response.status);
  return new ServerFailure({ code: 'INTERNAL', message, action, retry: 'later', details: {}, traceId: '' });
}

/** The table's words, but for the few that speak to a person at the counter. Unknown errors are also reported to the console. */
export function errorOf(error: unknown): ShownError {
  if (error instanceof ServerUnreachable) return words.trouble.unreachable;
  if (error instanceof ServerFailure) {
    const { code, message, action, traceId, details } = error.wire;
    const own = words.trouble.atDesk[code];
    const wait = waitText(details['retryAfterMs']);
    const fault = words.password.faults[String(details['fault'])];
    return {
      code,
      message: own?.message ?? message,
      action: wait ?? fault ?? own?.action ?? action,
      traceId,
    };
  }
  console.error(error);
  return words.trouble.inPage;
}

export function isFailure(error: unknown, code: ErrorCode): boolean {
  return error instanceof ServerFailure && error.wire.code === code;
}

function waitText(retryAfterMs: unknown): string | undefined {
  return typeof retryAfterMs === 'number' ? words.trouble.wait(Math.ceil(retryAfterMs / 1000)) : undefined;
}
