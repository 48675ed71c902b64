/**
 * The outside packs of a station: copied into `packs/ID` of its data folder, the chosen one noted in `packs/chosen.json`.
 * Nothing here is needed to read with the built-in pack, and nothing here can stop it.
 */
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { loadModelPack, readManifest } from '../model-pack.ts';
import type { ModelPack, PackManifest } from '../model-pack.ts';
import { openReader } from '../open-reader.ts';
import { describePpOcrFolder } from './pp-ocr-pack.ts';
import type { PpOcrChannels } from './pp-ocr-pack.ts';
import { packProblems } from '../../networks/problems.ts';

export interface PackPlaces {
  /** The station's data folder. */
  dataFolder: string;
  /** The built-in packs. */
  modelFolder: string;
}

export interface PackEntry {
  id: string;
  licence: string;
  builtIn: boolean;
  chosen: boolean;
}

export interface AddOptions {
  /** Name at this station; the manifest's or the folder's if left out. */
  id?: string;
  licence?: string;
  /** For folders without a manifest; `bgr` if left out. */
  channels?: PpOcrChannels;
}

/** What the paper reader is started with. */
export interface ResolvedPack {
  modelFolder: string;
  packId?: string;
}

const choiceSchema = z.strictObject({ packId: z.string() });
const idPattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * The pack that this station was told to use. When that pack is damaged or gone the built-in one goes on, and
 * `onRefused` is told why: a counter must not stand still for a file.
 */
export async function resolveModelPack(
  places: PackPlaces,
  onRefused: (problem: { packId: string; reason: string }) => void,
): Promise<ResolvedPack> {
  const builtIn = { modelFolder: places.modelFolder };
  let packId = '';
  try {
    const chosen = await readChoice(places);
    if (chosen === undefined) return builtIn;
    packId = chosen;
    const modelFolder = await folderWith(places, chosen);
    await loadModelPack(modelFolder, chosen);
    return { modelFolder, packId: chosen };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    onRefused({ packId, reason: reasonOf(error) });
    return builtIn;
  }
}

export async function listPacks(places: PackPlaces): Promise<PackEntry[]> {
  const builtIn = await readManifest(places.modelFolder);
  const chosen = (await readChoice(places).catch(() => undefined)) ?? builtIn.default;
  const ids = await readdir(packsFolder(places), { withFileTypes: true }).catch(() => []);
  const outside = await Promise.all(
    ids
      .filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
      .map(async ({ name }) => {
        const pack = await readManifest(folderOf(places, name)).catch(() => undefined);
        return { id: name, licence: pack?.packs[0]?.licence ?? '', builtIn: false, chosen: name === chosen };
      }),
  );
  return [
    ...builtIn.packs.map(({ id, licence }) => ({ id, licence, builtIn: true, chosen: id === chosen })),
    ...outside,
  ];
}

/** Copies a pack into the station after checking it; one of the same name is replaced. Throws MODEL_INVALID. */
export async function addPack(
  places: PackPlaces,
  from: string,
  options: AddOptions = {},
): Promise<PackEntry> {
  const manifest = await manifestFor(from, options);
  const pack = manifest.packs.find(({ id }) => id === manifest.default);
  if (!pack) throw new AppError('MODEL_INVALID', { reason: packProblems.unknown, packId: manifest.default });
  const id = options.id ?? pack.id;
  if (!idPattern.test(id)) throw new AppError('MODEL_INVALID', { reason: packProblems.badId, packId: id });
  if (await isBuiltIn(places, id))
    throw new AppError('MODEL_INVALID', { reason: packProblems.reservedId, packId: id });
  const second = manifest.packs.find((other) => other !== pack && other.id === pack.second?.packId);
  if (pack.second && !second)
    throw new AppError('MODEL_INVALID', { reason: packProblems.unknown, packId: pack.second.packId });
  const packs = [{ ...pack, id, licence: options.licence ?? pack.licence }, ...(second ? [second] : [])];
  const own: PackManifest = { schemaVersion: 1, default: id, packs };
  const target = folderOf(places, id);
  // Written beside the target first: a copy broken off half-way never looks like a pack.
  const fresh = join(packsFolder(places), `.${id}.new`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  try {
    for (const file of new Set(packs.flatMap(filesBeside))) {
      await copyFile(join(from, file), join(fresh, file)).catch((error: unknown) => {
        throw new AppError('MODEL_INVALID', { reason: packProblems.fileMissing, file }, { cause: error });
      });
    }
    await copyFile(join(from, 'README.md'), join(fresh, 'README.md')).catch(() => undefined);
    await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify(own, undefined, 2)}\n`);
    await tryPack(await loadModelPack(fresh, id));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw error;
  }
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  return {
    id,
    licence: own.packs[0]?.licence ?? '',
    builtIn: false,
    chosen: (await readChoice(places)) === id,
  };
}

/** Reads every file of the pack, compares the hashes and runs its networks once. Throws MODEL_INVALID. */
export async function checkPack(places: PackPlaces, id?: string): Promise<{ id: string; modelHash: string }> {
  const wanted = id ?? (await readChoice(places)) ?? (await readManifest(places.modelFolder)).default;
  const pack = await loadModelPack(await folderWith(places, wanted), wanted);
  await tryPack(pack);
  return { id: pack.packId, modelHash: pack.modelHash };
}

/** Chooses the pack for the next start. Throws MODEL_INVALID, and the choice stays as it was. */
export async function choosePack(places: PackPlaces, id: string): Promise<void> {
  await checkPack(places, id);
  const file = choiceFile(places);
  if (id === (await readManifest(places.modelFolder)).default) return rm(file, { force: true });
  await mkdir(packsFolder(places), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify({ packId: id })}\n`);
  await rename(`${file}.new`, file);
}

