import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  addPack,
  checkPack,
  choosePack,
  listPacks,
  resolveModelPack,
} from '#paper/ocr/packs/station-packs.ts';
import { packProblems } from '#paper/networks/problems.ts';
import { readManifest } from '#paper/ocr/model-pack.ts';
import type { ResolvedPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { PageReading } from '#paper/ports/paper-reader.ts';
import { tinyDetector, tinyRecogniser } from '../support/tiny-onnx.ts';
import { drawPage, encode, licenceLines } from './paper/pictures.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
/** A PP-OCR export of one's own choice: det.onnx, rec.onnx, keys.txt. */
const outsidePack = process.env['LUDENG_OUTSIDE_PACK'];

let folder: string;
let places: { dataFolder: string; modelFolder: string };
const refused: { packId: string; reason: string }[] = [];
const onRefused = (problem: { packId: string; reason: string }): void => void refused.push(problem);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ludeng-packs-'));
  places = { dataFolder: join(folder, 'station'), modelFolder };
  refused.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An export as it comes from PP-OCR's tools: no manifest. */
async function bareExport({ classes = 5, lines = 3 } = {}): Promise<string> {
  const from = join(folder, 'Tiny-Export');
  await mkdir(from);
  await writeFile(join(from, 'det.onnx'), tinyDetector());
  await writeFile(join(from, 'rec.onnx'), tinyRecogniser(classes));
  await writeFile(join(from, 'keys.txt'), `${['一', '二', '三', '四'].slice(0, lines).join('\n')}\n`);
  await writeFile(join(from, 'README.md'), 'Weights under Apache-2.0.\n');
  return from;
}

/** Our own weights under another name, with their manifest. */
async function relabelled(): Promise<string> {
  const from = join(folder, 'relabelled');
  await cp(modelFolder, from, { recursive: true });
  const manifest = JSON.parse(await readFile(join(from, 'manifest.json'), 'utf8')) as {
    default: string;
    packs: { id: string }[];
  };
  const packs = manifest.packs.map((pack) =>
    pack.id === manifest.default ? { ...pack, id: 'outside' } : pack,
  );
  const renamed = { ...manifest, default: 'outside', packs };
  await writeFile(join(from, 'manifest.json'), JSON.stringify(renamed));
  return from;
}

async function flipByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[1000] = (bytes[1000] ?? 0) ^ 1;
  await writeFile(file, bytes);
}

async function read(pack: ResolvedPack, jpeg: Uint8Array): Promise<PageReading & { packId: string }> {
  const reader = createPaperReader(pack);
  const wait = { signal: new AbortController().signal, timeoutMs: 60_000 };
  try {
    const { packId } = await reader.describeModels(wait);
    return { ...(await reader.readPage(jpeg, wait)), packId };
  } finally {
    await reader.close();
  }
}

describe('an export without a manifest', () => {
  test('gets its manifest from the graphs and can be chosen', async () => {
    const added = await addPack(places, await bareExport());
    expect(added).toMatchObject({ id: 'tiny-export', licence: 'Apache-2.0', builtIn: false, chosen: false });
    const manifest = await readManifest(join(places.dataFolder, 'packs', 'tiny-export'));
    expect(manifest.packs[0]).toMatchObject({
      recogniser: {
        input: { name: 'x', channels: ['blue', 'green', 'red'], height: 48, maxBatch: 1, padTo: 320 },
        output: { name: 'p', frameStride: 8, blank: 0, firstClass: 1, kind: 'probabilities' },
        charset: { size: 3, space: true },
      },
      detector: { input: { longSide: 1536 }, output: { name: 'map', stride: 1 } },
    });
    await choosePack(places, 'tiny-export');
    expect(await listPacks(places)).toContainEqual(
      expect.objectContaining({ id: 'tiny-export', chosen: true }),
    );
    const resolved = await resolveModelPack(places, onRefused);
    const bar = await sharp({ create: { width: 200, height: 24, channels: 3, background: '#101010' } })
      .png()
      .toBuffer();
    const page = await sharp({ create: { width: 600, height: 800, channels: 3, background: '#ffffff' } })
      .composite([{ input: bar, left: 120, top: 300 }])
      .jpeg({ quality: 95 })
      .toBuffer();
    const seen = await read(resolved, page);
    expect(seen.packId).toBe('tiny-export');
    expect(seen.lines.map(({ text }) => text)).toEqual(['一']);
    const [left, top] = seen.lines[0]?.box[0] ?? [0, 0];
    expect(Math.abs(left - 120) + Math.abs(top - 300)).toBeLessThan(60);
    expect(refused).toEqual([]);
  });

  test('reads the red channel alone when told so', async () => {
    await addPack(places, await bareExport(), { id: 'tiny-red', channels: 'red' });
    const manifest = await readManifest(join(places.dataFolder, 'packs', 'tiny-red'));
    expect(manifest.packs[0]?.recogniser.input.channels).toEqual(['red', 'red', 'red']);
  });

  test('whose dictionary does not fit its classes is refused with the reason', async () => {
    const from = await bareExport({ classes: 9 });
    await expect(addPack(places, from)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      details: { reason: packProblems.recogniserOutput, classes: 9, lines: 3 },
    });
    expect((await listPacks(places)).every(({ builtIn }) => builtIn)).toBe(true);
  });
});

