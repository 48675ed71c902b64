/** Claims and marks that make no sense, through the real reader and the real rules: a clear state each, never green. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import { cutQuad } from '#domain/reading/layout.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { examineMaterial } from '#paper/evidence/examine-material.ts';
import { rectangleQuad } from '#paper/imaging/geometry.ts';
import { growQuad } from '#paper/ocr/crop-line.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { A4_PX, drawPage, encode, licenceLines } from './paper/pictures.ts';

const catalogue = loadCatalogue();
const documentType = getDocumentType(catalogue, 'construction-qualification');
const [nameLine, codeLine, personLine] = licenceLines.filter(({ text }) => text.includes('：'));
const name = '辽宁恒泰建设工程有限公司';
const person = '王建国';

let reader: ManagedPaperReader;
let upright: Buffer;
let upsideDown: Buffer;

beforeAll(async () => {
  reader = createPaperReader({
    modelFolder: fileURLToPath(new URL('../../models/weights', import.meta.url)),
  });
  const drawn = encode(await drawPage(licenceLines, { frame: true, seal: true }));
  upright = await drawn.clone().jpeg({ quality: 92 }).toBuffer();
  upsideDown = await drawn.clone().rotate(180).jpeg({ quality: 92 }).toBuffer();
});
afterAll(() => reader.close());

/** Around the value behind the line's colon. */
function markOf(line: (typeof licenceLines)[number] | undefined): Quad {
  if (!line) throw new Error('no such line');
  const { text, x, y, size } = line;
  const label = text.indexOf('：') + 1;
  return rectangleQuad(x + label * size, y - 0.95 * size, x + text.length * size, y + 0.2 * size);
}

async function lightOf(
  field: 'companyName' | 'legalRepresentative',
  { claim, mark, page = upright }: { claim: string; mark: Quad; page?: Buffer },
): Promise<{ light: string | undefined; code: string | undefined; text: string | undefined }> {
  const own = documentType.fields.find(({ id }) => id === field);
  if (!own) throw new Error(field);
  const { verdict } = await examineMaterial({
    record: { materials: [] },
    material: {
      slot: 'qualification',
      values: { [field]: claim },
      chip: {},
      marks: { [field]: [{ page: 0, box: mark }] },
      pages: [{ sha: '' }],
    },
    documentType: { ...documentType, fields: [{ ...own, weight: 'key' }], checks: [] },
    catalogueHash: catalogue.hash,
    reader,
    signal: new AbortController().signal,
    day: '2026-11-21',
    now: () => '2026-11-21T00:00:00.000Z',
    picture: () => Promise.resolve(page),
  });
  const [seen] = verdict.fields;
  return { light: seen?.light, code: seen?.reasons[0]?.code, text: seen?.reasons[0]?.text };
}

test('the same marks are green for what stands there', async () => {
  expect(await lightOf('companyName', { claim: name, mark: markOf(nameLine) })).toMatchObject({
    light: 'green',
    code: 'agrees',
  });
  expect((await lightOf('legalRepresentative', { claim: person, mark: markOf(personLine) })).light).toBe(
    'green',
  );
});

test.each([
  ['too large', 0.35, 0.3],
  ['too small', -0.3, -0.2],
  ['too low and too long', 0.4, -0.1],
])('a mark a little %s says the same', async (_how, along, across) => {
  const mark = growQuad(markOf(nameLine), along, across);
  expect(await lightOf('companyName', { claim: name, mark })).toMatchObject({ light: 'green' });
});

test.each([
  ['end', 0, 10],
  ['beginning', 4, [...name].length],
])('a mark that hides the %s of a name does not make the rest a name', async (_which, from, to) => {
  const chars = [...name];
  const mark = cutQuad(markOf(nameLine), from / chars.length, to / chars.length);
  const seen = await lightOf('companyName', { claim: chars.slice(from, to).join(''), mark });
  expect(seen).toMatchObject({ light: 'yellow', code: 'mark-cuts-line' });
});

test('a mark that takes in the line below leaves a true name uncertain', async () => {
  const [[left, top], [right]] = markOf(nameLine);
  const [, , [, bottom]] = markOf(codeLine);
  const mark = rectangleQuad(left, top, right, bottom);
  const seen = await lightOf('companyName', { claim: name, mark });
  expect(seen).toMatchObject({ light: 'yellow', code: 'uncertain' });
});

describe('marks', () => {
  test.each([
    ['on an empty place', rectangleQuad(300, 2000, 900, 2060)],
    ['off the page', rectangleQuad(A4_PX.width + 200, 100, A4_PX.width + 600, 160)],
    ['on no area at all', rectangleQuad(400, 620, 400, 620)],
  ])('%s are unreadable, and the reason says to mark again', async (_where, mark) => {
    const seen = await lightOf('companyName', { claim: name, mark });
    expect(seen).toMatchObject({ light: 'red', code: 'unreadable' });
    expect(seen.text).toContain('请核对标记位置');
  });
});

describe('claims', () => {
  test.each([
    ['in another script', 'Лиаонин Хенгтаи Строителство'],
    ['in signs that the recogniser has never seen', 'ᠯᠢᠶᠣᠨᠢᠩ ᠬᠡᠩᠲᠠᠢ'],
    ['longer than the mark can hold', `${name}${'辽宁恒泰建设工程有限公司第一分公司'.repeat(5)}`],
    ['of one character of what stands there', '辽'],
  ])('%s are never green', async (_what, claim) => {
    const seen = await lightOf('companyName', { claim, mark: markOf(nameLine) });
    expect(['deviates', 'uncertain', 'unreadable', 'value-invalid']).toContain(seen.code);
    expect(seen.light).not.toBe('green');
    expect(seen.text).toContain('请');
  });

  test.each(['王', '国', '丶'])('%s is not the person 王建国', async (claim) => {
    const seen = await lightOf('legalRepresentative', { claim, mark: markOf(personLine) });
    expect(seen.light).not.toBe('green');
  });
});

test('a page upside down proves nothing, neither where the value stood nor where it stands now', async () => {
  const { width, height } = A4_PX;
  const [[x0, y0], , [x1, y1]] = markOf(nameLine);
  for (const mark of [markOf(nameLine), rectangleQuad(width - x1, height - y1, width - x0, height - y0)]) {
    const seen = await lightOf('companyName', { claim: name, mark, page: upsideDown });
    expect(seen.light).not.toBe('green');
    expect(seen.text).toContain('请');
  }
});
