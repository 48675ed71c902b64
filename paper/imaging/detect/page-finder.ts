/** Loads the page finder's networks: one marks the sheets in a picture, one tells what befell a sheet's corners. */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import type { Point, Quad } from '#domain/reading/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { cornerPatches } from './corner-patch.ts';
import { resizePicture } from '../files/decode.ts';
import { isAtRim } from './find-page.ts';
import { finderChannels } from './finder-map.ts';
import type { FinderMap } from './finder-map.ts';
import type { Picture } from '../picture.ts';
import { packProblems } from '../../networks/problems.ts';
import { sessionOptions } from '../../networks/session-options.ts';

/** What the corners' network tells apart, in the order of its output; models/synth/corners.py draws them. */
const cornerStates = ['whole', 'folded', 'missing'] as const;
const fileSchema = z.object({
  file: z.string().refine((name) => basename(name) === name && name !== '..', 'a plain file name'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const manifestSchema = fileSchema.extend({
  schemaVersion: z.literal(1),
  input: z.object({ name: z.string(), longSide: z.int().positive(), sideMultiple: z.int().positive() }),
  output: z.object({
    name: z.string(),
    stride: z.int().positive(),
    channels: z.tuple(finderChannels.map((name) => z.literal(name)) as [z.ZodLiteral<string>]),
  }),
  corners: fileSchema.extend({
    input: z.object({
      name: z.string(),
      side: z.int().positive(),
      outside: z.number().positive(),
      inside: z.number().positive(),
    }),
    output: z.object({
      name: z.string(),
      states: z.tuple(cornerStates.map((name) => z.literal(name)) as [z.ZodLiteral<string>]),
    }),
  }),
});

export interface PageFinder {
  /** Some 10 ms on one core. The map's scale is to `whole`, of which `picture` is a smaller copy. */
  look(picture: Picture, whole?: Pick<Picture, 'width' | 'height'>): Promise<FinderMap>;
  /** How likely each corner of a sheet is folded, 0..1; 800 px of picture are enough. Some 4 ms on one core. */
  judgeCorners(picture: Picture, quad: Quad): Promise<number[]>;
}

/** Fewer than one whole page in a hundred is called folded above this; measured in models/REPORT.md. */
const minFolded = 0.85;

/** Which corners are folded, as indexes of the quad; one at the picture's rim was not seen and is not judged. */
export async function findFolds(finder: PageFinder, picture: Picture, quad: Quad): Promise<number[]> {
  const likely = await finder.judgeCorners(picture, quad);
  return [0, 1, 2, 3].filter(
    (corner) => (likely[corner] as number) > minFolded && !isAtRim(quad[corner] as Point, picture),
  );
}

/** `folder` holds page-finder.json and the files it names. Throws MODEL_INVALID. */
export async function loadPageFinder(folder: string, threads: number): Promise<PageFinder> {
  const { corners, ...manifest } = await readManifest(folder);
  const { input, output } = manifest;
  const [session, cornerSession] = await Promise.all([
    openNetwork(folder, manifest, threads),
    openNetwork(folder, corners, threads),
  ]);

  return {
    judgeCorners: async (picture, quad) => {
      const { side } = corners.input;
      const patches = cornerPatches(picture, quad, corners.input);
      const tensor = new ort.Tensor('float32', patches, [4, 3, side, side]);
      const results = await cornerSession.run({ [corners.input.name]: tensor });
      const says = results[corners.output.name] as ort.Tensor;
      const p = says.data as Float32Array;
      const at = cornerStates.indexOf('folded');
      const folded = [0, 1, 2, 3].map((corner) => p[corner * cornerStates.length + at] as number);
      tensor.dispose();
      says.dispose();
      return folded;
    },
    look: async (picture, whole = picture) => {
      const scale = input.longSide / Math.max(picture.width, picture.height);
      // Sides are stretched to the next multiple: a sheet seen a tenth too wide is a sheet still.
      const width = toMultiple(picture.width * scale, input.sideMultiple);
      const height = toMultiple(picture.height * scale, input.sideMultiple);
      const { data } = await resizePicture(picture, width, height);
      const size = width * height;
      const planes = new Float32Array(3 * size);
      for (let i = 0, k = 0; i < size; i += 1, k += 3) {
        planes[i] = data[k] as number;
        planes[size + i] = data[k + 1] as number;
        planes[2 * size + i] = data[k + 2] as number;
      }
      const tensor = new ort.Tensor('float32', planes, [1, 3, height, width]);
      const results = await session.run({ [input.name]: tensor });
      const map = results[output.name] as ort.Tensor;
      const [, , mapHeight, mapWidth] = map.dims as [number, number, number, number];
      // A copy: the tensor's own memory goes with the tensor.
      const copy = Float32Array.from(map.data as Float32Array);
      tensor.dispose();
      map.dispose();
      return {
        data: copy,
        width: mapWidth,
        height: mapHeight,
        scaleX: whole.width / mapWidth,
        scaleY: whole.height / mapHeight,
      };
    },
  };
}

async function openNetwork(
  folder: string,
  { file, sha256 }: z.infer<typeof fileSchema>,
  threads: number,
): Promise<ort.InferenceSession> {
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    throw new AppError('MODEL_INVALID', { reason: packProblems.fileMissing, file }, { cause: error });
  });
  if (hash('sha256', bytes) !== sha256)
    throw new AppError('MODEL_INVALID', { reason: packProblems.hashDiffers, file });
  return ort.InferenceSession.create(bytes, sessionOptions(threads)).catch((error: unknown) => {
    throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses, file }, { cause: error });
  });
}

async function readManifest(folder: string): Promise<z.infer<typeof manifestSchema>> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, 'page-finder.json'), 'utf8')));
  } catch (error) {
    const reason = error instanceof z.ZodError ? packProblems.manifestWrong : packProblems.manifestUnreadable;
    throw new AppError('MODEL_INVALID', { reason, file: 'page-finder.json' }, { cause: error });
  }
}

function toMultiple(side: number, multiple: number): number {
  return Math.max(multiple, Math.round(side / multiple) * multiple);
}
