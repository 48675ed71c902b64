/**
 * The page of a credential: A4, everything drawn as paths (seal-picture.ts says why), with a QR of the address where it is looked up. The same
 * input gives the same bytes.
 */
import { PDFDocument } from '@cantoo/pdf-lib';
import { create } from 'qrcode';
import { AppError } from '#domain/errors/app-error.ts';
import { findGlyph, toOperators } from './seal-picture.ts';
import type { Glyph, SealFont } from './true-type.ts';

export interface CredentialPage {
  title: string;
  /** What is certified, below the title. */
  subtitle: string;
  rows: readonly { label: string; value: string }[];
  /** The text of the QR. */
  address: string;
  caption: string;
  notes: readonly string[];
  /** ISO UTC. */
  createdAt: string;
}

const [pageWidth, pageHeight] = [595.28, 841.89];
const margin = 62;
const labelWidth = 118;
const qrSide = 128;
const ink = '0.09 0.12 0.18 rg';
const softInk = '0.36 0.41 0.48 rg';
const green = '0.03 0.45 0.28';

/** Throws SEAL_CHARACTERS_MISSING where no font draws a character, DRIVER_MISSING where there is no font. */
export async function drawCredential(page: CredentialPage, fonts: readonly SealFont[]): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const created = new Date(page.createdAt);
  document.setTitle(`${page.title} ${page.subtitle}`, { showInWindowTitleBar: true });
  document.setLanguage('zh-CN');
  document.setCreator('Ludeng');
  document.setProducer('Ludeng');
  document.setCreationDate(created);
  document.setModificationDate(created);
  const sheet = document.addPage([pageWidth, pageHeight]);
  const content = document.context.flateStream(operatorsOf(page, fonts).join('\n'));
  sheet.node.addContentStream(document.context.register(content));
  return document.save({ useObjectStreams: false });
}

function operatorsOf(page: CredentialPage, fonts: readonly SealFont[]): string[] {
  const write = (text: string, at: { x: number; y: number; size: number; middle?: boolean }): string[] => {
    const glyphs = glyphsOf(text, fonts);
    const left = at.middle ? at.x - widthOf(glyphs, at.size) / 2 : at.x;
    return drawLine(glyphs, { x: left, y: at.y, size: at.size });
  };
  const frame = (inset: number, width: number): string =>
    `${width} w ${green} RG ${inset} ${inset} ${pageWidth - 2 * inset} ${pageHeight - 2 * inset} re S`;
  const operators = ['q', frame(28, 3), frame(34, 0.8), `${green} rg`];
  operators.push(...write(page.title, { x: pageWidth / 2, y: pageHeight - 118, size: 34, middle: true }));
  operators.push(
    ink,
    ...write(page.subtitle, { x: pageWidth / 2, y: pageHeight - 158, size: 18, middle: true }),
  );
  let y = pageHeight - 212;
  for (const { label, value } of page.rows) {
    operators.push(softInk, ...write(label, { x: margin, y, size: 11.5 }), ink);
    for (const line of wrap(glyphsOf(value, fonts), 12.5, pageWidth - 2 * margin - labelWidth)) {
      operators.push(...drawLine(line, { x: margin + labelWidth, y, size: 12.5 }));
      y -= 19;
    }
    y -= 7;
  }
  operators.push(...qrOperators(page.address, { x: pageWidth - margin - qrSide, y: 96 }));
  operators.push(
    softInk,
    ...write(page.caption, { x: pageWidth - margin - qrSide / 2, y: 78, size: 10, middle: true }),
  );
  let noteY = 206;
  for (const note of page.notes)
    for (const line of wrap(glyphsOf(note, fonts), 10, pageWidth - 2 * margin - qrSide - 24)) {
      operators.push(...drawLine(line, { x: margin, y: noteY, size: 10 }));
      noteY -= 16;
    }
  return [...operators, 'Q'];
}

function glyphsOf(text: string, fonts: readonly SealFont[]): Glyph[] {
  return [...text].map((character) => {
    const glyph = findGlyph(character, fonts);
    if (!glyph) throw new AppError('SEAL_CHARACTERS_MISSING', { characters: character });
    return glyph;
  });
}

const widthOf = (glyphs: readonly Glyph[], size: number): number =>
  glyphs.reduce((sum, { advanceEm }) => sum + advanceEm * size, 0);

/** Chinese breaks anywhere; so do numbers and hashes, which have no blanks. */
function wrap(glyphs: readonly Glyph[], size: number, width: number): Glyph[][] {
  const lines: Glyph[][] = [[]];
  for (const glyph of glyphs) {
    const last = lines.at(-1) ?? [];
    if (last.length > 0 && widthOf([...last, glyph], size) > width) lines.push([glyph]);
    else last.push(glyph);
  }
  return lines;
}

function drawLine(
  glyphs: readonly Glyph[],
  { x, y, size }: { x: number; y: number; size: number },
): string[] {
  let left = x;
  return glyphs.flatMap(({ path, advanceEm }) => {
    const at = `q ${size} 0 0 ${size} ${round(left)} ${round(y)} cm`;
    left += advanceEm * size;
    return path.length === 0 ? [] : [at, toOperators(path), 'f', 'Q'];
  });
}

function qrOperators(text: string, { x, y }: { x: number; y: number }): string[] {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const unit = qrSide / modules.size;
  const squares = Array.from(modules.data, (isDark, index) => {
    if (!isDark) return '';
    const column = index % modules.size;
    const row = Math.floor(index / modules.size);
    return `${column} ${modules.size - 1 - row} 1 1 re`;
  }).filter((square) => square !== '');
  return ['0 0 0 rg', `q ${round(unit)} 0 0 ${round(unit)} ${round(x)} ${round(y)} cm`, ...squares, 'f', 'Q'];
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
