/** A page while it is laid out: texts with a place in millimetres, and whose value each of them is. */
import { halfWidths } from '#domain/text/normalise.ts';

export interface PlacedText {
  text: string;
  /** Left and top of the letters, mm. */
  x: number;
  y: number;
  /** Height of a letter, mm. */
  em: number;
  /** Room between letters, mm. */
  spacing: number;
  /** The field whose value this is; labels and everything else have none. */
  field?: string;
  weight?: number;
  colour?: string;
}

export interface Sheet {
  widthMm: number;
  heightMm: number;
  texts: PlacedText[];
  seals: { x: number; y: number; radius: number; text: string }[];
  rules: { x0: number; y0: number; x1: number; y1: number }[];
  frames: { inset: number; colour: string }[];
  ground?: string;
  watermark?: string;
  /** Writes in one line; returns the right edge. */
  write(text: string, x: number, y: number, em: number, more?: Partial<PlacedText>): number;
  /** Wraps at the width; returns the bottom edge. */
  wrap(
    text: string,
    x: number,
    y: number,
    em: number,
    width: number,
    more?: Partial<PlacedText> & { leading?: number },
  ): number;
}

export const widthOf = (text: string, em: number, spacing = 0): number =>
  (halfWidths(text) * em) / 2 + spacing * Math.max(0, [...text].length - 1);

export function createSheet(widthMm: number, heightMm: number): Sheet {
  const texts: PlacedText[] = [];
  const sheet: Sheet = {
    widthMm,
    heightMm,
    texts,
    seals: [],
    rules: [],
    frames: [],
    write(text, x, y, em, more = {}) {
      const spacing = more.spacing ?? 0;
      texts.push({ ...more, text, x, y, em, spacing });
      return x + widthOf(text, em, spacing);
    },
    wrap(text, x, y, em, width, { leading = 1.5, ...more } = {}) {
      let line = '';
      let top = y;
      for (const char of text) {
        if (widthOf(line + char, em, more.spacing) > width && !/[，。、；：）]/u.test(char)) {
          sheet.write(line, x, top, em, more);
          top += em * leading;
          line = '';
        }
        line += char;
      }
      if (line !== '') sheet.write(line, x, top, em, more);
      return top + em * leading;
    },
  };
  return sheet;
}

/** A label set to the width of `count` letters, as printed forms do. */
export const spreadTo = (label: string, count: number, em: number): number =>
  Math.max(0, ((count - [...label].length) * em) / Math.max(1, [...label].length - 1));
