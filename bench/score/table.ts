/** Plain tables for a terminal. Pure. */

/** The first column is text, the rest are figures set to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ');
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** Per cent with two digits under ten, one above. */
export function percent(share: number | undefined): string {
  if (share === undefined) return '-';
  return (100 * share).toFixed(share < 0.1 ? 2 : 1);
}
