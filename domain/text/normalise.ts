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

/** Punctuation that a recogniser leaves at the ends of a value. */
export function trimPunctuation(text: string): string {
  return text.replace(/^[\s:：,，.。;；、·\-—_|]+/u, '').replace(/[\s:：,，.。;；、·\-—_|]+$/u, '');
}

/** Width of a text in half characters: CJK and full-width count two, Latin one. */
export function halfWidths(text: string): number {
  let width = 0;
  for (const char of text) width += /[\u0000-\u024f\uff61-\uff9f]/u.test(char) ? 1 : 2;
  return width;
}
