import { describe, expect, it } from 'vitest';
import { readPinState, toAppError } from './failures.ts';
import type { HostFailure } from '../token-host/messages.ts';

const failure = (change: Partial<HostFailure>): HostFailure => ({
  stage: 'sign',
  message: '',
  tokenPresent: true,
  pin: readPinState(0),
  ...change,
});
const codeOf = (change: Partial<HostFailure>): string => toAppError(failure(change), 'test').code;

describe('what the library said', () => {
  it.each([
    [0xa0, 'PIN_INCORRECT'],
    [0xa2, 'PIN_FORMAT'],
    [0xa4, 'PIN_LOCKED'],
    [0x32, 'TOKEN_REMOVED'],
    [0xe0, 'TOKEN_REMOVED'],
    [0x104, 'DEVICE_BUSY'],
    [0x05, 'DEVICE_FAULT'],
    [0x150, 'DEVICE_FAULT'],
    [0x8000_0001, 'DEVICE_FAULT'],
  ])('0x%s becomes %s while the token is there', (ckr, code) => {
    expect(codeOf({ code: ckr })).toBe(code);
  });

  it.each([0xa0, 0x05, 0x82, 0xb3, 0x30])('0x%s is a removed token once the token is gone', (ckr) => {
    expect(codeOf({ code: ckr, tokenPresent: false })).toBe('TOKEN_REMOVED');
  });

  it('keeps the raw code of a fault', () => {
    expect(toAppError(failure({ code: 0x8000_0001 }), 'test').details).toMatchObject({ ckr: '0x80000001' });
  });

  it('knows what was not found', () => {
    expect(codeOf({ stage: 'find', missing: 'token', tokenPresent: false })).toBe('TOKEN_MISSING');
    expect(codeOf({ stage: 'find', missing: 'key' })).toBe('TOKEN_HAS_NO_CERTIFICATE');
  });

  it.each([
    ['wrong-bitness', '/opt/lib.so: wrong ELF class: ELFCLASS32'],
    ['missing', 'libdep.so.1: cannot open shared object file: No such file or directory'],
    ['not-pkcs11', 'undefined symbol: C_GetFunctionList'],
  ])('names why a library does not load: %s', (reason, message) => {
    const error = toAppError({ stage: 'load', message }, 'test');
    expect(error).toMatchObject({ code: 'DRIVER_MISSING', details: { reason } });
  });
});

it('reads the PIN flags, and says a number only where one is known', () => {
  expect(readPinState(0x1_0000)).toEqual({ locked: false, lastTry: false, countLow: true, isDefault: false });
  expect(readPinState(0x2_0000)).toMatchObject({ lastTry: true, remainingTries: 1 });
  expect(readPinState(0x4_0000)).toMatchObject({ locked: true, remainingTries: 0 });
  expect(readPinState(0x8_0000)).toMatchObject({ isDefault: true });
});
