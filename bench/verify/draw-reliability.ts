/** The calibration curve as a picture: what the probability says against what holds. Pure but for sharp. */
import sharp from 'sharp';

export interface ReliabilityBin {
  /** Mean probability of the claims in the bin, 0..1. */
  said: number;
  /** Part of them that is true, 0..1. */
  held: number;
  count: number;
}

const [width, height] = [720, 620];
const plot = { x0: 90, y0: 70, x1: 640, y1: 520 };

/** PNG. The size of a mark grows with the number of claims in its bin. */
export function drawReliability(options: {
  title: string;
  note: string;
  bins: readonly ReliabilityBin[];
}): Promise<Buffer> {
  const { title, note, bins } = options;
  const x = (value: number): number => plot.x0 + value * (plot.x1 - plot.x0);
  const y = (value: number): number => plot.y1 - value * (plot.y1 - plot.y0);
  const ticks = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];
  const text = (at: [number, number], words: string, more = ''): string =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${words.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const grid = ticks.map((tick) => {
    const label = `${Math.round(tick * 100)}%`;
    return `<path d="M${plot.x0} ${y(tick)}H${plot.x1}M${x(tick)} ${plot.y0}V${plot.y1}" stroke="#ddd"/>${text([plot.x0 - 10, y(tick) + 5], label, 'text-anchor="end"')}${text([x(tick), plot.y1 + 22], label, 'text-anchor="middle"')}`;
  });
  const line = bins.map(({ said, held }, i) => `${i === 0 ? 'M' : 'L'}${x(said)} ${y(held)}`).join('');
  const marks = bins.map(
    ({ said, held, count }) =>
      `<circle cx="${x(said)}" cy="${y(held)}" r="${3 + 2 * Math.log10(count)}" fill="#0072B2" fill-opacity="0.75"/>${text([x(said) + (said > 0.9 ? -14 : 14), y(held) + (said > 0.9 ? 22 : -8)], String(count), `font-size="11" fill="#444" text-anchor="${said > 0.9 ? 'end' : 'start'}"`)}`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, sans-serif" font-size="14" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
${text([plot.x0, 34], title, 'font-size="19" font-weight="bold"')}
${grid.join('\n')}
<path d="M${plot.x0} ${plot.y1}L${plot.x1} ${plot.y0}" stroke="#888" stroke-dasharray="6 5"/>
<path d="${line}" fill="none" stroke="#0072B2" stroke-width="2"/>
${marks.join('\n')}
${text([(plot.x0 + plot.x1) / 2, plot.y1 + 50], 'probability that the score gives', 'text-anchor="middle"')}
${text([28, (plot.y0 + plot.y1) / 2], 'claims that are true', `text-anchor="middle" transform="rotate(-90 28 ${(plot.y0 + plot.y1) / 2})"`)}
${text([plot.x0, height - 18], note, 'font-size="12" fill="#666"')}
</svg>`;
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
}
