/**
 * Describes a bare PP-OCR export (det.onnx, rec.onnx, keys.txt) so that it loads as a pack. Shapes, names and the number
 * of classes come from the graphs; normalisation, thresholds and unclip are what PP-OCR's own tools take by default
 * (github.com/PaddlePaddle/PaddleOCR, values as for PP-OCRv6 tiny).
 */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { AppError } from '#domain/errors/app-error.ts';
import type { DetectorSpec, PackManifest, RecogniserSpec } from '../model-pack.ts';
import { packProblems } from '../../networks/problems.ts';

export const ppOcrFiles = { detector: 'det.onnx', recogniser: 'rec.onnx', charset: 'keys.txt' } as const;

/** `bgr`: as PP-OCR was trained. `red`: the red channel three times, in which a red seal's ink is nearly gone. */
export const ppOcrChannels = { bgr: ['blue', 'green', 'red'], red: ['red', 'red', 'red'] } as const;
export type PpOcrChannels = keyof typeof ppOcrChannels;

export interface PpOcrOptions {
  id: string;
  licence: string;
  channels: PpOcrChannels;
}

/** Recognisers without a fixed height in their graph take this one (PP-OCRv3 and later). */
const defaultHeight = 48;
const probeWidth = 320;
const probeSide = 320;

/** Throws MODEL_INVALID with the reason. */
export async function describePpOcrFolder(
  folder: string,
  { id, licence, channels }: PpOcrOptions,
): Promise<PackManifest> {
  const [detector, recogniser, charset] = await Promise.all(
    [ppOcrFiles.detector, ppOcrFiles.recogniser, ppOcrFiles.charset].map((file) => readPart(folder, file)),
  );
  if (!detector || !recogniser || !charset)
    throw new AppError('MODEL_INVALID', { reason: packProblems.nothingThere });
  const lines = charset
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/).length;
  return {
    schemaVersion: 1,
    default: id,
    packs: [
      {
        id,
        licence,
        recogniser: await describeRecogniser(recogniser, { channels, lines, charset }),
        detector: await describeDetector(detector, channels),
      },
    ],
  };
}

async function describeRecogniser(
  bytes: Buffer,
  { channels, lines, charset }: { channels: PpOcrChannels; lines: number; charset: Buffer },
): Promise<RecogniserSpec> {
  const file = ppOcrFiles.recogniser;
  const session = await openGraph(bytes, file);
  const shape = shapeOf(session);
  if (shape.length !== 4 || (typeof shape[1] === 'number' && shape[1] !== 3))
    throw new AppError('MODEL_INVALID', { reason: packProblems.recogniserInput, file, shape });
  const height = typeof shape[2] === 'number' && shape[2] > 0 ? shape[2] : defaultHeight;
  const output = await probe(session, [1, 3, height, probeWidth], file);
  const [, frames, classes] = output.dims as [number, number, number];
  const extra = classes - lines;
  // Class 0 is CTC's blank, then the dictionary; exports trained with spaces have one class more.
  if (output.dims.length !== 3 || (extra !== 1 && extra !== 2))
    throw new AppError('MODEL_INVALID', { reason: packProblems.recogniserOutput, file, classes, lines });
  const firstFrame = (output.data as Float32Array).subarray(0, classes);
  const sum = firstFrame.reduce((total, value) => total + value, 0);
  const isProbability = Math.abs(sum - 1) < 0.01 && firstFrame.every((value) => value >= 0);
  return {
    file,
    sha256: sha256(bytes),
    input: {
      name: nameOf(session.inputNames),
      channels: [...ppOcrChannels[channels]],
      height,
      widthMultiple: 8,
      minWidth: 8,
      padTo: probeWidth,
      ...(typeof shape[0] === 'number' && shape[0] > 0 ? { maxBatch: shape[0] } : {}),
      scale: 1,
      mean: [127.5],
      std: [127.5],
      // Padded with zeros behind the normalisation, which is the middle grey before it.
      padValue: 127.5,
    },
    output: {
      name: nameOf(session.outputNames),
      frameStride: Math.round(probeWidth / frames),
      blank: 0,
      firstClass: 1,
      kind: isProbability ? 'probabilities' : 'logits',
    },
    charset: { file: ppOcrFiles.charset, sha256: sha256(charset), size: lines, space: extra === 2 },
  };
}

async function describeDetector(bytes: Buffer, channels: PpOcrChannels): Promise<DetectorSpec> {
  const file = ppOcrFiles.detector;
  const session = await openGraph(bytes, file);
  const { dims } = await probe(session, [1, 3, probeSide, probeSide], file);
  const stride = probeSide / (dims[3] ?? 0);
  if (dims.length !== 4 || dims[1] !== 1 || dims[2] !== dims[3] || !Number.isInteger(stride))
    throw new AppError('MODEL_INVALID', { reason: packProblems.detectorShape, file, shape: [...dims] });
  return {
    file,
    sha256: sha256(bytes),
    input: {
      name: nameOf(session.inputNames),
      channels: [...ppOcrChannels[channels]],
      longSide: 1536,
      sideMultiple: 32,
      scale: 1 / 255,
      // In the order of the channels fed: PP-OCR applies ImageNet's red value to its first channel, blue.
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    },
    output: { name: nameOf(session.outputNames), stride, shrink: 0.4 },
    threshold: 0.2,
    boxThreshold: 0.4,
    minSidePx: 3,
    unclip: { rule: 'area-perimeter', factor: 1.4 },
  };
}

async function openGraph(bytes: Buffer, file: string): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (error) {
    throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses, file }, { cause: error });
  }
}

async function probe(session: ort.InferenceSession, shape: number[], file: string): Promise<ort.Tensor> {
  const size = shape.reduce((product, side) => product * side, 1);
  try {
    const input = new ort.Tensor('float32', new Float32Array(size), shape);
    const results = await session.run({ [nameOf(session.inputNames)]: input });
    return results[nameOf(session.outputNames)] as ort.Tensor;
  } catch (error) {
    throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses, file }, { cause: error });
  }
}

/** Fixed sides as numbers, free ones as their names. */
function shapeOf(session: ort.InferenceSession): (number | string)[] {
  const [input] = session.inputMetadata;
  return input?.isTensor ? [...input.shape] : [];
}

function nameOf(names: readonly string[]): string {
  const [name] = names;
  if (name === undefined) throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses });
  return name;
}

async function readPart(folder: string, file: string): Promise<Buffer | undefined> {
  return readFile(join(folder, file)).catch(() => undefined);
}

function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}
