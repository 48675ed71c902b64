/** What the drawn certificates share: text, frames, tables, seals; from millimetres to a picture of 300 dots an inch. */
import sharp from 'sharp';
import { halfWidths } from '#domain/text/normalise.ts';

export interface DocumentPicture {
  png: Uint8Array;
  widthMm: number;
  heightMm: number;
}

/** Pixels a millimetre of the drawing: 300 dots an inch. */
const pxPerMm = 300 / 25.4;
export const serif = 'Noto Serif CJK SC, AR PL UMing CN, serif';
export const sans = 'Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif';

export function rows(
  items: [string, string][],
  x: number,
  top: number,
  indent: number,
  perLine: number,
): string {
  let y = top;
  return items
    .map(([label, value]) => {
      const lines = wrap(value, perLine);
      const drawn = `${text(spread(label), x, y, 5, { weight: 700 })}${lines.map((line, row) => text(line, x + indent, y + row * 6.6, 4.8)).join('')}`;
      y += 13 + (lines.length - 1) * 6.6;
      return drawn;
    })
    .join('');
}

/** Labels of two characters are spread, as printers do. */
export function spread(label: string): string {
  return label.length === 2 ? `${label[0] ?? ''}　　${label[1] ?? ''}` : label;
}

export function wrap(value: string, perLine: number): string[] {
  const characters = [...value];
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += perLine)
    lines.push(characters.slice(at, at + perLine).join(''));
  return lines;
}

export function text(
  content: string,
  x: number,
  y: number,
  size: number,
  options: { anchor?: 'middle'; weight?: number; family?: string; colour?: string } = {},
): string {
  const { anchor, weight = 400, family = serif, colour = '#1c1c1c' } = options;
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="${family}" font-weight="${weight}" fill="${colour}" ${anchor ? `text-anchor="${anchor}"` : ''}>${content.replace(/[&<>]/g, '')}</text>`;
}

export function frame(width: number, height: number, colour: string): string {
  const waves = Array.from({ length: 22 }, (_, index) => {
    const y = 20 + index * ((height - 40) / 21);
    return `<path d="M12 ${y} Q ${width / 4} ${y - 6} ${width / 2} ${y} T ${width - 12} ${y}" fill="none" stroke="${colour}" stroke-width="0.16" opacity="0.35"/>`;
  });
  return `<rect width="${width}" height="${height}" fill="#fdfcf7"/>${waves.join('')}
    <rect x="9" y="9" width="${width - 18}" height="${height - 18}" fill="none" stroke="${colour}" stroke-width="1.6"/>
    <rect x="12" y="12" width="${width - 24}" height="${height - 24}" fill="none" stroke="${colour}" stroke-width="0.5"/>`;
}

export function seal(x: number, y: number, radius: number, authority: string): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = -Math.PI / 2 + (index * Math.PI) / 5;
    const reach = index % 2 === 0 ? radius * 0.32 : radius * 0.13;
    return `${x + reach * Math.cos(angle)},${y + reach * Math.sin(angle)}`;
  }).join(' ');
  const characters = [...authority];
  const spanDeg = 250;
  const letters = characters.map((character, index) => {
    const angle = -spanDeg / 2 + (spanDeg * (index + 0.5)) / characters.length;
    return `<text x="${x}" y="${y - radius * 0.68}" font-size="${radius * 0.24}" font-family="${serif}" text-anchor="middle" fill="#d0202a" transform="rotate(${angle} ${x} ${y})">${character}</text>`;
  });
  return `<g opacity="0.72"><circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="#d0202a" stroke-width="${radius * 0.06}"/>
    <polygon points="${points}" fill="#d0202a"/>${letters.join('')}</g>`;
}

export async function draw(widthMm: number, heightMm: number, content: string): Promise<DocumentPicture> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(widthMm * pxPerMm)}" height="${Math.round(heightMm * pxPerMm)}" viewBox="0 0 ${widthMm} ${heightMm}">${content}</svg>`;
  return { png: await sharp(Buffer.from(svg)).png().toBuffer(), widthMm, heightMm };
}

/** A table with ruled cells; `widths` in mm, one for each column. `bottomMm` is where it ends. */
export function ruledTable(
  cells: readonly (readonly string[])[],
  x: number,
  top: number,
  widths: readonly number[],
  options: { rowMm?: number; size?: number } = {},
): { drawing: string; bottomMm: number } {
  const { rowMm = 12, size = 4.4 } = options;
  const columnX = (index: number) => x + widths.slice(0, index).reduce((sum, width) => sum + width, 0);
  let y = top;
  const rowsDrawn = cells.map((row) => {
    const wrapped = row.map((cell, index) => wrapByWidth(cell, ((widths[index] ?? 20) - 4) / size));
    const height = Math.max(rowMm, 5 + Math.max(...wrapped.map((lines) => lines.length)) * size * 1.35);
    const drawn = wrapped.map((lines, index) => {
      const first = y + height / 2 + size * 0.36 - ((lines.length - 1) * size * 1.35) / 2;
      const box = `<rect x="${columnX(index)}" y="${y}" width="${widths[index] ?? 20}" height="${height}" fill="none" stroke="#333" stroke-width="0.3"/>`;
      return (
        box + lines.map((line, at) => text(line, columnX(index) + 2, first + at * size * 1.35, size)).join('')
      );
    });
    y += height;
    return drawn.join('');
  });
  return { drawing: rowsDrawn.join(''), bottomMm: y };
}

/** Lines of at most `ems` full characters; digits and letters count half, and a closing mark never begins a line. */
export function wrapByWidth(content: string, ems: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const char of content) {
    if (halfWidths(line + char) > ems * 2 && !/[，。、；：）]/u.test(char)) {
      lines.push(line);
      line = '';
    }
    line += char;
  }
  return [...lines, line];
}

/** Lines of running text under each other, wrapped. */
export function paragraph(
  content: string,
  x: number,
  top: number,
  { size = 5, perLine = 32, leading = 1.8 } = {},
): string {
  return wrapByWidth(content, perLine)
    .map((line, index) => text(line, x, top + index * size * leading, size))
    .join('');
}

export const whitePaper = (width: number, height: number): string =>
  `<rect width="${width}" height="${height}" fill="#fefefc"/>`;
