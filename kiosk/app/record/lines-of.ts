const closers = '，。、；：）」”';
const openers = '（「“';

/** A Chinese text in lines of `perLine` characters, none of which begins with a comma or the like or ends with an opening quote: SVG breaks no text. */
export function linesOf(text: string, perLine: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const character of text) {
    if (line.length >= perLine && !closers.includes(character)) {
      const carried = openers.includes(line.at(-1) ?? ' ') ? line.splice(-1) : [];
      lines.push(line.join(''));
      line = carried;
    }
    line.push(character);
  }
  return line.length > 0 ? [...lines, line.join('')] : lines;
}
