import { expect, it } from 'vitest';
import fc from '#tests/support/properties.ts';
import { maskIdNumber, maskMobile } from './masking.ts';

it('shows of a number its ends, and as many stars as it hides', () => {
  expect(maskIdNumber('530102199001011234')).toBe('530102********1234');
  expect(maskIdNumber('530102900101123')).toBe('530102*****1123');
  expect(maskIdNumber('E12345678')).toBe('E*******8');
  expect(maskMobile('13812345678')).toBe('138****5678');
  expect(maskMobile('0871-6412345')).toBe('********2345');
});

it('never shows the middle, nor a short text, and keeps the length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      for (const mask of [maskIdNumber, maskMobile]) {
        const shown = mask(text);
        expect(shown).toHaveLength(text.length);
        if (text.length > 1) expect(shown).toContain('*');
      }
      if (text.length === 18) expect(maskIdNumber(text).slice(6, 14)).toBe('********');
    }),
  );
});
