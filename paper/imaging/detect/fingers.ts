/** Fingers over a sheet: what the network marks as such, and what bears out that a hand reaches in. Pure. */
import type { Point, Quad } from '#domain/reading/schema.ts';
import type { FinderMap } from './finder-map.ts';
import { planeOf } from './finder-map.ts';
import { distance, signedArea } from '../geometry.ts';
import type { Picture } from '../picture.ts';

const certainScore = 0.5;
/** A finger goes on beyond the sheet by so many pixels of the map, on so many of them; printed pictures end with it. */
const beyondPx = 2.5;
const minBeyond = 12;
/** Of a mark at the picture's rim, so much must have skin's order of colours: nothing is seen of what lies beyond. */
const skinShare = 0.5;
const rimPx = 2;

/** 0..1: the part of the sheet that fingers cover. `corners` are pixels of the whole picture, `picture` any copy of it. */
export function fingerShareOf(map: FinderMap, corners: Quad, picture: Picture): number {
  const quad = corners.map(([x, y]): Point => [x / map.scaleX, y / map.scaleY]) as Quad;
  let covered = 0;
  for (const blob of blobsOf(map)) {
    const depths = blob.map((i) => depthIn(quad, [(i % map.width) + 0.5, Math.floor(i / map.width) + 0.5]));
    const over = depths.filter((depth) => depth > 0).length;
    const beyond = depths.filter((depth) => depth < -beyondPx).length;
    if (over > 0 && (beyond >= minBeyond || comesFromRim(blob, map, picture))) covered += over;
  }
  return covered / Math.max(1, Math.abs(signedArea(quad)));
}

/** Blobs of pixels that the network holds for fingers. */
function blobsOf(map: FinderMap): number[][] {
  const { width, height } = map;
  const plane = planeOf(map, 'finger');
  const seen = new Uint8Array(width * height);
  const blobs: number[][] = [];
  for (let start = 0; start < seen.length; start += 1) {
    if (seen[start] || (plane[start] as number) < certainScore) continue;
    const blob = [start];
    seen[start] = 1;
    for (let at = 0; at < blob.length; at += 1) {
      const i = blob[at] as number;
      const x = i % width;
      for (const next of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width]) {
        if (next < 0 || next >= seen.length || seen[next] || (plane[next] as number) < certainScore) continue;
        seen[next] = 1;
        blob.push(next);
      }
    }
    blobs.push(blob);
  }
  return blobs;
}

/** How far a point lies within a clockwise quad; negative outside of it. */
function depthIn(quad: Quad, [x, y]: Point): number {
  return Math.min(
    ...quad.map((a, i) => {
      const b = quad[(i + 1) % 4] as Point;
      return ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / (distance(a, b) || 1);
    }),
  );
}

/** Where the sheet reaches to the picture's rim, a finger shows none of what lies beyond the sheet. */
function comesFromRim(blob: readonly number[], { width, height }: FinderMap, picture: Picture): boolean {
  const isAtRim = (i: number): boolean => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x < rimPx || y < rimPx || x >= width - rimPx || y >= height - rimPx;
  };
  if (!blob.some(isAtRim)) return false;
  const skin = blob.filter((i) => {
    const x = Math.floor((((i % width) + 0.5) / width) * picture.width);
    const y = Math.floor(((Math.floor(i / width) + 0.5) / height) * picture.height);
    const k = 3 * (y * picture.width + x);
    const red = picture.data[k] as number;
    const green = picture.data[k + 1] as number;
    const blue = picture.data[k + 2] as number;
    return red > green && green >= blue - 6 && red - blue > 12;
  });
  return skin.length >= skinShare * blob.length;
}
