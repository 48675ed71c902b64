/** Decodes pictures with sharp: EXIF rotation applied, sRGB, no alpha, at most maxLongSide. */
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { AppError } from '#domain/errors/app-error.ts';
import type { PaperSize } from '../../ports/paper-reader.ts';
import { findFileKind } from './file-kind.ts';
import type { SourceKind } from '../detect/find-page.ts';
import { withTrueHeight } from './jpeg-head.ts';
import type { Picture } from '../picture.ts';
import { pixelHeightOf } from './pixel-shape.ts';
import { readTiffDirectories } from './tiff-directories.ts';

/** Larger pictures (48 MP phones) are shrunk: A4 then still has over 400 dpi, and OpenCV's heap ends at 1 GiB. */
const maxLongSide = 5200;
/** A picture claiming more pixels than this is a bomb or a mistake: A2 at 600 dpi has 140 million. */
const maxInputPixels = 200_000_000;

export interface SourcePicture {
  picture: Picture;
  source: SourceKind;
  knownSize?: PaperSize;
  /** Dots per inch of `picture`, where known. */
  dpi?: number;
}

/** A picture of fewer pixels across shows no page; after shrinking, neither. */
const minShortSide = 32;

/** Throws FILE_DAMAGED when sharp cannot decode it, PICTURE_TOO_LARGE, PICTURE_TOO_SMALL. `page` picks a page of a TIFF. */
export async function decodePicture(file: Uint8Array, page?: number): Promise<Picture> {
  const kind = findFileKind(file);
  const bytes = kind === 'jpeg' ? withTrueHeight(file) : file;
  const damaged = (cause: unknown): never => {
    throw new AppError('FILE_DAMAGED', page === undefined ? {} : { page }, { cause });
  };
  const which = page === undefined ? {} : { page };
  const {
    width,
    height,
    orientation = 1,
  } = await sharp(bytes, { limitInputPixels: false, ...which })
    .metadata()
    .catch(damaged);
  if (width * height > maxInputPixels)
    throw new AppError('PICTURE_TOO_LARGE', { widthPx: width, heightPx: height });
  const pixelHeight = kind ? pixelHeightOf(bytes, kind, page) : 1;
  const square = { width: width / Math.min(1, pixelHeight), height: height * Math.max(1, pixelHeight) };
  const scale = Math.min(1, maxLongSide / Math.max(square.width, square.height));
  const size = { width: Math.round(square.width * scale), height: Math.round(square.height * scale) };
  if (Math.min(size.width, size.height) < minShortSide)
    throw new AppError('PICTURE_TOO_SMALL', { widthPx: width, heightPx: height });
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: maxInputPixels, ...which });
  // EXIF: from 5 on the picture lies on its side.
  const upright = orientation >= 5 ? { width: size.height, height: size.width } : size;
  // Rows that a fax left out are made up smoothly: a sharper kernel leaves ringing that reads as strokes.
  const kernel = pixelHeight === 1 ? 'lanczos3' : 'mitchell';
  return toPicture(image, upright, kernel).catch(damaged);
}

/** `size` is that of the picture turned as its EXIF says. */
async function toPicture(
  image: Sharp,
  size: { width: number; height: number },
  kernel: 'lanczos3' | 'mitchell',
): Promise<Picture> {
  const { data, info } = await image
    .rotate()
    .resize({ ...size, fit: 'fill', kernel })
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const picture = {
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    width: info.width,
    height: info.height,
  };
  return info.channels === 3 ? picture : toThreeChannels(picture, info.channels);
}

function toThreeChannels({ data, width, height }: Picture, channels: number): Picture {
  const out = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i += 1) {
    const value = data[i * channels] as number;
    out[3 * i] = value;
    out[3 * i + 1] = value;
    out[3 * i + 2] = value;
  }
  return { data: out, width, height };
}

/** Dots per inch that are left of a scan after `decodePicture` has shrunk it. Throws FILE_DAMAGED. */
export async function dpiOfScan(bytes: Uint8Array, dpi: number, page = 0): Promise<number> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false, page }).metadata();
    return dpi * Math.min(1, maxLongSide / Math.max(width, height));
  } catch (error) {
    throw new AppError('FILE_DAMAGED', {}, { cause: error });
  }
}

/** The numbers of a TIFF's pages, small copies and masks of pages left out. Throws FILE_DAMAGED. */
export async function tiffPagesOf(bytes: Uint8Array): Promise<number[]> {
  try {
    const { pages = 1 } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const all = Array.from({ length: pages }, (_, index) => index);
    const directories = readTiffDirectories(bytes);
    if (directories?.length !== pages) return all;
    const own = all.filter((index) => directories[index]?.isPage);
    return own.length > 0 ? own : all;
  } catch (error) {
    throw new AppError('FILE_DAMAGED', {}, { cause: error });
  }
}

/** Brought to a size, averaging what is lost. */
export async function resizePicture(picture: Picture, width: number, height: number): Promise<Picture> {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const data = await sharp(picture.data, { raw })
    .resize({ width, height, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { data, width, height };
}

/** At most so long; a smaller picture stays as it is. */
export async function shrinkPicture(picture: Picture, longSide: number): Promise<Picture> {
  const scale = longSide / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  return resizePicture(picture, Math.round(picture.width * scale), Math.round(picture.height * scale));
}

/** JPEG for the archive; 4:4:4 keeps thin red strokes of seals apart from black ones. */
export async function encodeJpeg({ data, width, height }: Picture, dpi: number): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .withDensity(dpi)
    .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
