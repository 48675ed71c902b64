import type { Page } from '#domain/record/schema.ts';
import type { BlobStore } from '../../ports/store.ts';

export type Degrees = 90 | 180 | 270;

/** Turns a JPEG clockwise. */
export type RotateJpeg = (
  jpeg: Uint8Array,
  degrees: Degrees,
) => Promise<{ jpeg: Uint8Array; widthPx: number; heightPx: number }>;

/** The page turned and kept. Its untouched picture goes: the corners in it would no longer fit. */
export async function turnPage(
  { original: _untouched, ...page }: Page,
  degrees: Degrees,
  { blobs, rotateJpeg }: { blobs: BlobStore; rotateJpeg: RotateJpeg },
): Promise<Page> {
  const turn = await rotateJpeg(await blobs.get(page.sha), degrees);
  const { sha, size } = await blobs.put(turn.jpeg, 'image/jpeg');
  const { widthMm, heightMm } = page;
  const sides = degrees === 180 ? { widthMm, heightMm } : { widthMm: heightMm, heightMm: widthMm };
  return { ...page, sha, size, ...sides, widthPx: turn.widthPx, heightPx: turn.heightPx };
}
