/** Geometry of marks and of the zoomed picture; all pure. Rectangles and quads are in page pixels. */
import type { Point, Quad } from '#domain/reading/schema.ts';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** Screen = page × scale + offset. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}
export type Corner = 0 | 1 | 2 | 3;

/** A mark smaller than this cannot hold a character that can be read. */
export const smallestMarkPx = 8;

export function rectOfQuad(quad: Quad): Rect {
  const xs = quad.map(([x]) => x);
  const ys = quad.map(([, y]) => y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Clockwise from top left, whole pixels. */
export function quadOfRect(rect: Rect): Quad {
  const left = Math.round(rect.x);
  const top = Math.round(rect.y);
  const right = Math.round(rect.x + rect.width);
  const bottom = Math.round(rect.y + rect.height);
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}

export function rectBetween(a: Point, b: Point): Rect {
  return {
    x: Math.min(a[0], b[0]),
    y: Math.min(a[1], b[1]),
    width: Math.abs(a[0] - b[0]),
    height: Math.abs(a[1] - b[1]),
  };
}

export function isBigEnough(rect: Rect): boolean {
  return rect.width >= smallestMarkPx && rect.height >= smallestMarkPx;
}

/** Moves the rectangle without leaving the page. */
export function moveRect(rect: Rect, by: Point, page: Size): Rect {
  return {
    ...rect,
    x: clamp(rect.x + by[0], 0, page.width - rect.width),
    y: clamp(rect.y + by[1], 0, page.height - rect.height),
  };
}

/** Drags one corner (0 top left, clockwise) to a point; the opposite corner stays, the page's edge holds. */
export function dragCorner(rect: Rect, corner: Corner, to: Point, page: Size): Rect {
  const opposite: Point = [
    corner === 0 || corner === 3 ? rect.x + rect.width : rect.x,
    corner === 0 || corner === 1 ? rect.y + rect.height : rect.y,
  ];
  return rectBetween(opposite, [clamp(to[0], 0, page.width), clamp(to[1], 0, page.height)]);
}

export function cornerPoints(rect: Rect): readonly Point[] {
  return quadOfRect(rect);
}

/** The view that shows the whole page in the window, centred, with a margin in screen pixels. */
export function fitView(page: Size, window: Size, margin = 12): View {
  const scale = Math.max(
    0.01,
    Math.min((window.width - 2 * margin) / page.width, (window.height - 2 * margin) / page.height),
  );
  return {
    scale,
    x: (window.width - page.width * scale) / 2,
    y: (window.height - page.height * scale) / 2,
  };
}

/** Zooms so that the page point under `at` (screen) stays under it. */
export function zoomAt(view: View, at: Point, scale: number): View {
  const ratio = scale / view.scale;
  return { scale, x: at[0] - (at[0] - view.x) * ratio, y: at[1] - (at[1] - view.y) * ratio };
}

export function toPage(view: View, screen: Point): Point {
  return [(screen[0] - view.x) / view.scale, (screen[1] - view.y) / view.scale];
}

/** Screen pixels for a pixel of a page of 200 dpi at which its print is read with ease, however small the window. */
const legible = 0.9;

/** A view that brings a rectangle into sight, at a scale at which it can be read and adjusted. */
export function viewOn(rect: Rect, window: Size, fit: View): View {
  const wanted = Math.min((window.width * 0.7) / rect.width, (window.height * 0.35) / rect.height);
  const scale = clamp(wanted, fit.scale, Math.max(fit.scale * 4, legible));
  return {
    scale,
    x: window.width / 2 - (rect.x + rect.width / 2) * scale,
    y: window.height / 2 - (rect.y + rect.height / 2) * scale,
  };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), Math.max(least, most));
}
