import { expect, it } from 'vitest';
import { draftCodeIn, draftCodeSchema, draftCodeText, makeDraftCode, showDraftCode } from './draft-code.ts';

const code = makeDraftCode(Uint8Array.from([0, 31, 32, 255, 7, 8, 100, 200, 15, 64]));

it('is ten signs that are not taken for one another', () => {
  expect(draftCodeSchema.safeParse(code).success).toBe(true);
  for (let byte = 0; byte < 256; byte += 1)
    expect(makeDraftCode(new Uint8Array(10).fill(byte))).toMatch(/^[^01IO]{10}$/u);
});

it('is found in what a person types and in what a scanner types, whatever the keyboard makes of it', () => {
  for (const text of [code, showDraftCode(code), ` ${code.toLowerCase()} `, draftCodeText(code)])
    expect(draftCodeIn(text)).toBe(code);
  expect(draftCodeIn(draftCodeText(code).toLowerCase().replace(':', '：'))).toBe(code);
});

it('is not found in another code', () => {
  for (const text of [
    '',
    'https://ludeng.example/m/scan?t=1',
    `${code}2`,
    code.slice(1),
    `I${code.slice(1)}`,
  ])
    expect(draftCodeIn(text)).toBeUndefined();
});
