/**
 * The words of a PDF, read strictly: no guess, no recovery, a limit on everything that grows. It reads what the strict
 * verifier must know before any library may see the file; meaning is `pdf-structure.ts`'s.
 */
export type PdfValue = number | boolean | null | PdfName | PdfText | PdfRef | PdfValue[] | PdfDictionary;
export interface PdfName {
  name: string;
}
/** A string; what it says does not matter to the structure. */
export interface PdfText {
  start: number;
  end: number;
}
export interface PdfRef {
  number: number;
  generation: number;
}
export type PdfDictionary = Map<string, PdfValue>;

/** The bytes at `at` are not what a PDF has there. */
export class SyntaxFault extends Error {
  readonly at: number;
  constructor(at: number) {
    super(`not PDF at byte ${at}`);
    this.at = at;
  }
}
/** More words, or more of them inside each other, than any paper has. */
export class TooMuch extends Error {}

const deepest = 64;

/** Shared by all readers of one file. */
export interface Budget {
  words: number;
}

export const isRef = (value: PdfValue | undefined): value is PdfRef =>
  typeof value === 'object' && value !== null && 'number' in value;
export const isDictionary = (value: PdfValue | undefined): value is PdfDictionary => value instanceof Map;
export const nameOf = (value: PdfValue | undefined): string | undefined =>
  typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined;

const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
const delimiters = new Set([...'()<>[]{}/%'].map((one) => one.charCodeAt(0)));
const isRegular = (byte: number | undefined): boolean =>
  byte !== undefined && !isSpace(byte) && !delimiters.has(byte);

export class PdfWords {
  readonly bytes: Uint8Array;
  at: number;
  readonly #budget: Budget;

  constructor(bytes: Uint8Array, at: number, budget: Budget) {
    this.bytes = bytes;
    this.at = at;
    this.#budget = budget;
  }

  /** White space, and comments where `comments` allows them. */
  skipSpace(comments: 'allowed' | 'refused' = 'allowed'): void {
    for (;;) {
      while (isSpace(this.bytes[this.at])) this.at++;
      if (comments === 'refused' || this.bytes[this.at] !== 37) return;
      this.skipComment();
    }
  }

  /** To the end of the line. */
  skipComment(): void {
    while (this.at < this.bytes.length && this.bytes[this.at] !== 10 && this.bytes[this.at] !== 13) this.at++;
    this.skipSpace('refused');
  }

  /** Whether `word` stands here; it is passed when it does. */
  take(word: string, follow: 'a whole word' | 'anything may follow' = 'a whole word'): boolean {
    for (let index = 0; index < word.length; index++)
      if (this.bytes[this.at + index] !== word.charCodeAt(index)) return false;
    if (follow === 'a whole word' && isRegular(this.bytes[this.at + word.length])) return false;
    this.at += word.length;
    return true;
  }

  expect(word: string, follow?: 'anything may follow'): void {
    if (!this.take(word, follow)) throw new SyntaxFault(this.at);
  }

  /** Digits alone, at most eleven. */
  natural(): number {
    const start = this.at;
    while (isDigit(this.bytes[this.at]) && this.at - start < 12) this.at++;
    const length = this.at - start;
    if (length === 0 || length > 11) throw new SyntaxFault(start);
    return Number(this.#text(start, this.at));
  }

  value(depth = 0): PdfValue {
    if (depth > deepest || --this.#budget.words < 0) throw new TooMuch();
    this.skipSpace();
    const byte = this.bytes[this.at];
    if (byte === 47) return { name: this.#name() };
    if (byte === 40) return this.#literal();
    if (byte === 91) return this.#array(depth);
    if (byte === 60) return this.bytes[this.at + 1] === 60 ? this.#dictionary(depth) : this.#hexadecimal();
    if (isDigit(byte)) return this.#reference() ?? this.#number();
    if (byte === 43 || byte === 45 || byte === 46) return this.#number();
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    if (this.take('null')) return null;
    throw new SyntaxFault(this.at);
  }

  #text(start: number, end: number): string {
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, end - start).toString('latin1');
  }

  #name(): string {
    const start = ++this.at;
    while (isRegular(this.bytes[this.at])) this.at++;
    if (this.at - start > 512) throw new TooMuch();
    const raw = this.#text(start, this.at);
    return raw.includes('#')
      ? raw.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : raw;
  }

  #number(): number {
    const start = this.at;
    const whole = this.#digits();
    if (whole !== undefined) return whole;
    this.at = start;
    while (isRegular(this.bytes[this.at]) && this.at - start < 64) this.at++;
    const text = this.#text(start, this.at);
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text)) throw new SyntaxFault(start);
    return Number(text);
  }

  /** `12 0 R`, or undefined and nothing passed; most numbers are none, so that nothing is thrown over them. */
  #reference(): PdfRef | undefined {
    const start = this.at;
    const number = this.#digits();
    const generation = number === undefined ? undefined : this.#digits();
    if (number !== undefined && generation !== undefined && this.take('R')) return { number, generation };
    this.at = start;
    return undefined;
  }

  /** Up to eleven digits and the white space that must follow them. */
  #digits(): number | undefined {
    const start = this.at;
    let value = 0;
    for (; isDigit(this.bytes[this.at]); this.at++) value = value * 10 + ((this.bytes[this.at] ?? 48) - 48);
    const length = this.at - start;
    if (length === 0 || length > 11 || !isSpace(this.bytes[this.at])) return undefined;
    this.skipSpace('refused');
    return value;
  }

  #literal(): PdfText {
    const start = this.at;
    let open = 0;
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at];
      if (byte === 92) this.at++;
      else if (byte === 40) open++;
      else if (byte === 41 && --open === 0) return { start, end: ++this.at };
    }
    throw new SyntaxFault(start);
  }

  #hexadecimal(): PdfText {
    const start = this.at++;
    for (; this.at < this.bytes.length; this.at++) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte === 62) return { start, end: ++this.at };
      const isHex = isDigit(byte) || (byte >= 65 && byte <= 70) || (byte >= 97 && byte <= 102);
      if (!isHex && !isSpace(byte)) break;
    }
    throw new SyntaxFault(start);
  }

  #array(depth: number): PdfValue[] {
    this.at++;
    const items: PdfValue[] = [];
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.at] === 93) {
        this.at++;
        return items;
      }
      items.push(this.value(depth + 1));
    }
  }

  /** A key that stands twice means one thing to one viewer and another to the next: no PDF. */
  #dictionary(depth: number): PdfDictionary {
    this.at += 2;
    const entries: PdfDictionary = new Map();
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.at] === 62 && this.bytes[this.at + 1] === 62) {
        this.at += 2;
        return entries;
      }
      if (this.bytes[this.at] !== 47) throw new SyntaxFault(this.at);
      const start = this.at;
      const key = this.#name();
      if (entries.has(key)) throw new SyntaxFault(start);
      entries.set(key, this.value(depth + 1));
    }
  }
}
