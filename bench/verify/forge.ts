/** False claims, one change away from the true one: what a slip or a forger would write. Pure; the seed decides. */
import type { Field } from '#domain/catalogue/field.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { takesPart } from '#domain/fields/takes-part.ts';
import { halfWidths } from '#domain/text/normalise.ts';
import { coreOf } from '#paper/ocr/claims/claim-text.ts';
import { lookalikesOf } from '#paper/ocr/claims/lookalikes.ts';

export const changes = [
  'look-alike',
  'digit',
  'drop',
  'add',
  'swap',
  'other person',
  'other company',
  'beginning hidden',
] as const;
export type Change = (typeof changes)[number];

export interface Forgery {
  change: Change;
  /** Canonical. */
  claim: string;
}

export interface ForgeOptions {
  field: Field;
  /** True canonical value. */
  value: string;
  /** Names of other pages. */
  persons: readonly string[];
  companies: readonly string[];
  /** 0..1, uniform. */
  random: () => number;
}

/**
 * At most one forgery of each kind; none that the field's rule refuses or takes for the true value, and none that only
 * moves a sign without meaning, such as a bracket.
 */
export function forge(options: ForgeOptions): Forgery[] {
  const { field, value } = options;
  const rule = fieldRules[field.kind];
  return changes.flatMap((change) => {
    for (const text of candidates(change, options)) {
      if (coreOf(text) === coreOf(value)) continue;
      const parsed = rule.parse(text, field);
      if (parsed.ok && !rule.agrees(parsed.value, value, field)) return [{ change, claim: parsed.value }];
    }
    return [];
  });
}

/**
 * The last two thirds of a text as the claim, for a mark that is drawn over these alone. Undefined where a part of a line
 * is what the field asks for, and for texts too short to lose a beginning.
 */
export function hideBeginning(field: Field, value: string): (Forgery & { hidden: number }) | undefined {
  const chars = [...value];
  const hidden = Math.ceil(chars.length / 3);
  const isWhole = ['company-name', 'address', 'text', 'person-name'].includes(field.kind);
  const claim = chars.slice(hidden).join('');
  if (!isWhole || takesPart(field) || chars.length < 4 || !/^\p{Script=Han}/u.test(claim)) return undefined;
  return {
    change: 'beginning hidden',
    claim,
    hidden: halfWidths(chars.slice(0, hidden).join('')) / halfWidths(value),
  };
}

const tries = 8;

function candidates(change: Change, options: ForgeOptions): string[] {
  const { field, value, random } = options;
  const chars = [...value];
  const anywhere = (suits: (char: string, i: number) => boolean): number[] =>
    shuffled(
      chars.flatMap((char, i) => (suits(char, i) ? [i] : [])),
      random,
    ).slice(0, tries);
  const replaced = (i: number, ...put: string[]): string =>
    [...chars.slice(0, i), ...put, ...chars.slice(i + 1)].join('');
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  switch (change) {
    case 'look-alike':
      return anywhere((char) => lookalikesOf(char).length > 0).map((i) =>
        replaced(i, oneOf(lookalikesOf(chars[i] as string))),
      );
    case 'digit':
      return anywhere((char) => /\d/.test(char)).map((i) =>
        replaced(i, oneOf([...'0123456789'].filter((digit) => digit !== chars[i]))),
      );
    case 'drop':
      return anywhere(() => chars.length > 1).map((i) => replaced(i));
    case 'add':
      return anywhere(() => true).map((i) => replaced(i, chars[i] as string, oneOf(chars)));
    case 'swap':
      return anywhere((char, i) => i + 1 < chars.length && chars[i + 1] !== char).map((i) =>
        [...chars.slice(0, i), chars[i + 1], chars[i], ...chars.slice(i + 2)].join(''),
      );
    case 'other person':
      return field.kind === 'person-name' ? shuffled(options.persons, random).slice(0, tries) : [];
    // With a mark of its own: `hideBeginning`.
    case 'beginning hidden':
      return [];
    case 'other company':
      return field.kind === 'company-name' ? shuffled(options.companies, random).slice(0, tries) : [];
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Mulberry32 (Tommy Ettinger): small, and the same on every machine. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
