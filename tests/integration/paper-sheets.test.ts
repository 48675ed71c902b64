/** Several sheets in one picture, cards, and pictures that hold no sheet: each a clear outcome. */
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { Point } from '#domain/reading/schema.ts';
import { distance } from '#paper/imaging/geometry.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { drawPage, encode, layPage, licenceLines, photograph } from './paper/pictures.ts';
import type { DrawnPage, Photo } from './paper/pictures.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const wait = (): { signal: AbortSignal; timeoutMs: number } => ({
  signal: new AbortController().signal,
  timeoutMs: 120_000,
});
const size = { width: 2448, height: 1836 };
const middle = size.width / 2;

let reader: ManagedPaperReader;
let licence: DrawnPage;
let front: DrawnPage;
let back: DrawnPage;

beforeAll(async () => {
  reader = createPaperReader({ modelFolder });
  const card = { width: 1011, height: 638 };
  licence = await drawPage(licenceLines, { frame: true, seal: true });
  front = await drawPage(
    [
      { text: '姓名 王建国', x: 60, y: 130, size: 44 },
      { text: '住址 沈阳市和平区青年大街一二八号', x: 60, y: 260, size: 40 },
      { text: '公民身份号码 21010219800101301X', x: 60, y: 560, size: 44 },
    ],
    card,
  );
  back = await drawPage(
    [
      { text: '中华人民共和国', x: 300, y: 150, size: 60 },
      { text: '居民身份证', x: 300, y: 280, size: 80 },
      { text: '签发机关 沈阳市公安局和平分局', x: 160, y: 460, size: 40 },
      { text: '有效期限 2016.05.04-2036.05.04', x: 160, y: 560, size: 40 },
    ],
    card,
  );
});
afterAll(() => reader.close());

