import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { kindOfName, showName } from './names.ts';
import { hasItsEnd } from './whole-file.ts';

const picture = () => sharp({ create: { width: 300, height: 420, channels: 3, background: '#e8e8e8' } });
const thumbnail = await picture().resize(64).jpeg().toBuffer();
/** The thumbnail lies in a segment of its own, with an end of its own. */
const inSegment = Buffer.concat([
  Buffer.from([0xff, 0xe1, (thumbnail.length + 2) >> 8, (thumbnail.length + 2) & 255]),
  thumbnail,
]);
const jpeg = await picture().jpeg().toBuffer();
const withThumbnail = Buffer.concat([jpeg.subarray(0, 2), inSegment, jpeg.subarray(2)]);
const document = await PDFDocument.create();
document.addPage([200, 200]);
const pdf = Buffer.from(await document.save());
const whole: [string, Buffer][] = [
  ['JPEG', jpeg],
  ['JPEG with a thumbnail', withThumbnail],
  ['progressive JPEG', await picture().jpeg({ progressive: true }).toBuffer()],
  ['PNG', await picture().png().toBuffer()],
  ['TIFF in strips', await picture().tiff({ compression: 'none' }).toBuffer()],
  ['TIFF in tiles', await picture().tiff({ tile: true, compression: 'lzw' }).toBuffer()],
  ['PDF', pdf],
];

test.each(whole)('%s is whole with anything behind its end, and at no place before it', (name, bytes) => {
  expect(hasItsEnd(bytes)).toBe(true);
  for (const tail of [Buffer.alloc(4096), Buffer.alloc(3_000_000, 0x2a)])
    expect(hasItsEnd(Buffer.concat([bytes, tail]))).toBe(true);
  // The last bytes of some kinds say nothing that is needed.
  const least = bytes.length - (name === 'PDF' || name.startsWith('TIFF') ? 12 : 4);
  for (let part = 1; part < 60; part += 1)
    expect(hasItsEnd(bytes.subarray(0, Math.floor((least * part) / 60)))).toBe(false);
});

test('the first part of a linearized PDF and an update that is being written are not the end', () => {
  const first = Buffer.from(
    '%PDF-1.5\n1 0 obj\n<</Linearized 1/L 90000/H[1 2]>>\nendobj\nstartxref\n0\n%%EOF\n',
  );
  expect(hasItsEnd(first)).toBe(false);
  expect(hasItsEnd(Buffer.concat([first, Buffer.alloc(90_000), Buffer.from('%%EOF')]))).toBe(true);
  expect(hasItsEnd(Buffer.concat([pdf, Buffer.from('9 0 obj\n<< /Length 10 >>\n')]))).toBe(false);
});

test('an empty file is not whole; of an unknown kind nothing is known', () => {
  expect([hasItsEnd(Buffer.alloc(0)), hasItsEnd(Buffer.from('words'))]).toEqual([false, true]);
});

test('names of documents, of things that are none, and of those that only their content tells', () => {
  const kinds = (names: string): string[] => [...new Set(names.split('|').map(kindOfName))];
  expect(kinds('a.jpg|b.PDF|扫描 1.Tiff|x.heic|y.docx|z.ofd|q.jfif')).toEqual(['document']);
  expect(kinds('SCAN0001|image.001')).toEqual(['unnamed']);
  expect(kinds('._a.jpg|.~lock.a.pdf#|~$b.docx|Thumbs.db|desktop.ini|.DS_Store|.a.jpg.X1y2')).toEqual([
    'other',
  ]);
  expect(kinds('a.jpg.part|a.pdf~|a.jpg.tmp|a.pdf.crdownload|a.jpg.filepart|scan.log|notes.txt')).toEqual([
    'other',
  ]);
});

test('a name is shown in UTF-8 or in GB 18030, with nothing in it that hides text', () => {
  expect(showName(Buffer.from('营业执照.jpg'))).toBe('营业执照.jpg');
  expect(showName(Buffer.from([0xd3, 0xaa, 0xd2, 0xb5, 0x2e, 0x6a, 0x70, 0x67]))).toBe('营业.jpg');
  expect(showName(Buffer.from([0xff, 0xfe, 0x2e, 0x6a]))).toHaveLength(4);
  expect(showName(Buffer.from('a\u202egpj\n.exe'))).toBe('a\ufffdgpj\ufffd.exe');
});
