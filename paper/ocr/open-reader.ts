/** From a checked pack to a reader: all its networks loaded. */
import { createCharTable } from './char-table.ts';
import { createDetector } from './detector.ts';
import type { ModelPack } from './model-pack.ts';
import { createOrienter } from './orienter.ts';
import type { Reader } from './read-page.ts';
import { createRecogniser } from './recogniser.ts';

/** Rejects with the runtime's own error when it refuses a network. */
export async function openReader(pack: ModelPack, threads: number): Promise<Reader> {
  const [detector, recogniser, orienter] = await Promise.all([
    createDetector(pack, threads),
    createRecogniser(pack, threads),
    createOrienter(pack, threads),
  ]);
  const chars = createCharTable(pack.recogniser.chars, pack.recogniser.output.firstClass);
  return { detector, recogniser, chars, ...(orienter ? { orienter } : {}) };
}
