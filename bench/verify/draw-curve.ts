/** The trade-off as a picture: how many forgeries pass against how many true claims pass at once. Pure but for sharp. */
import sharp from 'sharp';

export interface CurvePoint {
  /** Part of the forged claims that get green, 0..1. */
  forged: number;
  /** Part of the true claims that get green, 0..1. */
  honest: number;
}

export interface Series {
  title: string;
  /** A line for a threshold that moves, a mark for a working point. */
  points: CurvePoint[];
}

export interface CurveOptions {
  title: string;
  note: string;
  series: readonly Series[];
}

const [width, height] = [960, 620];
const plot = { x0: 90, y0: 70, x1: 620, y1: 520 };
/** Okabe and Ito's colours: apart for every kind of colour vision. */
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9'];

/** PNG. The axis of forgeries is drawn by its square root: what matters happens near zero. */
export function drawCurve({ title, note, series }: CurveOptions): Promise<Buffer> {
  // The scale follows the working points; a curve may leave it at the right.
  const working = series.flatMap(({ points }) => (points.length === 1 ? points : []));
  const most = Math.max(0.05, 1.2 * Math.max(0, ...working.map(({ forged }) => forged)));
  const floor = Math.max(
    0,
    Math.floor(10 * Math.min(0.9, ...working.map(({ honest }) => honest))) / 10 - 0.1,
  );
  const x = (forged: number): number => plot.x0 + Math.sqrt(forged / most) * (plot.x1 - plot.x0);
  const y = (honest: number): number =>
    plot.y1 - ((Math.max(honest, floor) - floor) / (1 - floor)) * (plot.y1 - plot.y0);
  const text = (at: [number, number], words: string, more = ''): string =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${words.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</text>`;
  const xTicks = [0, 0.002, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1].filter((tick) => tick <= most * 1.001);
  const yTicks = Array.from({ length: Math.round((1 - floor) * 10) + 1 }, (_, i) => floor + i / 10);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, sans-serif" font-size="14" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
<clipPath id="plot"><rect x="${plot.x0 - 2}" y="${plot.y0 - 2}" width="${plot.x1 - plot.x0 + 2}" height="${plot.y1 - plot.y0 + 2}"/></clipPath>
${text([plot.x0, 34], title, 'font-size="19" font-weight="bold"')}
${yTicks.map((tick) => `<path d="M${plot.x0} ${y(tick)}H${plot.x1}" stroke="#ddd"/>${text([plot.x0 - 10, y(tick) + 5], `${Math.round(tick * 100)}%`, 'text-anchor="end"')}`).join('\n')}
${xTicks.map((tick) => `<path d="M${x(tick)} ${plot.y1}V${plot.y0}" stroke="#ddd"/>${text([x(tick), plot.y1 + 22], `${tick * 100}%`, 'text-anchor="middle"')}`).join('\n')}
${text([(plot.x0 + plot.x1) / 2, plot.y1 + 50], 'forged claims called green', 'text-anchor="middle"')}
${text([28, (plot.y0 + plot.y1) / 2], 'true claims called green', `text-anchor="middle" transform="rotate(-90 28 ${(plot.y0 + plot.y1) / 2})"`)}
${series.map((one, i) => drawSeries(one, colours[i % colours.length] as string, x, y)).join('\n')}
${series
  .map(({ title: name, points: own }, i) => {
    const at = plot.y0 + 16 + i * 44;
    const colour = colours[i % colours.length] as string;
    const sign =
      own.length > 1
        ? `<path d="M640 ${at - 5}h22" stroke="${colour}" stroke-width="3"/>`
        : mark([651, at - 5], colour, i);
    const point = own[0];
    const figures =
      own.length === 1 && point
        ? `${(100 * point.honest).toFixed(1)}% true, ${(100 * point.forged).toFixed(2)}% forged`
        : 'threshold moved';
    return `${sign}${text([672, at], name)}${text([672, at + 17], figures, 'font-size="12" fill="#666"')}`;
  })
  .join('\n')}
${text([plot.x0, height - 18], note, 'font-size="12" fill="#666"')}
</svg>`;
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9 }).toBuffer();
}

function drawSeries(
  { points }: Series,
  colour: string,
  x: (v: number) => number,
  y: (v: number) => number,
): string {
  const [first] = points;
  if (!first) return '';
  if (points.length === 1) return mark([x(first.forged), y(first.honest)], colour, colours.indexOf(colour));
  const path = points.map(
    ({ forged, honest }, i) => `${i === 0 ? 'M' : 'L'}${x(forged).toFixed(1)} ${y(honest).toFixed(1)}`,
  );
  return `<path d="${path.join('')}" fill="none" stroke="${colour}" stroke-width="2.5" clip-path="url(#plot)"/>`;
}

/** Shapes differ too: colour alone tells nothing in print. Sizes differ, so that marks on one spot all show. */
function mark([x, y]: [number, number], colour: string, number: number): string {
  const r = 4 + 2 * number;
  const paint = number === 1 ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="2.5"`;
  switch (number % 3) {
    case 0:
      return `<path d="M${x} ${y - r}l${r} ${1.7 * r}h${-2 * r}z" ${paint}/>`;
    case 1:
      return `<circle cx="${x}" cy="${y}" r="${r}" ${paint}/>`;
    default:
      return `<path d="M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z" ${paint}/>`;
  }
}
