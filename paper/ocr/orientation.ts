/**
 * Finds which way up a page is: a small network says so where the pack has one and it is sure, else a few lines are read
 * in several positions.
 */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { rotateQuad } from '../imaging/geometry.ts';
import { turnPicture } from '../imaging/picture.ts';
import type { GreyPicture, Picture } from '../imaging/picture.ts';
import { decodeGreedily } from './ctc/greedy.ts';
import { heightOf, widthOf } from './reading-order.ts';
import { cropBoxes, planesFor } from './read-page.ts';
import type { Reader } from './read-page.ts';

/** Lines read for each position; six settle it, and take some 40 ms. */
const linesRead = 6;
/** The other way up must read this much better: upright is the likely case, and numbers read tolerably upside down. */
const minGain = 1.15;

export interface Upright {
  page: Picture;
  /** Quarter turns clockwise that were made. */
  turns: number;
  /** Boxes of lines on the upright page. */
  boxes: Quad[];
}

/** `onTurned` is told of the page as soon as the network is sure, before its lines are found; it may be wrong yet. */
export async function turnUpright(
  reader: Reader,
  page: Picture,
  check: () => void,
  onTurned?: (page: Picture) => void,
): Promise<Upright> {
  const turns = await reader.orienter?.look(page);
  check();
  if (turns !== undefined) {
    const turned = turns === 0 ? page : turnPicture(page, turns);
    onTurned?.(turned);
    const seen = await asSeen(reader, turned, turns, check);
    if (seen) return seen;
  }
  return turnByReading(reader, page, check);
}

/** The page turned as the network says; undefined where a turn cannot be confirmed by reading. */
async function asSeen(
  reader: Reader,
  turned: Picture,
  turns: number,
  check: () => void,
): Promise<Upright | undefined> {
  const boxes = await reader.detector.detect(turned);
  check();
  // Most pages lie upright, so a turn is worth a look: a pattern without text must not be turned for nothing.
  if (turns !== 0 && (await judge(reader, planesFor(reader.recogniser, turned), boxes, check)) < sureScore)
    return undefined;
  return { page: turned, turns, boxes };
}

async function turnByReading(reader: Reader, page: Picture, check: () => void): Promise<Upright> {
  const boxes = await reader.detector.detect(page);
  const planes = planesFor(reader.recogniser, page);
  check();
  const asIs = await judge(reader, planes, boxes, check);
  // A box whose corners start at the opposite one is cut out upside down: the page itself need not be turned for that.
  const over = await judge(
    reader,
    planes,
    boxes.map((box) => rotateQuad(box, 2)),
    check,
  );
  let best: Candidate = { turns: 0, score: asIs, boxes, page };
  if (over > best.score * minGain) best = { turns: 2, score: over, boxes, page };
  // Text that runs up or down the page shows as tall boxes, or reads badly both ways.
  if (best.score < sureScore || tallShareOf(boxes) > maxTallShare) {
    const side = turnPicture(page, 1);
    const sideBoxes = await reader.detector.detect(side);
    const sidePlanes = planesFor(reader.recogniser, side);
    check();
    const right = await judge(reader, sidePlanes, sideBoxes, check);
    const left = await judge(
      reader,
      sidePlanes,
      sideBoxes.map((box) => rotateQuad(box, 2)),
      check,
    );
    if (right > best.score * minGain) best = { turns: 1, score: right, boxes: sideBoxes, page: side };
    if (left > best.score * minGain) best = { turns: 3, score: left, boxes: sideBoxes, page: side };
  }
  if (best.turns < 2) return { page: best.page, turns: best.turns, boxes: best.boxes };
  return {
    page: turnPicture(best.page, 2),
    turns: best.turns,
    boxes: best.boxes.map((box) => turnOver(box, best.page)),
  };
}

interface Candidate {
  turns: number;
  score: number;
  boxes: Quad[];
  page: Picture;
}

/** A page that reads at this score is the right way up or upside down, not lying on its side. */
const sureScore = 0.7;

/** Part of the boxes that may be tall on an upright page: single characters and vertical seals. */
const maxTallShare = 0.3;
/** Characters after which more add little certainty. */
const enoughChars = 8;

/** Mean probability of the characters of the most useful lines, less for few characters; 0..1. */
async function judge(
  reader: Reader,
  planes: readonly GreyPicture[],
  boxes: readonly Quad[],
  check: () => void,
): Promise<number> {
  const lines = boxes
    .filter((box) => widthOf(box) > 2.5 * heightOf(box))
    .sort((a, b) => usefulness(b) - usefulness(a))
    .slice(0, linesRead);
  const read = await reader.recogniser.read(cropBoxes(reader.recogniser, planes, lines), check);
  // Chinese characters tell up from down; digits and letters such as 0 8 H O do not.
  let total = 0;
  let weight = 0;
  for (const line of read) {
    for (const char of decodeGreedily(line)) {
      const w = /\p{Script=Han}/u.test(reader.chars.charOf(char.classId)) ? 1 : 0.3;
      total += w * Math.exp(char.logProb);
      weight += w;
    }
  }
  return weight === 0 ? 0 : (total / weight) * (1 - Math.exp(-weight / enoughChars));
}

function tallShareOf(boxes: readonly Quad[]): number {
  const tall = boxes.filter((box) => heightOf(box) > 1.5 * widthOf(box)).length;
  return boxes.length === 0 ? 0 : tall / boxes.length;
}

/** Middling long lines of ordinary height say most for their cost. */
function usefulness(box: Quad): number {
  return Math.min(12, widthOf(box) / heightOf(box)) * Math.min(40, heightOf(box));
}

/** The box on the page turned by half a turn. */
function turnOver(box: Quad, { width, height }: Picture): Quad {
  return rotateQuad(box.map(([x, y]): Point => [width - x, height - y]) as Quad, 2);
}
