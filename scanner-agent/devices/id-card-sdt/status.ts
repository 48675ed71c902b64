/** Status bytes of the security module (SW3) and the failure each one means to us. */
import type { ErrorCode } from '#domain/errors/table.ts';

export const sw = {
  ok: 0x90,
  cardFound: 0x9f,
  noCard: 0x80,
  notSelected: 0x81,
  noContent: 0x91,
} as const;

interface StatusEntry {
  meaning: string;
  code: ErrorCode;
}

/** Everything that is no success. A status that is not listed is DEVICE_FAULT with its raw value. */
const failures: Readonly<Record<number, StatusEntry>> = {
  0x10: { meaning: 'request-check-wrong', code: 'DEVICE_FAULT' },
  0x11: { meaning: 'request-length-wrong', code: 'DEVICE_FAULT' },
  0x21: { meaning: 'command-unknown', code: 'DEVICE_FAULT' },
  0x24: { meaning: 'unknown-error', code: 'DEVICE_FAULT' },
  0x31: { meaning: 'card-refuses-reader', code: 'CARD_READ_FAILED' },
  0x32: { meaning: 'reader-refuses-card', code: 'CARD_READ_FAILED' },
  0x33: { meaning: 'information-check-failed', code: 'CARD_READ_FAILED' },
  0x40: { meaning: 'wrong-card', code: 'CARD_READ_FAILED' },
  0x41: { meaning: 'read-failed', code: 'CARD_READ_FAILED' },
  0x47: { meaning: 'random-number-failed', code: 'CARD_READ_FAILED' },
  0x60: { meaning: 'self-test-failed', code: 'CARD_READER_UNAUTHORISED' },
  0x66: { meaning: 'not-authorised', code: 'CARD_READER_UNAUTHORISED' },
  0x80: { meaning: 'find-failed', code: 'CARD_NOT_PLACED' },
  0x81: { meaning: 'select-failed', code: 'CARD_READ_FAILED' },
  0x91: { meaning: 'no-content', code: 'CARD_READ_FAILED' },
};

/** What a failing SW3 means; total over all bytes. */
export function describeFailure(sw3: number): StatusEntry {
  return failures[sw3] ?? { meaning: 'undocumented', code: 'DEVICE_FAULT' };
}

/** True for statuses that any command may get: the module did not understand or may not work. */
export function isGeneralFailure(sw3: number): boolean {
  return [0x10, 0x11, 0x21, 0x24, 0x60, 0x66].includes(sw3);
}
