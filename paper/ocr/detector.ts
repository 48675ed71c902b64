/** Runs the text detector on a page. */
import * as ort from 'onnxruntime-node';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { channelOf } from '../imaging/picture.ts';
import type { Picture } from '../imaging/picture.ts';
import type { ModelPack } from './model-pack.ts';
import { pageInput } from './page-input.ts';
import { partNeighbours } from './part-neighbours.ts';
import { partRows } from './part-rows.ts';
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

  return {
    detect: async (page) => {
      const tensor = await pageInput(page, { ...input, pageWidth: widthFor(page, input.pageWidth) });
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
      const kx = (output.stride * page.width) / width;
      const ky = (output.stride * page.height) / height;
      const boxes = regions.map((quad) => quad.map(([x, y]): Point => [x * kx, y * ky]) as Quad);
      return partNeighbours(partRows(boxes, channelOf(page, input.channels[0] ?? 'grey')));
    },
  };
}
