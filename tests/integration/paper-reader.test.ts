import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Line, Point, Quad } from '#domain/reading/schema.ts';
import type { ClaimQuestion, StraightPage } from '#paper/ports/paper-reader.ts';
import type { ClaimScore } from '#domain/verdict/schema.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { drawCat, drawPage, encode, layPage, licenceLines, photograph } from './paper/pictures.ts';
import type { DrawnPage, Photo } from './paper/pictures.ts';
import { drawCode } from '#tests/support/documents/codes.ts';
import { draw, whitePaper } from '#tests/support/documents/drawing.ts';
import { sampled } from '#tests/support/nightly.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const wait = (timeoutMs = 60_000): { signal: AbortSignal; timeoutMs: number } => ({
  signal: new AbortController().signal,
  timeoutMs,
});

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

async function scoreClaims(
  jpeg: Uint8Array,
  claims: ClaimQuestion[],
  options: ReturnType<typeof wait>,
): Promise<ClaimScore[]> {
  return (await reader.examinePage(jpeg, { claims }, options)).scores;
}

/** Greatest corner error in parts of the picture's diagonal. */
function cornerError(found: Quad, photo: Photo): number {
  const diagonal = Math.hypot(photo.width, photo.height);
  return (
    Math.max(
      ...found.map(([x, y], i) =>
        Math.hypot(x - (photo.corners[i]?.[0] ?? 0), y - (photo.corners[i]?.[1] ?? 0)),
      ),
    ) / diagonal
  );
}

/** Distance of a point to the nearest side of a clockwise quad, positive inside. */
function insideBy([x, y]: Point, quad: Quad): number {
  return Math.min(
    ...quad.map(([ax, ay], i) => {
      const [bx, by] = quad[(i + 1) % 4] as Point;
      return ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / Math.hypot(bx - ax, by - ay);
    }),
  );
}

const bare = (text: string): string => text.replace(/[\s：:，。、（）()]/g, '');
const joined = (lines: readonly Line[]): string => bare(lines.map((line) => line.text).join(''));

/** Lines of the licence that no seal covers, found word for word. */
function countFound(lines: readonly Line[]): number {
  const all = joined(lines);
  return licenceLines.slice(0, 9).filter(({ text }) => all.includes(bare(text))).length;
}

