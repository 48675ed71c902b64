/** Leaves out what is printed on a sheet and looks like one itself: a pale rectangle within a leaflet. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import { distance, signedArea } from '../geometry.ts';
import { ID_1 } from '../rectify/paper-size.ts';

/** So much of a quad within another makes it a part of that one's print. */
const withinShare = 0.9;
const cardShapeOff = 0.06;

/** A card that lies upon a sheet is a page of its own; nothing else is that lies wholly within another. */
export function withoutPrints<T extends { corners: Quad }>(sheets: readonly T[]): T[] {
  return sheets.filter(
    (sheet) => !sheets.some((other) => other !== sheet && isPrintOf(sheet.corners, other.corners)),
  );
}

function isPrintOf(inner: Quad, outer: Quad): boolean {
  if (Math.abs(signedArea(inner)) >= Math.abs(signedArea(outer)) || hasCardShape(inner)) return false;
  let [within, n] = [0, 0];
  for (let u = 0.05; u < 1; u += 0.1) {
    for (let v = 0.05; v < 1; v += 0.1) {
      const across = (k: 0 | 1, [a, b]: readonly [Point, Point]): number => a[k] * (1 - u) + b[k] * u;
      const at = (k: 0 | 1): number =>
        across(k, [inner[0], inner[1]]) * (1 - v) + across(k, [inner[3], inner[2]]) * v;
      n += 1;
      if (isIn(outer, [at(0), at(1)])) within += 1;
    }
  }
  return within >= withinShare * n;
}

const isIn = (quad: Quad, [x, y]: Point): boolean =>
  quad.every((a, i) => {
    const b = quad[(i + 1) % 4] as Point;
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0;
  });

function hasCardShape([tl, tr, br, bl]: Quad): boolean {
  const aspect = (distance(tl, tr) + distance(bl, br)) / (distance(tl, bl) + distance(tr, br));
  const off = Math.abs(Math.abs(Math.log(aspect)) - Math.log(ID_1.widthMm / ID_1.heightMm));
  return off < cardShapeOff;
}
