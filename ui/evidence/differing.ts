/** Where one text differs from another: for showing a claim beside its nearest rival. Pure. */

export interface TextPart {
  text: string;
  differs: boolean;
}

/**
 * `text` in parts: those that stand in `other` too, in the same order (a longest common subsequence), and those that do
 * not. A text that only lacks something has an empty part that differs where it is missing.
 */
export function differingParts(text: string, other: string): TextPart[] {
  const [a, b] = [[...text], [...other]];
  const common = commonLengths(a, b);
  const parts: TextPart[] = [];
  const put = (char: string, differs: boolean): void => {
    const last = parts.at(-1);
    if (last?.differs === differs) last.text += char;
    else parts.push({ text: char, differs });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      put(a[i] as string, false);
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      put(a[i] as string, true);
      i += 1;
    } else {
      put('', true);
      j += 1;
    }
  }
  return parts;
}

const at = (table: readonly (readonly number[])[], i: number, j: number): number => table[i]?.[j] ?? 0;

/** `table[i][j]`: length of the longest common subsequence of a from i and b from j. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      (table[i] as number[])[j] =
        a[i] === b[j] ? 1 + at(table, i + 1, j + 1) : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}
