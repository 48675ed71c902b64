/** From a claimed text to the lattice of ways in which it may stand on paper. Pure. */
import { sameCharKey } from '../char-table.ts';
import type { CharTable } from '../char-table.ts';
import type { Position } from '../ctc/lattice.ts';

export interface ClaimChar {
  char: string;
  key: string;
  optional: boolean;
}

/** Signs whose presence changes nothing: a reader may drop them and a person may leave them out. */
const meaningless = new Set([
  ...'，,。．、；;：:？?！!（）()[]{}〔〕【】「」『』“”"‘’\'《》<>〈〉…·•*●★—_ \t\u3000|`^~',
]);
/** Signs that carry meaning between letters and digits: 1.5 is not 15, 2035-04 is not 203504. */
const joiners = new Set([...'.-/']);
const isAlnum = (char: string | undefined): boolean => char !== undefined && /[0-9A-Za-z]/.test(char);

export function readClaim(text: string): ClaimChar[] {
  // A joiner seen twice says what it says once; apart, 7--3 would pass for a rival of 7-3 with the same likelihood.
  const chars = [...text.normalize('NFC')]
    .filter((char) => !/\s/u.test(char))
    .filter((char, i, all) => !joiners.has(sameCharKey(char)) || sameKeyAt(all, i - 1) !== sameCharKey(char));
  return chars.map((char, i) => {
    const key = sameCharKey(char);
    const joins = joiners.has(key) && isAlnum(sameKeyAt(chars, i - 1)) && isAlnum(sameKeyAt(chars, i + 1));
    const optional = meaningless.has(char) || meaningless.has(key) || (joiners.has(key) && !joins);
    return { char, key, optional };
  });
}
const sameKeyAt = (chars: readonly string[], i: number): string | undefined => {
  const char = chars[i];
  return char === undefined ? undefined : sameCharKey(char);
};

/** What remains when everything without meaning is taken out: equal cores are the same claim. */
export function coreOf(text: string): string {
  return readClaim(text)
    .filter((char) => !char.optional)
    .map((char) => char.key)
    .join('');
}

export interface ClaimPositions {
  positions: Position[];
  /** For each position the index of its character in the claim; -1 for signs the paper may add. */
  owners: number[];
  /** A character that the recogniser does not know: nothing on paper can prove it. */
  hasUnknown: boolean;
}

export interface PositionOptions {
  chars: CharTable;
  /** Classes of meaningless signs seen on the paper: they may stand in any gap. */
  seenSigns: readonly number[];
  /** Stand-ins for characters that the recogniser does not know. */
  anyClass: readonly number[];
}

export function positionsOf(
  claim: readonly ClaimChar[],
  { chars, seenSigns, anyClass }: PositionOptions,
): ClaimPositions {
  const positions: Position[] = [];
  const owners: number[] = [];
  let hasUnknown = false;
  const addGap = (): void => {
    if (seenSigns.length === 0) return;
    positions.push({ classes: seenSigns, optional: true });
    owners.push(-1);
  };
  claim.forEach(({ char, optional }, i) => {
    let classes = chars.classesOf(char);
    if (classes.length === 0) {
      if (optional) return;
      hasUnknown = true;
      classes = anyClass;
    }
    // A gap that offers the same sign as its neighbour would count one spelling twice.
    if (!optional || !classes.some((c) => seenSigns.includes(c))) addGap();
    positions.push({ classes, optional });
    owners.push(i);
  });
  addGap();
  return { positions, owners, hasUnknown };
}

export function isMeaninglessSign(char: string): boolean {
  return meaningless.has(char) || meaningless.has(sameCharKey(char));
}
