/** Likeness of short texts, for labels and titles in which a recogniser misread a character. */

export interface PrefixMatch {
  /** How many characters of the text the label takes. */
  length: number;
  /** Characters replaced, missing or added. */
  errors: number;
}

/** The prefix of `text` that is most like `label`, if it is like enough. Works on code points. */
export function matchPrefix(
  text: readonly string[],
  label: readonly string[],
  maxErrors: number,
): PrefixMatch | undefined {
  if (maxErrors === 0) {
    const isSame = label.every((char, at) => text[at] === char);
    return isSame && label.length > 0 ? { length: label.length, errors: 0 } : undefined;
  }
  const window = text.slice(0, label.length + maxErrors);
  // Nearly every place is ruled out by the letters alone.
  let missing = 0;
  for (const char of label) {
    if (!window.includes(char)) missing += 1;
    if (missing > maxErrors) return undefined;
  }
  let row = Array.from({ length: window.length + 1 }, (_, index) => index);
  for (const [index, wanted] of label.entries()) {
    const next = [index + 1];
    for (const [at, char] of window.entries()) {
      const replaced = (row[at] ?? 0) + (char === wanted ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  let best: PrefixMatch | undefined;
  for (const [length, errors] of row.entries()) {
    if (errors > maxErrors || length === 0) continue;
    const closer = Math.abs(length - label.length) < Math.abs((best?.length ?? Infinity) - label.length);
    if (!best || errors < best.errors || (errors === best.errors && closer)) best = { length, errors };
  }
  return best;
}

/** The fewest errors with which `wanted` stands anywhere in `text`; undefined when more than `maxErrors`. */
export function findAnywhere(text: string, wanted: string, maxErrors: number): number | undefined {
  if (text.includes(wanted)) return 0;
  if (maxErrors === 0) return undefined;
  const chars = [...text];
  const label = [...wanted];
  let best: number | undefined;
  for (let at = 0; at + label.length - maxErrors <= chars.length; at += 1) {
    const match = matchPrefix(chars.slice(at), label, maxErrors);
    if (match && match.errors < (best ?? Infinity)) best = match.errors;
  }
  return best;
}

/** Characters to insert, leave out or replace to make one text of the other. */
export function editDistance(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  let row = right.map((_, index) => index + 1);
  left.forEach((char, at) => {
    let diagonal = at;
    let before = at + 1;
    row = row.map((above, index) => {
      const cost = Math.min(above + 1, before + 1, diagonal + (char === right[index] ? 0 : 1));
      diagonal = above;
      before = cost;
      return cost;
    });
  });
  return row.at(-1) ?? left.length;
}
