/** Reads a whole page: detect, cut, recognise, decode, drop noise, order. */
import type { Line, Quad } from '#domain/reading/schema.ts';
import type { GreyPicture, Picture } from '../imaging/picture.ts';
import { channelOf } from '../imaging/picture.ts';
import type { CharTable } from './char-table.ts';
import { cropLine } from './crop-line.ts';
import type { LineCrop } from './crop-line.ts';
import type { FrameMatrix } from './ctc/frames.ts';
import { expandFrames } from './ctc/kept-frames.ts';
import type { KeptFrames } from './ctc/kept-frames.ts';
import { decodeGreedily, dropTwins, meanConfidence } from './ctc/greedy.ts';
import type { Detector } from './detector.ts';
import { foldWidth } from './fold-width.ts';
import { inReadingOrder } from './reading-order.ts';
import type { Orienter } from './orienter.ts';
import type { Recogniser } from './recogniser.ts';
import type { SecondReader } from './second-reader.ts';
import type { Ring } from './seals/find-rings.ts';
import { medianSkewDeg } from './skew.ts';

export interface Reader {
  detector: Detector;
  recogniser: Recogniser;
  chars: CharTable;
  /** Packs from outside have none: their pages are turned by reading. */
  orienter?: Orienter;
  /** Reads once more what `recogniser` is not sure of; its characters are among `chars`. */
  second?: SecondReader;
  close?: () => Promise<void>;
}

/** Under this a line is pattern or dirt read as letters (guilloche), not text. */
export const minLineConfidence = 0.5;

/**
 * Specks of dirt are read as points and commas, and printed rules as dashes, however surely. A dash or bracket alone may fill a
 * cell of a table; points alone say nothing.
 */
export const saysNothing = /^(?:[.,:;、。，：；·…'`‘’"“”^~]+|[-—_=.·、]{3,})$/u;

export interface DetectedPage {
  page: Picture;
  planes: GreyPicture[];
  /** The channels that the second recogniser takes, made when a line first asks for it. */
  secondPlanes?: GreyPicture[];
  boxes: Quad[];
  /** Round seals, looked for when something first asks for them. */
  rings?: Ring[];
  /** Lines recognised before, by their box among `boxes`: marks mostly lie on lines that were read. */
  kept: Map<Quad, KeptFrames>;
}

/** `known`: where the page's lines stand, if that was found before. */
export async function detectPage(
  { detector, recogniser }: Reader,
  page: Picture,
  known?: Quad[],
): Promise<DetectedPage> {
  const boxes = known ?? (await detector.detect(page));
  return { page, planes: planesFor(recogniser, page), boxes, kept: new Map() };
}

/** A model trained on grey alone sees seals best through the red channel, where red ink is as pale as paper. */
export function planesFor(recogniser: Recogniser, page: Picture): GreyPicture[] {
  const { channels } = recogniser;
  if (channels.length === 1 && channels[0] === 'grey') return [channelOf(page, 'red')];
  return channels.map((channel) => channelOf(page, channel));
}

export async function readLines(reader: Reader, page: DetectedPage, check: () => void): Promise<Line[]> {
  const { boxes } = page;
  const found = await keepLines(reader, page, boxes, check);
  const lines = found.map((line, i): Line => {
    const chars = dropTwins(decodeGreedily(line), reader.chars.areTwins);
    const text = foldWidth(chars.map((char) => reader.chars.charOf(char.classId)).join(''));
    const places = chars.map(({ from, to }) => round4((from + to + 1) / 2 / line.frames));
    return { text, box: boxes[i] as Quad, confidence: meanConfidence(chars), places };
  });
  return inReadingOrder(
    lines.filter(
      ({ text, confidence }) => text.length > 0 && confidence >= minLineConfidence && !saysNothing.test(text),
    ),
    (line) => line.box,
    medianSkewDeg(boxes),
  );
}

/** The lines in these boxes of the page, recognised where they were not before. */
export async function keepLines(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  check: () => void,
): Promise<KeptFrames[]> {
  const { kept } = page;
  const missing = boxes.filter((box) => !kept.has(box));
  const read = await readBoxes(reader, page, missing, check);
  missing.forEach((box, i) => kept.set(box, read[i] as KeptFrames));
  return boxes.map((box) => kept.get(box) as KeptFrames);
}

const round4 = (value: number): number => Math.round(value * 1e4) / 1e4;

/** As `readBoxes`, with all classes of each frame; every matrix has the classes of `reader.chars`. */
export async function recogniseBoxes(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  check: () => void,
  stretch = 1,
): Promise<FrameMatrix[]> {
  return (await readBoxes(reader, page, boxes, check, stretch)).map(expandFrames);
}

/** Each box cut out and recognised, by the second recogniser where the first is not sure. */
export async function readBoxes(
  reader: Reader,
  page: DetectedPage,
  boxes: readonly Quad[],
  check: () => void,
  stretch = 1,
): Promise<KeptFrames[]> {
  const { recogniser, second, chars } = reader;
  const cut = cropBoxes(recogniser, page.planes, boxes, stretch);
  const first = (await recogniser.readAndKeep(cut, check)).map((line) => ({ ...line, classes: chars.size }));
  if (!second) return first;
  const doubtful = first.flatMap((line, i) =>
    confidenceOf(line) < second.below || isOftenMisread(line, chars) ? [i] : [],
  );
  if (doubtful.length === 0) return first;
  page.secondPlanes ??= planesFor(second.recogniser, page.page);
  const again = doubtful.map((i) => boxes[i] as Quad);
  const read = await second.recogniser.readAndKeep(
    cropBoxes(second.recogniser, page.secondPlanes, again, stretch),
    check,
  );
  doubtful.forEach((i, k) => {
    first[i] = surerOf(first[i] as KeptFrames, second.translate(read[k] as KeptFrames), second);
  });
  return first;
}

/** A rare character is believed from here on; a common one that is badly printed is seldom taken for it so surely. */
const sureRare = 0.95;

/**
 * The second recogniser is asked where the first is in doubt and is believed then. A character that it does not have it
 * cannot read: where the first is sure of one, it keeps the line unless the second is surer.
 */
function surerOf(first: KeptFrames, again: KeptFrames, { knows }: SecondReader): KeptFrames {
  const isBeyondSecond = decodeGreedily(first).some(
    ({ classId, logProb }) => !knows(classId) && Math.exp(logProb) >= sureRare,
  );
  return isBeyondSecond && confidenceOf(first) >= confidenceOf(again) ? first : again;
}

/**
 * The first recogniser learned to read Chinese certificates. It is sure of a Latin word even where it reads O as 0 or leaves out an I,
 * and of a short number even where it leaves out the decimal point: 774 may be 7.74.
 */
export const oftenMisread = /[A-Za-z]{3}|^[0-9]{3,6}$/u;

function isOftenMisread(line: KeptFrames, chars: CharTable): boolean {
  return oftenMisread.test(
    decodeGreedily(line)
      .map(({ classId }) => chars.charOf(classId))
      .join(''),
  );
}

function confidenceOf(line: KeptFrames): number {
  return meanConfidence(decodeGreedily(line));
}

export function cropBoxes(
  { height, minWidth, maxWidth }: Recogniser,
  planes: readonly GreyPicture[],
  boxes: readonly Quad[],
  stretch = 1,
): LineCrop[] {
  return boxes.map((box) => cropLine(planes, box, { height, minWidth, maxWidth, stretch }));
}
