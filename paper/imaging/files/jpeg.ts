/** Small turns of a kept JPEG, off the event loop's thread (libvips has threads of its own). */
import sharp from 'sharp';

const archiveQuality = 90;

/** Turns a page clockwise; the archive copy is written anew, a scanner's own turn would cost no more. */
export async function rotateJpeg(
  jpeg: Uint8Array,
  degrees: 90 | 180 | 270,
): Promise<{ jpeg: Uint8Array; widthPx: number; heightPx: number }> {
  const { data, info } = await sharp(jpeg)
    .rotate(degrees)
    .jpeg({ quality: archiveQuality })
    .toBuffer({ resolveWithObject: true });
  return { jpeg: data, widthPx: info.width, heightPx: info.height };
}

/** A copy at most `width` pixels wide, turned as its EXIF says, for the screen. */
export async function shrinkJpeg(picture: Uint8Array, width: number): Promise<Uint8Array> {
  return sharp(picture).rotate().resize({ width, withoutEnlargement: true }).jpeg({ quality: 82 }).toBuffer();
}
