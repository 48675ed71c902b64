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
  expect([...readCsv('a,b\nc,d\n"e,f\ng,h')].map(({ line, fault }) => [line, fault])).toEqual([
    [1, undefined],
    [2, undefined],
    [3, 'open-quote'],
  ]);
});

test('text behind a quoted cell is said of its row alone, blanks there are nothing', () => {
  expect([...readCsv('a,b\n"c" x,d\n"e" ,"f"\n')].map(({ line, fault }) => [line, fault])).toEqual([
    [1, undefined],
    [2, 'stray-quote'],
    [3, undefined],
  ]);
});

test('what a spreadsheet would compute is written as text', () => {
  expect(writeCsvRow(['=1+1', '-5', 'a"b'])).toBe(`'=1+1,'-5,"a""b"\r\n`);
});

test('UTF-8, UTF-16 and GB18030, with and without a mark; what is no text is none', () => {
  const utf8 = new TextEncoder().encode('姓名,昆明');
  expect(decodeTable(utf8)).toEqual({ text: '姓名,昆明' });
  expect(decodeTable(Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8))).toEqual({ text: '姓名,昆明' });
  expect(decodeTable(Uint8Array.of(0xd0, 0xd5, 0xc3, 0xfb))).toEqual({ text: '姓名' });
  expect(decodeTable(Uint8Array.of(0xff, 0xfe, 0xd3, 0x59, 0x0d, 0x54))).toEqual({ text: '姓名' });
  expect(decodeTable(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff))).toEqual({ problem: 'not-text' });
});

test('of lines in two kinds of characters, and of a damaged one, it is said where the first stands', () => {
  const utf8 = [...new TextEncoder().encode('姓名,昆明\n')];
  // 姓名,昆明
  const gb = [0xd0, 0xd5, 0xc3, 0xfb, 0x2c, 0xc0, 0xa5, 0xc3, 0xf7, 0x0a];
  const of = (...bytes: number[]) => decodeTable(Uint8Array.from(bytes));
  expect(of(...utf8, ...utf8, ...gb, ...utf8)).toEqual({ problem: 'other-characters', line: 3 });
  expect(of(...gb, ...utf8, ...gb)).toEqual({ problem: 'other-characters', line: 2 });
  expect(of(...gb, 0x0a, ...gb, 0xff, 0x0a)).toEqual({ problem: 'other-characters', line: 4 });
  expect(of(...utf8, 0xe5, 0xbc, 0x0a)).toEqual({ problem: 'other-characters', line: 2 });
  expect(of(...gb, ...gb)).toEqual({ text: '姓名,昆明\n姓名,昆明\n' });
  // 联通 is UTF-8 of something else too
  expect(of(...gb, 0xc1, 0xaa, 0xcd, 0xa8)).toEqual({ text: '姓名,昆明\n联通' });
});
