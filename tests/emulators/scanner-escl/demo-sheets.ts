/** The batch that lies in the simulated feeder: a licence, a blank sheet, a separator, a qualification. */
import { drawSeparatorSheet } from '#paper/barcodes/separator-sheet.ts';
import {
  demoLicence,
  demoQualification,
  drawBusinessLicence,
  drawConstructionQualification,
} from '../../support/documents.ts';
import type { Sheet } from './emulator.ts';

const a4 = { widthMm: 210, heightMm: 297 };

export async function demoSheets(): Promise<Sheet[]> {
  const licence = { front: await drawBusinessLicence(demoLicence) };
  const qualification = { front: await drawConstructionQualification(demoQualification) };
  const blank: Sheet = { front: { png: new Uint8Array(), ...a4 } };
  return [licence, blank, { front: await drawSeparatorSheet() }, qualification];
}