/** The files of a pack that lie beside its manifest; those of an npm package stay where they are installed. */
function filesBeside(pack: PackManifest['packs'][number]): string[] {
  if (pack.package !== undefined) return [];
  const { recogniser, detector, orientation } = pack;
  const files = [recogniser.file, detector.file, recogniser.charset.file, orientation?.file];
  return files.filter((name) => name !== undefined);
}

async function manifestFor(from: string, options: AddOptions): Promise<PackManifest> {
  const names = await readdir(from).catch(() => [] as string[]);
  if (names.includes('manifest.json')) return readManifest(from);
  return describePpOcrFolder(from, {
    id: options.id ?? basename(from).toLowerCase(),
    licence: options.licence ?? (await licenceIn(join(from, 'README.md'))),
    channels: options.channels ?? 'bgr',
  });
}

/** The SPDX name in the pack's own README; the README travels with the pack either way. */
async function licenceIn(readme: string): Promise<string> {
  const text = await readFile(readme, 'utf8').catch(() => '');
  return /\b(Apache-2\.0|MIT|BSD-[23]-Clause|MPL-2\.0)\b/.exec(text)?.[1] ?? '';
}

/** A run on an empty page and an empty line: shapes that do not fit show here and not at the counter. */
async function tryPack(pack: ModelPack): Promise<void> {
  const { input } = pack.recogniser;
  const side = 256;
  const width = 160;
  try {
    const { detector, recogniser, orienter } = await openReader(pack, 1);
    const empty = { data: new Uint8Array(side * side * 3).fill(255), width: side, height: side };
    await detector.detect(empty);
    await orienter?.look(empty);
    const planes = input.channels.map(() => new Float32Array(width * input.height).fill(255));
    const [frames] = await recogniser.recognise([{ planes, width, height: input.height }], () => undefined);
    const expected = pack.recogniser.chars.length + pack.recogniser.output.firstClass;
    if (frames?.classes !== expected) {
      const details = { reason: packProblems.recogniserOutput, classes: frames?.classes, expected };
      throw new AppError('MODEL_INVALID', details);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('MODEL_INVALID', { reason: packProblems.runtimeRefuses }, { cause: error });
  }
}

async function readChoice(places: PackPlaces): Promise<string | undefined> {
  const text = await readFile(choiceFile(places), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { packId } = choiceSchema.parse(JSON.parse(text));
    if (idPattern.test(packId)) return packId;
  } catch (error) {
    throw new AppError('MODEL_INVALID', { reason: packProblems.choiceUnreadable }, { cause: error });
  }
  throw new AppError('MODEL_INVALID', { reason: packProblems.choiceUnreadable });
}

async function isBuiltIn({ modelFolder }: PackPlaces, id: string): Promise<boolean> {
  return (await readManifest(modelFolder)).packs.some((pack) => pack.id === id);
}

/** Throws MODEL_INVALID when the station has no such pack. */
async function folderWith(places: PackPlaces, id: string): Promise<string> {
  if (await isBuiltIn(places, id)) return places.modelFolder;
  const files = idPattern.test(id) ? await readdir(folderOf(places, id)).catch(() => []) : [];
  if (files.length === 0) throw new AppError('MODEL_INVALID', { reason: packProblems.unknown, packId: id });
  return folderOf(places, id);
}

function reasonOf({ details }: AppError): string {
  const { reason, file } = details;
  return `${typeof reason === 'string' ? reason : ''}${typeof file === 'string' ? `（${file}）` : ''}`;
}

const packsFolder = ({ dataFolder }: PackPlaces): string => join(dataFolder, 'packs');
const folderOf = (places: PackPlaces, id: string): string => join(packsFolder(places), id);
const choiceFile = (places: PackPlaces): string => join(packsFolder(places), 'chosen.json');
