/** Runs the text detector on a page. */
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { channelOf } from '../imaging/picture.ts';
import type { Picture } from '../imaging/picture.ts';
import type { ModelPack } from './model-pack.ts';
import { findRegions } from './text-regions.ts';

export interface Detector {
  /** Boxes of lines of text in pixels of the page, unordered. */
  detect(page: Picture): Promise<Quad[]>;
}

/** Pages are seen at the width the model was trained for; very long ones are bounded to keep a run short. */
const MAX_SIDE = 1600;

export async function createDetector(pack: ModelPack, threads: number): Promise<Detector> {
  const spec = pack.detector;
  const { input, output } = spec;
  const session = await ort.InferenceSession.create(spec.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });

  return {
    detect: async (page) => {
      // Landscape pages keep the size of letters that portrait ones have: the shorter side is the page's width.
      const scale = Math.min(
        input.pageWidth === undefined ? 1 : input.pageWidth / Math.min(page.width, page.height),
        (input.longSide ?? MAX_SIDE) / Math.max(page.width, page.height),
      );
      const width = toMultiple(page.width * scale, input.sideMultiple);
      const height = toMultiple(page.height * scale, input.sideMultiple);
      const small = await shrink(page, width, height);
      const channels = input.channels.length;
      const data = new Float32Array(channels * width * height);
      input.channels.forEach((channel, c) => {
        const plane = channelOf(small, channel).data;
        const mean = input.mean[c] ?? input.mean[0] ?? 0;
        const std = input.std[c] ?? input.std[0] ?? 1;
        const offset = c * width * height;
        for (let i = 0; i < plane.length; i += 1)
          data[offset + i] = ((plane[i] as number) * input.scale - mean) / std;
      });
      const tensor = new ort.Tensor('float32', data, [1, channels, height, width]);
      const results = await session.run({ [input.name]: tensor });
      const map = results[output.name] as ort.Tensor;
      const [, , mapHeight, mapWidth] = map.dims as [number, number, number, number];
      const regions = findRegions(map.data as Float32Array, mapWidth, mapHeight, {
        threshold: spec.threshold,
        boxThreshold: spec.boxThreshold,
        minSide: spec.minSidePx / output.stride,
        unclip: spec.unclip,
      });
      tensor.dispose();
      map.dispose();
      const kx = (output.stride * page.width) / width;
      const ky = (output.stride * page.height) / height;
      return regions.map((quad) => quad.map(([x, y]): Point => [x * kx, y * ky]) as Quad);
    },
  };
}

function toMultiple(side: number, multiple: number): number {
  return Math.max(multiple, Math.round(side / multiple) * multiple);
}

async function shrink({ data, width, height }: Picture, toWidth: number, toHeight: number): Promise<Picture> {
  const small = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ width: toWidth, height: toHeight, fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  return { data: small, width: toWidth, height: toHeight };
}
