/** The sheet that stands for an ID card read from its chip: every field with its label, and where each stands. */
import sharp from 'sharp';
import type { Marks } from '#domain/reading/schema.ts';

const dpi = 200;
const pxPerMm = dpi / 25.4;
const widthMm = 210;
const heightMm = 148; // A5, landscape
const marginMm = 18;
const rowMm = 11;
const textMm = 5;
const valueLeftMm = 62;
const charactersPerRow = 24;

export interface CardSheet {
  jpeg: Uint8Array;
  widthPx: number;
  heightPx: number;
  widthMm: number;
  heightMm: number;
  dpi: number;
  marks: Marks;
}

export async function drawCardSheet(sheet: {
  title: string;
  rows: { field: string; label: string; value: string }[];
  footer: string;
}): Promise<CardSheet> {
  const widthPx = Math.round(widthMm * pxPerMm);
  const heightPx = Math.round(heightMm * pxPerMm);
  const marks: Marks = {};
  const parts: string[] = [];
  let topMm = marginMm + 16;
  for (const { field, label, value } of sheet.rows) {
    parts.push(textAt(label, marginMm, topMm, '#555'));
    const lines = wrap(value);
    for (const [index, line] of lines.entries())
      parts.push(textAt(line, valueLeftMm, topMm + index * rowMm * 0.7, '#111'));
    const bottomMm = topMm + (lines.length - 1) * rowMm * 0.7;
    const widthOfValueMm = Math.max(...lines.map((line) => line.length)) * textMm;
    marks[field] = [
      {
        page: 0,
        box: boxPx(valueLeftMm - 1, topMm - textMm, valueLeftMm + widthOfValueMm + 1, bottomMm + 1.5),
      },
    ];
    topMm = bottomMm + rowMm;
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${widthMm} ${heightMm}">
    <rect width="100%" height="100%" fill="#fff"/>
    <rect x="6" y="6" width="${widthMm - 12}" height="${heightMm - 12}" fill="none" stroke="#2b6cb0" stroke-width="0.6"/>
    <text x="${widthMm / 2}" y="${marginMm + 2}" font-size="8" text-anchor="middle" ${font} fill="#1a365d">${escape(sheet.title)}</text>
    ${parts.join('\n')}
    <text x="${marginMm}" y="${heightMm - 10}" font-size="3" ${font} fill="#666">${escape(sheet.footer)}</text>
  </svg>`;
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
  return { jpeg, widthPx, heightPx, widthMm, heightMm, dpi, marks };
}

const font = 'font-family="Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"';

function textAt(text: string, leftMm: number, baselineMm: number, colour: string): string {
  return `<text x="${leftMm}" y="${baselineMm}" font-size="${textMm}" ${font} fill="${colour}">${escape(text)}</text>`;
}

function wrap(value: string): string[] {
  const characters = [...value];
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += charactersPerRow)
    lines.push(characters.slice(at, at + charactersPerRow).join(''));
  return lines;
}

function boxPx(left: number, top: number, right: number, bottom: number): Marks[string][number]['box'] {
  const [l, t, r, b] = [left, top, right, bottom].map((mm) => Math.round(mm * pxPerMm)) as [
    number,
    number,
    number,
    number,
  ];
  return [
    [l, t],
    [r, t],
    [r, b],
    [l, b],
  ];
}

function escape(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.codePointAt(0)};`);
}
