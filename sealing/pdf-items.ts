/** A PDF from its first byte to its last, as a list: objects, cross references, ends of revisions, and nothing else. */
import { PdfWords, SyntaxFault, TooMuch, isDictionary } from './pdf-syntax.ts';
import type { Budget, PdfDictionary, PdfValue } from './pdf-syntax.ts';

export interface ObjectItem {
  kind: 'object';
  start: number;
  number: number;
  generation: number;
  value: PdfValue;
  /** A stream's bytes as they stand in the file. */
  data?: { start: number; end: number };
}
export interface TableEntry {
  number: number;
  offset: number;
  generation: number;
  isUsed: boolean;
}
export interface TableItem {
  kind: 'table';
  start: number;
  entries: TableEntry[];
  trailer: PdfDictionary;
}
/** `startxref`, its number and `%%EOF`. */
export interface EndItem {
  kind: 'end';
  offset: number;
  /** Just behind `%%EOF`. */
  end: number;
}
export type PdfItem = ObjectItem | TableItem | EndItem;

export interface PdfItems {
  items: PdfItem[];
  /** Something is written as many programs accept it and none should write it. */
  isLoose: boolean;
  /** Behind the last end of a revision before what cannot be read; the file's length where all of it can. */
  end: number;
}

const maxObjects = 300_000;

/**
 * Reads to the first thing that is no PDF, and keeps what is a whole file before it.
 * Throws SyntaxFault where that is nothing, TooMuch. Takes time in proportion to the file's length,
 * whatever is in it.
 */
export function readItems(pdf: Uint8Array, budget: Budget): PdfItems {
  const words = new PdfWords(pdf, 0, budget);
  if (!/^%PDF-[12]\.\d[\r\n]/.test(Buffer.from(pdf.subarray(0, 9)).toString('latin1')))
    throw new SyntaxFault(0);
  const items: PdfItem[] = [];
  const style = { isLoose: false };
  let count = 0;
  words.at = 8;
  words.skipSpace();
  try {
    while (words.at < pdf.length) {
      const item = readItem(words, style);
      count += item.kind === 'table' ? item.entries.length : 1;
      if (count > maxObjects) throw new TooMuch();
      items.push(item);
      words.skipSpace('refused');
      if (pdf[words.at] === 37) {
        style.isLoose = true; // a comment: no viewer shows it, and this product writes none
        words.skipSpace();
      }
    }
    if (items.at(-1)?.kind !== 'end') throw new SyntaxFault(pdf.length);
  } catch (error) {
    const last = items.findLastIndex(({ kind }) => kind === 'end');
    const end = items[last];
    if (!(error instanceof SyntaxFault) || end?.kind !== 'end') throw error;
    return { items: items.slice(0, last + 1), ...style, end: end.end };
  }
  return { items, ...style, end: pdf.length };
}

function readItem(words: PdfWords, style: Style): PdfItem {
  const start = words.at;
  if (words.take('xref')) return readTable(words, start, style);
  if (words.take('trailer')) {
    style.isLoose = true;
    return { kind: 'table', start, entries: [], trailer: readTrailer(words) };
  }
  if (!words.take('startxref')) return readObject(words, style);
  words.skipSpace();
  const offset = words.natural();
  words.skipSpace('refused');
  if (words.bytes[words.at] === 37 && words.bytes[words.at + 1] !== 37) {
    style.isLoose = true;
    words.skipComment();
  }
  words.expect('%%EOF', 'anything may follow');
  return { kind: 'end', offset, end: words.at };
}

interface Style {
  isLoose: boolean;
}

function readObject(words: PdfWords, style: Style): ObjectItem {
  const start = words.at;
  const number = words.natural();
  words.skipSpace('refused');
  const generation = words.natural();
  words.skipSpace('refused');
  words.expect('obj');
  const value = words.value();
  words.skipSpace();
  const item: ObjectItem = { kind: 'object', start, number, generation, value };
  if (isDictionary(value) && words.take('stream')) {
    item.data = readData(words, value, style);
    words.skipSpace('refused');
    words.expect('endstream');
    words.skipSpace('refused');
  }
  words.expect('endobj');
  return item;
}

function readData(words: PdfWords, dictionary: PdfDictionary, style: Style): { start: number; end: number } {
  const { bytes } = words;
  const isReturn = bytes[words.at] === 13;
  if (isReturn) words.at++;
  if (bytes[words.at] === 10) words.at++;
  else if (isReturn) style.isLoose = true;
  else throw new SyntaxFault(words.at);
  const start = words.at;
  const length = dictionary.get('Length');
  if (typeof length === 'number') {
    words.at = start + length;
    words.skipSpace('refused');
    if (Number.isSafeInteger(length) && length >= 0 && words.take('endstream')) {
      words.at = start + length;
      return { start, end: words.at };
    }
    style.isLoose = true; // a wrong length: viewers look for the end, as below
  }
  // the length is an object of its own, which may stand further on: `pdf-structure.ts` compares it with what is here
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(
    'endstream',
    start,
    'latin1',
  );
  if (found < 0) throw new SyntaxFault(start);
  words.at = found;
  let end = found;
  if (end > start && bytes[end - 1] === 10) end--;
  if (end > start && bytes[end - 1] === 13) end--;
  return { start, end };
}

const entryBytes = 20;

/** ISO 32000-1 7.5.4: every entry has exactly twenty bytes, and viewers count on it. */
function readTable(words: PdfWords, start: number, style: Style): TableItem {
  const entries: TableEntry[] = [];
  words.skipSpace('refused');
  while (!words.take('trailer')) {
    const first = words.natural();
    words.skipSpace('refused');
    const count = words.natural();
    words.skipSpace('refused');
    if (entries.length + count > maxObjects) throw new TooMuch();
    for (let index = 0; index < count; index++) {
      const line = Buffer.from(words.bytes.subarray(words.at, words.at + entryBytes)).toString('latin1');
      const match = /^(\d{10}) (\d{5}) ([nf])( \r| \n|\r\n|\n|\r)/.exec(line);
      if (!match) throw new SyntaxFault(words.at);
      if (match[4]?.length === 1) style.isLoose = true;
      entries.push({
        number: first + index,
        offset: Number(match[1]),
        generation: Number(match[2]),
        isUsed: match[3] === 'n',
      });
      words.at += match[0].length;
    }
    words.skipSpace('refused');
  }
  return { kind: 'table', start, entries, trailer: readTrailer(words) };
}

function readTrailer(words: PdfWords): PdfDictionary {
  const trailer = words.value();
  if (!isDictionary(trailer)) throw new SyntaxFault(words.at);
  return trailer;
}
