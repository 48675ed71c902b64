/** The sheet that stands for an ID card read from its chip: every field with its label, and where each stands. */
import sharp from 'sharp';
import type { Marks } from '#domain/reading/schema.ts';
import { readBitmap } from '../detect/bitmap.ts';

const dpi = 200;
const pxPerMm = dpi / 25.4;
const widthMm = 210;
const heightMm = 148; // A5, landscape
const marginMm = 18;
const rowMm = 11;
const textMm = 5;
const valueLeftMm = 62;
const charactersPerRow = 20;
const photo = { leftMm: 168, topMm: 28, widthMm: 28, heightMm: 35 };
const whyPerRow = 7;

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
  /** The holder's picture (JPEG, PNG, BMP), or why there is none. A picture that cannot be opened is told as such. */
  photo: { bytes: Uint8Array } | { why: string };
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
    ${await photoPart(sheet.photo)}
    <text x="${marginMm}" y="${heightMm - 10}" font-size="3" ${font} fill="#666">${escape(sheet.footer)}</text>
  </svg>`;
  const jpeg = await sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
  return { jpeg, widthPx, heightPx, widthMm, heightMm, dpi, marks };
}

const font = 'font-family="Noto Sans CJK SC, WenQuanYi Zen Hei, sans-serif"';

function textAt(text: string, leftMm: number, baselineMm: number, colour: string): string {
  return `<text x="${leftMm}" y="${baselineMm}" font-size="${textMm}" ${font} fill="${colour}">${escape(text)}</text>`;
}

async function photoPart(given: { bytes: Uint8Array } | { why: string }): Promise<string> {
  const { leftMm, topMm, widthMm, heightMm } = photo;
  const png = 'bytes' in given ? await openPhoto(given.bytes) : undefined;
  const place = `x="${leftMm}" y="${topMm}" width="${widthMm}" height="${heightMm}"`;
  if (png)
    return `<image ${place} preserveAspectRatio="xMidYMid meet" href="data:image/png;base64,${png.toString('base64')}"/>`;
  const why = 'why' in given ? given.why : '照片无法打开';
  const rows = wrap(why, whyPerRow).map(
    (row, index) =>
      `<text x="${leftMm + 2}" y="${topMm + 8 + index * 5}" font-size="3.4" ${font} fill="#666">${escape(row)}</text>`,
  );
  return `<rect ${place} fill="#f4f4f4" stroke="#999" stroke-width="0.3" stroke-dasharray="1.2"/>${rows.join('')}`;
}

/** A picture of that size may hold anything: what cannot be opened is no reason to lose the card. */
async function openPhoto(bytes: Uint8Array): Promise<Buffer | undefined> {
  const bitmap = readBitmap(bytes);
  const opened = bitmap
    ? sharp(bitmap.rgb, { raw: { width: bitmap.width, height: bitmap.height, channels: 3 } })
    : sharp(bytes, { limitInputPixels: 4_000_000 });
  return opened
    .png()
    .toBuffer()
    .catch(() => undefined);
}

function wrap(value: string, perRow = charactersPerRow): string[] {
  const characters = [...value];
  const lines: string[] = [];
  for (let at = 0; at < characters.length; at += perRow)
    lines.push(characters.slice(at, at + perRow).join(''));
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