describe('photographs', () => {
  test.each(['dark', 'grey', 'wood', 'pale'] as const)(
    'finds the corners of a sheet on a %s desk within 1 % of the diagonal',
    async (desk) => {
      const photo = await photograph(licence, {
        desk,
        corners: layPage({ turnDeg: 4, tiltDeg: 10, rollDeg: 5 }),
        seed: 3,
      });
      const page = await openOne(photo.jpeg);
      expect(cornerError(page.corners, photo)).toBeLessThan(0.01);
      expect(page).toMatchObject({
        widthMm: 210,
        heightMm: 297,
        sourceWidthPx: photo.width,
        sourceHeightPx: photo.height,
      });
      expect(page.quality).toMatchObject({ good: true, issues: [] });
    },
  );

  test('with another sheet beneath, the upper sheet is cut out whole', async () => {
    const photo = await photograph(licence, {
      corners: layPage({ turnDeg: 2, fill: 0.78 }),
      sheetBeneath: true,
    });
    const { corners } = await openOne(photo.jpeg);
    const slack = 0.01 * Math.hypot(photo.width, photo.height);
    for (const corner of photo.corners) expect(insideBy(corner, corners)).toBeGreaterThan(-slack);
  });

  test('finds the corners although thumbs cover two edges', async () => {
    const photo = await photograph(licence, { corners: layPage({ turnDeg: -3, tiltDeg: 6 }), thumbs: true });
    expect(cornerError((await openOne(photo.jpeg)).corners, photo)).toBeLessThan(0.01);
  });

  test('reads nearly every line of a photographed licence', async () => {
    const photo = await photograph(licence, { corners: layPage({ turnDeg: 2, tiltDeg: 7 }) });
    const page = await openOne(photo.jpeg);
    const { lines, modelHash } = await reader.readPage(page.jpeg, wait());
    expect(countFound(lines)).toBeGreaterThanOrEqual(8);
    expect(modelHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([90, 180, 270])('turns a sheet that lies at %i degrees upright', async (turnDeg) => {
    const photo = await photograph(licence, {
      corners: layPage({ turnDeg: turnDeg + 2, fill: turnDeg === 180 ? 0.85 : 0.95 }),
    });
    const page = await openOne(photo.jpeg);
    expect(page).toMatchObject({ widthMm: 210, heightMm: 297 });
    expect(cornerError(page.corners, photo)).toBeLessThan(0.01);
    expect(page.quality.issues).toEqual(turnDeg === 180 ? ['upside-down'] : []);
    expect(page.quality.good).toBe(true);
    expect(countFound((await reader.readPage(page.jpeg, wait())).lines)).toBeGreaterThanOrEqual(7);
  });

  test('knows an ID card by its shape', async () => {
    const card = await drawPage(
      [
        { text: '姓名 王建国', x: 60, y: 130, size: 44 },
        { text: '住址 沈阳市和平区青年大街一二八号', x: 60, y: 260, size: 40 },
        { text: '公民身份号码 21010219800101301X', x: 60, y: 560, size: 44 },
      ],
      { width: 1011, height: 638 },
    );
    const photo = await photograph(card, {
      desk: 'wood',
      corners: layPage({ widthMm: 85.6, heightMm: 54, fill: 0.42, turnDeg: 5 }),
    });
    const page = await openOne(photo.jpeg);
    expect(page).toMatchObject({ widthMm: 85.6, heightMm: 54 });
    expect(cornerError(page.corners, photo)).toBeLessThan(0.01);
  });

  test('a picture without a page comes back whole and says so', async () => {
    const page = await openOne(await drawCat());
    expect(page.quality.good).toBe(false);
    expect(page.quality.issues).toContain('page-not-found');
    expect(page.corners).toEqual([
      [0, 0],
      [1600, 0],
      [1600, 1200],
      [0, 1200],
    ]);
  });

  test('corners set by hand are taken as they are', async () => {
    const photo = await photograph(licence, { desk: 'pale', corners: layPage({ turnDeg: 3 }) });
    const [page] = await reader.openDocument(photo.jpeg, { ...wait(), corners: photo.corners });
    expect(page?.corners).toEqual(photo.corners);
  });

  test('a preview frame gets its corners, and an empty desk the hint that no page is there', async () => {
    const photo = await photograph(licence, { corners: layPage({ turnDeg: 3 }) });
    const frame = await sharp(photo.jpeg).resize({ width: 800 }).jpeg().toBuffer();
    const hint = await reader.lookAtFrame(frame, wait());
    const scale = photo.width / 800;
    expect(cornerError(hint.corners?.map(([x, y]) => [x * scale, y * scale]) as Quad, photo)).toBeLessThan(
      0.01,
    );
    expect(hint.hints).toEqual([]);
    expect(hint.pageShare).toBeGreaterThan(0.2);
    const empty = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#3a3d42' } })
      .jpeg()
      .toBuffer();
    expect((await reader.lookAtFrame(empty, wait())).hints).toContain('no-page');
  });
});

describe('a picture goes to the reader once', () => {
  test('its page comes first, then its lines and codes, as a later call would read them', async () => {
    const photo = await photograph(licence, { corners: layPage({ turnDeg: 2, tiltDeg: 7 }) });
    const events: string[] = [];
    const [page] = await reader.openDocument(photo.jpeg, {
      ...wait(),
      reads: ['lines', 'codes'],
      onPage: (done, total) => events.push(`page ${done} of ${total}`),
      onRead: (done, total) => events.push(`read ${done} of ${total}`),
    });
    expect(events).toEqual(['page 1 of 1', 'read 1 of 1']);
    if (!page?.reading) throw new Error('the page was not read');
    expect(countFound(page.reading.lines)).toBeGreaterThanOrEqual(8);
    // Read from the copy that is kept: the check, and the server's, see the same pixels.
    expect(await reader.readPage(page.jpeg, { ...wait(), reads: ['lines', 'codes'] })).toEqual(page.reading);
    const fresh = createPaperReader({ modelFolder });
    try {
      expect((await fresh.readPage(page.jpeg, wait())).lines.map(({ text }) => text)).toEqual(
        page.reading.lines.map(({ text }) => text),
      );
    } finally {
      await fresh.close();
    }
  });

  test('an empty sheet is not read, and nobody is kept waiting for it', async () => {
    const blank = await sharp({ create: { width: 1654, height: 2339, channels: 3, background: '#fdfdfb' } })
      .jpeg()
      .toBuffer();
    const done: number[] = [];
    const [page] = await reader.openDocument(blank, {
      ...wait(),
      reads: ['lines'],
      onRead: (read) => done.push(read),
    });
    expect(page?.quality.issues).toContain('blank');
    expect(page?.reading).toBeUndefined();
    expect(done).toEqual([1]);
  });

  test('of many pages each is read while the next waits, codes on the first ones alone', async () => {
    const file = await PDFDocument.create();
    const code = await drawCode('91210100MA0000000X', { x: 40, y: 40, sideMm: 40 });
    const { png } = await draw(210, 297, `${whitePaper(210, 297)}${code}`);
    const image = await file.embedPng(png);
    for (let i = 0; i < 3; i += 1)
      file.addPage([595, 842]).drawImage(image, { x: 0, y: 0, width: 595, height: 842 });
    const events: string[] = [];
    const pages = await reader.openDocument(await file.save(), {
      ...wait(),
      reads: ['lines', 'codes'],
      codePages: 2,
      onPage: (done) => events.push(`page ${done}`),
      onRead: (done) => events.push(`read ${done}`),
    });
    expect(events).toEqual(['page 1', 'read 1', 'page 2', 'read 2', 'page 3', 'read 3']);
    expect(pages.map(({ reading }) => reading?.codes.map(({ text }) => text))).toEqual([
      ['91210100MA0000000X'],
      ['91210100MA0000000X'],
      [],
    ]);
  });
});

describe('scans and files', () => {
  test('a scan that is all page keeps the corners of the picture', async () => {
    const page = await openOne(await encode(licence).png().toBuffer());
    expect(page.corners).toEqual([
      [0, 0],
      [1654, 0],
      [1654, 2339],
      [0, 2339],
    ]);
    expect(page).toMatchObject({ widthPx: 1654, heightPx: 2339, widthMm: 210, heightMm: 297, dpi: 200 });
    expect(page.quality).toMatchObject({ good: true, issues: [] });
  });

  test('an empty sheet is called blank', async () => {
    const blank = await drawPage([]);
    const page = await openOne(await encode(blank).jpeg().toBuffer());
    expect(page.quality).toMatchObject({ good: false, issues: ['blank'] });
  });

  test('a TIFF of three fax pages (1 bit, Group 4) gives three readable pages', async () => {
    // sharp writes one page a file; pages are joined by pointing each directory at the next.
    const one = await encode(licence)
      .toColourspace('b-w')
      .threshold(150)
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer();
    const pages = await reader.openDocument(joinTiffs([one, one, one]), wait());
    expect(pages.map((page) => page.index)).toEqual([0, 1, 2]);
    expect(
      countFound((await reader.readPage(pages[2]?.jpeg as Uint8Array, wait())).lines),
    ).toBeGreaterThanOrEqual(7);
  });

  test('a PDF of many pages arrives page by page with progress, and memory stays flat', async () => {
    const many = sampled(30, 100);
    const jpeg = await encode(licence).resize({ width: 827 }).jpeg().toBuffer();
    const document = await PDFDocument.create();
    const image = await document.embedJpg(jpeg);
    for (let i = 0; i < many; i += 1)
      document.addPage([595.28, 841.89]).drawImage(image, { x: 0, y: 0, width: 595.28, height: 841.89 });
    const progress: [number, number][] = [];
    const rss: Promise<number>[] = [];
    const pages = await reader.openDocument(await document.save(), {
      ...wait(600_000),
      onPage: (done, total) => {
        progress.push([done, total]);
        if (done === Math.round(many * 0.3) || done === many)
          rss.push(memoryOf(reader.status().pid as number));
      },
    });
    expect(pages).toHaveLength(many);
    expect(progress).toEqual(Array.from({ length: many }, (_, i) => [i + 1, many]));
    expect(pages[many - 1]).toMatchObject({ widthMm: 210, heightMm: 297 });
    const [early = 0, late = 0] = await Promise.all(rss);
    expect(late - early).toBeLessThan(250);
  }, 600_000);

  test('one broken page does not lose the others', async () => {
    const one = await encode(licence)
      .toColourspace('b-w')
      .threshold(150)
      .tiff({ compression: 'ccittfax4', bitdepth: 1 })
      .toBuffer();
    const bytes = joinTiffs([one, one]);
    breakSecondDirectory(bytes);
    const pages = await reader
      .openDocument(bytes, wait())
      .catch((error: unknown) => error as { code: string });
    if (Array.isArray(pages)) {
      expect(pages).toHaveLength(2);
      expect(pages[0]?.quality.issues).not.toContain('page-not-found');
    } else {
      expect.unreachable(`lost all pages: ${pages.code}`);
    }
  });

  test.each([
    [
      'a JPEG cut short',
      'FILE_DAMAGED',
      async () => (await encode(licence).jpeg().toBuffer()).subarray(0, 20_000),
    ],
    [
      'a PDF of noise',
      'FILE_DAMAGED',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5000, 7)]),
    ],
    ['a word processor file', 'FILE_OFFICE', () => Buffer.from('PK\u0003\u0004 word')],
    ['an empty file', 'FILE_EMPTY', () => Buffer.alloc(0)],
    ['51 MB', 'FILE_TOO_LARGE', () => Buffer.alloc(51 * 1024 * 1024)],
  ])('refuses %s with %s', async (_name, code, make) => {
    await expect(reader.openDocument(await make(), wait())).rejects.toMatchObject({ code });
  });

  test('refuses an encrypted PDF', async () => {
    const document = await PDFDocument.create();
    document.addPage();
    document.encrypt({ userPassword: 'secret', ownerPassword: 'owner' });
    await expect(reader.openDocument(await document.save(), wait())).rejects.toMatchObject({
      code: 'FILE_ENCRYPTED',
    });
  });

  test('refuses 301 pages', async () => {
    const document = await PDFDocument.create();
    for (let i = 0; i < 301; i += 1) document.addPage([200, 200]);
    await expect(reader.openDocument(await document.save(), wait())).rejects.toMatchObject({
      code: 'TOO_MANY_PAGES',
    });
  });
});

