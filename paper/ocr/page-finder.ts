/** Loads the page finder's network and runs it on a picture. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { resizePicture } from '../imaging/decode.ts';
import { FINDER_CHANNELS } from '../imaging/finder-map.ts';
import type { FinderMap } from '../imaging/finder-map.ts';
import type { Picture } from '../imaging/picture.ts';
import { packProblems } from './packs/problems.ts';

const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  file: z.string().refine((name) => basename(name) === name && name !== '..', 'a plain file name'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  input: z.object({ name: z.string(), longSide: z.int().positive(), sideMultiple: z.int().positive() }),
  output: z.object({
    name: z.string(),
    stride: z.int().positive(),
    channels: z.tuple(FINDER_CHANNELS.map((name) => z.literal(name)) as [z.ZodLiteral<string>]),
  }),
});

export interface PageFinder {
  /** Some 10 ms on one core. The map's scale is to `whole`, of which `picture` is a smaller copy. */
  look(picture: Picture, whole?: Pick<Picture, 'width' | 'height'>): Promise<FinderMap>;
}

/** `folder` holds page-finder.json and the file it names. Throws MODEL_INVALID. */
export async function loadPageFinder(folder: string, threads: number): Promise<PageFinder> {
  const { file, sha256, input, output } = await readManifest(folder);
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    throw new AppError('MODEL_INVALID', { reason: packProblems.fileMissing, file }, { cause: error });
  });
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new AppError('MODEL_INVALID', { reason: packProblems.hashDiffers, file });
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((error: unknown) => {
    throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses, file }, { cause: error });
  });

  return {
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
