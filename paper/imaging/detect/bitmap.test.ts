import fc from '#tests/support/properties.ts';
import { expect, test } from 'vitest';
import { readBitmap } from './bitmap.ts';

/** 2 × 2 pixels, rows of six bytes filled up to eight; `height` below zero: the top row first. */
function bitmap(height: 2 | -2): Buffer {
  const bytes = Buffer.alloc(54 + 16);
  bytes.write('BM');
  bytes.writeUInt32LE(54, 10);
  bytes.writeInt32LE(2, 18);
  bytes.writeInt32LE(height, 22);
  bytes.writeUInt16LE(24, 28);
  for (let at = 0; at < 16; at++) bytes[54 + at] = at;
  return bytes;
}

test('a bitmap is read from its lowest row up, blue first, whatever fills its rows', () => {
  expect(readBitmap(bitmap(2))).toEqual({
    width: 2,
    height: 2,
    rgb: Uint8Array.of(10, 9, 8, 13, 12, 11, 2, 1, 0, 5, 4, 3),
  });
  expect(readBitmap(bitmap(-2))?.rgb.subarray(0, 3)).toEqual(Uint8Array.of(2, 1, 0));
});

test('a bitmap that is cut off, packed or huge, or anything else, is none, and never throws', () => {
  expect(readBitmap(bitmap(2).subarray(0, 60))).toBeUndefined();
  const packed = bitmap(2);
  packed.writeUInt32LE(1, 30);
  expect(readBitmap(packed)).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 69 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const bytes = bitmap(2);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const read = readBitmap(bytes);
      if (read) expect(read.rgb.length).toBe(read.width * read.height * 3);
    }),
  );
});
