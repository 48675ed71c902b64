/**
 * Real pictures with their text typed by eye: FOLDER/truth/NAME.json beside FOLDER/pictures/NAME.jpg. A picture that is not
 * there is left out and named: the licences of some allow no copy.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { quadSchema } from '#domain/reading/schema.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { decodePicture, resizePicture } from '#paper/imaging/files/decode.ts';
import { BenchError } from '../options.ts';
import { toPpm } from './straight-pages.ts';
import type { StraightTruth } from './straight-pages.ts';

const truthSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  lines: z.array(z.object({ text: z.string(), poly: quadSchema })),
  /** The truth is typed in capitals alone, as receipts' sets are: small letters count as capitals. */
  ignoreCase: z.boolean().optional(),
  /** Places that are neither right nor wrong: round text in seals, emblems, names of persons, blurred text. */
  ignore: z.array(quadSchema),
});

export interface RealPicture extends StraightTruth {
  ignore: Quad[];
  ignoreCase: boolean;
}

/** Throws BenchError for a folder of another form. */
export async function openRealSet(
  folder: string,
): Promise<{ pictures: RealPicture[]; missing: string[]; dispose: () => Promise<void> }> {
  const made = await mkdtemp(join(tmpdir(), 'ludeng-bench-real-'));
  const dispose = (): Promise<void> => rm(made, { recursive: true, force: true });
  const pictures: RealPicture[] = [];
  const missing: string[] = [];
  try {
    const names = (await readdir(join(folder, 'truth'))).filter((name) => name.endsWith('.json')).sort();
    for (const file of names) {
      const name = basename(file, '.json');
      const truth = truthSchema.parse(JSON.parse(await readFile(join(folder, 'truth', file), 'utf8')));
      const bytes = await readFile(join(folder, 'pictures', `${name}.jpg`)).catch(() => undefined);
      if (!bytes) {
        missing.push(name);
        continue;
      }
      const picture = await decodePicture(bytes);
      // The marks are in pixels of a picture of that size, which the stored copy need not have.
      const sized =
        picture.width === truth.width && picture.height === truth.height
          ? picture
          : await resizePicture(picture, truth.width, truth.height);
      const ppm = join(made, `${name}.ppm`);
      await writeFile(ppm, toPpm(sized));
      const lines = truth.lines.map(({ text, poly }) => ({ text, box: poly, field: null, underSeal: false }));
      pictures.push({
        name,
        kind: name,
        condition: 'real',
        file: ppm,
        lines,
        ignore: truth.ignore,
        ignoreCase: truth.ignoreCase ?? false,
      });
    }
  } catch (error) {
    await dispose();
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new BenchError(`--real takes a folder with truth/NAME.json and pictures/NAME.jpg: ${why}`, {
      cause: error,
    });
  }
  if (pictures.length > 0) return { pictures, missing, dispose };
  await dispose();
  throw new BenchError(`--real: no picture of ${folder}/truth is in ${folder}/pictures`);
}