describe('a pack with a manifest', () => {
  test('reads a page as the built-in pack does when it holds the same weights', async () => {
    await addPack(places, await relabelled());
    await choosePack(places, 'outside');
    const jpeg = await encode(await drawPage(licenceLines))
      .jpeg()
      .toBuffer();
    const outside = await read(await resolveModelPack(places, onRefused), jpeg);
    const builtIn = await read({ modelFolder }, jpeg);
    expect(outside.packId).toBe('outside');
    expect(outside.lines.length).toBeGreaterThan(5);
    expect(outside.lines).toEqual(builtIn.lines);
  });

  test('that was damaged on its way is not taken', async () => {
    const from = await relabelled();
    await flipByte(join(from, 'rec.onnx'));
    await expect(addPack(places, from)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      details: { reason: packProblems.hashDiffers, file: 'rec.onnx' },
    });
  });

  test('that is damaged later is refused, and the built-in pack goes on', async () => {
    await addPack(places, await relabelled());
    await choosePack(places, 'outside');
    await flipByte(join(places.dataFolder, 'packs', 'outside', 'det.onnx'));
    await expect(checkPack(places)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
    expect(await resolveModelPack(places, onRefused)).toEqual({ modelFolder });
    expect(refused).toEqual([{ packId: 'outside', reason: `${packProblems.hashDiffers}（det.onnx）` }]);
  });

  test('may not take the name of a built-in one', async () => {
    await expect(addPack(places, modelFolder)).rejects.toMatchObject({
      details: { reason: packProblems.reservedId },
    });
  });
});

describe('choosing', () => {
  test('an unknown pack is refused and the choice stays', async () => {
    await addPack(places, await bareExport());
    await choosePack(places, 'tiny-export');
    await expect(choosePack(places, 'nothing')).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      details: { reason: packProblems.unknown, packId: 'nothing' },
    });
    expect(await resolveModelPack(places, onRefused)).toMatchObject({ packId: 'tiny-export' });
  });

  test('the built-in pack can be chosen again', async () => {
    await addPack(places, await bareExport());
    await choosePack(places, 'tiny-export');
    const builtIn = (await listPacks(places)).find((pack) => pack.builtIn);
    await choosePack(places, builtIn?.id ?? '');
    expect(await resolveModelPack(places, onRefused)).toEqual({ modelFolder });
  });

  test('a spoilt note of the choice does not stop the station', async () => {
    await mkdir(join(places.dataFolder, 'packs'), { recursive: true });
    await writeFile(join(places.dataFolder, 'packs', 'chosen.json'), '{"packId":"../../elsewhere"}');
    expect(await resolveModelPack(places, onRefused)).toEqual({ modelFolder });
    expect(refused).toEqual([{ packId: '', reason: packProblems.choiceUnreadable }]);
  });
});

describe('a PP-OCR export from outside', () => {
  test.skipIf(!outsidePack)(
    'reads a licence (skipped unless LUDENG_OUTSIDE_PACK names a folder with one)',
    async () => {
      const { id } = await addPack(places, outsidePack ?? '');
      await choosePack(places, id);
      const jpeg = await encode(await drawPage(licenceLines))
        .jpeg()
        .toBuffer();
      const { lines, packId } = await read(await resolveModelPack(places, onRefused), jpeg);
      expect(packId).toBe(id);
      const text = lines.map((line) => line.text.replace(/\s/g, '')).join('\n');
      expect(text).toContain('辽宁恒泰建设工程有限公司');
      expect(text).toContain('91210100MA0XYRK84C');
    },
  );
});
