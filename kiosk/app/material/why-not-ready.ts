import { submitWords } from '../locales/submit-words.ts';
import type { MaterialPlace } from './use-open-material.ts';

/** So many fields are named; the others are counted. */
const maxNamed = 3;

/** Why the paper cannot be sealed yet (or saved, where its kind seals nothing); undefined when it can. Pure. */
export function whyNotReady({
  material: { pages, mode, confirmed },
  unmarked,
}: Pick<MaterialPlace, 'unmarked'> & {
  material: Pick<MaterialPlace['material'], 'pages' | 'mode' | 'confirmed'>;
}): string | undefined {
  if (pages.length === 0) return submitWords.seal.needPages;
  if (mode === 'smart' && !confirmed) return submitWords.seal.needValues;
  if (unmarked.length === 0) return undefined;
  const named = unmarked.slice(0, maxNamed).map(({ label }) => label);
  return submitWords.seal.needMarks(named, unmarked.length);
}
