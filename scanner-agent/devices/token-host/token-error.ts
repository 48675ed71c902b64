import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { HostFailure } from './messages.ts';

/**
 * Turns what a library said into what a person is told. `codes` maps the interface's values that have a meaning of
 * their own; every other is DEVICE_FAULT with the raw code. The PIN is blamed only while the token is there.
 */
export function toTokenError(
  failure: HostFailure,
  {
    driver,
    api,
    codeName,
    codes,
  }: {
    driver: string;
    api: string;
    codeName: 'ckr' | 'sar';
    codes: Readonly<Record<number, ErrorCode>>;
  },
): AppError {
  const { stage, code: raw, missing, tokenPresent, pin } = failure;
  const details = { driver, stage, ...(raw === undefined ? {} : { [codeName]: `0x${raw.toString(16)}` }) };
  if (stage === 'load') {
    return new AppError('DRIVER_MISSING', { ...details, reason: loadReason(failure, api) });
  }
  if (missing === 'token') return new AppError('TOKEN_MISSING', details);
  if (tokenPresent === false) return new AppError('TOKEN_REMOVED', details);
  if (missing) return new AppError('TOKEN_HAS_NO_CERTIFICATE', { ...details, missing });

  const code = (raw === undefined ? undefined : codes[raw]) ?? 'DEVICE_FAULT';
  if (code !== 'PIN_INCORRECT') return new AppError(code, details);
  if (pin?.locked) return new AppError('PIN_LOCKED', details);
  return new AppError(code, {
    ...details,
    lastTry: pin?.lastTry ?? false,
    ...(pin?.remainingTries === undefined ? {} : { remainingTries: pin.remainingTries }),
  });
}

function loadReason({ message, code }: HostFailure, api: string): string {
  if (code !== undefined) return 'refused-to-start';
  if (/wrong ELF class|not a valid Win32|incompatible architecture/i.test(message)) return 'wrong-bitness';
  if (/cannot open shared object|no such file|could not be found/i.test(message)) return 'missing';
  return `not-${api}`;
}
