/**
 * Fits what counts when the page finder chooses among quads (`paper/imaging/detect/quad-choice.ts`): of each picture's quads the
 * true one is to have the greatest worth (a conditional logit). Prints the weights and how often the choice is right.
 *
 *     python3 models/render.py --split train --kind all --condition hard --count 12 --seed 71000 --out /some/hard
 *     node bench/fit-quad-choice.ts /some/hard /some/camera
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import { quadSchema } from '#domain/reading/schema.ts';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { decodePicture, shrinkPicture } from '#paper/imaging/files/decode.ts';
import { searchPx, labOf } from '#paper/imaging/detect/find-page.ts';
import { loadOpenCv, withScope } from '#paper/imaging/opencv.ts';
import { defaultPaperSizes } from '#paper/imaging/rectify/paper-size.ts';
import { featureNames, featuresOf } from '#paper/imaging/detect/quad-choice.ts';
import { findSheets } from '#paper/imaging/detect/sheet-quads.ts';
import { quadsAround } from '#paper/imaging/detect/side-search.ts';
import { loadPageFinder } from '#paper/imaging/detect/page-finder.ts';
import { cornerError } from './pages/corner-scores.ts';

/** A quad this near to the truth is sharpened into it. */
const rightWithin = 0.012;
const maxQuads = 200;
const rounds = 3000;
const rate = 0.05;
/** Keeps the weights small, in units of each feature's spread. */
const decay = 0.01;

interface Choice {
  /** A row for each quad. */
  rows: number[][];
  right: boolean[];
}

const truthSchema = z.object({
  picture: z.string(),
  certificate: z.string().nullable(),
  corners: quadSchema,
});

async function choicesOf(folder: string): Promise<Choice[]> {
  const { cv } = await loadOpenCv();
  const finder = await loadPageFinder(fileURLToPath(new URL('../models/weights', import.meta.url)), 1);
  const catalogue = loadCatalogue();
  const choices: Choice[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json'))) {
    const truth = truthSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    const picture = await decodePicture(await readFile(join(folder, truth.picture)));
    const small = await shrinkPicture(picture, searchPx);
    const scale = picture.width / small.width;
    const map = await finder.look(small, picture);
    const [sheet] = findSheets(map).toSorted((a, b) => b.score - a.score);
    if (!sheet) continue;
    const paperSizes = truth.certificate
      ? getDocumentType(catalogue, truth.certificate).papers
      : defaultPaperSizes;
    const choice = withScope((bin): Choice => {
      const { lab } = labOf(cv, bin, small);
      const shrink = (quad: Quad): Quad => quad.map(([x, y]): Point => [x / scale, y / scale]) as Quad;
      const rough = shrink(sheet.corners);
      const corners = shrink(truth.corners);
      const quads = [rough, ...quadsAround(lab, rough, maxQuads)];
      const features = quads.map((quad) => featuresOf(quad, { lab, map, scale, paperSizes, rough }));
      return {
        rows: features.map((one) => featureNames.map((feature) => one[feature])),
        right: quads.map((quad) => cornerError(quad, corners, lab) < rightWithin),
      };
    });
    choices.push(choice);
  }
  return choices;
}

/** Weights by feature: gradient ascent (Adam) on the log of the right quads' share. */
function fit(choices: readonly Choice[]): number[] {
  const all = choices.flatMap(({ rows }) => rows);
  const n = featureNames.length;
  const means = featureNames.map((_, k) => meanOf(all, (row) => row[k] ?? 0));
  const spreads = featureNames.map(
    (_, k) => Math.sqrt(meanOf(all, (row) => ((row[k] ?? 0) - (means[k] ?? 0)) ** 2)) + 1e-6,
  );
  const weights = new Array<number>(n).fill(0);
  const [first, second] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
  const usable = choices
    .filter(({ right }) => right.includes(true))
    .map(({ rows, right }) => ({
      right,
      rows: rows.map((row) => row.map((value, k) => (value - (means[k] ?? 0)) / (spreads[k] ?? 1))),
    }));
  for (let round = 1; round <= rounds; round += 1) {
    const slope = weights.map((weight) => -decay * weight);
    for (const { rows, right } of usable) {
      const worth = rows.map((row) => dot(row, weights));
      const most = Math.max(...worth);
      const shares = worth.map((value) => Math.exp(value - most));
      const total = shares.reduce((a, b) => a + b, 0);
      const totalRight = shares.reduce((sum, share, i) => sum + (right[i] ? share : 0), 0) + 1e-12;
      rows.forEach((row, i) => {
        const share = shares[i] ?? 0;
        const pull = (right[i] ? share / totalRight : 0) - share / total;
        row.forEach((value, k) => (slope[k] = (slope[k] ?? 0) + (pull * value) / usable.length));
      });
    }
    slope.forEach((g, k) => {
      first[k] = 0.9 * (first[k] ?? 0) + 0.1 * g;
      second[k] = 0.999 * (second[k] ?? 0) + 0.001 * g * g;
      const step = (first[k] ?? 0) / (1 - 0.9 ** round);
      const size = Math.sqrt((second[k] ?? 0) / (1 - 0.999 ** round)) + 1e-8;
      weights[k] = (weights[k] ?? 0) + (rate * step) / size;
    });
  }
  return weights.map((weight, k) => weight / (spreads[k] ?? 1));
}

function countRight(choices: readonly Choice[], weights: readonly number[]): number {
  return choices.filter(({ rows, right }) => {
    const worth = rows.map((row) => dot(row, weights));
    return right[worth.indexOf(Math.max(...worth))];
  }).length;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const meanOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / Math.max(1, items.length);

const folders = process.argv.slice(2);
const byFolder = [];
for (const folder of folders) byFolder.push({ folder, choices: await choicesOf(folder) });
const weights = fit(byFolder.flatMap(({ choices }) => choices));
process.stdout.write(
  `${featureNames.map((name, k) => `  ${JSON.stringify(name)}: ${(weights[k] ?? 0).toFixed(2)},`).join('\n')}\n`,
);
for (const { folder, choices } of byFolder) {
  const possible = choices.filter(({ right }) => right.includes(true)).length;
  process.stdout.write(
    `${folder}: ${countRight(choices, weights)} right of ${choices.length}, possible ${possible}\n`,
  );
}
