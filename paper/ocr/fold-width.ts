/** Gives punctuation the width its neighbours call for: the recogniser knows one shape for both widths. Pure. */

const wideSigns: Readonly<Record<string, string>> = {
  ',': '，',
  ':': '：',
  ';': '；',
  '?': '？',
  '!': '！',
  '(': '（',
  ')': '）',
};

const isWide = (char: string | undefined): boolean =>
  char !== undefined && /[\p{Script=Han}，。：；、？！（）《》“”〔〕【】]/u.test(char);

/** `,` stays narrow inside numbers; brackets and stops beside Chinese become wide. */
export function foldWidth(text: string): string {
  const chars = [...text];
  const wideBrackets = pairWidths(chars);
  return chars
    .map((char, i) => {
      const wide = wideSigns[char];
      if (!wide) return char;
      if (char === '(' || char === ')') return wideBrackets.has(i) ? wide : char;
      return isWide(chars[i - 1]) || (isWide(chars[i + 1]) && chars[i - 1] !== undefined) ? wide : char;
    })
    .join('');
}

/** A pair of brackets is wide when Chinese stands beside or within it. */
function pairWidths(chars: readonly string[]): Set<number> {
  const wide = new Set<number>();
  const open: number[] = [];
  const decide = (from: number, to: number): void => {
    const around = [chars[from - 1], ...chars.slice(from + 1, to), chars[to + 1]];
    if (!around.some((char) => isWide(char))) return;
    wide.add(from);
    wide.add(to);
  };
  chars.forEach((char, i) => {
    if (char === '(') open.push(i);
    if (char === ')') {
      const from = open.pop();
      if (from === undefined) {
        if (isWide(chars[i - 1])) wide.add(i);
      } else decide(from, i);
    }
  });
  for (const i of open) if (isWide(chars[i - 1]) || isWide(chars[i + 1])) wide.add(i);
  return wide;
}
