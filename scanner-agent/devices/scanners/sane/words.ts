/** What the words of SANE's backends mean: each backend has its own for the same source or mode. Pure. */
import type { ScanColour, ScanSource } from '../../../ports/page-source.ts';

export interface Meaning<T> {
  means: T;
  word: string;
  /** The lower, the nearer to what is meant; above `maxSpecial` only where nothing else is there. */
  rank: number;
}

/** Words of this rank and above are no plain choice: a card slot, backs alone, dithered greys. */
export const special = 5;

export function meaningOfSource(word: string): Meaning<ScanSource> | undefined {
  const said = word.toLowerCase();
  if (/transpar|negativ|positiv|film|slide|\btp[uo]|\btma\b|\buta\b|\bxpa\b/.test(said)) return undefined;
  const isFeeder = /adf|feed|duplex|simplex|sheet|tray|hopper|进纸|送稿|输稿|card|back|双面|单面/.test(said);
  if (!isFeeder) {
    if (/^auto/.test(said)) return undefined;
    const isGlass = /flat|platen|glass|table|normal|book|^fb$|平板|平台|稿台|玻璃/.test(said);
    return { means: 'flatbed', word, rank: isGlass ? 0 : special };
  }
  const isBoth =
    /duplex|both|two.?sid|double|2.?sid|双面/.test(said) && !/simplex|non.?duplex|单面/.test(said);
  // A slot for cards, and the backs of the sheets alone.
  const isOdd = /card|passport|manual|\bback\b|背/.test(said);
  return { means: isBoth ? 'feeder-duplex' : 'feeder', word, rank: isOdd ? special : 0 };
}

export function meaningOfMode(word: string): Meaning<ScanColour> | undefined {
  const said = word.toLowerCase();
  const isDithered = /halfton|dither|diffus|screen/.test(said);
  const isLines = /line.?art|bi.?level|binary|bitonal|b\W{0,3}w\b|black|黑白|二值/.test(said);
  const isColour = /colou?r|rgb|彩/.test(said);
  const isGrey = /gr[ae]y|灰/.test(said);
  // Deep pictures are twice as large and are kept with 8 bits all the same; few levels are less than was asked.
  const isDeep = /\b(30|36|42|48|16|14|12|10)\s*-?\s*bit|deep|\b48\b/.test(said);
  const isShallow = /\b(2|4)\s*-?\s*bit|\b(4|16)\s+levels|256\s*colou?r|infrared|rgbi|drop/.test(said);
  const depth = (isDeep ? 1 : 0) + (isShallow ? 3 : 0);
  if (isColour && !isLines && !isGrey && !isDithered) return { means: 'colour', word, rank: depth };
  if (isGrey && !isDithered && !(isLines && !/level/.test(said))) return { means: 'grey', word, rank: depth };
  if (isDithered) return { means: 'black-white', word, rank: special };
  if (isLines && !isColour) return { means: 'black-white', word, rank: 0 };
  if (/mono|\btext\b|1.?bit/.test(said)) return { means: 'black-white', word, rank: 1 };
  return undefined;
}

/** The words for each meaning, best first; special ones only where nothing plainer has their meaning. */
export function bestOf<T>(found: readonly Meaning<T>[], means: T): Meaning<T> | undefined {
  return found.filter((one) => one.means === means).toSorted((a, b) => a.rank - b.rank)[0];
}
