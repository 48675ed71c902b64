/** Mending codes by their check digit: characters that recognisers confuse, and the one substitution that makes a code hold. */

/** Characters that a credit code cannot contain, and what they then must be. */
export const creditCodeStandIns: Readonly<Record<string, string>> = {
  O: '0',
  I: '1',
  Z: '2',
  S: '5',
  V: 'Y',
};
/** In a place where only a digit can stand. */
const asDigit: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  U: '0',
  I: '1',
  L: '1',
  '|': '1',
  '!': '1',
  Z: '2',
  A: '4',
  S: '5',
  G: '6',
  T: '7',
  B: '8',
};
const confusions = [
  '0DQUC',
  '17LTJ',
  '2Z',
  '3859',
  '4A',
  '56',
  '68G',
  '8B3R',
  '9P',
  'BRE8',
  'CG0',
  'HNMWK',
  'UY0',
  'XYK',
];

export function replaceImpossible(code: string): string {
  return [...code].map((char) => creditCodeStandIns[char] ?? char).join('');
}

export function toDigits(text: string): string {
  return [...text].map((char) => asDigit[char] ?? char).join('');
}

/** The code with exactly one character replaced by a look-alike so that it holds; undefined when none or several do. */
export function mendOne(code: string, holds: (candidate: string) => boolean): string | undefined {
  const found = new Set<string>();
  [...code].forEach((char, index) => {
    const rivals = new Set(confusions.filter((group) => group.includes(char)).flatMap((group) => [...group]));
    rivals.delete(char);
    for (const rival of rivals) {
      const candidate = code.slice(0, index) + rival + code.slice(index + 1);
      if (holds(candidate)) found.add(candidate);
    }
  });
  return found.size === 1 ? [...found][0] : undefined;
}
