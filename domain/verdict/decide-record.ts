import type { LightColour, MaterialVerdict } from './schema.ts';

const severity: Readonly<Record<LightColour, number>> = { green: 0, yellow: 1, red: 2 };

/** The worst of some lights; undefined when any of them, or all, are missing: an unchecked material leaves no light. */
export function worstLight(lights: readonly (LightColour | undefined)[]): LightColour | undefined {
  let worst: LightColour | undefined;
  for (const light of lights) {
    if (!light) return undefined;
    if (!worst || severity[light] > severity[worst]) worst = light;
  }
  return worst;
}

/**
 * The light of a record: the worst of its materials that have pages. A paper of which nothing is compared (公司章程,
 * LNC-194) needs its check and leaves the light to the others; a record of such papers alone is yellow.
 */
export function lightOfMaterials(
  materials: readonly { pages: readonly unknown[]; checked?: { verdict: MaterialVerdict } | undefined }[],
): LightColour | undefined {
  const present = materials.filter(({ pages }) => pages.length > 0);
  const all = worstLight(present.map(({ checked }) => checked?.verdict.light));
  if (all === undefined) return undefined;
  const compared = present.flatMap(({ checked }) =>
    checked?.verdict.fields.some(({ weight }) => weight !== 'plain') ? [checked.verdict.light] : [],
  );
  return compared.length > 0 ? worstLight(compared) : all;
}
