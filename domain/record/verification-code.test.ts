import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatVerificationCode,
  makeVerificationCode,
  normaliseVerificationCode,
  verificationCodeSchema,
} from './verification-code.ts';

const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });

it('carries all 80 bits: other bytes are another code', () => {
  fc.assert(
    fc.property(bytes, bytes, (one, other) => {
      const same = Buffer.from(one).equals(Buffer.from(other));
      return (makeVerificationCode(one) === makeVerificationCode(other)) === same;
    }),
  );
  // each bit counts
  const zero = makeVerificationCode(new Uint8Array(10));
  const codes = Array.from({ length: 80 }, (_one, bit) => {
    const changed = new Uint8Array(10);
    changed[bit >> 3] = 1 << (bit & 7);
    return makeVerificationCode(changed);
  });
  expect(new Set([zero, ...codes]).size).toBe(81);
});

it('is read as it was printed, however it is typed', () => {
  fc.assert(
    fc.property(bytes, (chance) => {
      const code = makeVerificationCode(chance);
      expect(verificationCodeSchema.safeParse(code).success).toBe(true);
      const printed = formatVerificationCode(code);
      expect(printed).toMatch(/^(.{4}-){3}.{4}$/);
      const wide = code.replace(/[0-9A-Z]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0));
      const likely = code.replaceAll('0', 'o').replaceAll('1', 'l');
      for (const typed of [
        printed,
        code,
        printed.toLowerCase(),
        ` ${printed.replaceAll('-', ' ')}\n`,
        wide,
        likely,
      ])
        expect(normaliseVerificationCode(typed)).toBe(code);
    }),
  );
});

it('takes nothing else than ten bytes', () => {
  expect(() => makeVerificationCode(new Uint8Array(8))).toThrow(RangeError);
});
