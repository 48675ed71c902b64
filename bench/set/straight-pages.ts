/** Pages straightened by their true corners: what is measured is the reading and not the finding of the page. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Quad } from '#domain/reading/schema.ts';
import { decodePicture } from '#paper/imaging/files/decode.ts';
import { rectangleQuad } from '#paper/imaging/geometry.ts';
import { loadOpenCv } from '#paper/imaging/opencv.ts';
import { frameOf } from '#paper/imaging/rectify/paper-size.ts';
import type { Picture } from '#paper/imaging/picture.ts';
import { straighten } from '#paper/imaging/rectify/straighten.ts';
import type { EvaluationPage } from './render-set.ts';

export interface TrueLine {
  text: string;
  box: Quad;
  field: string | null;
  underSeal: boolean;
}

/** Boxes in pixels of the straight page. */
export interface StraightTruth {
  name: string;
  kind: string;
  condition: string;
  /** Binary PPM: every reader loads it at no cost worth measuring. */
  file: string;
  lines: TrueLine[];
}

/** The same frame as the station's: 200 to 254 dpi, cards up to 400. */
export async function straightenSet(pages: readonly EvaluationPage[]): Promise<StraightTruth[]> {
  const { cv } = await loadOpenCv();
  const straight: StraightTruth[] = [];
  for (const page of pages) {
    const picture = await decodePicture(await readFile(page.pictureFile));
    const frame = frameOf(page.page, page.corners);
    const flat = straighten(cv, picture, page.corners, frame);
    const file = page.pictureFile.replace(/\.\w+$/, '.ppm');
    await writeFile(file, toPpm(flat));
    const perMm = frame.dpi / 25.4;
    straight.push({
      name: page.name,
      kind: page.kind,
      condition: page.condition,
      file,
      lines: page.lines.map(({ box: [x, y, width, height], ...line }) => ({
        ...line,
        box: rectangleQuad(x * perMm, y * perMm, (x + width) * perMm, (y + height) * perMm),
      })),
    });
  }
  return straight;
}

export function toPpm({ data, width, height }: Picture): Buffer {
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), data]);
}

export async function readPpm(file: string): Promise<Picture> {
  const bytes = await readFile(file);
  const [head, width, height] =
    /^P6\n(\d+) (\d+)\n255\n/.exec(bytes.subarray(0, 40).toString('latin1')) ?? [];
  if (!head) throw new Error(`${file} is no PPM of ours`);
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + head.length, bytes.length - head.length);
  return { data, width: Number(width), height: Number(height) };
}
