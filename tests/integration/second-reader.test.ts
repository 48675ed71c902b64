/** The built-in pack with its second recogniser, on print that the first one alone reads wrong. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '#paper/imaging/files/decode.ts';
import type { Picture } from '#paper/imaging/picture.ts';
import { scoreClaims } from '#paper/ocr/claims/score-claims.ts';
import { loadModelPack } from '#paper/ocr/model-pack.ts';
import { openReader } from '#paper/ocr/open-reader.ts';
import { detectPage, readLines } from '#paper/ocr/read-page.ts';
import type { Reader } from '#paper/ocr/read-page.ts';
import { drawPage } from './paper/pictures.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const address = 'http://gsxt.example.gov.cn/index';
const company = 'LIAONING CONSTRUCTION CO., LTD.';
const title = '沈阳建设工程信用等级证书';
const latin = 'DejaVu Serif';

/** Latin letters out of focus, as a phone's picture of a label shows them, beside a clear Chinese line. */
async function blurredLabel(): Promise<Picture> {
  const page = await drawPage(
    [
      { text: address, x: 100, y: 200, size: 26, font: latin },
      { text: company, x: 100, y: 320, size: 26, font: latin },
      { text: title, x: 100, y: 480, size: 44 },
    ],
    { width: 1000, height: 700 },
  );
  const raw = { width: page.width, height: page.height, channels: 3 } as const;
  return decodePicture(
    await sharp(Buffer.from(page.data), { raw }).blur(2.2).jpeg({ quality: 60 }).toBuffer(),
  );
}

async function textsOf(reader: Reader, picture: Picture): Promise<string[]> {
  const lines = await readLines(reader, await detectPage(reader, picture), () => undefined);
  return lines.map(({ text }) => text);
}

const { second, ...alone } = await loadModelPack(modelFolder);
const [pair, one] = await Promise.all([
  openReader({ ...alone, ...(second ? { second } : {}) }, 1),
  openReader(alone, 1),
]);
const picture = await blurredLabel();

describe('two recognisers', () => {
  test('read blurred Latin letters that the first alone reads wrong', async () => {
    const wanted = [address, company.replace(/\s/g, ''), title];
    expect(await textsOf(pair, picture)).toEqual(wanted);
    expect(await textsOf(one, picture)).not.toEqual(wanted);
  });

  test('bear out a true claim on such a line, and no forged one', async () => {
    const page = await detectPage(pair, picture);
    const box = page.boxes.toSorted(([a], [b]) => a[1] - b[1])[0];
    const boxes = box ? [box] : [];
    const ask = (form: string) => ({ id: form, boxes, forms: [form] });
    const forged = address.replace('gsxt', 'qsxt');
    const [truth, lie] = await scoreClaims(pair, page, [ask(address), ask(forged)], {
      modelHash: '',
      check: () => undefined,
    });
    expect(truth?.probability).toBeGreaterThan(0.9);
    expect(lie?.probability).toBeLessThan(0.5);
  });
});
