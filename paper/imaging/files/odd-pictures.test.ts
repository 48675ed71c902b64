/** Pictures as faxes, feeders and telephones write them, through the same door as every file. */
import { afterAll, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { openPages } from './pages-of-file.ts';
import type { PdfJob } from './pdf-worker.ts';
import { createJobThread } from '../thread.ts';
import { readTiffDirectories } from './tiff-directories.ts';

const pdf = createJobThread<PdfJob>(new URL('./pdf-worker.ts', import.meta.url));
afterAll(() => pdf.close());

/** A sheet with a black bar in its lower half, so that what is up can be told. */
function sheet(width: number, height: number): Sharp {
  return sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite([
    {
      input: { create: { width: Math.round(width / 2), height: 20, channels: 3, background: '#000000' } },
      left: 10,
      top: Math.round(height * 0.75),
    },
  ]);
}

const blank = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#ffffff' } });

async function shapesOf(bytes: Uint8Array): Promise<[number, number][]> {
  const stream = await openPages(bytes, pdf);
  const shapes: [number, number][] = [];
  for (let i = 0; i < stream.total; i += 1) {
    const page = await stream.page(i);
    shapes.push([page?.picture.width ?? 0, page?.picture.height ?? 0]);
  }
  return shapes;
}

const codeOf = (bytes: Uint8Array): Promise<unknown> =>
  shapesOf(bytes).then(
    (shapes) => shapes,
    (error: { code?: string }) => error.code,
  );

/** The frame's height stands three bytes behind its length (T.81 B.2.2). */
function withHeight(jpeg: Uint8Array, inFrame: number, dnl: number | undefined): Uint8Array {
  const bytes = Buffer.from(jpeg);
  const frame =
    [0xc0, 0xc2].map((marker) => bytes.indexOf(Buffer.from([0xff, marker]))).find((at) => at > 0) ?? 0;
  bytes.writeUInt16BE(inFrame, frame + 5);
  const end = bytes.length - 2;
  if (dnl === undefined) return bytes;
  const segment = Buffer.from([0xff, 0xdc, 0, 4, dnl >> 8, dnl & 0xff]);
  return Buffer.concat([bytes.subarray(0, end), segment, bytes.subarray(end)]);
}

describe('a JPEG whose height stands behind its scan', () => {
  test.each([0, 65535, 500])('is read whole with %i in its frame', async (inFrame) => {
    const jpeg = await sheet(300, 400).jpeg().toBuffer();
    expect(await shapesOf(withHeight(jpeg, inFrame, 400))).toEqual([[300, 400]]);
  });

  test.each([0, 65535])('is damaged with %i and nothing behind', async (inFrame) => {
    const jpeg = await sheet(300, 400).jpeg().toBuffer();
    expect(await codeOf(withHeight(jpeg, inFrame, undefined))).toBe('FILE_DAMAGED');
  });
});

describe('pixels that are not square', () => {
  const jfif = async (unit: number, x: number, y: number, orientation?: number): Promise<Uint8Array> => {
    const image = sheet(400, 300);
    const bytes = Buffer.from(
      await (orientation ? image.withMetadata({ orientation }) : image).jpeg().toBuffer(),
    );
    // sharp writes no JFIF segment beside EXIF: one is put in front, as cameras' programs do.
    const at = bytes.indexOf('JFIF');
    const head = Buffer.from([
      0xff,
      0xe0,
      0,
      16,
      0x4a,
      0x46,
      0x49,
      0x46,
      0,
      1,
      2,
      unit,
      x >> 8,
      x & 255,
      y >> 8,
      y & 255,
      0,
      0,
    ]);
    return Buffer.concat([bytes.subarray(0, 2), head, bytes.subarray(at > 0 && at < 12 ? 20 : 2)]);
  };

  test.each([
    ['200 x 100 dots an inch', 1, 200, 100, [400, 600]],
    ['100 x 200 dots an inch', 1, 100, 200, [800, 300]],
    ['80 x 40 dots a centimetre', 2, 80, 40, [400, 600]],
    ['a ratio alone', 0, 2, 1, [400, 600]],
    ['square ones', 1, 300, 300, [400, 300]],
    ['ones of a rounding apart', 1, 204, 203, [400, 300]],
    ['none said', 0, 0, 0, [400, 300]],
    ['an absurd number', 1, 300, 1, [400, 300]],
  ])('JPEG with %s', async (_, unit, x, y, shape) => {
    expect(await shapesOf(await jfif(unit, x, y))).toEqual([shape]);
  });

  test('JPEG that EXIF turns besides', async () => {
    expect(await shapesOf(await jfif(1, 200, 100, 6))).toEqual([[600, 400]]);
  });

  test.each([
    ['204 x 98, a coarse fax', 204, 98, [400, 624]],
    ['204 x 391, the finest', 204, 391, [767, 300]],
  ])('TIFF of %s', async (_, x, y, shape) => {
    const tiff = await sheet(400, 300)
      .tiff({ compression: 'deflate', xres: x / 25.4, yres: y / 25.4 })
      .toBuffer();
    expect(await shapesOf(tiff)).toEqual([shape]);
  });

  test('PNG', async () => {
    const png = await sheet(400, 300).withMetadata({ density: 300 }).png().toBuffer();
    const bytes = Buffer.from(png);
    const at = bytes.indexOf('pHYs');
    expect(at).toBeGreaterThan(0);
    bytes.writeUInt32BE(bytes.readUInt32BE(at + 4) / 2, at + 8);
    bytes.writeInt32BE(crc32(bytes.subarray(at, at + 13)), at + 13);
    expect(await shapesOf(bytes)).toEqual([[400, 600]]);
  });
});

describe('a TIFF', () => {
  const two = async (): Promise<Buffer> =>
    sharp([await sheet(300, 400).png().toBuffer(), await sheet(300, 400).png().toBuffer()], {
      join: { animated: true },
    })
      .tiff({ compression: 'deflate' })
      .toBuffer();

  /** Writes a tag's value into the directory of a page of a little-endian TIFF, over the tag Orientation. */
  const mark = (bytes: Buffer, page: number, value: number): Buffer => {
    let at = bytes.readUInt32LE(4);
    for (let i = 0; i < page; i += 1) at = bytes.readUInt32LE(at + 2 + 12 * bytes.readUInt16LE(at));
    for (let i = 0; i < bytes.readUInt16LE(at); i += 1) {
      const entry = at + 2 + 12 * i;
      if (bytes.readUInt16LE(entry) === 254) bytes.writeUInt32LE(value, entry + 8);
    }
    return bytes;
  };

  test('leaves out the small copies that scanners put beside a page, first or last', async () => {
    const plain = await two();
    expect(readTiffDirectories(plain)).toHaveLength(2);
    expect(await shapesOf(plain)).toHaveLength(2);
    expect(await shapesOf(mark(await two(), 1, 1))).toHaveLength(1);
    expect(await shapesOf(mark(await two(), 0, 1))).toHaveLength(1);
    // 2 is one page of several: a page.
    expect(await shapesOf(mark(await two(), 1, 2))).toHaveLength(2);
  });

  test('whose directories run in a ring ends all the same', async () => {
    const bytes = await two();
    const first = bytes.readUInt32LE(4);
    const second = bytes.readUInt32LE(first + 2 + 12 * bytes.readUInt16LE(first));
    bytes.writeUInt32LE(first, second + 2 + 12 * bytes.readUInt16LE(second));
    expect(readTiffDirectories(bytes)).toBeUndefined();
  });
});

describe('what cannot be a page says what it is', () => {
  const brand = (name: string): Uint8Array =>
    Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${name}\0\0\0\0mif1`), Buffer.alloc(40)]);

  test.each<[string, string, () => Promise<Uint8Array> | Uint8Array]>([
    ['one pixel high', 'PICTURE_TOO_SMALL', () => blank(400, 1).png().toBuffer()],
    ['one pixel wide', 'PICTURE_TOO_SMALL', () => blank(1, 400).jpeg().toBuffer()],
    ['a thread of pixels', 'PICTURE_TOO_SMALL', () => sheet(60, 15_000).png().toBuffer()],
    ['HEIC', 'FILE_HEIC', () => brand('heic')],
    ['AVIF', 'FILE_HEIC', () => brand('avif')],
    ['GIF', 'FILE_OTHER_PICTURE', () => sheet(60, 60).gif().toBuffer()],
    ['WebP', 'FILE_OTHER_PICTURE', () => sheet(60, 60).webp().toBuffer()],
    ['BMP', 'FILE_OTHER_PICTURE', () => Buffer.from('BM          ')],
    ['a ZIP, as DOCX and OFD are', 'FILE_OFFICE', () => Buffer.from('PK\u0003\u0004    ')],
    ['nothing at all', 'FILE_EMPTY', () => new Uint8Array()],
    ['a cut JPEG', 'FILE_DAMAGED', async () => (await sheet(300, 400).jpeg().toBuffer()).subarray(0, 900)],
  ])('%s: %s', async (_, code, make) => {
    expect(await codeOf(await make())).toBe(code);
  });

  test('more pixels than two hundred million, told from the head alone', async () => {
    const png = Buffer.from(await sheet(60, 60).png().toBuffer());
    png.writeUInt32BE(14_000, 16);
    png.writeUInt32BE(20_000, 20);
    png.writeInt32BE(crc32(png.subarray(12, 29)), 29);
    expect(await codeOf(png)).toBe('PICTURE_TOO_LARGE');
  });
});

/** ISO 3309, as PNG wants it of each chunk. */
function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}
