/** A pack from outside in the station's own reader: the same process, the same threads, other networks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';

export interface OutsideReader {
  reader: ManagedPaperReader;
  close(): Promise<void>;
}

/** Throws MODEL_INVALID when the pack does not hold. */
export async function openOutsideReader(modelFolder: string, pack: string): Promise<OutsideReader> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ludeng-bench-packs-'));
  try {
    const { id } = await addPack({ dataFolder, modelFolder }, pack, { id: 'outside' });
    const reader = createPaperReader({ modelFolder: join(dataFolder, 'packs', id), packId: id });
    const close = async (): Promise<void> => {
      await reader.close();
      await rm(dataFolder, { recursive: true, force: true });
    };
    return { reader, close };
  } catch (error) {
    await rm(dataFolder, { recursive: true, force: true });
    throw error;
  }
}
