/** Runs the recogniser: line crops in, log probabilities per frame out. */
import * as ort from 'onnxruntime-node';
import type { LineCrop } from './crop-line.ts';
import type { BestFrames, FrameMatrix } from './ctc/frames.ts';
import { bestOfFrames, logSoftmaxFrames } from './ctc/frames.ts';
import { keepFrames } from './ctc/kept-frames.ts';
import type { KeptFrames } from './ctc/kept-frames.ts';
import type { LoadedRecogniser } from './model-pack.ts';

export interface Recogniser {
  height: number;
  minWidth: number;
  maxWidth: number;
  channels: LoadedRecogniser['input']['channels'];
  /** Same order as asked. `check` is called between batches and may throw to stop. */
  recognise(crops: readonly LineCrop[], check: () => void): Promise<FrameMatrix[]>;
  /** As `recognise`, but the best classes alone: a fifth less work, and enough to read. */
  read(crops: readonly LineCrop[], check: () => void): Promise<BestFrames[]>;
  /** As `read`, with the likely classes of each frame beside: enough to score claims later without another run. */
  readAndKeep(crops: readonly LineCrop[], check: () => void): Promise<KeptFrames[]>;
}

/** Makes the result of one line of its logits, `frames` x `classes`. */
type Take<Result> = (logits: Float32Array, frames: number, classes: number) => Result;

/** Padding a batch to its widest line wastes work: lines within a batch differ by at most this factor. */
const MAX_WIDTH_RATIO = 1.3;
/** Pixels of one batch; keeps a run near a tenth of a second on one core, so that other requests get their turn. */
const MAX_BATCH_WIDTH = 2600;
const DEFAULT_MAX_WIDTH = 2000;

export async function createRecogniser(spec: LoadedRecogniser, threads: number): Promise<Recogniser> {
  const session = await ort.InferenceSession.create(spec.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const { input, output } = spec;
  const height = input.height;

  async function runBatch<Result>(crops: readonly LineCrop[], take: Take<Result>): Promise<Result[]> {
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
      return take(values.subarray(from, from + own * classes), own, classes);
    });
    tensor.dispose();
    logits.dispose();
    return matrices;
  }

  async function runAll<Result>(
    crops: readonly LineCrop[],
    check: () => void,
    take: Take<Result>,
  ): Promise<Result[]> {
    const order = crops
      .map((_, i) => i)
      .sort((a, b) => (crops[a] as LineCrop).width - (crops[b] as LineCrop).width);
    const out: Result[] = [];
    for (let start = 0; start < order.length;) {
      let end = start + 1;
      const narrowest = (crops[order[start] as number] as LineCrop).width;
      while (end < order.length) {
        const width = (crops[order[end] as number] as LineCrop).width;
        if (end - start >= (input.maxBatch ?? Infinity)) break;
        if (width > narrowest * MAX_WIDTH_RATIO + 8 || width * (end + 1 - start) > MAX_BATCH_WIDTH) break;
        end += 1;
      }
      check();
      const batch = order.slice(start, end);
      const results = await runBatch(
        batch.map((i) => crops[i] as LineCrop),
        take,
      );
      batch.forEach((i, k) => {
        out[i] = results[k] as Result;
      });
      start = end;
      // session.run holds the thread: let messages (cancel, other requests) in between two batches.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return out;
  }

  const temperature = spec.calibration?.temperature ?? 1;
  return {
    height,
    minWidth: input.minWidth,
    maxWidth: input.maxWidth ?? DEFAULT_MAX_WIDTH,
    channels: input.channels,
    recognise: (crops, check) =>
      runAll(crops, check, (logits, frames, classes) =>
        logSoftmaxFrames(logits, frames, classes, output.blank, temperature),
      ),
    read: (crops, check) =>
      runAll(crops, check, (logits, frames, classes) =>
        bestOfFrames(logits, frames, classes, output.blank, temperature),
      ),
    readAndKeep: (crops, check) =>
      runAll(crops, check, (logits, frames, classes) =>
        keepFrames(logits, frames, classes, output.blank, temperature),
      ),
  };
}

/** Logarithms serve as logits: the softmax over them gives the probabilities back. Zeros stay finite. */
function logsOf(probabilities: Float32Array): Float32Array {
  return probabilities.map((p) => Math.log(Math.max(p, 1e-12)));
}
