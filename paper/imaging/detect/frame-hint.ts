/** Looks at one preview frame: where the page lies and what the person could do better. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { FrameHint } from '../../ports/paper-reader.ts';
import { lightOf, refitEnds } from './corner-refine.ts';
import type { FinderMap } from './finder-map.ts';
import { findOutlines, flawsOf, isCutOff } from './find-page.ts';
import { distance } from '../geometry.ts';
import { laplacianVariance } from '../quality/laplacian.ts';
import type { Picture } from '../picture.ts';
import { channelOf } from '../picture.ts';

/** An ID card under an A4 camera fills 7 % and is readable from 8 MP; below 5 % nothing is. */
const tooFarShare = 0.05;
const darkMean = 55;
const burntShare = 0.02;
/** Laplacian variance inside the page of an 800 px frame; focus hunting of cameras gives under 15. */
const blurredVariance = 15;

export function hintFrame(frame: Picture, map: FinderMap): FrameHint {
  const sheets = findOutlines(map);
  // The largest is what hints are about; the others are outlined and shot with it.
  const [sheet, ...others] = sheets.toSorted((a, b) => shareOf(b.corners, frame) - shareOf(a.corners, frame));
  const hints: FrameHint['hints'] = [];
  const { mean, burnt, variance } = measure(frame, sheet?.corners);
  if (mean < darkMean) hints.push('too-dark');
  if (!sheet) return { pageShare: 0, hints: ['no-page', ...hints] };
  const pageShare = shareOf(sheet.corners, frame);
  if (pageShare < tooFarShare) hints.push('too-far');
  if (burnt > burntShare) hints.push('glare');
  if (variance < blurredVariance) hints.push('blurred');
  if (isCutOff(refitEnds(lightOf(frame), sheet.corners), frame)) hints.push('cut-off');
  hints.push(...flawsOf(sheet, map, frame));
  return {
    corners: sheet.corners,
    ...(others.length > 0 ? { others: others.map(({ corners }) => corners) } : {}),
    pageShare,
    hints,
  };
}

function measure(
  frame: Picture,
  corners: Quad | undefined,
): { mean: number; burnt: number; variance: number } {
  const grey = channelOf(frame, 'grey');
  const points: readonly Point[] = corners ?? [
    [0, 0],
    [frame.width, frame.height],
  ];
  // The rectangle inside the corners, drawn in by a tenth: the page's own edges are sharp on any picture.
  const xs = points.map((p) => p[0]).sort((a, b) => a - b);
  const ys = points.map((p) => p[1]).sort((a, b) => a - b);
  const left = inner(xs[0] as number, xs.at(-1) as number, 0.1);
  const right = Math.min(grey.width, inner(xs[0] as number, xs.at(-1) as number, 0.9));
  const top = inner(ys[0] as number, ys.at(-1) as number, 0.1);
  const bottom = Math.min(grey.height, inner(ys[0] as number, ys.at(-1) as number, 0.9));
  let [total, burnt, n] = [0, 0, 0];
  for (let y = top; y < bottom; y += 2) {
    for (let x = left; x < right; x += 1) {
      const value = grey.data[y * grey.width + x] as number;
      total += value;
      if (value >= 253) burnt += 1;
      n += 1;
    }
  }
  if (n === 0) return { mean: 0, burnt: 0, variance: 0 };
  const mean = total / n;
  const variance = laplacianVariance(grey, { left, top, right, bottom });
  return { mean, burnt: mean > 236 ? 0 : burnt / n, variance };
}

const inner = (low: number, high: number, part: number): number =>
  Math.max(0, Math.round(low + part * (high - low)));

/** Share of the picture that the quad covers. */
function shareOf(corners: Quad, { width, height }: Picture): number {
  const [tl, tr, br, bl] = corners;
  const across = (distance(tl, tr) + distance(bl, br)) / 2;
  const down = (distance(tl, bl) + distance(tr, br)) / 2;
  return Math.min(1, (across * down) / (width * height));
}
