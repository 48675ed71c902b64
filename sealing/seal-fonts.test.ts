import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawSeal } from '#sealing/seal-picture.ts';
import { loadSealFonts } from './seal-fonts.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ludeng-fonts-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const thrownBy = (paths: string[]): unknown => {
  try {
    return drawSeal({ companyName: '甲' }, loadSealFonts(paths));
  } catch (error) {
    return error;
  }
};

describe('the fonts for seals', () => {
  it('stop a seal, not the station, when none is installed', () => {
    expect(thrownBy(['/nowhere/song.ttf'])).toMatchObject({
      code: 'DRIVER_MISSING',
      details: { reason: 'no-seal-font', searched: ['/nowhere/song.ttf'] },
    });
  });

  it('name the file that cannot be used', () => {
    const path = join(folder, 'cff.otf');
    writeFileSync(path, 'OTTO\0\0\0\0\0\0\0\0');
    expect(thrownBy([path])).toMatchObject({ code: 'DRIVER_MISSING', details: { path } });
  });
});
