/** Sheets of paper for simulated scanners, and how tests collect what a page source yields. */
import sharp from 'sharp';
import { AppError } from '#domain/errors/app-error.ts';
import type { PageSource, ScannedSheet, ScanSettings } from '../../scanner-agent/ports/page-source.ts';
import type { Sheet } from '../emulators/scanner-escl/emulator.ts';

const a4 = { widthMm: 210, heightMm: 297 };

/** A white sheet with a few lines of bars, which pass for writing; cheap to draw. */
export async function writtenSheet(number: number): Promise<Sheet> {
  const bars = Array.from(
    { length: 12 },
    (_, row) =>
      `<rect x="40" y="${60 + row * 40}" width="${200 + ((row * 53 + number * 31) % 160)}" height="9"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="420" height="594"><rect width="420" height="594" fill="#fff"/>${bars.join('')}</svg>`;
  return { front: { png: await sharp(Buffer.from(svg)).png().toBuffer(), ...a4 } };
}

export async function writtenSheets(count: number): Promise<Sheet[]> {
  return Promise.all(Array.from({ length: count }, (_, number) => writtenSheet(number)));
}

export async function collectSheets(
  source: PageSource,
  settings: ScanSettings,
  options: { signal?: AbortSignal; sheetTimeoutMs?: number } = {},
): Promise<{ sheets: ScannedSheet[]; code: string | undefined }> {
  const { signal = new AbortController().signal, sheetTimeoutMs = 20_000 } = options;
  const sheets: ScannedSheet[] = [];
  try {
    for await (const one of source.scan(settings, { signal, sheetTimeoutMs }))
      if ('bytes' in one) sheets.push(one);
    return { sheets, code: undefined };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { sheets, code: error.code };
  }
}
