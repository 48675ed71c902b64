/**
 * `npm run bench -- pages --real FOLDER`: photographs of real sheets, whose corners were marked by eye in FOLDER/corners.json,
 * through the station's own reader and beside the plain finder. A third of them, chosen by their names alone, is set aside:
 * the finder is mended on the others.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { quadSchema } from '#domain/reading/schema.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { decodePicture, shrinkPicture } from '#paper/imaging/files/decode.ts';
import { searchPx, findPages } from '#paper/imaging/detect/find-page.ts';
import { loadOpenCv } from '#paper/imaging/opencv.ts';
import type { Cv } from '#paper/imaging/opencv.ts';
import { defaultPaperSizes } from '#paper/imaging/rectify/paper-size.ts';
import { loadPageFinder } from '#paper/imaging/detect/page-finder.ts';
import type { PageFinder } from '#paper/imaging/detect/page-finder.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import { BenchError } from '../options.ts';
import type { BenchOptions } from '../options.ts';
import { percent, table } from '../score/table.ts';
import { cornerLimit, cornerError, isUpright, median } from './corner-scores.ts';
import { findPlainly } from './plain-finder.ts';

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));
const timeoutMs = 120_000;
/** Beside the limit that counts: what a person would still call found. */
const widerLimit = 0.02;

const setSchema = z.array(
  z.object({
    file: z.string(),
    /** Clockwise from the page's own top left, pixels of the picture turned as its EXIF says. */
    corners: quadSchema,
    shows: z.string().optional(),
    note: z.string().optional(),
  }),
);
type RealPage = z.infer<typeof setSchema>[number];

type Part = 'development' | 'set aside';

export interface RealFigures {
  file: string;
  part: Part;
  /** In parts of the picture's diagonal, of the sheet that comes nearest. */
  error: number;
  plainError: number | undefined;
  ms: number;
  plainMs: number;
  /** Of the station's own reader; undefined with --quick. */
  told:
    | {
        pages: number;
        error: number;
        issues: string[];
        upright: boolean;
        widthMm: number;
        heightMm: number;
      }
    | undefined;
}

/** By the name alone, so that nobody chooses. */
export function partOf(file: string): Part {
  const [first = 0] = createHash('sha256')
    .update(file.replace(/\.\w+$/, ''))
    .digest();
  return first % 3 === 0 ? 'set aside' : 'development';
}

export async function benchRealPages(options: BenchOptions & { real: string }): Promise<void> {
  const set = (await readSet(options.real)).filter(
    ({ file }) => options.part === 'all' || partOf(file) === options.part,
  );
  const { cv } = await loadOpenCv();
  const finder = await loadPageFinder(modelFolder, 1);
  const reader = options.quick ? undefined : createPaperReader({ modelFolder });
  try {
    const figures: RealFigures[] = [];
    for (const page of set)
      figures.push(await measure({ cv, finder, reader, folder: options.real }, page, figures.length === 0));
    for (const line of reportReal(figures)) process.stdout.write(`${line}\n`);
    if (options.json) await writeFile(options.json, `${JSON.stringify({ figures }, undefined, 2)}\n`);
  } finally {
    await reader?.close();
  }
}

