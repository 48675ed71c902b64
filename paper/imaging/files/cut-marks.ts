/** The pixels of marks, as a small picture for people: what the score was made of. */
import sharp from 'sharp';
import type { Quad } from '#domain/reading/schema.ts';
import type { MarkPicture } from '../../ports/paper-reader.ts';
import { decodePicture } from './decode.ts';
import { distance } from '../geometry.ts';
import type { Picture } from '../picture.ts';

/** Seen about a mark, in parts of a line's height, so that a mark that cuts a stroke shows it. */
const margin = 0.25;
const mostWidth = 1600;
const mostHeight = 1200;

/** Places stand below each other, a pale line between them. Undefined when all lie off the page. */
export async function cutMarks(
  page: Picture,
  places: readonly (readonly Quad[])[],
): Promise<MarkPicture | undefined> {
  const cuts = places.flatMap((boxes) => {
    const cut = boundsWithin(page, boxes);
    return cut ? [cut] : [];
  });
  if (cuts.length === 0) return undefined;
  const width = Math.max(...cuts.map((cut) => cut.width));
  const height = cuts.reduce((sum, cut) => sum + cut.height + gap, -gap);
  const data = new Uint8Array(width * height * 3).fill(225);
  let top = 0;
  for (const cut of cuts) {
    for (let y = 0; y < cut.height; y += 1) {
      const from = 3 * ((cut.y + y) * page.width + cut.x);
      data.set(page.data.subarray(from, from + 3 * cut.width), 3 * (top + y) * width);
    }
    top += cut.height + gap;
  }
  const { data: jpeg, info } = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: mostWidth, height: mostHeight, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 85, chromaSubsampling: '4:4:4' })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: new Uint8Array(jpeg), widthPx: info.width, heightPx: info.height };
}

/** The same of a page that is still a JPEG. Throws FILE_DAMAGED. */
export async function cutMarksOfJpeg(
  jpeg: Uint8Array,
  places: readonly (readonly Quad[])[],
): Promise<MarkPicture | undefined> {
  return cutMarks(await decodePicture(jpeg), places);
}

const gap = 6;

function boundsWithin(
  page: Picture,
  boxes: readonly Quad[],
): { x: number; y: number; width: number; height: number } | undefined {
  const room = margin * Math.min(...boxes.map((box) => distance(box[0], box[3])));
  const xs = boxes.flatMap((box) => box.map(([x]) => x));
  const ys = boxes.flatMap((box) => box.map(([, y]) => y));
  const x = Math.max(0, Math.floor(Math.min(...xs) - room));
  const y = Math.max(0, Math.floor(Math.min(...ys) - room));
  const width = Math.min(page.width, Math.ceil(Math.max(...xs) + room)) - x;
  const height = Math.min(page.height, Math.ceil(Math.max(...ys) + room)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}
