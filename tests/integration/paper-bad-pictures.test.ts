/** Pictures that are wrong in themselves, through the real reader: each a clear outcome. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StraightPage } from '#paper/ports/paper-reader.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { drawPage, encode, layPage, licenceLines, photograph } from './paper/pictures.ts';
import type { DrawnPage } from './paper/pictures.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const wait = (): { signal: AbortSignal; timeoutMs: number } => ({
  signal: new AbortController().signal,
  timeoutMs: 120_000,
});
const size = { width: 2448, height: 1836 };

let reader: ManagedPaperReader;
let licence: DrawnPage;

beforeAll(async () => {
  reader = createPaperReader({ modelFolder });
  licence = await drawPage(licenceLines, { frame: true, seal: true });
});
afterAll(() => reader.close());

async function openOne(bytes: Uint8Array): Promise<StraightPage> {
  const pages = await reader.openDocument(bytes, wait());
  expect(pages).toHaveLength(1);
  return pages[0] as StraightPage;
}
const textOf = async (page: StraightPage): Promise<string> =>
  (await reader.readPage(page.jpeg, wait())).lines.map(({ text }) => text).join('');

test('a picture whose EXIF turns it wrongly is turned upright by what is on it', async () => {
  const { jpeg } = await photograph(licence, { ...size, corners: layPage({ turnDeg: 2 }) });
  const lying = await sharp(jpeg).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
  const page = await openOne(lying);
  expect(page.sourceWidthPx).toBe(size.height);
  expect(page).toMatchObject({ widthMm: 210, heightMm: 297 });
  expect(await textOf(page)).toContain('辽宁恒泰建设工程有限公司');
});

test('of a page larger than the view the person is told that it is cut off', async () => {
  const { width } = licence;
  const part = { left: 320, top: 560, width: width - 640, height: Math.round((width - 640) * 0.75) };
  const page = await openOne(await encode(licence).extract(part).jpeg({ quality: 90 }).toBuffer());
  expect(page.quality.issues).toContain('cut-off');
});

test('a page on a display is told from paper', async () => {
  const display = await onDisplay(licence);
  const corners = layPage({ heightMm: (210 * display.height) / display.width, turnDeg: 1 });
  const photo = await photograph(display, { ...size, desk: 'wood', corners });
  expect((await openOne(photo.jpeg)).quality.issues).toContain('screen');
});

/** In a dark bezel, bluish, under a window's bar, with the bands of its pixels against the camera's. */
async function onDisplay(page: DrawnPage): Promise<Pick<DrawnPage, 'data' | 'width' | 'height'>> {
  const { data, info } = await encode(page)
    .resize({ width: 1200 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const edge = 60;
  const [width, height] = [info.width + 2 * edge, info.height + 2 * edge];
  const shown = new Uint8Array(width * height * 3).fill(12);
  const tint = [0.9, 0.97, 1.08];
  const bar = [43, 87, 154];
  for (let y = 0; y < info.height; y += 1) {
    for (let x = 0; x < info.width; x += 1) {
      const band = 1 + 0.08 * Math.sin((x + 0.6 * y) / 9);
      for (let c = 0; c < 3; c += 1) {
        const value = y < 110 ? (bar[c] ?? 0) : (data[(y * info.width + x) * 3 + c] ?? 0);
        shown[((y + edge) * width + x + edge) * 3 + c] = Math.min(255, value * band * (tint[c] ?? 1));
      }
    }
  }
  return { data: shown, width, height };
}
