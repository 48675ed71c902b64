/**
 * What a device behind SANE can do, and how a scan is asked of it. Options are chosen by what they mean, in whatever
 * order and spelling the backend has them. Pure.
 */
import { AppError } from '#domain/errors/app-error.ts';
import type { ScanAbilities, ScanColour, ScanSettings, ScanSource } from '../../../ports/page-source.ts';
import { isNumber, parseOptionList } from './option-list.ts';
import type { SaneOption } from './option-list.ts';
import { bestOf, meaningOfMode, meaningOfSource, special } from './words.ts';
import type { Meaning } from './words.ts';

export interface SaneOptions {
  sources: Meaning<ScanSource>[];
  modes: Meaning<ScanColour>[];
  /** What can be set at all, by name. */
  list: Map<string, SaneOption>;
}

/** DA/T 31-2017 9.4: 200 dpi at least, 300 for print, 600 for reproduction. */
const offeredDpis = [200, 300, 600];
/** Larger areas are a feeder's paper path, not a sheet. */
const a4 = { widthMm: 210, heightMm: 297 };
const mmPerInch = 25.4;

export function parseSaneOptions(text: string): SaneOptions {
  const list = parseOptionList(text);
  const sources = meaningsOf(list.get('source'), meaningOfSource);
  const modes = meaningsOf(list.get('mode'), meaningOfMode);
  return { list, modes, sources: withOptionOnly(list, sources) };
}

function meaningsOf<T>(
  option: SaneOption | undefined,
  meaningOf: (word: string) => Meaning<T> | undefined,
): Meaning<T>[] {
  if (!option) return [];
  // What cannot be set is as it is.
  const fixed = option.current ?? (option.words.length === 1 ? option.words[0] : '');
  const words = option.isActive ? option.words : [fixed ?? ''];
  const isLike = (word: string): boolean => alignmentOf(word) === alignmentOf(option.current ?? '');
  // Where a backend has the same source for paper on the left and in the middle, the device's own choice stands.
  return words
    .flatMap((word) => meaningOf(word) ?? [])
    .map((found) => (isLike(found.word) ? found : { ...found, rank: found.rank + 0.5 }));
}

function alignmentOf(word: string): string {
  return /left|right|cent(?:er|re|ral)/i.exec(word)?.[0].toLowerCase() ?? '';
}

/** Some backends have no word for a feeder or for both sides, but a switch. */
function withOptionOnly(list: Map<string, SaneOption>, found: Meaning<ScanSource>[]): Meaning<ScanSource>[] {
  const plain = found.filter(({ rank }) => rank < special);
  const sources = plain.length > 0 ? plain : found.slice(0, 1);
  const hasBoth = bothSidesOption(list) !== undefined;
  if (list.get('source') === undefined || found.length === 0) {
    const one = hasBoth || list.has('adf-mode') || list.has('batch-scan') ? 'feeder' : 'flatbed';
    sources.push({ means: one, word: '', rank: 0 });
  }
  const feeder = bestOf(sources, 'feeder');
  if (hasBoth && feeder && !bestOf(sources, 'feeder-duplex'))
    sources.push({ means: 'feeder-duplex', word: feeder.word, rank: 0 });
  return sources;
}

/** The option that turns on both sides, whether it is active now or becomes so with the feeder. */
function bothSidesOption(list: Map<string, SaneOption>): SaneOption | undefined {
  return ['adf-mode', 'duplex', 'adf-duplex', 'scan-side', 'sides']
    .flatMap((name) => list.get(name) ?? [])
    .find((option) => option.isSwitch || bothWord(option) !== undefined);
}

const bothWord = ({ words }: SaneOption): string | undefined =>
  words.find((word) => /duplex|both|two/i.test(word));
const oneWord = ({ words }: SaneOption): string | undefined =>
  words.find((word) => /simplex|front|one|single/i.test(word));

export function abilitiesOf(options: SaneOptions): ScanAbilities {
  const { sources, modes } = options;
  const colours = unique(modes.map(({ means }) => means));
  return {
    sources: unique(sources.map(({ means }) => means)),
    dpis: dpisOf(options),
    colours: colours.length > 0 ? colours : ['colour'],
  };
}

/** Arguments of scanimage for these settings, where the options do not depend on the source. */
export function scanArguments(options: SaneOptions, settings: ScanSettings): string[] {
  return requestOf(options, options, settings).args;
}

/** Throws SCANNER_SETTING_UNSUPPORTED where the device has no such feeder or side. */
export function sourceArguments(options: SaneOptions, source: ScanSource): string[] {
  const chosen = bestOf(options.sources, source);
  if (!chosen) throw new AppError('SCANNER_SETTING_UNSUPPORTED', { source });
  return chosen.word === '' || !options.list.get('source')?.isActive ? [] : [`--source=${chosen.word}`];
}

export interface SaneRequest {
  args: string[];
  /** What is asked of the device; undefined where it cannot be told. */
  dpi: number | undefined;
  colour: ScanColour | undefined;
  /** The area that is asked for, where it can be set. */
  area: { widthMm: number; heightMm: number } | undefined;
}

/**
 * `now` is the list as the device prints it with this source chosen: other options may be active then, and other values
 * allowed. Throws SCANNER_SETTING_UNSUPPORTED.
 */
