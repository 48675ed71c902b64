/** From lines of text to field readings: by label, by pattern, by region; then mended by check digit. */
import { fieldRules } from '../fields/field-rules.ts';
import { toDigits } from '../fields/look-alikes.ts';
import { foldWidth, normaliseText, trimPunctuation } from '../text/normalise.ts';
import type { Certificate, Field } from '../catalogue/schema.ts';
import { collectValue } from './collect-value.ts';
import type { PageView } from './collect-value.ts';
import { findLabels } from './find-labels.ts';
import type { LabelPlace } from './find-labels.ts';
import { boxAround, foldPieces, narrowPieces, pieceBox, pieceText, toItems, wholeOf } from './layout.ts';
import type { Piece } from './layout.ts';
import type { FieldReading, FieldReadings, Line } from './schema.ts';

/** Lines of one straightened page; boxes in its pixels. */
export interface PageLines {
  lines: Line[];
  widthPx: number;
  heightPx: number;
}

/** What each field of the certificate says on these pages. Fields that are not found are left out. */
export function extractFields(certificate: Certificate, pages: readonly PageLines[]): FieldReadings {
  const views = pages.map((page, index): PageView & PageLines => {
    const items = toItems(page.lines, index);
    return { ...page, items, labels: findLabels(certificate, items) };
  });
  const readings: FieldReadings = {};
  for (const field of certificate.fields) {
    const reading = readField(field, views);
    if (reading) readings[field.id] = reading;
  }
  return readings;
}

/** Ways to find a value, in the order they are tried; the first that gives a sound value wins, else the first at all. */
const ways: readonly ((field: Field, pages: readonly (PageView & PageLines)[]) => Candidate[])[] = [
  byLabel,
  byPattern,
  byRegion,
];

interface Candidate {
  pieces: Piece[];
  /** How far the place itself can be trusted. */
  trust: number;
}

function readField(field: Field, pages: readonly (PageView & PageLines)[]): FieldReading | undefined {
  const { find } = field;
  if (!find) return undefined;
  const searched = find.page === undefined ? pages : pages.slice(find.page, find.page + 1);
  let fallback: FieldReading | undefined;
  for (const way of ways) {
    for (const candidate of way(field, searched)) {
      const reading = interpret(field, candidate);
      if (!reading) continue;
      if (fieldRules[field.kind].parse(reading.value, field).ok) return reading;
      fallback ??= reading;
    }
  }
  return fallback;
}

function byLabel(field: Field, pages: readonly PageView[]): Candidate[] {
  const labels = (field.find?.labels ?? []).map(normaliseText);
  const found = pages.flatMap((page) =>
    page.labels.filter((place) => labels.includes(place.label)).map((place) => ({ place, page })),
  );
  const rank = ({ place }: { place: LabelPlace }) => place.errors * 100 + labels.indexOf(place.label);
  return found
    .sort((a, b) => rank(a) - rank(b))
    .map(({ place, page }) => ({
      pieces: collectValue(place, field, page),
      trust: place.errors === 0 ? 1 : 0.9,
    }))
    .filter((candidate) => candidate.pieces.length > 0);
}

function byPattern(field: Field, pages: readonly PageView[]): Candidate[] {
  if (field.find?.pattern === undefined) return [];
  const pattern = new RegExp(field.find.pattern, 'u');
  return pages.flatMap((page) =>
    page.items
      .filter((item) => pattern.test(compact(item.line.text)))
      .map((item) => ({ pieces: [wholeOf(item)], trust: 0.8 })),
  );
}

function byRegion(field: Field, pages: readonly (PageView & PageLines)[]): Candidate[] {
  const region = field.find?.region;
  if (!region) return [];
  return pages
    .map((page) => {
      const inside = page.items.filter((item) => {
        const x = (item.left + item.right) / 2 / page.widthPx;
        const y = (item.top + item.bottom) / 2 / page.heightPx;
        return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
      });
      return { pieces: inside.map(wholeOf), trust: 0.7 };
    })
    .filter((candidate) => candidate.pieces.length > 0);
}

const compact = (text: string) => foldWidth(text).replace(/\s/gu, '');

function interpret(field: Field, { pieces, trust }: Candidate): FieldReading | undefined {
  const rule = fieldRules[field.kind];
  const raw = joinPieces(pieces, field);
  let value = rule.readFrom(raw, field);
  let isMended = false;
  if (field.kind === 'certificate-number' && field.find?.pattern !== undefined) {
    const mended = mendToPattern(raw, field.find.pattern);
    if (mended !== undefined) {
      value = rule.readFrom(mended, field);
      isMended = true;
    }
  }
  const [first] = pieces;
  if (value === undefined || !first) return undefined;

  const exact = narrowTo(pieces, value, field);
  const text = exact.map(pieceText).join('').trim();
  if (field.kind === 'credit-code' || field.kind === 'id-number')
    isMended = !normaliseText(text).toUpperCase().includes(value);
  const isSound = rule.parse(value, field).ok;
  const boxes = exact.map(pieceBox);
  const confidence =
    Math.min(...exact.map((piece) => piece.item.line.confidence)) *
    trust *
    (isMended ? 0.9 : 1) *
    (isSound ? 1 : 0.5);
  return {
    value,
    text,
    page: first.item.page,
    box: boxAround(boxes),
    ...(boxes.length > 1 ? { boxes } : {}),
    confidence,
    ...(isMended ? { mended: true } : {}),
  };
}

/** Lines of one value are joined as they stand; in a list of short lines a semicolon keeps the entries apart. */
function joinPieces(pieces: readonly Piece[], field: Field): string {
  let text = '';
  pieces.forEach((piece, index) => {
    const part = pieceText(piece);
    const isEntry = field.kind === 'long-text' && /(?:级|等级|资质)$/u.test(text.trim());
    text += index === 0 ? part : `${isEntry ? '；' : ''}${part}`;
  });
  return text;
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
  const text = compact(raw).toUpperCase();
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
