/**
 * How many folded corners the page finder tells, and how many whole pages it calls folded, on rendered desks: by the
 * corners of the straightened page, and by the preview's.
 *
 *     python3 models/render_desks.py --what one --count 100 --seed 1 --long-side 1632 --spoil 0.25 --out /some/folder
 *     node bench/score-folds.ts /some/folder [limit...]
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { quadSchema } from '#domain/reading/schema.ts';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { decodePicture, shrinkPicture } from '#paper/imaging/files/decode.ts';
import { searchPx, findOutlines, findPages, isAtRim } from '#paper/imaging/detect/find-page.ts';
import { distance } from '#paper/imaging/geometry.ts';
import { loadOpenCv } from '#paper/imaging/opencv.ts';
import { defaultPaperSizes } from '#paper/imaging/rectify/paper-size.ts';
import type { Picture } from '#paper/imaging/picture.ts';
import { loadPageFinder } from '#paper/imaging/detect/page-finder.ts';
import { cornerError } from './pages/corner-scores.ts';

/** Within this part of the diagonal a found quad is the true sheet's. */
const same = 0.03;
/** A smaller fold, in parts of the sheet's shorter side, hides nothing. */
const minFold = 0.04;
const defaultLimits = [0.5, 0.7, 0.8, 0.9, 0.95];

const stateSchema = z.tuple([z.enum(['whole', 'folded', 'missing']), z.string(), z.number()]);
type State = z.infer<typeof stateSchema>;
const whole: State[] = Array.from({ length: 4 }, () => ['whole', 'plain', 0]);
const truthSchema = z.union([
  z.object({
    picture: z.string(),
    sheets: z.array(z.object({ corners: quadSchema, states: z.array(stateSchema).optional() })),
  }),
  // Of models/render.py, which folds no corners.
  z
    .object({ picture: z.string(), corners: quadSchema })
    .transform(({ picture, corners }) => ({ picture, sheets: [{ corners, states: whole }] })),
]);
interface Judged {
  states: { state: string; kind: string; size: number; p: number }[];
}

const [folder = '.', ...limits] = process.argv.slice(2);
const { cv } = await loadOpenCv();
const finder = await loadPageFinder(fileURLToPath(new URL('../models/weights', import.meta.url)), 1);
const judged: Record<'straightened' | 'preview', Judged[]> = { straightened: [], preview: [] };
let sheets = 0;
for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json'))) {
  const truth = truthSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
  const picture = await decodePicture(await readFile(join(folder, truth.picture)));
  const small = await shrinkPicture(picture, searchPx);
  const scale = picture.width / small.width;
  const map = await finder.look(small, picture);
  const pages = findPages(cv, picture, {
    small,
    paperSizes: defaultPaperSizes,
    source: 'photo',
    map,
  }).filter(({ how }) => how === 'edges');
  for (const { corners, states } of truth.sheets) {
    if (!states) continue;
    sheets += 1;
    for (const [way, found] of [
      ['straightened', pages],
      ['preview', findOutlines(map)],
    ] as const) {
      const quad = found.find((page) => cornerError(page.corners, corners, picture) < same)?.corners;
      if (!quad) continue;
      const likely = await finder.judgeCorners(
        small,
        quad.map(([x, y]): Point => [x / scale, y / scale]) as Quad,
      );
      judged[way].push({
        states: states.map(([state, kind, size], i) => ({
          state,
          kind,
          size,
          p: seenAs(quad, likely, nearest(quad, corners[i] as Point), picture),
        })),
      });
    }
  }
}

function seenAs(quad: Quad, likely: readonly number[], corner: number, picture: Picture): number {
  return isAtRim(quad[corner] as Point, picture) ? 0 : (likely[corner] as number);
}

function nearest(quad: Quad, point: Point): number {
  const far = quad.map((corner) => distance(corner, point));
  return far.indexOf(Math.min(...far));
}

const share = (part: number, all: number): string =>
  `${part} of ${all} (${((100 * part) / (all || 1)).toFixed(1)} %)`;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);
for (const [way, found] of Object.entries(judged)) {
  say(`${way}: ${share(found.length, sheets)} sheets found`);
  const corners = found.flatMap(({ states }) => states);
  const large = corners.filter(({ state, size }) => state === 'folded' && size >= minFold);
  const unfolded = found.filter(({ states }) => states.every(({ state }) => state !== 'folded'));
  for (const limit of limits.length > 0 ? limits.map(Number) : defaultLimits) {
    const told = large.filter(({ p }) => p > limit).length;
    const pages = unfolded.filter(({ states }) => states.some(({ p }) => p > limit)).length;
    say(
      `  above ${limit}: folds told ${share(told, large.length)}, pages called folded wrongly ${share(pages, unfolded.length)}`,
    );
    for (const kind of [...new Set(corners.map((corner) => corner.kind))].sort()) {
      const of = corners.filter(
        (corner) => corner.kind === kind && (corner.state !== 'folded' || corner.size >= minFold),
      );
      say(`    ${kind}: called folded ${share(of.filter(({ p }) => p > limit).length, of.length)}`);
    }
  }
}
