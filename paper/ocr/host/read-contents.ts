/** The lines and the codes of one page, both at once. */
import type { PageCode, PageContent, PageReading } from '../../ports/paper-reader.ts';
import type { ModelPack } from '../model-pack.ts';
import { readLines } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { readSeals } from '../seals/read-seals.ts';

export interface ContentReaders {
  reader: Reader;
  pack: Pick<ModelPack, 'modelHash'>;
  readCodes: (page: DetectedPage) => Promise<PageCode[]>;
}

/** What is not among `reads` is empty. `check` throws when the caller has given up. */
export async function readContents(
  { reader, pack, readCodes }: ContentReaders,
  page: DetectedPage,
  reads: readonly PageContent[],
  check: () => void,
): Promise<PageReading> {
  const looking = reads.includes('codes') ? readCodes(page) : Promise.resolve([]);
  // Awaited below, unless reading the lines throws before.
  looking.catch(() => undefined);
  const lines = reads.includes('lines') ? await readLines(reader, page, check) : [];
  const seals = reads.includes('lines') ? await readSeals(reader, page, check) : [];
  return { lines, seals, codes: await looking, modelHash: pack.modelHash };
}
