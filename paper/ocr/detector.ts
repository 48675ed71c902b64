/** Runs the text detector on a page. */
import * as ort from 'onnxruntime-node';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { channelOf, cutPicture } from '../imaging/picture.ts';
import type { Picture } from '../imaging/picture.ts';
import type { ModelPack } from './model-pack.ts';
import { pageInput, scaleOf } from './page-input.ts';
import { partNeighbours } from './part-neighbours.ts';
import { partRows, tallAmong } from './part-rows.ts';
import { mayHoldTitle, withTitles } from './large-titles.ts';
import { closerLooks, rowsInstead } from './second-look.ts';
import type { Look } from './second-look.ts';
import { findRegions } from './text-regions.ts';
import { sessionOptions } from '../networks/session-options.ts';

export interface Detector {
  /** Boxes of lines of text in pixels of the page, unordered. */
  detect(page: Picture): Promise<Quad[]>;
}

/** The shorter side of A4 at the 200 dpi that pages are brought to. */
const a4WidthPx = 1654;

/**
 * Length that the shorter side is brought to: a smaller paper has no smaller letters, so it is not enlarged to the width of
 * A4. Cards come at twice the resolution and keep letters twice as large. Undefined stays so.
 */
export function widthFor(
  page: Pick<Picture, 'width' | 'height'>,
  pageWidth: number | undefined,
): number | undefined {
  const shorter = Math.min(page.width, page.height);
  return pageWidth && Math.round(pageWidth * Math.min(1, shorter / a4WidthPx));
}

export async function createDetector(pack: ModelPack, threads: number): Promise<Detector> {
  const spec = pack.detector;
  const { input, output } = spec;
  const session = await ort.InferenceSession.create(spec.bytes, sessionOptions(threads));

  /** Boxes in pixels of the picture. */
  async function see(picture: Picture, size: { pageWidth: number | undefined }): Promise<Quad[]> {
    const tensor = await pageInput(picture, { ...input, ...size });
    const results = await session.run({ [input.name]: tensor });
    const map = results[output.name] as ort.Tensor;
    const [, , mapHeight, mapWidth] = map.dims as [number, number, number, number];
    const regions = findRegions(map.data as Float32Array, mapWidth, mapHeight, {
      threshold: spec.threshold,
      boxThreshold: spec.boxThreshold,
      minSide: spec.minSidePx / output.stride,
      unclip: spec.unclip,
    });
    const [, , height, width] = tensor.dims as [number, number, number, number];
    tensor.dispose();
    map.dispose();
    const kx = (output.stride * picture.width) / width;
    const ky = (output.stride * picture.height) / height;
    return regions.map((quad) => quad.map(([x, y]): Point => [x * kx, y * ky]) as Quad);
  }

  async function seePart(page: Picture, { from, to, scale }: Look): Promise<Quad[]> {
    const part = cutPicture(page, from, to);
    const boxes = await see(part, { pageWidth: Math.round(scale * Math.min(part.width, part.height)) });
    return boxes.map((quad) => quad.map(([x, y]): Point => [x + from[0], y + from[1]]) as Quad);
  }

  return {
    detect: async (page) => {
      const size = { pageWidth: widthFor(page, input.pageWidth) };
      let boxes = partRows(await see(page, size), channelOf(page, input.channels[0] ?? 'grey'));
      // Sizes at which print joins or breaks are known of networks that see letters at a size of their own.
      const scale = scaleOf(page, { ...input, ...size });
      const joined = size.pageWidth ? closerLooks(tallAmong(boxes), page, scale) : [];
      for (const { box, look } of joined) {
        const rows = rowsInstead(box, await seePart(page, look));
        if (rows) boxes = boxes.flatMap((one) => (one === box ? rows : [one]));
      }
      if (size.pageWidth && mayHoldTitle(boxes, scale)) {
        const half = { pageWidth: Math.round(scale * Math.min(page.width, page.height) * 0.5) };
        boxes = withTitles(boxes, await see(page, half), scale);
      }
      return partNeighbours(boxes);
    },
  };
}
