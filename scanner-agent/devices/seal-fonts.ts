import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '#domain/errors/app-error.ts';
import { parseSealFont } from '#sealing/true-type.ts';
import type { SealFont } from '#sealing/true-type.ts';

/**
 * The fonts for a seal's text, out of `sealFonts` in config/drivers/signing-tokens.yaml. Files are read at the first
 * character that needs them. Throws DRIVER_MISSING at once where none of the files exists: a station without a font
 * must say so when it starts, not when somebody seals.
 */
export function loadSealFonts(paths: readonly string[]): SealFont[] {
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0)
    throw new AppError('DRIVER_MISSING', { reason: 'no-seal-font', searched: [...paths] });
  return found.map((path) => {
    let font: SealFont | undefined;
    return { findGlyph: (character) => (font ??= parseSealFont(readFileSync(path))).findGlyph(character) };
  });
}
