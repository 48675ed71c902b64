import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { PinState } from '../../ports/signing-token.ts';
import type { HostFailure } from './messages.ts';

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
export function readPinState(flags: number, maxTries?: number): PinState {
  const remainingTries = flags & locked ? 0 : flags & finalTry ? 1 : undefined;
  return {
    locked: (flags & locked) !== 0,
    lastTry: (flags & finalTry) !== 0,
    countLow: (flags & countLow) !== 0,
    isDefault: (flags & toBeChanged) !== 0,
    ...(maxTries === undefined ? {} : { maxTries }),
    ...(remainingTries === undefined ? {} : { remainingTries }),
  };
}

/** Turns what the library said into what a person is told. The PIN is blamed only while the token is there. */
export function toAppError(failure: HostFailure, driver: string): AppError {
  const { stage, ckr, missing, tokenPresent, flags = 0 } = failure;
  const details = { driver, stage, ...(ckr === undefined ? {} : { ckr: `0x${ckr.toString(16)}` }) };
  if (stage === 'load') return new AppError('DRIVER_MISSING', { ...details, reason: loadReason(failure) });
  if (missing === 'token') return new AppError('TOKEN_MISSING', details);
  if (tokenPresent === false) return new AppError('TOKEN_REMOVED', details);
  if (missing) return new AppError('TOKEN_HAS_NO_CERTIFICATE', { ...details, missing });

  const code = (ckr === undefined ? undefined : ckrCodes[ckr]) ?? 'DEVICE_FAULT';
  if (code !== 'PIN_INCORRECT') return new AppError(code, details);
  const pin = readPinState(flags);
  if (pin.locked) return new AppError('PIN_LOCKED', details);
  const { lastTry, remainingTries } = pin;
  return new AppError(code, {
    ...details,
    lastTry,
    ...(remainingTries === undefined ? {} : { remainingTries }),
  });
}

function loadReason({ message, ckr }: HostFailure): string {
  if (ckr !== undefined) return 'refused-to-start';
  if (/wrong ELF class|not a valid Win32|incompatible architecture/i.test(message)) return 'wrong-bitness';
  if (/cannot open shared object|no such file|could not be found/i.test(message)) return 'missing';
  return 'not-pkcs11';
}
