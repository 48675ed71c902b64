/** The text around a round seal, read and claimed through the built-in pack: a licence's authority stands nowhere else. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodePicture } from '#paper/imaging/files/decode.ts';
import { scoreClaims } from '#paper/ocr/claims/score-claims.ts';
import { loadModelPack } from '#paper/ocr/model-pack.ts';
import { openReader } from '#paper/ocr/open-reader.ts';
import { detectPage } from '#paper/ocr/read-page.ts';
import type { DetectedPage } from '#paper/ocr/read-page.ts';
import { readSeals } from '#paper/ocr/seals/read-seals.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const reader = await openReader(await loadModelPack(modelFolder), 1);
const authority = '沈阳市沈北新区市场监督管理局';
const check = (): void => undefined;

/** Stamped `askewDeg` out of the upright, over the day of issue. */
async function stampedPage(askewDeg: number): Promise<DetectedPage> {
  const [cx, cy, radius] = [1050, 760, 150];
  const letters = [...authority].map((letter, i, all) => {
    const turn = askewDeg - 125 + (250 * i) / (all.length - 1);
    return `<text x="${cx}" y="${cy - 88}" text-anchor="middle" font-size="44" font-family="Noto Serif CJK SC"
      fill="#d03030" transform="rotate(${turn} ${cx} ${cy})">${letter}</text>`;
  });
  const star = [...Array(10).keys()].map((i) => {
    const [r, a] = [i % 2 === 0 ? 44 : 17, (Math.PI * i) / 5 - Math.PI / 2];
    return `${cx + r * Math.cos(a)},${cy + r * Math.sin(a)}`;
  });
  const picture = sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1000">
      <rect width="1400" height="1000" fill="#efe9dc"/>
      <g font-family="Noto Serif CJK SC" font-size="40" fill="#222">
        <text x="200" y="200">名称　沈阳某某建设有限公司</text>
        <text x="500" y="740">登记机关</text>
        <text x="860" y="890">2019 年 06 月 21 日</text>
      </g>
      <circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="#d03030" stroke-width="9"/>
      <polygon points="${star.join(' ')}" fill="#d03030"/>${letters.join('')}</svg>`),
  );
  return detectPage(reader, await decodePicture(await picture.jpeg({ quality: 75 }).toBuffer()));
}

describe('a round seal', () => {
  test.each([0, -20, 35])(
    'stamped %i degrees askew is read from its first letter to its last',
    async (askew) => {
      const seals = await readSeals(reader, await stampedPage(askew), check);
      expect(seals.map(({ text }) => text)).toEqual([authority]);
    },
  );

  test('bears out the claim of its text under a mark on the whole seal, and no forged one', async () => {
    const page = await stampedPage(0);
    const [seal] = await readSeals(reader, page, check);
    const ask = (form: string) => ({ id: form, boxes: seal ? [seal.box] : [], forms: [form] });
    const forged = authority.replace('沈北新区', '浑南新区');
    const [right, wrong] = await scoreClaims(reader, page, [ask(authority), ask(forged)], {
      modelHash: '',
      check,
    });
    expect(right?.probability).toBeGreaterThan(0.97);
    expect(wrong?.probability).toBeLessThan(0.03);
  });
});