export function requestOf(options: SaneOptions, now: SaneOptions, settings: ScanSettings): SaneRequest {
  const { list } = now;
  const isFeeder = settings.source !== 'flatbed';
  const mode = bestOf(now.modes, settings.colour) ?? poorest(now.modes, settings.colour);
  const resolution = resolutionOption(list);
  const dpi = resolution ? dpiNear(resolution, settings.dpi) : undefined;
  const size = sizeArguments(list, dpi ?? settings.dpi);
  const turn = (name: string, value: string): string[] => {
    const option = list.get(name);
    return option?.isActive && option.current !== value ? [`--${name}=${value}`] : [];
  };
  const depth = list.get('depth');
  const isPlain8 =
    depth && (depth.words.includes('8') || (depth.range && depth.range.from <= 8 && depth.range.to >= 8));
  return {
    args: [
      ...sourceArguments(options, settings.source),
      ...sidesArguments(options, list, settings.source),
      ...(mode && list.get('mode')?.isActive ? [`--mode=${mode.word}`] : []),
      ...(isPlain8 && mode?.means !== 'black-white' ? turn('depth', '8') : []),
      ...(resolution?.isActive && dpi !== undefined ? resolutionArguments(list, resolution, dpi) : []),
      ...turn('preview', 'no'),
      ...turn('wait-for-button', 'no'),
      // Without it some backends end after the first sheet.
      ...turn('batch-scan', isFeeder ? 'yes' : 'no'),
      ...size.args,
    ],
    dpi,
    colour: mode?.means ?? (list.has('mode') ? undefined : settings.colour),
    area: size.area,
  };
}

/** The nearest that the device has: grey for colour, and the other way round. */
function poorest(modes: readonly Meaning<ScanColour>[], wanted: ScanColour): Meaning<ScanColour> | undefined {
  const order: ScanColour[] =
    wanted === 'colour' ? ['grey', 'black-white'] : ['colour', 'grey', 'black-white'];
  return order.flatMap((colour) => bestOf(modes, colour) ?? [])[0];
}

function sidesArguments(options: SaneOptions, list: Map<string, SaneOption>, source: ScanSource): string[] {
  if (source === 'flatbed') return [];
  const wantsBoth = source === 'feeder-duplex';
  const word = bestOf(options.sources, source)?.word ?? '';
  const isSaid = /duplex|both|double|双面/i.test(word);
  const option = bothSidesOption(list);
  if (!option?.isActive) {
    if (wantsBoth && !isSaid) throw new AppError('SCANNER_SETTING_UNSUPPORTED', { source });
    return [];
  }
  const value = option.isSwitch ? (wantsBoth ? 'yes' : 'no') : wantsBoth ? bothWord(option) : oneWord(option);
  return value === undefined || (isSaid && wantsBoth) ? [] : [`--${option.name}=${value}`];
}

const resolutionNames = ['resolution', 'x-resolution', 'scan-resolution'];

function resolutionOption(list: Map<string, SaneOption>): SaneOption | undefined {
  const present = resolutionNames.flatMap((name) => list.get(name) ?? []);
  return present.find(({ isActive }) => isActive) ?? present[0];
}

function resolutionArguments(list: Map<string, SaneOption>, { name }: SaneOption, dpi: number): string[] {
  const isAlone = name === 'x-resolution' && list.get('y-resolution')?.isActive;
  return [`--${name}=${dpi}`, ...(isAlone ? [`--y-resolution=${dpi}`] : [])];
}

/** What the device is set to where it cannot be chosen; else the wanted value, or the next above it, or the largest. */
function dpiNear(option: SaneOption, wanted: number): number | undefined {
  const { range, words, current, isActive } = option;
  if (!isActive) return current !== undefined && isNumber(current) ? Number(current) : undefined;
  if (range) {
    const { from, to, step } = range;
    const within = Math.min(to, Math.max(from, wanted));
    if (!step) return within;
    // Steps are printed rounded: a wanted value that lies within a hundredth of one is one.
    const steps = (within - from) / step;
    const up = Math.abs(steps - Math.round(steps)) < 0.01 ? within : from + Math.ceil(steps) * step;
    return up <= to ? up : from + Math.floor((to - from) / step) * step;
  }
  const numbers = words.filter(isNumber).map(Number);
  if (numbers.length === 0) return undefined;
  const enough = numbers.filter((dpi) => dpi >= wanted);
  return enough.length > 0 ? Math.min(...enough) : Math.max(...numbers);
}

function dpisOf({ list }: SaneOptions): number[] {
  const resolution = resolutionOption(list);
  if (!resolution) return [300];
  const exact = offeredDpis.filter((dpi) => dpiNear(resolution, dpi) === dpi);
  if (exact.length > 0) return exact;
  return [Math.round(dpiNear(resolution, 300) ?? 300)];
}

/** Many backends start with a small area; a sheet is A4 unless the glass is smaller. */
function sizeArguments(list: Map<string, SaneOption>, dpi: number): Pick<SaneRequest, 'args' | 'area'> {
  const side = (name: string, mm: number): { value: number; mm: number } | undefined => {
    const option = list.get(name);
    if (!option?.isActive || !option.range) return undefined;
    const perMm = option.unit === 'pel' ? dpi / mmPerInch : 1;
    const { from, to } = option.range;
    const value = Math.min(to, Math.max(from, mm * perMm));
    return { value: option.unit === 'pel' ? Math.floor(value) : value, mm: value / perMm };
  };
  const paper = (['page-width', 'page-height'] as const).flatMap((name) => {
    const found = side(name, name === 'page-width' ? a4.widthMm : a4.heightMm);
    return found ? [`--${name}=${found.value}`] : [];
  });
  const corner = ['l', 't'].flatMap((name) => {
    const option = list.get(name);
    const isMoved = option?.isActive && option.range && Number(option.current) !== option.range.from;
    return isMoved ? [`-${name}`, `${option.range?.from}`] : [];
  });
  const [width, height] = [side('x', a4.widthMm), side('y', a4.heightMm)];
  if (!width || !height) return { args: paper, area: undefined };
  return {
    args: [...paper, ...corner, '-x', `${width.value}`, '-y', `${height.value}`],
    area: { widthMm: width.mm, heightMm: height.mm },
  };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
