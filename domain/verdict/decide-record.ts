import type { LightColour } from './schema.ts';

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
