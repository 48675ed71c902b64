/** One recogniser network on the calling thread: a batch of line crops in, frames out. */
import * as ort from 'onnxruntime-node';
import type { LineCrop } from './crop-line.ts';
import type { BestFrames, FrameMatrix } from './ctc/frames.ts';
import { bestOfFrames, logSoftmaxFrames } from './ctc/frames.ts';
import { keepFrames } from './ctc/kept-frames.ts';
import type { KeptFrames } from './ctc/kept-frames.ts';
import type { LoadedRecogniser } from './model-pack.ts';
import { sessionOptions } from '../networks/session-options.ts';

/** How much of each line's frames is wanted, and what comes of it. */
export interface FramesOf {
  whole: FrameMatrix;
  /** The best classes alone: a fifth less work, and enough to read. */
  best: BestFrames;
  /** The best, and the likely classes of each frame beside: enough to score claims later without another run. */
  likely: KeptFrames;
}

export interface RecogniserSession {
  run<Kind extends keyof FramesOf>(kind: Kind, crops: readonly LineCrop[]): Promise<FramesOf[Kind][]>;
}

const framesOf: {
  [Kind in keyof FramesOf]: (
    logits: Float32Array,
    frames: number,
    classes: number,
    blank: number,
    temperature: number,
  ) => FramesOf[Kind];
} = { whole: logSoftmaxFrames, best: bestOfFrames, likely: keepFrames };

export async function openRecogniser(spec: LoadedRecogniser, threads: number): Promise<RecogniserSession> {
  const session = await ort.InferenceSession.create(spec.bytes, sessionOptions(threads));
  const { input, output } = spec;
  const height = input.height;
  const temperature = spec.calibration?.temperature ?? 1;

  async function run<Kind extends keyof FramesOf>(
    kind: Kind,
    crops: readonly LineCrop[],
  ): Promise<FramesOf[Kind][]> {
    const widest = Math.max(...crops.map((crop) => crop.width));
    const width = Math.ceil(Math.max(widest, input.padTo ?? 0) / input.widthMultiple) * input.widthMultiple;
    const channels = input.channels.length;
    const data = new Float32Array(crops.length * channels * height * width);
    crops.forEach((crop, n) => {
      crop.planes.forEach((plane, c) => {
        const mean = input.mean[c] ?? input.mean[0] ?? 0;
        const std = input.std[c] ?? input.std[0] ?? 1;
        for (let y = 0; y < height; y += 1) {
          const row = ((n * channels + c) * height + y) * width;
          const last = plane[y * crop.width + crop.width - 1] as number;
          for (let x = 0; x < width; x += 1) {
            const raw =
              x < crop.width
                ? (plane[y * crop.width + x] as number)
                : input.padValue === 'edge'
                  ? last
                  : input.padValue;
            data[row + x] = (raw * input.scale - mean) / std;
          }
        }
      });
    });
    const tensor = new ort.Tensor('float32', data, [crops.length, channels, height, width]);
    const results = await session.run({ [input.name]: tensor });
    const logits = results[output.name] as ort.Tensor;
    const [, frames, classes] = logits.dims as [number, number, number];
    const values =
      output.kind === 'probabilities' ? logsOf(logits.data as Float32Array) : (logits.data as Float32Array);
    const matrices = crops.map((crop, n) => {
      const own = Math.min(frames, Math.ceil(crop.width / output.frameStride));
      const from = n * frames * classes;
      return framesOf[kind](
        values.subarray(from, from + own * classes),
        own,
        classes,
        output.blank,
        temperature,
      );
    });
    tensor.dispose();
    logits.dispose();
    return matrices;
  }

  return { run };
}

/** Logarithms serve as logits: the softmax over them gives the probabilities back. Zeros stay finite. */
function logsOf(probabilities: Float32Array): Float32Array {
  return probabilities.map((p) => Math.log(Math.max(p, 1e-12)));
}
