import type { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PinState } from '../../ports/signing-token.ts';
import type { HostFailure } from '../token-host/messages.ts';
import { toTokenError } from '../token-host/token-error.ts';

/** PKCS#11 2.40 §3.8 return values with a meaning of their own; every other is DEVICE_FAULT with the raw code. */
const ckrCodes: Readonly<Record<number, ErrorCode>> = {
  0x03: 'TOKEN_REMOVED', // SLOT_ID_INVALID
  0x32: 'TOKEN_REMOVED', // DEVICE_REMOVED
  0xe0: 'TOKEN_REMOVED', // TOKEN_NOT_PRESENT
  0xe1: 'TOKEN_REMOVED', // TOKEN_NOT_RECOGNIZED
  0xa0: 'PIN_INCORRECT', // PIN_INCORRECT
  0xa1: 'PIN_FORMAT', // PIN_INVALID
  0xa2: 'PIN_FORMAT', // PIN_LEN_RANGE
  0xa4: 'PIN_LOCKED', // PIN_LOCKED
  0x63: 'CERTIFICATE_WRONG_USE', // KEY_TYPE_INCONSISTENT
  0x68: 'CERTIFICATE_WRONG_USE', // KEY_FUNCTION_NOT_PERMITTED
  0xb1: 'DEVICE_BUSY', // SESSION_COUNT
  0x104: 'DEVICE_BUSY', // USER_ANOTHER_ALREADY_LOGGED_IN
};

const countLow = 0x1_0000;
const finalTry = 0x2_0000;
const locked = 0x4_0000;
const toBeChanged = 0x8_0000;

/** PKCS#11 knows flags, no counter: how many tries are left is known only for the last one. */
export function readPinState(flags: number): PinState {
  const remainingTries = flags & locked ? 0 : flags & finalTry ? 1 : undefined;
  return {
    locked: (flags & locked) !== 0,
    lastTry: (flags & finalTry) !== 0,
    countLow: (flags & countLow) !== 0,
    isDefault: (flags & toBeChanged) !== 0,
    ...(remainingTries === undefined ? {} : { remainingTries }),
  };
}

export function toAppError(failure: HostFailure, driver: string): AppError {
  return toTokenError(failure, { driver, api: 'pkcs11', codeName: 'ckr', codes: ckrCodes });
}
