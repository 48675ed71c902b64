import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '#domain/errors/app-error.ts';
import { parseSealFont } from '#sealing/true-type.ts';
import type { SealFont } from '#sealing/true-type.ts';

/**
 * The fonts for a seal's text, out of `sealFonts` in config/drivers/signing-tokens.yaml, in that order. A file of some
 * ten megabytes is read only when a character needs it. Where none of the files exists the station still starts, and
 * sealing throws DRIVER_MISSING: a seal of hollow boxes would be worse.
 */
export function loadSealFonts(paths: readonly string[]): SealFont[] {
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0) return [missingFont(paths)];
  return found.map((path) => {
    let font: SealFont | undefined;
    return { findGlyph: (character) => (font ??= readFont(path)).findGlyph(character) };
  });
}

function readFont(path: string): SealFont {
  try {
    return parseSealFont(readFileSync(path));
  } catch (error) {
    throw new AppError('DRIVER_MISSING', { reason: 'seal-font-unusable', path }, { cause: error });
  }
}

function missingFont(searched: readonly string[]): SealFont {
  return {
    findGlyph() {
      throw new AppError('DRIVER_MISSING', { reason: 'no-seal-font', searched: [...searched] });
    },
  };
}
