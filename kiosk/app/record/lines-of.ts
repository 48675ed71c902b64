const closers = '，。、；：）」”';

/** A Chinese text in lines of `perLine` characters, none of which begins with a comma or the like: SVG breaks no text. */
export function linesOf(text: string, perLine: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const character of text) {
    if (line.length >= perLine && !closers.includes(character)) {
      lines.push(line.join(''));
      line = [];
    }
    line.push(character);
  }
  return line.length > 0 ? [...lines, line.join('')] : lines;
}
