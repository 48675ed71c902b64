/** Brings a page to the size and the numbers that a network over whole pages takes. */
import * as ort from 'onnxruntime-node';
import { resizePicture } from '../imaging/files/decode.ts';
import { channelOf } from '../imaging/picture.ts';
import type { Channel, Picture } from '../imaging/picture.ts';

export interface PageInputSpec {
  channels: readonly Channel[];
  scale: number;
  mean: readonly number[];
  std: readonly number[];
  /** Length that the page's shorter side is brought to; where it is left out, `longSide` alone counts. */
  pageWidth?: number | undefined;
  longSide?: number | undefined;
  sideMultiple: number;
}

/** Pages are seen at the width the model was trained for; very long ones are bounded to keep a run short. */
const maxSide = 1600;

/** How many of the network's pixels a pixel of the page becomes. */
export function scaleOf(page: Pick<Picture, 'width' | 'height'>, spec: PageInputSpec): number {
  // Landscape pages keep the size of letters that portrait ones have: the shorter side is the page's width.
  return Math.min(
    spec.pageWidth === undefined ? 1 : spec.pageWidth / Math.min(page.width, page.height),
    (spec.longSide ?? maxSide) / Math.max(page.width, page.height),
  );
}

/** Tensor `[1, channels, height, width]`; the caller disposes of it. */
export async function pageInput(page: Picture, spec: PageInputSpec): Promise<ort.Tensor> {
  const scale = scaleOf(page, spec);
  const width = toMultiple(page.width * scale, spec.sideMultiple);
  const height = toMultiple(page.height * scale, spec.sideMultiple);
  const small = await resizePicture(page, width, height);
  const data = new Float32Array(spec.channels.length * width * height);
  spec.channels.forEach((channel, c) => {
    const plane = channelOf(small, channel).data;
    const mean = spec.mean[c] ?? spec.mean[0] ?? 0;
    const std = spec.std[c] ?? spec.std[0] ?? 1;
    const offset = c * width * height;
    for (let i = 0; i < plane.length; i += 1)
      data[offset + i] = ((plane[i] as number) * spec.scale - mean) / std;
  });
  return new ort.Tensor('float32', data, [1, spec.channels.length, height, width]);
}

function toMultiple(side: number, multiple: number): number {
  return Math.max(multiple, Math.round(side / multiple) * multiple);
}
