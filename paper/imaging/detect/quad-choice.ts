/** Which of many quads about one place is the sheet: what tells them apart, and what that counts. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import type { FinderMap } from './finder-map.ts';
import { distance } from '../geometry.ts';
import { faintStep, aspectFit, sideSupport } from './page-score.ts';
import type { Picture } from '../picture.ts';
import { shareBeyond, supportOf } from './sheet-quads.ts';
import { crookedness } from './side-search.ts';

export interface ChoiceClues {
  /** Small blurred Lab picture; quads are in its pixels. */
  lab: Picture;
  map: FinderMap;
  /** Pixels of the whole picture for one of `lab`. */
  scale: number;
  paperSizes: readonly PaperSize[];
  /** The network's own quad. */
  rough: Quad;
}

export const featureNames = [
  'network',
  'sides',
  'ends',
  'weakest end',
  'overrun',
  'crooked',
  'too crooked',
  'shape',
  'moved',
  'beyond',
] as const;
export type QuadFeatures = Record<(typeof featureNames)[number], number>;

/** Fitted by `node bench/fit-quad-choice.ts` on pages of the training split; see models/REPORT.md. */
const weights: QuadFeatures = {
  network: 13.63,
  sides: 3.5,
  ends: 8.51,
  'weakest end': 8.69,
  overrun: -2.24,
  crooked: -0.75,
  'too crooked': -0.5,
  shape: 4.53,
  moved: 12.27,
  beyond: -140,
};

/** Degrees above which a rectangle under a document camera hardly looks so crooked. */
const crookedDeg = 4;
/** Of a side, or so many pixels, is looked at beyond its end. */
const beyondShare = 0.15;
const beyondPx = 30;

export function worthOf(quad: Quad, clues: ChoiceClues): number {
  const features = featuresOf(quad, clues);
  return featureNames.reduce((sum, name) => sum + weights[name] * features[name], 0);
}

export function featuresOf(quad: Quad, { lab, map, scale, paperSizes, rough }: ChoiceClues): QuadFeatures {
  const sides: number[] = [];
  const ends: number[] = [];
  const beyond: number[] = [];
  quad.forEach((a, i) => {
    const b = quad[(i + 1) % 4] as Point;
    const part = (from: number, to: number): number =>
      sideSupport(lab, between(a, b, from), between(a, b, to), faintStep);
    const reach = Math.min(beyondShare, beyondPx / (distance(a, b) || 1));
    sides.push(part(0, 1));
    ends.push(part(0.02, 0.2), part(0.8, 0.98));
    // A sheet's side ends at its corner; one that goes on belongs to another sheet.
    beyond.push(part(-reach, -0.15 * reach), part(1 + 0.15 * reach, 1 + reach));
  });
  const crooked = crookedness(quad);
  const moved = Math.max(...quad.map((p, i) => distance(p, rough[i] as Point)));
  const inPicture = quad.map(([x, y]): Point => [x * scale, y * scale]) as Quad;
  return {
    network: supportOf(map, inPicture),
    sides: mean(sides),
    ends: mean(ends),
    'weakest end': Math.min(...ends),
    // One side may run on by chance, along an edge beneath.
    overrun: beyond.toSorted((x, y) => y - x)[1] ?? 0,
    crooked,
    'too crooked': Math.max(0, crooked - crookedDeg),
    shape: aspectFit(quad, lab, paperSizes),
    moved: moved / Math.hypot(lab.width, lab.height),
    // A desk's edge or a gap between boards is straight too: what the network holds for no sheet is none.
    beyond: shareBeyond(map, inPicture),
  };
}

const between = (a: Point, b: Point, t: number): Point => [
  a[0] + t * (b[0] - a[0]),
  a[1] + t * (b[1] - a[1]),
];
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
