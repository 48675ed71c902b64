/** `./ludeng separator`: a sheet to print and lay between the documents of a batch. */
import { writeFile } from 'node:fs/promises';
import { PDFDocument } from '@cantoo/pdf-lib';
import { drawSeparatorSheet } from '#paper/barcodes/separator-sheet.ts';
import { asOutputFault, checkOutput } from './output.ts';

const pointsPerMm = 72 / 25.4;

export async function writeSeparator(output: string): Promise<number> {
  checkOutput(output);
  const { png, widthMm, heightMm } = await drawSeparatorSheet();
  const document = await PDFDocument.create();
  const [width, height] = [widthMm * pointsPerMm, heightMm * pointsPerMm];
  document.addPage([width, height]).drawImage(await document.embedPng(png), { x: 0, y: 0, width, height });
  const bytes = await document.save();
  try {
    if (output === '-') process.stdout.write(bytes);
    else await writeFile(output, bytes);
  } catch (error) {
    throw asOutputFault(error, output);
  }
  return 0;
}
