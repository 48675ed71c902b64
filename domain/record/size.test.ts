import { expect, it } from 'vitest';
import { makeMaterial, makePage, makeRecord } from '#tests/support/record-fixtures.ts';
import { maxCount, maxPayloadBytes } from '../limits.ts';
import type { LudengRecord } from './schema.ts';
import { refuseTooLarge, refuseTooManyFiles } from './size.ts';

/** With so many pages in one material. */
function withPages(count: number): LudengRecord {
  const pages = Array.from({ length: count }, (_, n) => makePage(n.toString(16).padStart(64, '0'), 1));
  return makeRecord({ materials: [makeMaterial(pages)] });
}
const refused = (work: () => void): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

it('a record takes pages up to what one submission carries, its sealed file among them', () => {
  const full = maxCount.parts - 1;
  expect(refused(() => refuseTooManyFiles(withPages(full), withPages(0)))).toBeUndefined();
  expect(refused(() => refuseTooManyFiles(withPages(full + 1), withPages(full)))).toMatchObject({
    code: 'RECORD_TOO_LARGE',
    details: { pages: maxCount.parts + 1, maxPages: maxCount.parts },
  });
  expect(refused(() => refuseTooLarge(withPages(full + 1)))).toMatchObject({ code: 'RECORD_TOO_LARGE' });
});

it('what is too large already may be made smaller', () => {
  const many = maxCount.parts + 50;
  expect(refused(() => refuseTooManyFiles(withPages(many - 1), withPages(many)))).toBeUndefined();
});

it('counts bytes and not characters, and leaves room for the seal', () => {
  const said = (characters: number) => makeRecord({ form: { text: '长'.repeat(characters) } });
  const most = maxPayloadBytes / 3;
  expect(refused(() => refuseTooLarge(said(Math.floor(most * 0.95))))).toBeUndefined();
  expect(refused(() => refuseTooLarge(said(Math.ceil(most * 0.99))))).toMatchObject({
    code: 'RECORD_TOO_LARGE',
  });
});
