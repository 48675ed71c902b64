/** From the pieces that should hold a value to the reading: canonical value, raw text, boxes, confidence. */
import { fieldRules } from '../fields/field-rules.ts';
import { toDigits } from '../fields/look-alikes.ts';
import { mendByDictionary } from '../fields/dictionaries/mend-by-dictionary.ts';
import { foldWidth, normaliseText, trimPunctuation } from '../text/normalise.ts';
import type { Field, FieldKind } from '../catalogue/field.ts';
import { isDateLine } from './continue-value.ts';
import { boxAround, foldPieces, narrowPieces, pieceBox, pieceText, shareRow } from './layout.ts';
import type { Piece } from './layout.ts';
import type { FieldReading } from './schema.ts';

export interface Candidate {
  pieces: Piece[];
  /** How far the place itself can be trusted, 0..1. */
  trust: number;
}

/** So sure a reader is of letters that it sees well. */
const clearFrom = 0.95;
const confidenceOf = (pieces: readonly Piece[]): number =>
  Math.min(...pieces.map(({ item }) => item.line.confidence));

const namelike: ReadonlySet<FieldKind> = new Set(['text', 'company-name', 'person-name', 'address']);

/** A reading and the very pieces of lines that it was taken from. */
export interface Interpreted {
  reading: FieldReading;
  pieces: Piece[];
}

/** Undefined when nothing of the field's kind is in the pieces. */
export function interpret(field: Field, { pieces, trust }: Candidate): Interpreted | undefined {
  const rule = fieldRules[field.kind];
  const raw = joinPieces(pieces, field);
  // Where a seal hides the authority's name, the day of issue under it is the nearest text: it is nobody's name.
  if (namelike.has(field.kind) && isDateLine(raw)) return undefined;
  let value = rule.readFrom(raw, field);
  let isMended = pieces.some((piece, index) => beginsTwice(piece, pieces[index - 1]));
  if (field.kind === 'certificate-number' && field.find?.pattern !== undefined) {
    const mended = mendToPattern(raw, field.find.pattern);
    if (mended !== undefined) {
      value = rule.readFrom(mended, field);
      isMended = true;
    }
  }
  const [first] = pieces;
  if (value === undefined || !first) return undefined;
  const fromWords =
    field.dictionary === undefined
      ? undefined
      : mendByDictionary(value, field.dictionary, { isClear: confidenceOf(pieces) >= clearFrom });
  if (fromWords !== undefined) {
    value = rule.readFrom(fromWords, field) ?? fromWords;
    isMended = true;
  }

  const exact = narrowTo(pieces, value, field);
  const text = exact.map(pieceText).join('').trim();
  if (field.kind === 'credit-code' || field.kind === 'id-number')
    isMended ||= !normaliseText(text).toUpperCase().includes(value);
  if ((field.kind === 'date' || field.kind === 'period') && /[A-Za-z|]/u.test(text)) isMended = true;
  const isSound = rule.parse(value, field).ok;
  const [firstOf = first] = exact;
  const { page } = firstOf.item;
  const boxes = exact.filter((piece) => piece.item.page === page).map(pieceBox);
  const continued = exact
    .filter((piece) => piece.item.page !== page)
    .map((piece) => ({ page: piece.item.page, box: pieceBox(piece) }));
  const confidence =
    Math.min(...exact.map((piece) => piece.item.line.confidence)) *
    trust *
    (isMended ? 0.9 : 1) *
    (isSound ? 1 : 0.5);
  const reading: FieldReading = {
    value,
    text,
    page,
    box: boxAround(boxes),
    ...(boxes.length > 1 ? { boxes } : {}),
    ...(continued.length > 0 ? { continued } : {}),
    confidence,
    ...(isMended ? { mended: true } : {}),
  };
  return { reading, pieces: exact };
}

/** Lines of one value are joined as they stand; in a list of short lines or cells a semicolon keeps the entries apart. */
function joinPieces(pieces: readonly Piece[], field: Field): string {
  let text = '';
  const areCells = field.find?.direction === 'column';
  pieces.forEach((piece, index) => {
    const part = pieceText(piece);
    const isEntry = areCells || (field.kind === 'long-text' && /(?:级|等级|资质)$/u.test(text.trim()));
    // Boxes that run into each other hold the character between them twice.
    const own = beginsTwice(piece, pieces[index - 1]) ? part.slice(1) : part;
    text += index === 0 ? own : `${isEntry ? '；' : ''}${own}`;
  });
  return text;
}

/** The line box before reaches into this one by the better part of a digit's width, and both read the same there. */
function beginsTwice({ item, start }: Piece, before: Piece | undefined): boolean {
  if (!before || before.item === item || start !== 0 || before.end !== before.item.chars.length) return false;
  const reach = before.item.right - item.left;
  return (
    shareRow(before.item, item) &&
    reach > 0.25 * Math.min(before.item.height, item.height) &&
    before.item.chars.at(-1) === item.chars[0]
  );
}

/** The pieces that hold the value itself, where it is only a part of what stands behind the label. */
function narrowTo(pieces: readonly Piece[], value: string, field: Field): Piece[] {
  const folded = foldPieces(pieces);
  const upper = folded.text.toUpperCase();
  for (const form of fieldRules[field.kind].paperForms(value, field)) {
    const wanted = normaliseText(form).toUpperCase();
    const at = lastOf(field) ? upper.lastIndexOf(wanted) : upper.indexOf(wanted);
    if (at >= 0 && wanted !== '') return narrowPieces(pieces, folded, at, at + wanted.length);
  }
  // The value does not stand there as it is written (a mended code, an odd form): without punctuation at the ends.
  const kept = trimPunctuation(folded.text);
  const at = folded.text.indexOf(kept);
  return kept === '' ? [...pieces] : narrowPieces(pieces, folded, at, at + kept.length);
}

/** 有效期 from … to …: when both ends look alike the end is meant. */
const lastOf = (field: Field) => field.kind === 'date';

/** D22l0l2345: behind the letters only digits can stand. */
function mendToPattern(raw: string, pattern: string): string | undefined {
  const text = foldWidth(raw).replace(/\s/gu, '').toUpperCase();
  const regex = new RegExp(pattern, 'u');
  if (regex.test(text)) return undefined;
  for (const run of text.match(/[0-9A-Z|!/-]+/gu) ?? []) {
    for (const letters of [1, 2]) {
      const mended = run.slice(0, letters) + toDigits(run.slice(letters));
      const match = regex.exec(mended);
      if (match) return match[1] ?? match[0];
    }
  }
  return undefined;
}
