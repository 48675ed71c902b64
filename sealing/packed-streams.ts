/** Streams that hold objects or a table of cross references: unpacked under one limit, read in the one form that we accept. */
import { inflateSync } from 'node:zlib';
import type { ObjectItem, PdfItem } from './pdf-items.ts';
import { PdfWords, SyntaxFault, TooMuch, isDictionary, isRef, nameOf } from './pdf-syntax.ts';
import type { Budget, PdfDictionary, PdfValue } from './pdf-syntax.ts';
import type { SealProblemCode } from './problems.ts';

const maxInflatedBytes = 32 * 1024 * 1024;

/** What is inside the streams that hold objects or a table. */
export type Inflated = ReadonlyMap<ObjectItem, Uint8Array>;

/**
 * Streams that hold objects or a table are inflated by whatever library reads the file, without a limit: so all of them
 * here first, with one limit for all. Throws SyntaxFault for what cannot be told beforehand, TooMuch.
 */
export function inflatePacked(pdf: Uint8Array, items: readonly PdfItem[]): Inflated {
  const inflated = new Map<ObjectItem, Uint8Array>();
  let left = maxInflatedBytes;
  for (const item of items) {
    if (item.kind !== 'object' || !item.data || !isDictionary(item.value)) continue;
    const type = item.value.get('Type');
    // a library follows the reference, and finds out what kind of stream this is when it is too late
    if (isRef(type)) throw new SyntaxFault(item.start);
    if (!['ObjStm', 'XRef'].includes(nameOf(type) ?? '')) continue;
    const bytes = inflate(pdf.subarray(item.data.start, item.data.end), item.value, {
      start: item.start,
      left,
    });
    left -= bytes.length;
    inflated.set(item, bytes);
  }
  return inflated;
}

function inflate(
  bytes: Uint8Array,
  dictionary: PdfDictionary,
  { start, left }: { start: number; left: number },
): Uint8Array {
  const filter = dictionary.get('Filter') ?? [];
  const names = Array.isArray(filter) ? filter.map(nameOf) : [nameOf(filter)];
  if (names.length === 0) return bytes;
  if (names.length !== 1 || names[0] !== 'FlateDecode') throw new SyntaxFault(start);
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(left, 1) });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw new TooMuch();
    throw new SyntaxFault(start);
  }
}

/** As the dictionary says it was packed; other packings than ours are not undone. */
export function contentsOf(item: ObjectItem, inflated: Inflated): Uint8Array {
  const bytes = inflated.get(item);
  if (!bytes || (isDictionary(item.value) && item.value.has('DecodeParms')))
    throw new SyntaxFault(item.start);
  return bytes;
}

/** The objects inside an object stream, in their order. */
export function readPacked(
  item: ObjectItem,
  { inflated, budget, faults }: { inflated: Inflated; budget: Budget; faults: Set<SealProblemCode> },
): { number: number; value: PdfValue }[] {
  const { value, data } = item;
  if (!data || !isDictionary(value) || nameOf(value.get('Type')) !== 'ObjStm') return [];
  const [count, first] = [value.get('N'), value.get('First')];
  if (typeof count !== 'number' || typeof first !== 'number') throw new SyntaxFault(item.start);
  if (value.has('Extends')) faults.add('STRUCTURE_WRONG');
  const bytes = contentsOf(item, inflated);
  const head = new PdfWords(bytes, 0, budget);
  const places: { number: number; at: number }[] = [];
  for (let index = 0; index < count; index++) {
    head.skipSpace('refused');
    const number = head.natural();
    head.skipSpace('refused');
    places.push({ number, at: first + head.natural() });
    if (--budget.words < 0) throw new TooMuch();
  }
  const body = new PdfWords(bytes, first, budget);
  return places.map(({ number, at }) => {
    body.skipSpace('refused');
    // one after the other, without gaps: what lay between would be seen by one viewer and not by the next
    if (at !== body.at) faults.add('STRUCTURE_WRONG');
    body.at = at;
    return { number, value: body.value() };
  });
}
