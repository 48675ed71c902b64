/** From a checked pack to a reader: all its networks loaded. */
import { createCharTable } from './char-table.ts';
import { createDetector } from './detector.ts';
import type { ModelPack } from './model-pack.ts';
import { createOrienter } from './orienter.ts';
import type { Reader } from './read-page.ts';
import { createRecogniser } from './recogniser.ts';
import { joinCharsets } from './second-reader.ts';
import { openLanes } from './second-lane.ts';
import type { SecondReader } from './second-reader.ts';

/**
 * With more than one thread, lines are read on two at once. Whoever opens it closes it. Rejects with the runtime's own error when
 * it refuses a network.
 */
export async function openReader(pack: ModelPack, threads: number): Promise<Reader> {
  const networks = [pack.recogniser, ...(pack.second ? [pack.second.recogniser] : [])];
  const thread = threads > 1 ? openLanes(networks) : undefined;
  const close = async (): Promise<void> => thread?.close();
  const [detector, recogniser, orienter, other] = await Promise.all([
    createDetector(pack, threads),
    createRecogniser(pack.recogniser, threads, thread?.lanes[0]),
    createOrienter(pack, threads),
    pack.second && createRecogniser(pack.second.recogniser, threads, thread?.lanes[1]),
  ]).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { chars, translate, knows } = joinCharsets(pack.recogniser, pack.second?.recogniser);
  const second: SecondReader | undefined = other &&
    pack.second && { recogniser: other, below: pack.second.below, translate, knows };
  return {
    detector,
    recogniser,
    chars: createCharTable(chars, pack.recogniser.output.firstClass),
    ...(orienter ? { orienter } : {}),
    ...(second ? { second } : {}),
    close,
  };
}