describe('claims', () => {
  const box = (index: number): Quad => {
    const line = licenceLines[index] as (typeof licenceLines)[0];
    const label = [...line.text].indexOf('：') + 1;
    // Wide characters are as wide as high; good enough for values of Chinese characters.
    const from = line.x + label * line.size;
    const width =
      [...line.text].slice(label).reduce((sum, c) => sum + (c.charCodeAt(0) < 256 ? 0.56 : 1), 0) * line.size;
    const [x0, x1, y0, y1] = [from, from + width, line.y - 0.95 * line.size, line.y + 0.2 * line.size];
    return [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
  };
  const claims: [number, string, string[]][] = [
    [
      1,
      '辽宁恒泰建设工程有限公司',
      ['辽宁恒秦建设工程有限公司', '辽宁恒泰建设工程公司', '辽宁恒泰建筑工程有限公司'],
    ],
    [
      2,
      '91210100MA0XYRK84C',
      ['91210100MA0XYRK84G', '91210100MAOXYRK84C', '9121010MA0XYRK84C', '91210100MA0XYRK48C'],
    ],
    [3, '王建国', ['王健国', '王建', '玉建国', '王建国强']],
    [5, '市政公用工程施工总承包贰级', ['市政公用工程施工总承包叁级', '市政公用工程施工总承包一级']],
    [6, 'D221045678', ['D221045679', 'D22104567', 'D221054678']],
    [7, '2028年11月30日', ['2028年1月30日', '2026年11月30日', '2028年11月3日']],
  ];

  test('every true claim scores above each of its one-character forgeries', async () => {
    const photo = await photograph(licence, { corners: layPage({ turnDeg: 2, tiltDeg: 6 }), seed: 9 });
    const page = await openOne(photo.jpeg);
    // The straight page has the drawn page's shape: marks scale with it.
    const k = page.widthPx / licence.width;
    const questions = claims.flatMap(([index, claim, forgeries]) =>
      [claim, ...forgeries].map((form) => ({
        id: form,
        boxes: [box(index).map(([x, y]) => [x * k, y * k]) as Quad],
        forms: [form],
      })),
    );
    const scores = new Map(
      (await reader.examinePage(page.jpeg, { claims: questions }, wait())).scores.map((score, i) => [
        questions[i]?.id as string,
        score,
      ]),
    );
    for (const [, claim, forgeries] of claims) {
      const own = scores.get(claim);
      expect(own?.probability, `${claim}: ${JSON.stringify(own)}`).toBeGreaterThan(0.5);
      for (const forgery of forgeries) {
        const score = scores.get(forgery);
        expect(score?.probability, `${forgery}: ${JSON.stringify(score)}`).toBeLessThan(0.5);
        expect(score?.support).toBeLessThan(own?.support ?? -Infinity);
      }
    }
  });

  test('any of several forms will do, and signs without meaning do not matter', async () => {
    const page = await openOne(await encode(licence).png().toBuffer());
    const [date, name] = await scoreClaims(
      page.jpeg,
      [
        { id: 'date', boxes: [box(7)], forms: ['2028-11-30', '2028.11.30', '2028年11月30日'] },
        { id: 'name', boxes: [box(1)], forms: ['辽宁恒泰（建设工程）有限公司。'] },
      ],
      wait(),
    );
    expect(date?.probability).toBeGreaterThan(0.8);
    expect(name?.probability).toBeGreaterThan(0.8);
  });

  test('an empty place and a place off the page prove nothing', async () => {
    const page = await openOne(await encode(licence).png().toBuffer());
    const scores = await scoreClaims(
      page.jpeg,
      [
        {
          id: 'empty',
          boxes: [
            [
              [300, 2000],
              [700, 2000],
              [700, 2060],
              [300, 2060],
            ],
          ],
          forms: ['王建国'],
        },
        {
          id: 'off',
          boxes: [
            [
              [3000, 100],
              [3400, 100],
              [3400, 160],
              [3000, 160],
            ],
          ],
          forms: ['王建国'],
        },
      ],
      wait(),
    );
    for (const score of scores) expect(score).toMatchObject({ probability: 0, freeReading: '' });
  });
});

describe('the child process', () => {
  test('a killed child fails the waiting call with READER_FAILED and the next call works again', async () => {
    const own = createPaperReader({ modelFolder });
    try {
      await own.describeModels(wait());
      const waiting = own.openDocument(await encode(licence).png().toBuffer(), wait());
      process.kill(own.status().pid as number, 'SIGKILL');
      await expect(waiting).rejects.toMatchObject({ code: 'READER_FAILED' });
      expect(await own.openDocument(await encode(licence).png().toBuffer(), wait())).toHaveLength(1);
      expect(own.status().restarts).toBe(1);
    } finally {
      await own.close();
    }
  });

  test('a caller that gives up gets its own reason, and a late answer harms nobody', async () => {
    const controller = new AbortController();
    const png = await encode(licence).png().toBuffer();
    const given = reader.openDocument(png, { signal: controller.signal, timeoutMs: 60_000 });
    const kept = reader.openDocument(png, wait());
    controller.abort(new Error('changed my mind'));
    await expect(given).rejects.toThrow('changed my mind');
    expect(await kept).toHaveLength(1);
    await expect(reader.openDocument(png, wait(1))).rejects.toMatchObject({ code: 'DEVICE_TIMEOUT' });
  });

  test('a worn child is replaced between jobs', async () => {
    const own = createPaperReader({ modelFolder, recycleAfterPages: 1 });
    try {
      const png = await encode(licence).png().toBuffer();
      await own.openDocument(png, wait());
      await own.openDocument(png, wait());
      expect(own.status().restarts).toBe(1);
    } finally {
      await own.close();
    }
  });

  test('a model folder whose hashes do not hold is refused', async () => {
    const own = createPaperReader({ modelFolder: fileURLToPath(new URL('.', import.meta.url)) });
    try {
      await expect(own.describeModels(wait())).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    } finally {
      await own.close();
    }
  });
});

/** Resident memory of a process in MB. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Joins single-page TIFFs (classic, little endian) by moving each file's offsets and chaining the directories. */
function joinTiffs(files: readonly Buffer[]): Buffer {
  const starts: number[] = [];
  const parts: Buffer[] = [];
  let size = 0;
  for (const file of files) {
    const padded = file.length % 2 === 0 ? Buffer.from(file) : Buffer.concat([file, Buffer.alloc(1)]);
    starts.push(size);
    size += padded.length;
    parts.push(padded);
  }
  const all = Buffer.concat(parts);
  let link = 4;
  starts.forEach((start) => {
    const directory = all.readUInt32LE(start + 4) + start;
    all.writeUInt32LE(directory, link);
    const count = all.readUInt16LE(directory);
    for (let i = 0; i < count; i += 1) {
      const entry = directory + 2 + 12 * i;
      const tag = all.readUInt16LE(entry);
      const bytes =
        ({ 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 }[all.readUInt16LE(entry + 2)] ?? 1) * all.readUInt32LE(entry + 4);
      const isOffset = bytes > 4 || tag === 273;
      if (!isOffset) continue;
      const target = all.readUInt32LE(entry + 8) + start;
      // Strip offsets (273) in a list of their own move as well.
      if (tag === 273 && bytes > 4)
        for (let k = 0; k < bytes; k += 4)
          all.writeUInt32LE(all.readUInt32LE(target + k) + start, target + k);
      all.writeUInt32LE(target, entry + 8);
    }
    link = directory + 2 + 12 * count;
    all.writeUInt32LE(0, link);
  });
  return all;
}

/** Makes the second page claim an impossible compression. */
function breakSecondDirectory(bytes: Buffer): void {
  const first = bytes.readUInt32LE(4);
  const second = bytes.readUInt32LE(first + 2 + 12 * bytes.readUInt16LE(first));
  for (let i = 0; i < bytes.readUInt16LE(second); i += 1) {
    const entry = second + 2 + 12 * i;
    if (bytes.readUInt16LE(entry) === 259) bytes.writeUInt16LE(9999, entry + 8);
  }
}
