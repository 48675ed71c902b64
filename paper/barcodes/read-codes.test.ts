import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { draw, text, whitePaper } from '#tests/support/documents/drawing.ts';
import { drawCode } from '#tests/support/documents/codes.ts';
import type { Picture } from '../imaging/picture.ts';
import { createCodeReader } from './read-codes.ts';

async function page(content: string, turnDeg = 0): Promise<Picture> {
  const { png } = await draw(100, 80, `${whitePaper(100, 80)}${content}`);
  const { data, info } = await sharp(png)
    .rotate(turnDeg, { background: '#fff' })
    .removeAlpha()
    .resize({ width: 800 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

describe('createCodeReader', () => {
  it('reads a QR code and a barcode of one page with their places, Chinese text too', async () => {
    const readCodes = await createCodeReader();
    const qr = await drawCode('证书编号：D221047365', { x: 10, y: 10, sideMm: 26 });
    const bar = await drawCode('LN20240312', { x: 45, y: 10, sideMm: 45, format: 'Code128' });
    const found = await readCodes(await page(qr + bar));
    const byFormat = Object.fromEntries(found.map(({ format, text: said }) => [format, said]));
    expect(Object.values(byFormat)).toEqual(expect.arrayContaining(['证书编号：D221047365', 'LN20240312']));
    const [[left, top]] = found.find(({ text: said }) => said.startsWith('证书'))?.box ?? [[0, 0]];
    expect(left).toBeGreaterThan(60);
    expect(left).toBeLessThan(130);
    expect(top).toBeGreaterThan(60);
    expect(top).toBeLessThan(130);
  });
  it('tells a QR code that is there and cannot be read from none', async () => {
    const readCodes = await createCodeReader();
    const qr = await drawCode('91210112MA0UQ8XH4Q', { x: 30, y: 20, sideMm: 30 });
    // Thirty specks on the data, none on the corners by which a code is found.
    const worn = Array.from({ length: 30 }, (_, i) => {
      const [x, y] = [40.5 + (i % 6) * 3.77, 32 + Math.floor(i / 6) * 2.9];
      return `<rect x="${x}" y="${y}" width="1.3" height="1.3" fill="${i % 2 ? '#000' : '#fff'}"/>`;
    }).join('');
    const found = await readCodes(await page(qr + worn));
    expect(found.map(({ format, text: said }) => [format, said])).toEqual([
      [expect.stringContaining('QRCode'), ''],
    ]);
  });
  it('reads a code that lies a little crooked, and finds none on a page of text', async () => {
    const readCodes = await createCodeReader();
    const qr = await drawCode('91210112MA0UQ8XH4Q', { x: 30, y: 20, sideMm: 30 });
    expect((await readCodes(await page(qr, 4))).map(({ text: said }) => said)).toEqual([
      '91210112MA0UQ8XH4Q',
    ]);
    expect(await readCodes(await page(text('营业执照', 50, 40, 10)))).toEqual([]);
  });
});
