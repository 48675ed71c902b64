/** Finds which way up a page is by reading a few of its lines in several positions. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { rotateQuad } from '../imaging/geometry.ts';
import { turnPicture } from '../imaging/picture.ts';
import type { Picture } from '../imaging/picture.ts';
import { decodeGreedily } from './ctc/greedy.ts';
import { heightOf, widthOf } from './reading-order.ts';
import { planesFor, recogniseBoxes } from './read-page.ts';
import type { Reader } from './read-page.ts';

/** Lines read for each position; six settle it, and take some 40 ms. */
const LINES = 6;
/** The other way up must read this much better: upright is the likely case, and numbers read tolerably upside down. */
const MIN_GAIN = 1.15;

export interface Upright {
  page: Picture;
  /** Quarter turns clockwise that were made. */
  turns: number;
  /** Boxes of lines on the upright page. */
  boxes: Quad[];
}

export async function turnUpright(reader: Reader, page: Picture, check: () => void): Promise<Upright> {
  const boxes = await reader.detector.detect(page);
  const asIs = await judge(reader, page, boxes, check);
  const turned = turnPicture(page, 2);
  const over = await judge(
    reader,
    turned,
    boxes.map((box) => turnOver(box, page)),
    check,
  );
  const candidates = [
    { page, turns: 0, ...asIs },
    { page: turned, turns: 2, ...over },
  ];
  // Text that runs up or down the page shows as tall boxes, or reads badly both ways.
  if (Math.max(asIs.score, over.score) < SURE_SCORE || asIs.tallShare > MAX_TALL_SHARE) {
    for (const turns of [1, 3]) {
      const side = turnPicture(page, turns);
      candidates.push({
        page: side,
        turns,
        ...(await judge(reader, side, await reader.detector.detect(side), check)),
      });
    }
  }
  let best = candidates[0] as (typeof candidates)[0];
  for (const candidate of candidates.slice(1)) {
    if (candidate.score > best.score * (best.turns === 0 ? MIN_GAIN : 1)) best = candidate;
  }
  return { page: best.page, turns: best.turns, boxes: best.boxes };
}

/** A page that reads at this score is the right way up or upside down, not lying on its side. */
const SURE_SCORE = 0.7;

/** Part of the boxes that may be tall on an upright page: single characters and vertical seals. */
const MAX_TALL_SHARE = 0.3;
/** Characters after which more add little certainty. */
const ENOUGH_CHARS = 8;

interface Judged {
  score: number;
  tallShare: number;
  boxes: Quad[];
}

async function judge(reader: Reader, page: Picture, boxes: Quad[], check: () => void): Promise<Judged> {
  check();
  const tall = boxes.filter((box) => heightOf(box) > 1.5 * widthOf(box)).length;
  const lines = boxes
    .filter((box) => widthOf(box) > 2.5 * heightOf(box))
    .sort((a, b) => usefulness(b) - usefulness(a))
    .slice(0, LINES);
  const matrices = await recogniseBoxes(reader, planesFor(reader.recogniser, page), lines, check);
  // Chinese characters tell up from down; digits and letters such as 0 8 H O do not.
  let total = 0;
  let weight = 0;
  for (const matrix of matrices) {
    for (const char of decodeGreedily(matrix)) {
      const w = /\p{Script=Han}/u.test(reader.chars.charOf(char.classId)) ? 1 : 0.3;
      total += w * Math.exp(char.logProb);
      weight += w;
    }
  }
  return {
    // Few characters prove little, however well they read.
    score: weight === 0 ? 0 : (total / weight) * (1 - Math.exp(-weight / ENOUGH_CHARS)),
    tallShare: boxes.length === 0 ? 0 : tall / boxes.length,
    boxes,
  };
}

/** Middling long lines of ordinary height say most for their cost. */
function usefulness(box: Quad): number {
  return Math.min(12, widthOf(box) / heightOf(box)) * Math.min(40, heightOf(box));
}

/** The box on the page turned by half a turn. */
function turnOver(box: Quad, { width, height }: Picture): Quad {
  return rotateQuad(box.map(([x, y]): Point => [width - x, height - y]) as Quad, 2);
}
