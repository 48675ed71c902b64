/** Letters as strokes on a grid of 4 by 6, each a list of polylines `xy-xy-…`. */
const strokes: Record<string, string> = {
  '2': '01-10-30-41-42-06-46',
  '3': '01-10-30-41-32-23 32-44-35-15-04',
  '4': '36-30-04-44',
  '5': '40-00-02-32-43-45-36-06',
  '6': '40-10-02-05-16-36-45-44-33-03',
  '7': '00-40-16',
  '8': '10-30-41-32-12-01-10 12-04-05-16-36-45-44-32',
  A: '06-20-46 14-34',
  C: '41-30-10-01-05-16-36-45',
  E: '40-00-06-46 03-33',
  F: '40-00-06 03-33',
  H: '00-06 40-46 03-43',
  K: '00-06 40-03-46',
  L: '00-06-46',
  M: '06-00-23-40-46',
  N: '06-00-46-40',
  P: '06-00-30-41-42-33-03',
  R: '06-00-30-41-42-33-03 23-46',
  T: '00-40 20-26',
  W: '00-16-23-36-40',
  X: '00-46 40-06',
  Y: '00-23-40 23-26',
};
const [width, height] = [160, 56];

/** An SVG of the letters as lines, turned, shifted and crossed out a little: `chance` decides how, at least 32 bytes. */
export function drawGlyphs(text: string, chance: Uint8Array): string {
  let next = 0;
  const random = (min: number, max: number): number => {
    const byte = chance[next % chance.length] ?? 0;
    next += 1;
    return min + (byte / 255) * (max - min);
  };
  const points = (line: string, left: number, turn: number): string =>
    line
      .split('-')
      .map(([x = '0', y = '0'], index) => {
        const [dx, dy] = [Number(x) * 5.4 - 11 + random(-0.7, 0.7), Number(y) * 5.4 - 16 + random(-0.7, 0.7)];
        const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
        const at = [left + dx * cos - dy * sin, height / 2 + dx * sin + dy * cos];
        return `${index === 0 ? 'M' : 'L'}${at.map((one) => one.toFixed(1)).join(' ')}`;
      })
      .join('');
  const glyphs = [...text].map((letter, index) => {
    const [left, turn] = [24 + index * 37 + random(-4, 4), random(-0.35, 0.35)];
    const path = (strokes[letter] ?? '')
      .split(' ')
      .map((line) => points(line, left, turn))
      .join('');
    return `<path d="${path}" stroke-width="${random(2.6, 4).toFixed(1)}"/>`;
  });
  const noise = Array.from({ length: 3 }, () => {
    const y = [1, 2, 3].map(() => random(6, height - 6).toFixed(1));
    return `<path d="M0 ${y[0]}Q${width / 2} ${y[1]} ${width} ${y[2]}" stroke-width="1.4"/>`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">` +
    `<g fill="none" stroke="#14273a" stroke-linecap="round" stroke-linejoin="round">${[...glyphs, ...noise].join('')}</g></svg>`
  );
}
