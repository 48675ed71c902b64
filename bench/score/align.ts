/** Edit distance with the place of every error. Pure. */

/** What a character error rate compares: NFKC, so that full and half width are one, and no blanks. */
export function normalise(text: string): string {
  return text.normalize('NFKC').replace(/\s/gu, '');
}

/**
 * Errors of a cheapest alignment of `found` to `truth` (Levenshtein 1965: insert, drop, substitute cost 1), for each true
 * character; an inserted character counts against the true character before it. `truth` must not be empty.
 */
export function errorsPerChar(truth: readonly string[], found: readonly string[]): number[] {
  const [rows, columns] = [truth.length + 1, found.length + 1];
  const cost = new Uint32Array(rows * columns);
  const at = (i: number, j: number): number => cost[i * columns + j] as number;
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) {
      cost[i * columns + j] =
        i === 0 || j === 0
          ? i + j
          : Math.min(
              at(i - 1, j) + 1,
              at(i, j - 1) + 1,
              at(i - 1, j - 1) + (truth[i - 1] === found[j - 1] ? 0 : 1),
            );
    }
  }
  const errors = new Array<number>(truth.length).fill(0);
  const blame = (index: number): void => {
    const place = Math.max(0, index);
    errors[place] = (errors[place] ?? 0) + 1;
  };
  let [i, j] = [truth.length, found.length];
  while (i > 0 || j > 0) {
    const isSame = i > 0 && j > 0 && truth[i - 1] === found[j - 1];
    if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + (isSame ? 0 : 1)) {
      if (!isSame) blame(i - 1);
      i -= 1;
      j -= 1;
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      blame(i - 1);
      i -= 1;
    } else {
      blame(i - 1);
      j -= 1;
    }
  }
  return errors;
}