/** The left half of one picture beside the right half of another: two sheets on one desk. */
async function beside(left: Photo, right: Photo): Promise<Buffer> {
  const half = await sharp(right.jpeg)
    .extract({ left: middle, top: 0, width: size.width - middle, height: size.height })
    .toBuffer();
  return sharp(left.jpeg)
    .composite([{ input: half, left: middle, top: 0 }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

const textOf = async (jpeg: Uint8Array): Promise<string> =>
  (await reader.readPage(jpeg, wait())).lines.map(({ text }) => text).join('');

describe('several sheets in one picture', () => {
  test('two sheets side by side are two pages, the left one first', async () => {
    const other = await drawPage([
      { text: '授权委托书', x: 560, y: 300, size: 90 },
      { text: '委托人：辽宁恒泰建设工程有限公司', x: 220, y: 620, size: 46 },
      { text: '受托人：李明', x: 220, y: 760, size: 46 },
    ]);
    const lay = { fill: 0.72, turnDeg: 2 };
    const left = await photograph(licence, {
      ...size,
      desk: 'wood',
      corners: layPage({ ...lay, dx: -0.23 }),
    });
    const right = await photograph(other, { ...size, desk: 'wood', corners: layPage({ ...lay, dx: 0.23 }) });
    const pages = await reader.openDocument(await beside(left, right), wait());
    expect(pages.map(({ index, hasCorners }) => ({ index, hasCorners }))).toEqual([
      { index: 0, hasCorners: true },
      { index: 1, hasCorners: true },
    ]);
    expect(await textOf(pages[0]?.jpeg as Uint8Array)).toContain('建筑业企业资质证书');
    expect(await textOf(pages[1]?.jpeg as Uint8Array)).toContain('授权委托书');
  });

  test('front and back of an ID card come on one A4 page, and both are read', async () => {
    const lay = { widthMm: 85.6, heightMm: 54, fill: 0.34 };
    const left = await photograph(front, { ...size, corners: layPage({ ...lay, turnDeg: 3, dx: -0.24 }) });
    const right = await photograph(back, { ...size, corners: layPage({ ...lay, turnDeg: -2, dx: 0.24 }) });
    const pages = await reader.openDocument(await beside(left, right), wait());
    expect(pages).toHaveLength(1);
    const [page] = pages;
    expect(page).toMatchObject({ widthMm: 210, heightMm: 297, dpi: 300, hasCorners: false });
    const text = await textOf(page?.jpeg as Uint8Array);
    expect(text).toContain('21010219800101301X');
    expect(text).toContain('居民身份证');
  });
});

describe('a folded corner', () => {
  /** A corner turned over: the desk where it lay, the paper's back in a little shadow beside the crease. */
  async function turnOver({ jpeg, corners, width, height }: Photo, corner: number): Promise<Buffer> {
    const at = corners[corner] as Point;
    const toward = (other: Point, part: number): Point => [
      at[0] + part * (other[0] - at[0]),
      at[1] + part * (other[1] - at[1]),
    ];
    const before = toward(corners[(corner + 3) % 4] as Point, corner % 2 === 0 ? 0.06 : 0.08);
    const after = toward(corners[(corner + 1) % 4] as Point, corner % 2 === 0 ? 0.08 : 0.06);
    const length = distance(before, after);
    const along: Point = [(after[0] - before[0]) / length, (after[1] - before[1]) / length];
    const t = (at[0] - before[0]) * along[0] + (at[1] - before[1]) * along[1];
    const foot: Point = [before[0] + t * along[0], before[1] + t * along[1]];
    const tip: Point = [2 * foot[0] - at[0], 2 * foot[1] - at[1]];
    const beyond: Point = [1.02 * at[0] - 0.02 * tip[0], 1.02 * at[1] - 0.02 * tip[1]];
    const draw = (points: Point[], fill: string): string =>
      `<polygon points="${points.map((p) => p.join(',')).join(' ')}" fill="${fill}"/>`;
    const svg = `<svg width="${width}" height="${height}"><filter id="soft"><feGaussianBlur stdDeviation="9"/></filter>
      <g filter="url(#soft)" opacity="0.4">${draw([before, tip, after], '#000')}</g>${draw([before, beyond, after], '#282c30')}${draw([before, tip, after], '#c2c0ba')}</svg>`;
    return sharp(jpeg)
      .composite([{ input: Buffer.from(svg) }])
      .jpeg({ quality: 90 })
      .toBuffer();
  }

  test('is told, and which one it is, on the page and on the preview', async () => {
    const photo = await photograph(licence, { ...size, corners: layPage({ fill: 0.85, turnDeg: 2 }) });
    const bent = await turnOver(photo, 1);
    const [page] = await reader.openDocument(bent, wait());
    expect(page?.quality.issues).toEqual(['folded']);
    expect(page?.quality.foldedCorners).toEqual(['top-right']);
    const hint = await reader.lookAtFrame(await sharp(bent).resize(800).jpeg().toBuffer(), wait());
    expect(hint).toMatchObject({ hints: ['folded'], foldedCorners: ['top-right'] });
    const [flat] = await reader.openDocument(photo.jpeg, wait());
    expect(flat?.quality).toMatchObject({ good: true, issues: [] });
  });
});

describe('cards and empty desks', () => {
  test('a card that fills the picture is cut nowhere', async () => {
    const [page, ...others] = await reader.openDocument(await encode(front).jpeg().toBuffer(), wait());
    expect(others).toEqual([]);
    expect(page).toMatchObject({ widthMm: 85.6, heightMm: 54 });
    const xs = page?.corners.map(([x]) => x) ?? [];
    const ys = page?.corners.map(([, y]) => y) ?? [];
    expect(Math.min(...xs, ...ys)).toBeLessThan(8);
    expect(Math.max(...xs)).toBeGreaterThan(1003);
    expect(Math.max(...ys)).toBeGreaterThan(630);
  });

  test('an empty desk is no page', async () => {
    const far = { widthMm: 1, heightMm: 1, fill: 0.001 };
    const desk = await photograph(licence, { ...size, desk: 'wood', corners: layPage(far) });
    const [page] = await reader.openDocument(desk.jpeg, wait());
    expect(page?.quality.issues).toContain('page-not-found');
    expect((await reader.lookAtFrame(desk.jpeg, wait())).hints).toContain('no-page');
  });
});
