/** From a checked pack to a reader: all its networks loaded. */
import { createCharTable } from './char-table.ts';
import { createDetector } from './detector.ts';
import type { ModelPack } from './model-pack.ts';
import { createOrienter } from './orienter.ts';
import type { Reader } from './read-page.ts';
import { createRecogniser } from './recogniser.ts';
import { joinCharsets } from './second-reader.ts';
import type { SecondReader } from './second-reader.ts';

/** Rejects with the runtime's own error when it refuses a network. */
export async function openReader(pack: ModelPack, threads: number): Promise<Reader> {
  const [detector, recogniser, orienter, other] = await Promise.all([
    createDetector(pack, threads),
    createRecogniser(pack.recogniser, threads),
    createOrienter(pack, threads),
    pack.second && createRecogniser(pack.second.recogniser, threads),
  ]);
  const { chars, translate, knows } = joinCharsets(pack.recogniser, pack.second?.recogniser);
  const second: SecondReader | undefined = other &&
    pack.second && { recogniser: other, below: pack.second.below, translate, knows };
  return {
    detector,
    recogniser,
    chars: createCharTable(chars, pack.recogniser.output.firstClass),
    ...(orienter ? { orienter } : {}),
    ...(second ? { second } : {}),
  };
}
