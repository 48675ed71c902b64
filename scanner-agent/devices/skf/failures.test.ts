import { describe, expect, it } from 'vitest';
import type { HostFailure } from '../token-host/messages.ts';
import { toAppError, toPinState } from './failures.ts';

const pin = toPinState({ maxTries: 6, remainingTries: 5, isDefault: false });
const errorOf = (change: Partial<HostFailure>): ReturnType<typeof toAppError> =>
  toAppError({ stage: 'sign', message: '', tokenPresent: true, pin, ...change }, 'test');

describe('what an SKF library said', () => {
  it.each([
    [0x0a00000a, 'CERTIFICATE_WRONG_USE'],
    [0x0a00000f, 'DEVICE_TIMEOUT'],
    [0x0a00001b, 'TOKEN_HAS_NO_CERTIFICATE'],
    [0x0a000023, 'TOKEN_REMOVED'],
    [0x0a000024, 'PIN_INCORRECT'],
    [0x0a000025, 'PIN_LOCKED'],
    [0x0a000027, 'PIN_FORMAT'],
    [0x0a00002d, 'DEVICE_FAULT'],
    [0x00000001, 'DEVICE_FAULT'],
    [0x0b000001, 'DEVICE_FAULT'],
  ])('0x%s becomes %s while the token is there', (code, expected) => {
    expect(errorOf({ code }).code).toBe(expected);
  });

  it('is a removed token once the token is gone, whatever the code', () => {
    for (const code of [0x0a000024, 0x0a000001, 0x0a000005]) {
      expect(errorOf({ code, tokenPresent: false }).code).toBe('TOKEN_REMOVED');
    }
  });

  it('keeps the raw code of a fault and the tries left of a wrong PIN', () => {
    expect(errorOf({ code: 0x0a00001f }).details).toMatchObject({ sar: '0xa00001f' });
    expect(errorOf({ code: 0x0a000024 }).details).toMatchObject({ remainingTries: 5, lastTry: false });
  });

  it('is a locked token where the wrong PIN was the last', () => {
    const locked = toPinState({ maxTries: 6, remainingTries: 0, isDefault: false });
    expect(errorOf({ code: 0x0a000024, pin: locked }).code).toBe('PIN_LOCKED');
  });

  it('names why a library does not load', () => {
    expect(errorOf({ stage: 'load', message: "Cannot find function 'SKF_EnumDev'" })).toMatchObject({
      code: 'DRIVER_MISSING',
      details: { reason: 'not-skf' },
    });
  });
});

it.each([
  [6, { locked: false, lastTry: false, countLow: false }],
  [5, { locked: false, lastTry: false, countLow: true }],
  [1, { locked: false, lastTry: true, countLow: true }],
  [0, { locked: true, lastTry: false, countLow: true }],
])('knows a PIN with %s of 6 tries left', (remainingTries, state) => {
  expect(toPinState({ maxTries: 6, remainingTries, isDefault: true })).toEqual({
    ...state,
    isDefault: true,
    maxTries: 6,
    remainingTries,
  });
});
