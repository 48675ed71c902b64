/** Folding of what looks different and means the same: width, brackets, dashes, dots, spaces, twin code points. */
import { nameDots, unifyCharacters } from './compatible-characters.ts';

const folds: Readonly<Record<string, string>> = {
  '〔': '(',
  '〕': ')',
  '【': '(',
  '】': ')',
  '[': '(',
  ']': ')',
  '{': '(',
  '}': ')',
  '「': '"',
  '」': '"',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '。': '.',
  '、': ',',
  '—': '-',
  '–': '-',
  '―': '-',
  '─': '-',
  '‐': '-',
  '−': '-',
  ...Object.fromEntries([...nameDots, '﹒'].map((dot) => [dot, '·'])),
  '○': '〇',
  '◯': '〇',
  '￥': '¥',
};

/** Half-width letters, digits and punctuation; one kind of bracket; no spaces. Chinese characters stay as they are. */
export function normaliseText(text: string): string {
  let folded = '';
  for (const char of unifyCharacters(text)) folded += folds[foldWidth(char)] ?? foldWidth(char);
  return folded.replace(/\s+/gu, '');
}

/** Full-width ASCII to ASCII. Not NFKC: that would also rewrite rare Chinese characters of names. */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/gu, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/gu, ' ');
}

/** For comparing prose: folded, upper case, without any punctuation. */
export function comparableText(text: string): string {
  return normaliseText(text)
    .toUpperCase()
    .replace(/[^\p{L}\p{N}%+#&/]/gu, '');
}

const endSigns: ReadonlySet<string> = new Set(':：,，.。;；、·-—_|');
const isAtEnd = (char: string): boolean => endSigns.has(char) || /\s/u.test(char);

/** Punctuation that a recogniser leaves at the ends of a value. Character by character: a pattern would try each run anew. */
export function trimPunctuation(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isAtEnd(text.charAt(from))) from += 1;
  while (to > from && isAtEnd(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Width of a text in half characters: CJK and full-width count two, Latin one. */
export function halfWidths(text: string): number {
  let width = 0;
  for (const char of text) width += /[\u0000-\u024f\uff61-\uff9f]/u.test(char) ? 1 : 2;
  return width;
}
