/**
 * What a recogniser read nearly right, put right by the words it must be made of. Only a unique nearest word counts, and
 * only within one wrong character in four; whoever mends keeps the raw reading beside the value.
 */
import { matchPrefix } from '../../text/edit-distance.ts';
import { normaliseText } from '../../text/normalise.ts';
import { similarHanzi } from '../../text/similar-hanzi.ts';
import type { DictionaryId } from '../../catalogue/field.ts';
import { areas, closedPlaces, provinceCities } from './places.ts';
import { companyTypes, insurances, nations, offices, qualifications, wholeAuthorities } from './words.ts';

/** Lists that cannot be whole: there are more places, and offices of them, than anybody has written down. */
const openLists: ReadonlySet<DictionaryId> = new Set(['places', 'authorities']);

/**
 * The mended value; undefined when nothing is to be mended or nothing near enough is known. Where the reading is clear an open
 * list replaces a character by its look-alike alone: 辽宇省 is 辽宁省, and 云岭省 stays what the paper says.
 */
export function mendByDictionary(
  value: string,
  dictionary: DictionaryId,
  { isClear = false }: { isClear?: boolean } = {},
): string | undefined {
  const mended = menders[dictionary](value);
  if (mended === undefined || normaliseText(mended) === normaliseText(value)) return undefined;
  return isClear && openLists.has(dictionary) && !areLookAlikes(value, mended) ? undefined : mended;
}

/** Only characters that are set alike differ. */
function areLookAlikes(read: string, mended: string): boolean {
  const [left, right] = [[...normaliseText(read)], [...normaliseText(mended)]];
  return (
    left.length === right.length &&
    left.every((char, at) => char === right[at] || similarHanzi(char, right[at] ?? ''))
  );
}

/** The value is a word of the list as it stands, or made of such words. */
export function isDictionaryWord(value: string, dictionary: DictionaryId): boolean {
  const words = wordsOf[dictionary];
  return words !== undefined && words.has(core(value));
}

const menders: Readonly<Record<DictionaryId, (value: string) => string | undefined>> = {
  'company-types': (value) => nearest(value, companyTypes),
  nations: (value) => nearest(value.replace(/族$/u, ''), nations),
  qualifications: (value) => nearest(value, qualifications),
  insurances: (value) => nearest(value, insurances),
  authorities: mendAuthority,
  places: mendPlace,
};

/** Letters and digits only: brackets and commas are what a recogniser drops first. */
const core = (text: string): string => normaliseText(text).replace(/[^\p{L}\p{N}]/gu, '');
const setOf = (words: readonly string[]): ReadonlySet<string> => new Set(words.map(core));
const wordsOf: Readonly<Partial<Record<DictionaryId, ReadonlySet<string>>>> = {
  'company-types': setOf(companyTypes),
  nations: setOf(nations),
  qualifications: setOf(qualifications),
  insurances: setOf(insurances),
};
const tolerated = (length: number): number => Math.floor(length / 4);

function nearest(value: string, words: readonly string[]): string | undefined {
  const wanted = core(value);
  let best: { word: string; errors: number } | undefined;
  let isTie = false;
  for (const word of words) {
    const errors = distance(wanted, core(word));
    if (errors > tolerated([...wanted].length) || (best && errors > best.errors)) continue;
    isTie = best?.errors === errors;
    best = { word, errors };
  }
  return isTie ? undefined : best?.word;
}

/** Whole text against whole word. */
function distance(a: string, b: string, most = tolerated(a.length)): number {
  const limit = Math.max(a.length, b.length);
  if (Math.abs(a.length - b.length) > most) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, char] of [...a].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...b].entries())
      next.push(
        Math.min((row[at] ?? 0) + (char === other ? 0 : 1), (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1),
      );
    row = next;
  }
  return row.at(-1) ?? limit;
}

/** The beginning of an address: one wrong character in a place's name, where exactly one place fits. */
function mendPlace(value: string): string | undefined {
  const mended = replacePrefix(value, closedPlaces) ?? value;
  const byCity = replacePrefix(mended, provinceCities);
  const isBeforeDistrict = /^.{5,16}?[市州盟区]\p{Script=Han}{1,7}(?:区|县|旗|市)/u.test(mended);
  const best = byCity !== undefined && isBeforeDistrict ? byCity : mended;
  return best === value ? undefined : best;
}

function replacePrefix(value: string, words: readonly string[]): string | undefined {
  const chars = [...value];
  const right = words.filter((word) => value.startsWith(word)).map((word) => [...word].length);
  const longestRight = Math.max(0, ...right);
  const fitting = words
    .filter((word) => [...word].length > longestRight)
    .map((word) => ({ word, match: matchPrefix(chars, [...word], 1) }))
    // Replacements only: a character lost or added moves the border between the place and the street.
    .filter(({ word, match }) => match?.errors === 1 && match.length === [...word].length)
    .filter(({ word }) => chars[[...word].length - 1] === [...word].at(-1));
  const longest = Math.max(0, ...fitting.map(({ word }) => [...word].length));
  const [best, ...rivals] = fitting.filter(({ word }) => [...word].length === longest);
  if (!best || rivals.length > 0) return undefined;
  return best.word + chars.slice(longest).join('');
}

/** An area's name and an office's: each may hold one wrong character, a long one two. */
function mendAuthority(value: string): string | undefined {
  const whole = nearest(value, wholeAuthorities);
  if (whole !== undefined) return whole;
  const chars = [...normaliseText(value)];
  let best: { text: string; errors: number } | undefined;
  let isTie = false;
  for (let at = 2; at <= chars.length - 3; at += 1) {
    const [head, tail] = [chars.slice(0, at).join(''), chars.slice(at).join('')];
    for (const office of closest(tail, offices)) {
      // 磐石市 is no misread 黄石市: a short name that is not known may well be another place.
      const known = areas.includes(head) ? [{ word: head, errors: 0 }] : closest(head, closedPlaces, 1);
      // Where the area is not known it stays as it was read, and the office must be nearly all of it.
      const heads = known.length > 0 ? known : [{ word: head, errors: 1.5 }];
      for (const area of heads) {
        const errors = office.errors + area.errors;
        const text = area.word + office.word;
        if (best && (errors > best.errors || text === best.text)) continue;
        isTie = best?.errors === errors;
        best = { text, errors };
      }
    }
  }
  return isTie ? undefined : best?.text;
}

/** Words of the least distance, none when even that is too far. */
function closest(text: string, words: readonly string[], atLeast = 0): { word: string; errors: number }[] {
  const limit = Math.max([...text].length >= 3 ? atLeast : 0, tolerated([...text].length));
  const all = words.map((word) => ({ word, errors: distance(text, word, limit) }));
  const least = Math.min(...all.map(({ errors }) => errors));
  return least <= limit ? all.filter(({ errors }) => errors === least) : [];
}
