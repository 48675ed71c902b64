/** What `scanimage -A` says about a device, and what of it a scan asks for. Pure. */
import type { ScanAbilities, ScanColour, ScanSettings, ScanSource } from '../../../ports/page-source.ts';

export interface SaneOptions {
  /** Words of the device for each source; a device without `--source` has one source and no word for it. */
  sources: { source: ScanSource; word: string | undefined }[];
  modes: { colour: ScanColour; word: string }[];
  /** Either a list or a range, in dots per inch. */
  resolution: { list: number[] } | { from: number; to: number } | undefined;
  /** Largest width and height of the scan area in millimetres. */
  area: { widthMm: number; heightMm: number } | undefined;
}

/** DA/T 31-2017 9.4: 200 dpi at least, 300 for print, 600 for reproduction. */
const offeredDpis = [200, 300, 600];
/** Larger areas are a feeder's paper path, not a sheet. */
const a4 = { widthMm: 210, heightMm: 297 };

export function parseSaneOptions(text: string): SaneOptions {
  const sources = wordsOf(text, 'source').map((word) => ({ word, source: sourceOf(word) }));
  return {
    sources: sources.length > 0 ? sources : [{ word: undefined, source: 'flatbed' }],
    modes: wordsOf(text, 'mode').flatMap((word) => {
      const colour = colourOf(word);
      return colour ? [{ word, colour }] : [];
    }),
    resolution: parseResolution(text),
    area: parseArea(text),
  };
}

export function abilitiesOf(options: SaneOptions): ScanAbilities {
  const { modes } = options;
  return {
    sources: unique(options.sources.map(({ source }) => source)),
    dpis: dpisOf(options),
    colours: unique(modes.length > 0 ? modes.map(({ colour }) => colour) : ['colour' as const]),
  };
}

/** Arguments of scanimage for these settings. */
export function scanArguments(options: SaneOptions, settings: ScanSettings): string[] {
  const source = options.sources.find((one) => one.source === settings.source);
  const mode = options.modes.find((one) => one.colour === settings.colour) ?? options.modes[0];
  const { area } = options;
  return [
    ...(source?.word === undefined ? [] : [`--source=${source.word}`]),
    ...(mode ? [`--mode=${mode.word}`] : []),
    ...(options.resolution ? [`--resolution=${settings.dpi}`] : []),
    // Many backends start with a small area; a sheet is A4 unless the glass is smaller.
    ...(area
      ? ['-x', `${Math.min(area.widthMm, a4.widthMm)}`, '-y', `${Math.min(area.heightMm, a4.heightMm)}`]
      : []),
  ];
}

function wordsOf(text: string, option: string): string[] {
  const found = new RegExp(`^ +--${option} (.+?)(?: \\[([^\\]]*)\\])?(?: \\[[^\\]]*\\])?$`, 'm').exec(text);
  if (!found || found[2] === 'inactive') return [];
  return (found[1] ?? '').split('|').map((word) => word.trim());
}

function sourceOf(word: string): ScanSource {
  if (/duplex|both|双面/i.test(word)) return 'feeder-duplex';
  return /adf|feeder|进纸/i.test(word) ? 'feeder' : 'flatbed';
}

function colourOf(word: string): ScanColour | undefined {
  if (/colou?r|彩/i.test(word)) return 'colour';
  if (/gr[ae]y|灰/i.test(word)) return 'grey';
  return /lineart|black|binary|monochrome|黑白/i.test(word) ? 'black-white' : undefined;
}

function parseResolution(text: string): SaneOptions['resolution'] {
  const [, first, last] = /^ +--resolution (\d[\d.|]*?)(?:\.\.([\d.]+))?dpi/m.exec(text) ?? [];
  if (first === undefined) return undefined;
  return last === undefined
    ? { list: first.split('|').map(Number) }
    : { from: Number(first), to: Number(last) };
}

function parseArea(text: string): SaneOptions['area'] {
  const most = (option: string): number | undefined => {
    const found = new RegExp(`^ +-${option} [\\d.-]+\\.\\.([\\d.]+)mm`, 'm').exec(text);
    return found ? Number(found[1]) : undefined;
  };
  const [widthMm, heightMm] = [most('x'), most('y')];
  return widthMm && heightMm ? { widthMm, heightMm } : undefined;
}

function dpisOf({ resolution }: SaneOptions): number[] {
  if (!resolution) return [300];
  if ('from' in resolution) {
    const within = offeredDpis.filter((dpi) => dpi >= resolution.from && dpi <= resolution.to);
    return within.length > 0 ? within : [resolution.to];
  }
  const usual = resolution.list.filter((dpi) => offeredDpis.includes(dpi));
  if (usual.length > 0) return usual;
  return [Math.max(...resolution.list)];
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
