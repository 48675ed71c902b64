/** What a picture's own header says: its size, its resolution, its colours. Nothing is decoded. */
import sharp from 'sharp';

export interface PictureFacts {
  widthPx: number;
  heightPx: number;
  /** Dots per inch as the file has them; undefined where it says nothing. */
  dpi: number | undefined;
  colour: 'colour' | 'grey' | 'black-white';
}

/** Undefined for what is no picture. */
export async function readPictureFacts(bytes: Uint8Array): Promise<PictureFacts | undefined> {
  try {
    const facts = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { width, height, density, channels, space, bitsPerSample } = facts;
    const isGrey = channels < 3 || space === 'b-w' || space === 'grey16';
    return {
      widthPx: width,
      heightPx: height,
      dpi: density,
      colour: bitsPerSample === 1 ? 'black-white' : isGrey ? 'grey' : 'colour',
    };
  } catch {
    return undefined;
  }
}
