import { expect, test } from 'vitest';
import { findFileKind } from './file-kind.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

test('the first bytes tell the kind, whatever the name says', () => {
  expect(findFileKind(bytes('\xff\xd8\xff\xe0abc'))).toBe('jpeg');
  expect(findFileKind(bytes('\x89PNG\r\n\x1a\n'))).toBe('png');
  expect(findFileKind(bytes('II*\0'))).toBe('tiff');
  expect(findFileKind(bytes('MM\0*'))).toBe('tiff');
  expect(findFileKind(bytes('%PDF-1.7'))).toBe('pdf');
});

test('a PDF header after leading junk is still a PDF', () => {
  expect(findFileKind(bytes(`${' '.repeat(300)}%PDF-1.4`))).toBe('pdf');
});

test('anything else has no kind', () => {
  expect(findFileKind(bytes('PK\x03\x04'))).toBeUndefined();
  expect(findFileKind(new Uint8Array())).toBeUndefined();
});
