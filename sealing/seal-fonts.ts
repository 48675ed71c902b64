import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '#domain/errors/app-error.ts';
import { parseSealFont } from './true-type.ts';
import type { SealFont } from './true-type.ts';

/**
 * The fonts for a seal's text, out of `sealFonts` in config/drivers/signing-tokens.yaml, in that order: a character that one
 * has not is looked for in the next. A file of some ten megabytes is read only when a character needs it. Where none of the
 * files exists, or none can be used, the station still starts, and sealing throws DRIVER_MISSING.
 */
export function loadSealFonts(paths: readonly string[]): SealFont[] {
  const found = paths.filter((path) => existsSync(path));
  if (found.length === 0) return [missingFont({ reason: 'no-seal-font', searched: [...paths] })];
  const unusable = new Set<string>();
  return found.map((path) => {
    let font: SealFont | undefined;
    return {
      findGlyph(character) {
        if (unusable.has(path)) return undefined;
        try {
          font ??= parseSealFont(readFileSync(path));
        } catch (error) {
          // a font of another kind among good ones; the next may have the character
          unusable.add(path);
          if (unusable.size < found.length) return undefined;
          throw new AppError('DRIVER_MISSING', { reason: 'seal-font-unusable', path }, { cause: error });
        }
        return font.findGlyph(character);
      },
    };
  });
}

function missingFont(details: Record<string, unknown>): SealFont {
  return {
    findGlyph() {
      throw new AppError('DRIVER_MISSING', details);
    },
  };
}
