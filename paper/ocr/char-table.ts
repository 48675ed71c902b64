/** The recogniser's characters: class id to text and back, with the classes that stand for one character. Pure. */
import { nameDots } from '#domain/text/compatible-characters.ts';

export interface CharTable {
  /** Character of a class; empty for the blank. */
  charOf: (classId: number) => string;
  /** Every class that may stand for `char` on paper: itself, its other width, its typographic twins. Empty if unknown. */
  classesOf: (char: string) => readonly number[];
  /** Two different classes that show one sign, such as the two widths of a colon. */
  areTwins: (a: number, b: number) => boolean;
  size: number;
}

export function createCharTable(chars: readonly string[], firstClass: number): CharTable {
  const byKey = new Map<string, number[]>();
  chars.forEach((char, i) => {
    const key = sameCharKey(char);
    const list = byKey.get(key);
    if (list) list.push(i + firstClass);
    else byKey.set(key, [i + firstClass]);
  });
  return {
    charOf: (classId) => chars[classId - firstClass] ?? '',
    classesOf: (char) => byKey.get(sameCharKey(char)) ?? [],
    areTwins: (a, b) => {
      const [first, second] = [chars[a - firstClass], chars[b - firstClass]];
      return (
        a !== b && first !== undefined && second !== undefined && sameCharKey(first) === sameCharKey(second)
      );
    },
    size: chars.length + firstClass,
  };
}

/**
 * Twins that no reader of a document tells apart: brackets of all shapes, dashes, dots in the middle, the two
 * circles used for zero in written years.
 */
const twins: Readonly<Record<string, string>> = Object.fromEntries(
  [
    '([{〔【〖［（｛',
    ')]}〕】〗］）｝',
    '-—–－―‐−─',
    nameDots,
    '〇○◯',
    '“”"＂″',
    "‘’'＇′",
    '《〈<＜«',
    '》〉>＞»',
    '。｡',
    '~～∼',
  ].flatMap((group) => [...group].map((char) => [char, group[0] as string])),
);

/** Equal for characters that count as the same on paper. */
export function sameCharKey(char: string): string {
  const twin = twins[char];
  if (twin) return twin;
  const code = char.codePointAt(0) ?? 0;
  // Full-width forms U+FF01..FF5E mirror ASCII.
  if (code >= 0xff01 && code <= 0xff5e) {
    const half = String.fromCodePoint(code - 0xfee0);
    return twins[half] ?? half;
  }
  return char;
}