/** Throws BenchError. */
export async function readSet(folder: string): Promise<RealPage[]> {
  try {
    return setSchema.parse(JSON.parse(await readFile(join(folder, 'corners.json'), 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new BenchError(`--real takes a folder with corners.json and its pictures: ${why}`, {
      cause: error,
    });
  }
}

interface Tools {
  cv: Cv;
  finder: PageFinder;
  reader: ManagedPaperReader | undefined;
  folder: string;
}

async function measure(tools: Tools, truth: RealPage, isFirst: boolean): Promise<RealFigures> {
  const { cv, reader, folder } = tools;
  const bytes = await readFile(join(folder, truth.file));
  const picture = await decodePicture(bytes);
  const find = async (): Promise<Quad[]> => {
    const small = await shrinkPicture(picture, searchPx);
    const map = await tools.finder.look(small, picture);
    const request = { small, paperSizes: defaultPaperSizes, source: 'photo', map } as const;
    return findPages(cv, picture, request).map(({ corners }) => corners);
  };
  // The first run compiles; that is no picture's cost.
  if (isFirst) {
    await find();
    findPlainly(cv, picture);
  }
  const began = performance.now();
  const found = await find();
  const between = performance.now();
  const plain = findPlainly(cv, picture);
  const ended = performance.now();
  const errorOf = (quad: Quad): number => cornerError(quad, truth.corners, picture);
  const told = reader && (await tell(reader, bytes, truth, errorOf));
  const nearest = found.toSorted((a, b) => errorOf(a) - errorOf(b))[0];
  return {
    file: truth.file,
    part: partOf(truth.file),
    // The station looks for text beyond the page as well; without it the finder alone counts.
    error: told?.error ?? (nearest ? errorOf(nearest) : 1),
    plainError: plain && errorOf(plain),
    ms: between - began,
    plainMs: ended - between,
    told,
  };
}

/** What the station makes of it: how many pages, the issues of the one that is meant, and which way up it stands. */
async function tell(
  reader: ManagedPaperReader,
  bytes: Uint8Array,
  truth: RealPage,
  errorOf: (quad: Quad) => number,
): Promise<RealFigures['told']> {
  const pages = await reader.openDocument(bytes, { signal: new AbortController().signal, timeoutMs });
  const [page] = pages.toSorted((a, b) => errorOf(a.corners) - errorOf(b.corners));
  if (!page) return undefined;
  return {
    pages: pages.length,
    error: errorOf(page.corners),
    issues: page.quality.issues,
    upright: isUpright(page.corners, truth.corners),
    widthMm: page.widthMm,
    heightMm: page.heightMm,
  };
}

/** Lines to print. */
export function reportReal(figures: readonly RealFigures[]): string[] {
  const parts = [
    ['all', figures],
    ...(['development', 'set aside'] as const).map((part) => [
      part,
      figures.filter((page) => page.part === part),
    ]),
  ] as [string, readonly RealFigures[]][];
  const rows = parts
    .filter(([, pages]) => pages.length > 0)
    .flatMap(([name, pages]) => [
      row(
        `${name}: ours`,
        pages.map(({ error, ms }) => ({ error, ms })),
      ),
      row(
        `${name}: plain finder`,
        pages.map(({ plainError, plainMs }) => ({ error: plainError ?? 1, ms: plainMs })),
      ),
    ]);
  return [
    'Real photographs: all four corners within 1 % and 2 % of the picture diagonal',
    table(['finder', 'number', 'in 1 %', 'in 2 %', '1 %, %', '2 %, %', 'median error %', 'median ms'], rows),
    ...wrong(figures),
  ];
}

function row(name: string, found: readonly { error: number; ms: number }[]): string[] {
  const within = (limit: number): number => found.filter(({ error }) => error <= limit).length;
  const near = found.map(({ error }) => error).filter((error) => error <= widerLimit);
  return [
    name,
    String(found.length),
    ...[cornerLimit, widerLimit].map((limit) => String(within(limit))),
    ...[cornerLimit, widerLimit].map((limit) => percent(within(limit) / found.length)),
    percent(median(near)),
    (median(found.map(({ ms }) => ms)) ?? 0).toFixed(0),
  ];
}

function wrong(figures: readonly RealFigures[]): string[] {
  const lines = figures.flatMap(({ file, error, told }) => {
    const notes = [
      ...(error > cornerLimit ? [`corners off by ${percent(error)} %`] : []),
      ...(told && told.pages !== 1 ? [`${told.pages} pages`] : []),
      ...(told && !told.upright ? ['not upright'] : []),
      ...(told?.issues ?? []),
    ];
    return notes.length === 0 ? [] : [`${file}: ${notes.join(', ')}`];
  });
  return lines.length === 0 ? [] : ['\nMissed, and what a person is told', ...lines];
}
