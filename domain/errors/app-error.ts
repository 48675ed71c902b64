import { z } from 'zod';
import { maxLength, tableOf } from '../limits.ts';
import { errorCodes, errorTable } from './table.ts';
import type { ErrorCode } from './table.ts';
import { tellFailure } from './tell-failure.ts';

/** An expected failure. `details` is safe to show and to log: it never holds ID numbers, PINs or pictures. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, details: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(`${code}: ${errorTable[code].message}`, options);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}

/** How a failure travels between processes. */
export const wireErrorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string().max(maxLength.text),
  action: z.string().max(maxLength.text),
  retry: z.enum(['never', 'later', 'after-user-action']),
  details: tableOf(z.unknown()),
  traceId: z.string().max(maxLength.name),
});
export type WireError = z.infer<typeof wireErrorSchema>;

export function toWireError(error: unknown, traceId: string): WireError {
  const code = error instanceof AppError ? error.code : 'INTERNAL';
  const details = error instanceof AppError ? error.details : {};
  return { code, ...tellFailure(code, details), retry: errorTable[code].retry, details, traceId };
}

export function fromWireError(wire: WireError): AppError {
  return new AppError(wire.code, wire.details);
}
