/** The quad of the corner editor; pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';

export function withCorner(quad: Quad, index: number, to: Point): Quad {
  return quad.map((point, at) => (at === index ? to : point)) as Quad;
}

/** Turns all corners about their middle. */
export function rotated(quad: Quad, degrees: number): Quad {
  const cx = quad.reduce((sum, [x]) => sum + x, 0) / 4;
  const cy = quad.reduce((sum, [, y]) => sum + y, 0) / 4;
  const angle = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  return quad.map(([x, y]) => [
    cx + (x - cx) * cos - (y - cy) * sin,
    cy + (x - cx) * sin + (y - cy) * cos,
  ]) as Quad;
}

/** A page cannot be cut along edges that cross or bend inwards. */
export function isConvex(quad: Quad): boolean {
  const turns = quad.map(([x, y], index) => {
    const [nx, ny] = quad[(index + 1) % 4] as Point;
    const [fx, fy] = quad[(index + 2) % 4] as Point;
    return (nx - x) * (fy - ny) - (ny - y) * (fx - nx);
  });
  return turns.every((turn) => turn > 0);
}

export function keptInside(quad: Quad, width: number, height: number): Quad {
  return quad.map(([x, y]) => [
    Math.min(Math.max(Math.round(x), 0), width),
    Math.min(Math.max(Math.round(y), 0), height),
  ]) as Quad;
}
