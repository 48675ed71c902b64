/**
 * `npm run bench -- opencv --beside PACKAGE`: the build of OpenCV in use beside another, over the same pictures in turn: what it
 * costs to load, to find the sheets, to straighten and to judge them, and whether both come to the same.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Quad } from '#domain/reading/schema.ts';
import { decodePicture, shrinkPicture } from '#paper/imaging/files/decode.ts';
import { searchPx, findPages } from '#paper/imaging/detect/find-page.ts';
import { loadOpenCv } from '#paper/imaging/opencv.ts';
import type { Cv } from '#paper/imaging/opencv.ts';
import { defaultPaperSizes, framePage } from '#paper/imaging/rectify/paper-size.ts';
import { measurePage } from '#paper/imaging/quality/quality.ts';
import type { PageMeasures } from '#paper/imaging/quality/quality.ts';
import { straighten } from '#paper/imaging/rectify/straighten.ts';
import { loadPageFinder } from '#paper/imaging/detect/page-finder.ts';
import type { PageFinder } from '#paper/imaging/detect/page-finder.ts';
import { BenchError } from './options.ts';
import type { BenchOptions } from './options.ts';
import { cornerLimit, cornerError, median } from './pages/corner-scores.ts';
import { readSet } from './pages/real-pages.ts';
import { table } from './score/table.ts';
import { renderSet } from './set/render-set.ts';

const modelFolder = fileURLToPath(new URL('../models/weights', import.meta.url));
const inUse = 'opencv-wasm';
const rounds = 3;
const stages = ['find', 'straighten', 'judge'] as const;
type Stage = (typeof stages)[number];

interface Build {
  name: string;
  cv: Cv;
  /** Milliseconds of processor time. */
  costs: Record<Stage, number[]>;
  errors: number[];
}

interface Found {
  corners: Quad;
  pixels: Uint8Array;
  measures: PageMeasures;
}

export async function benchOpenCv(options: BenchOptions): Promise<void> {
  const names = [inUse, ...(options.beside ? [options.beside] : [])];
  say(
    table(
      ['loading, median of 5', 'wall ms', 'CPU ms', 'resident MB'],
      names.map((name) => [name, ...loadingOf(name)]),
    ),
  );
  const builds: Build[] = [];
  for (const name of names) {
    const { cv } = await open(name);
    builds.push({ name, cv, costs: { find: [], straighten: [], judge: [] }, errors: [] });
  }
  const { pictures, dispose } = await picturesOf(options);
  let different = 0;
  try {
    const finder = await loadPageFinder(modelFolder, 1);
    // The first round compiles and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, picture] of pictures.entries())
        if (await isDifferent(builds, finder, picture, { round, index }))
          different += round === rounds ? 1 : 0;
    }
  } finally {
    await dispose();
  }
  say(
    table(
      [
        `${pictures.length} pictures, ${rounds} rounds`,
        ...stages.map((stage) => `${stage}, CPU ms`),
        'found',
      ],
      builds.map(({ name, costs, errors }) => [
        name,
        ...stages.map((stage) => (median(costs[stage]) ?? 0).toFixed(1)),
        String(errors.filter((error) => error <= cornerLimit).length),
      ]),
    ),
  );
  if (builds.length > 1)
    say(`pictures with other corners, pixels or measures: ${different} of ${pictures.length}`);
}

/** Whether the builds differ; the one that goes first changes with each picture and round. */
async function isDifferent(
  builds: readonly Build[],
  finder: PageFinder,
  { file, corners }: { file: string; corners: Quad },
  { round, index }: { round: number; index: number },
): Promise<boolean> {
  const picture = await decodePicture(await readFile(file));
  const small = await shrinkPicture(picture, searchPx);
  const map = await finder.look(small, picture);
  const request = { small, paperSizes: defaultPaperSizes, source: 'photo', map } as const;
  const order = (round + index) % 2 === 0 ? builds : builds.toReversed();
  const found = order.map(({ cv, costs, errors }): Found => {
    const spend = <Result>(stage: Stage, work: () => Result): Result => {
      const before = process.cpuUsage();
      const result = work();
      const { user, system } = process.cpuUsage(before);
      if (round > 0) costs[stage].push((user + system) / 1000);
      return result;
    };
    const pages = spend('find', () => findPages(cv, picture, request));
    const errorOf = (quad: Quad): number => cornerError(quad, corners, picture);
    const [page] = pages.toSorted((a, b) => errorOf(a.corners) - errorOf(b.corners));
    if (!page) throw new Error(`${file}: no page came back`);
    if (round === rounds) errors.push(errorOf(page.corners));
    const frame = framePage(page.corners, picture, defaultPaperSizes);
    const flat = spend('straighten', () => straighten(cv, picture, page.corners, frame));
    return {
      corners: page.corners,
      pixels: flat.data,
      measures: spend('judge', () => measurePage(cv, flat, frame.dpi)),
    };
  });
  const [first, ...others] = found;
  return first !== undefined && others.some((other) => !areSame(first, other));
}

/** Corners to a tenth of a pixel, pixels to one step of 256: the builds round differently. */
function areSame(a: Found, b: Found): boolean {
  const isNear = a.corners.flat().every((value, i) => Math.abs(value - (b.corners.flat()[i] ?? 0)) < 0.1);
  return (
    isNear &&
    a.pixels.length === b.pixels.length &&
    a.pixels.every((value, i) => Math.abs(value - (b.pixels[i] ?? 0)) <= 1) &&
    JSON.stringify(a.measures) === JSON.stringify(b.measures)
  );
}

async function picturesOf(
  options: BenchOptions,
): Promise<{ pictures: { file: string; corners: Quad }[]; dispose: () => Promise<void> }> {
  const { real } = options;
  if (real) {
    const pictures = (await readSet(real)).map(({ file, corners }) => ({ file: join(real, file), corners }));
    return { pictures, dispose: () => Promise.resolve() };
  }
  const set = await renderSet(options);
  return {
    pictures: set.pages.map(({ pictureFile, corners }) => ({ file: pictureFile, corners })),
    dispose: () => set.dispose(),
  };
}

async function open(name: string): Promise<{ cv: Cv }> {
  try {
    return await loadOpenCv(name);
  } catch (error) {
    throw new BenchError(`${name} is not installed: npm install --no-save ${name}`, { cause: error });
  }
}

/** Each load in a process of its own. */
function loadingOf(name: string): string[] {
  const file = fileURLToPath(new URL('../paper/imaging/opencv.ts', import.meta.url));
  const script = `
    const { loadOpenCv } = await import(${JSON.stringify(file)});
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    await loadOpenCv(${JSON.stringify(name)});
    const { user, system } = process.cpuUsage(cpu);
    const mb = process.memoryUsage.rss() / 1e6;
    process.stdout.write(JSON.stringify([performance.now() - wall, (user + system) / 1000, mb]));
    process.exit(0);`;
  try {
    const runs = Array.from({ length: 5 }, () => {
      const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      return JSON.parse(said) as number[];
    });
    return [0, 1, 2].map((i) => (median(runs.map((run) => run[i] ?? 0)) ?? 0).toFixed(0));
  } catch (error) {
    throw new BenchError(`${name} is not installed: npm install --no-save ${name}`, { cause: error });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
