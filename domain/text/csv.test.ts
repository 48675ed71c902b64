import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv, writeCsvRow } from './csv.ts';
import { decodeTable } from './decode-table.ts';

const cellsOf = (text: string): string[][] => [...readCsv(text)].map(({ cells }) => cells);

test('cells with commas, quotes and lines of their own come back as they were', () => {
  const cell = fc.stringMatching(/^[a-z昆明 ,"\n;]{0,12}$/u);
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      // of these signs the comma stands most often in the first line
      const table = [['a', 'b', 'c'], ...rows];
      const written = table.map(writeCsvRow).join('');
      expect(cellsOf(written)).toEqual(table.filter((row) => row.some((one) => one.trim() !== '')));
    }),
  );
});

test('each row says on which line it begins, whichever way lines end, and empty ones are left out', () => {
  const lines = (text: string) => [...readCsv(text)].map(({ line, cells }) => [line, ...cells]);
  const wanted = [
    [1, 'a', 'b'],
    [3, 'c\nd', 'e'],
    [5, 'f', 'g'],
  ];
  expect(lines('a,b\n,\n"c\nd",e\nf,g')).toEqual(wanted);
  expect(lines('a,b\r\n\r\n"c\nd",e\r\nf,g\r\n')).toEqual(wanted);
  expect(lines('a\tb\n\nc\td;e,f')).toEqual([
    [1, 'a', 'b'],
    [3, 'c', 'd;e,f'],
  ]);
});

test('a quote that never ends is said of its row alone', () => {
  expect([...readCsv('a,b\nc,d\n"e,f\ng,h')].map(({ line, isOpen }) => [line, isOpen])).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
});

test('what a spreadsheet would compute is written as text', () => {
  expect(writeCsvRow(['=1+1', '-5', 'a"b'])).toBe(`'=1+1,'-5,"a""b"\r\n`);
});

test('UTF-8, UTF-16 and GB18030, with and without a mark; what is no text is none', () => {
  const utf8 = new TextEncoder().encode('姓名,昆明');
  expect(decodeTable(utf8)).toBe('姓名,昆明');
  expect(decodeTable(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8))).toBe('姓名,昆明');
  expect(decodeTable(Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb))).toBe('姓名');
  expect(decodeTable(Uint8Array.of(0xff, 0xfe, 0xd3, 0x59, 0x0d, 0x54))).toBe('姓名');
  expect(decodeTable(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff))).toBeUndefined();
});
