import fc from '#tests/support/properties.ts';
import { describe, expect, it } from 'vitest';
import { checkCharacter, isUniqueCode, makeUniqueCode } from './unique-code.ts';

describe('unique code', () => {
  // The sample identifier of the Global Release Identifier standard, which uses the same system.
  it('reckons the check character of ISO 7064 MOD 37,36', () => {
    expect(checkCharacter('A12425GABC1234002')).toBe('M');
  });
  it('makes a code that holds', () => {
    const code = makeUniqueCode({ prefix: 'LNZT', year: 2026, serial: 1 });
    expect(code).toMatch(/^LNZT202600000001[0-9A-Z]$/);
    expect(isUniqueCode(code)).toBe(true);
  });
  it('finds every single wrong character', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999_999 }),
        fc.integer({ min: 0, max: 16 }),
        fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
        (serial, at, char) => {
          const code = makeUniqueCode({ prefix: 'LNZT', year: 2026, serial });
          fc.pre(code.charAt(at) !== char);
          expect(isUniqueCode(code.slice(0, at) + char + code.slice(at + 1))).toBe(false);
        },
      ),
    );
  });
  it('refuses a serial that does not fit', () => {
    expect(() => makeUniqueCode({ prefix: 'LNZT', year: 2026, serial: 100_000_000 })).toThrow(RangeError);
    expect(() => makeUniqueCode({ prefix: 'LNZT', year: 2026, serial: 0 })).toThrow(RangeError);
    expect(() => makeUniqueCode({ prefix: 'ln', year: 2026, serial: 1 })).toThrow(RangeError);
  });
});
