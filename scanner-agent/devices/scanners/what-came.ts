/**
 * What a scanner really gave, told from the picture: backends and scanners scan with another resolution than they were
 * asked for, and say the asked one. Pure.
 */
import type { PictureFacts } from '#paper/imaging/files/picture-facts.ts';
import type { ScanColour } from '../../ports/page-source.ts';

export interface Asked {
  dpi?: number | undefined;
  colour?: ScanColour | undefined;
  /** The scan area that was asked for. */
  area?: { widthMm: number; heightMm: number } | undefined;
}

const usualDpis = [50, 72, 75, 96, 100, 150, 200, 240, 250, 300, 400, 500, 600, 800, 1200, 2400, 4800];
/** Scanners round their areas by some hundredths. */
const closeness = 0.04;
const mmPerInch = 25.4;
const fromRich: readonly ScanColour[] = ['colour', 'grey', 'black-white'];

export function whatCame(
  facts: PictureFacts | undefined,
  asked: Asked,
): { dpi?: number; colour?: ScanColour } {
  if (!facts) return {};
  const dpi = dpiOf(facts, asked);
  return { ...(dpi === undefined ? {} : { dpi }), colour: poorer(facts.colour, asked.colour) };
}

function dpiOf(
  { widthPx, heightPx, dpi: said }: PictureFacts,
  { dpi: wanted, area }: Asked,
): number | undefined {
  const across = area && widthPx / (area.widthMm / mmPerInch);
  const down = area && heightPx / (area.heightMm / mmPerInch);
  // The whole area is in the picture: its dots can be counted, whatever the file says.
  if (across && down && isClose(across, down)) {
    if (said !== undefined && isClose(said, across)) return said;
    const counted = [...(wanted === undefined ? [] : [wanted]), ...usualDpis].find((dpi) =>
      isClose(across, dpi),
    );
    // A smaller sheet that the scanner cut out has the area's shape by chance, and no resolution that scanners have.
    return counted ?? said ?? Math.round(across);
  }
  // A sheet shorter than the area: its width is the area's, and many a program writes 72 into every picture.
  if (across && wanted && isClose(across, wanted)) return wanted;
  if (said !== undefined) return said;
  return across && [wanted, ...usualDpis].find((dpi) => dpi !== undefined && isClose(across, dpi));
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a / b - 1) <= closeness;
}

/** A grey picture in three channels is what was asked as grey; a colour scan in one channel has lost its colours. */
function poorer(came: ScanColour, wanted: ScanColour | undefined): ScanColour {
  return wanted !== undefined && fromRich.indexOf(wanted) > fromRich.indexOf(came) ? wanted : came;
}
