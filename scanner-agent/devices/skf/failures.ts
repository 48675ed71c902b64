import type { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PinState } from '../../ports/signing-token.ts';
import type { HostFailure } from '../token-host/messages.ts';
import { toTokenError } from '../token-host/token-error.ts';

/** GM/T 0016 return values with a meaning of their own; every other is DEVICE_FAULT with the raw code. */
const sarCodes: Readonly<Record<number, ErrorCode>> = {
  0x0a00000a: 'CERTIFICATE_WRONG_USE', // SAR_KEYUSAGEERR
  0x0a00000f: 'DEVICE_TIMEOUT', // SAR_TIMEOUTERR
  0x0a00001b: 'TOKEN_HAS_NO_CERTIFICATE', // SAR_KEYNOTFOUNDERR
  0x0a00001c: 'TOKEN_HAS_NO_CERTIFICATE', // SAR_CERTNOTFOUNDERR
  0x0a000023: 'TOKEN_REMOVED', // SAR_DEVICE_REMOVED
  0x0a000024: 'PIN_INCORRECT', // SAR_PIN_INCORRECT
  0x0a000025: 'PIN_LOCKED', // SAR_PIN_LOCKED
  0x0a000026: 'PIN_FORMAT', // SAR_PIN_INVALID
  0x0a000027: 'PIN_FORMAT', // SAR_PIN_LEN_RANGE
  0x0a000029: 'TOKEN_HAS_NO_CERTIFICATE', // SAR_USER_PIN_NOT_INITIALIZED
};

/** SKF counts: what SKF_GetPINInfo says, in the port's words. */
export function toPinState({
  maxTries,
  remainingTries,
  isDefault,
}: {
  maxTries: number;
  remainingTries: number;
  isDefault: boolean;
}): PinState {
  return {
    locked: remainingTries === 0,
    lastTry: remainingTries === 1,
    countLow: remainingTries < maxTries,
    isDefault,
    maxTries,
    remainingTries,
  };
}

/** Turns what the library said into what a person is told. */
export function toAppError(failure: HostFailure, driver: string): AppError {
  return toTokenError(failure, { driver, api: 'skf', codeName: 'sar', codes: sarCodes });
}
