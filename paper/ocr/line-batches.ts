/** Lines of like width make a batch; batches are shared out between two lanes. Pure. */

/** Padding a batch to its widest line wastes work: lines within a batch differ by at most this factor. */
const maxWidthRatio = 1.3;
/** Pixels of one batch; keeps a run near a tenth of a second on one core, so that other requests get their turn. */
const maxBatchWidth = 2600;

/** Indexes of the lines, narrow ones first; `maxLines` is how many one run may take. */
export function inBatches(widths: readonly number[], maxLines = Infinity): number[][] {
  const order = widths.map((_, i) => i).sort((a, b) => (widths[a] as number) - (widths[b] as number));
  const batches: number[][] = [];
  for (const i of order) {
    const width = widths[i] as number;
    const last = batches.at(-1);
    const narrowest = last === undefined ? width : (widths[last[0] as number] as number);
    const isFull =
      last === undefined ||
      last.length >= maxLines ||
      width > narrowest * maxWidthRatio + 8 ||
      width * (last.length + 1) > maxBatchWidth;
    if (isFull) batches.push([i]);
    else last.push(i);
  }
  return batches;
}

/** Two parts of about equal work, the largest batches first; the second part is the smaller one. */
export function shareOut(
  batches: readonly number[][],
  widths: readonly number[],
): [here: number[][], there: number[][]] {
  const workOf = (batch: readonly number[]): number =>
    batch.length * Math.max(...batch.map((i) => widths[i] as number));
  const parts: { work: number; batches: number[][] }[] = [
    { work: 0, batches: [] },
    { work: 0, batches: [] },
  ];
  for (const batch of batches.toSorted((a, b) => workOf(b) - workOf(a))) {
    const [lighter] = parts.toSorted((a, b) => a.work - b.work);
    lighter?.batches.push(batch);
    if (lighter) lighter.work += workOf(batch);
  }
  const [light, heavy] = parts.toSorted((a, b) => a.work - b.work);
  return [heavy?.batches ?? [], light?.batches ?? []];
}
