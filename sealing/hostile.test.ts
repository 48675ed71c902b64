/**
 * Files that were made to hold a reader up: each ends in a refusal, in good time, and the next file is read. The child's
 * limit of time is the last net; what is tested here must end by itself, long before it.
 */
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendRevision, bodyOf } from '#tests/support/forged-revisions.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
} from '#tests/support/sealed-material.ts';
import { inspectPdf } from './inspect-pdf.ts';
import { createPdfInspector } from './inspection/inspector.ts';
import type { PdfInspector } from './inspection/inspector.ts';

const company = createTestCompany(createTestAuthority());
let sealed: Uint8Array;
let inspector: PdfInspector;

beforeAll(async () => {
  sealed = await sealAs(company, await createTestMaterial(2));
  inspector = createPdfInspector({ limitMs: 15_000 });
  await inspector.inspect(sealed);
});
afterAll(() => inspector.close());

/** A whole file of these objects, numbered from 1, the first of them the root. */
function pdfOf(...bodies: string[]): Uint8Array {
  let out = '%PDF-1.7\n';
  const offsets = bodies.map((body, index) => {
    const at = out.length;
    out += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const xref = out.length;
  const lines = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  out += `xref\n0 ${bodies.length + 1}\n0000000000 65535 f \n${lines}trailer\n<</Size ${bodies.length + 1}/Root 1 0 R>>\n`;
  return Buffer.from(`${out}startxref\n${xref}\n%%EOF\n`, 'latin1');
}

const root = '<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>';
const pages = '<</Type/Pages/Kids[3 0 R]/Count 1>>';
const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>';
const stream = (dictionary: string, bytes: Uint8Array): string =>
  `<<${dictionary}/Length ${bytes.length}>>\nstream\n${Buffer.from(bytes).toString('latin1')}\nendstream`;
const zeros = (megabytes: number): Uint8Array =>
  deflateSync(Buffer.alloc(megabytes * 1_000_000), { level: 9 });
const nested = (opening: string, count: number, inner: string, closing: string): string =>
  `${opening.repeat(count)}${inner}${closing.repeat(count)}`;

const cases: [name: string, pdf: () => Uint8Array][] = [
  ['a field that is its own kid', () => pdfOf(root, pages, page, '<</FT/Sig/T(a)/Kids[4 0 R 4 0 R 4 0 R]>>')],
  [
    'fields that are each other’s kids',
    () =>
      pdfOf(
        root,
        pages,
        page,
        `<</T(a)/Kids[${'5 0 R '.repeat(50)}]>>`,
        `<</T(b)/Kids[${'4 0 R '.repeat(50)}]>>`,
      ),
  ],
  ['a thousand fields deep', () => pdfOf(root, pages, page, ...chain(1_000))],
  ['a page tree that is its own kid', () => pdfOf(root, '<</Type/Pages/Kids[2 0 R]/Count 1>>', page, 'null')],
  [
    'a page tree with a million leaves',
    () =>
      pdfOf(
        root,
        '<</Type/Pages/Kids[5 0 R 5 0 R]/Count 2>>',
        page,
        'null',
        ...Array.from(
          { length: 40 },
          (_, n) => `<</Type/Pages/Parent 2 0 R/Kids[${n + 6} 0 R ${n + 6} 0 R]/Count 2>>`,
        ),
        '<</Type/Page>>',
      ),
  ],
  ['a parent that is its own', () => pdfOf(root, pages, '<</Type/Page/Parent 3 0 R>>', 'null')],
  ['a length that is its own', () => pdfOf(root, pages, page, '<</Length 4 0 R>>\nstream\nx\nendstream')],
  ['an object that is a reference to itself', () => pdfOf(root, pages, page, '4 0 R')],
  ['digits without an end', () => sealed.subarray(0, 36_000)],
  ['megabytes of digits without an end', () => pdfOf(root, pages, page, `<${'0'.repeat(8_000_000)}`)],
  ['a word of megabytes', () => pdfOf(root, pages, page, '1'.repeat(8_000_000))],
  ['a name of megabytes', () => pdfOf(root, pages, page, `/${'a'.repeat(8_000_000)}`)],
  ['words that are no PDF', () => Buffer.from(`%PDF-1.7\n${'1 0 obj '.repeat(1_000_000)}`)],
  ['numbers that are no objects', () => Buffer.from(`%PDF-1.7\n${'12345 '.repeat(1_000_000)}`)],
  ['30,000 arrays deep', () => pdfOf(root, pages, page, nested('[', 30_000, '', ']'))],
  ['30,000 dictionaries deep', () => pdfOf(root, pages, page, nested('<</A', 30_000, ' 1', '>>'))],
  ['30,000 names deep', () => pdfOf(root, pages, page, ...tree(30_000))],
  ['brackets of a string, a million deep', () => pdfOf(root, pages, page, nested('(', 1_000_000, 'x', ')'))],
  ['an array of a million numbers', () => pdfOf(root, pages, page, `[${'1 '.repeat(1_000_000)}]`)],
  ['a dictionary of a million keys', () => pdfOf(root, pages, page, `<<${manyKeys(1_000_000)}>>`)],
  [
    'an object stream of a gigabyte',
    () => pdfOf(root, pages, page, stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', zeros(400))),
  ],
  [
    'a gigabyte in forty object streams',
    () =>
      pdfOf(
        root,
        pages,
        page,
        ...Array.from({ length: 40 }, () => stream('/Type/ObjStm/N 1/First 4/Filter/FlateDecode', zeros(25))),
      ),
  ],
  [
    'a bomb within a bomb',
    () =>
      pdfOf(
        root,
        pages,
        page,
        stream('/Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]', deflateSync(zeros(500))),
      ),
  ],
  [
    'an object stream whose type stands elsewhere',
    () =>
      pdfOf(root, pages, page, '/ObjStm', stream('/Type 4 0 R/N 1/First 4/Filter/FlateDecode', zeros(300))),
  ],
  [
    'an object stream of another packing',
    () =>
      pdfOf(root, pages, page, stream('/Type/ObjStm/N 1/First 4/Filter/LZWDecode', Buffer.alloc(1_000_000))),
  ],
  [
    'an object stream that extends itself',
    () => pdfOf(root, pages, page, stream('/Type/ObjStm/N 1/First 4/Extends 4 0 R', Buffer.from('9 0 null'))),
  ],
  [
    'a billion objects in a stream',
    () => pdfOf(root, pages, page, stream('/Type/ObjStm/N 1000000000/First 4', Buffer.from('9 0 null'))),
  ],
  [
    'a table of a billion entries',
    () => Buffer.from('%PDF-1.7\nxref\n0 1000000000\n0000000000 65535 f \ntrailer\n<<>>\n'),
  ],
  [
    'a table in a stream that claims a billion',
    () => pdfOf(root, pages, page, stream('/Type/XRef/W[1 4 1]/Index[0 1000000000]', Buffer.alloc(6))),
  ],
  [
    'a table in a stream whose entries have no width',
    () => pdfOf(root, pages, page, stream('/Type/XRef/W[0 0 0]/Index[0 1000000000]', Buffer.alloc(6))),
  ],
  [
    'a chain of tables that is a ring',
    () => appendRevision(sealed, { trailer: { Prev: String(sealed.length + 1) } }),
  ],
  [
    'a thousand revisions',
    () =>
      Array.from({ length: 1_000 }).reduce<Uint8Array>(
        (pdf) => appendRevision(pdf, {}),
        pdfOf(root, pages, page, 'null'),
      ),
  ],
  [
    'annotations that are their own appearance',
    () =>
      appendRevision(sealed, {
        objects: [{ number: 15, body: bodyOf(sealed, 15).replace('/N 13 0 R', '/N 15 0 R') }],
      }),
  ],
];

function chain(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `<</T(a)/Kids[${n + 1 < count ? n + 5 : 4} 0 R]>>`);
}
function tree(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `<</Kids[${n + 1 < count ? n + 5 : 4} 0 R]>>`);
}
function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, n) => `/K${n} 0`).join('');
}

describe('a file made to hold a reader up', () => {
  it.each(cases)('%s is refused in good time', { timeout: 60_000 }, async (_, make) => {
    const pdf = make();
    const before = process.cpuUsage();
    const { problems } = await inspectPdf(pdf);
    // of the processor's time, since other tests run beside; without the limits these take minutes, or all of the memory
    const { user, system } = process.cpuUsage(before);
    expect(problems).not.toEqual([]);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it('goes through a child, and the next file is read by the same', { timeout: 60_000 }, async () => {
    for (const [, make] of cases.slice(0, 8))
      expect((await inspector.inspect(make())).problems).not.toEqual([]);
    expect((await inspector.inspect(sealed)).problems).toEqual([]);
  });
});
