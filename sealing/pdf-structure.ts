/**
 * Whether every viewer sees the same file. pdf-lib finds objects by going through the bytes, viewers follow the cross
 * references; where the two could differ, nothing that was checked need be what is shown. So each revision must list
 * exactly the objects that stand in it, free none, refer to none that is missing, and keep the earlier ones' root.
 */
import { inflateSync } from 'node:zlib';
import { readItems } from './pdf-items.ts';
import type { ObjectItem, PdfItem, TableItem } from './pdf-items.ts';
import { PdfWords, SyntaxFault, TooMuch, isDictionary, isRef, nameOf } from './pdf-syntax.ts';
import type { Budget, PdfDictionary, PdfValue } from './pdf-syntax.ts';
import type { SealProblemCode } from './problems.ts';

export interface PdfStructure {
  /** Present: no library may see this file. */
  fatal?: SealProblemCode;
  faults: SealProblemCode[];
  /** What follows cannot be read: the file is one to here, if to anywhere. */
  readable: number;
}

const maxWords = 600_000;
const maxInflatedBytes = 32 * 1024 * 1024;

interface Entry {
  kind: 'free' | 'at' | 'packed';
  /** `at`: of the object's first byte; `packed`: the number of the stream that holds it. */
  where: number;
  generation: number;
  index: number;
}
interface Section {
  start: number;
  entries: Map<number, Entry>;
  trailer: PdfDictionary;
}

/** Never throws, and takes time in proportion to the file's length. */
export function checkStructure(pdf: Uint8Array): PdfStructure {
  const faults = new Set<SealProblemCode>();
  const budget: Budget = { words: maxWords };
  let readable = 0;
  try {
    const { items, isLoose, end } = readItems(pdf, budget);
    if (isLoose) faults.add('STRUCTURE_WRONG');
    if (items.some(isEncrypted)) return { fatal: 'ENCRYPTED', faults: [...faults], readable };
    const inflated = inflatePacked(pdf, items);
    const revisions = splitRevisions(items);
    readable = end;
    checkRevisions({ pdf, items, revisions, faults, budget, inflated });
  } catch (error) {
    if (error instanceof TooMuch || error instanceof RangeError)
      return { fatal: 'TOO_COMPLEX', faults: [...faults], readable };
    if (!(error instanceof SyntaxFault)) throw error;
    if (readable === 0) return { fatal: 'STRUCTURE_WRONG', faults: [...faults], readable };
    faults.add('STRUCTURE_WRONG');
  }
  return { faults: [...faults], readable };
}

interface Work {
  pdf: Uint8Array;
  faults: Set<SealProblemCode>;
  budget: Budget;
  /** What is inside the streams that hold objects or a table. */
  inflated: ReadonlyMap<ObjectItem, Uint8Array>;
}

function checkRevisions({
  items,
  revisions,
  ...work
}: Work & { items: readonly PdfItem[]; revisions: readonly Revision[] }): void {
  const objects = new Map<number, PdfValue>();
  let before: Section | undefined;
  for (const revision of revisions) {
    const section = readSection(revision, work);
    compareTrailers(work, before, section);
    checkRevision(revision, section, { ...work, objects });
    before = section;
  }
  if (!before) throw new SyntaxFault(work.pdf.length);
  checkLengths(items, objects);
}

interface Revision {
  objects: ObjectItem[];
  tables: TableItem[];
  offset: number;
}

/** A revision ends at its `%%EOF`; behind the last there is nothing. */
function splitRevisions(items: readonly PdfItem[]): Revision[] {
  const revisions: Revision[] = [];
  let open: Omit<Revision, 'offset'> = { objects: [], tables: [] };
  for (const item of items) {
    if (item.kind === 'object') open.objects.push(item);
    else if (item.kind === 'table') open.tables.push(item);
    else {
      revisions.push({ ...open, offset: item.offset });
      open = { objects: [], tables: [] };
    }
  }
  return revisions;
}

const isXrefStream = ({ value, data }: ObjectItem): boolean =>
  data !== undefined && isDictionary(value) && nameOf(value.get('Type')) === 'XRef';

function isEncrypted(item: PdfItem): boolean {
  if (item.kind === 'table') return (item.trailer.get('Encrypt') ?? null) !== null;
  return (
    item.kind === 'object' &&
    isXrefStream(item) &&
    isDictionary(item.value) &&
    (item.value.get('Encrypt') ?? null) !== null
  );
}

/** The one list of a revision's objects: a table or a stream, never both. */
function readSection({ objects, tables, offset }: Revision, work: Work): Section {
  const { faults } = work;
  const streams = objects.filter(isXrefStream);
  const table = tables.at(-1);
  const stream = streams.at(-1);
  if (tables.length + streams.length !== 1) faults.add('XREF_WRONG');
  if (table) {
    if (table.trailer.has('XRefStm')) faults.add('STRUCTURE_WRONG');
    if (table.start !== offset) faults.add('XREF_WRONG');
    const entries = new Map<number, Entry>();
    for (const { number, offset: where, generation, isUsed } of table.entries) {
      if (entries.has(number)) faults.add('XREF_WRONG');
      entries.set(number, { kind: isUsed ? 'at' : 'free', where, generation, index: 0 });
    }
    return { start: table.start, entries, trailer: table.trailer };
  }
  if (!stream || !isDictionary(stream.value)) throw new SyntaxFault(offset);
  if (stream.start !== offset) faults.add('XREF_WRONG');
  return {
    start: stream.start,
    trailer: stream.value,
    entries: readXrefStream(contentsOf(stream, work), stream.value, faults),
  };
}

function readXrefStream(
  bytes: Uint8Array,
  dictionary: PdfDictionary,
  faults: Set<SealProblemCode>,
): Map<number, Entry> {
  const numbersOf = (value: PdfValue | undefined): number[] => {
    if (!Array.isArray(value) || !value.every((one) => Number.isSafeInteger(one) && Number(one) >= 0))
      throw new SyntaxFault(0);
    return value.map(Number);
  };
  const [typeBytes = 0, whereBytes = 0, lastBytes = 0, ...more] = numbersOf(dictionary.get('W'));
  const width = typeBytes + whereBytes + lastBytes;
  const index = numbersOf(dictionary.get('Index') ?? [0, dictionary.get('Size') ?? null]);
  if (
    more.length > 0 ||
    Math.max(typeBytes, whereBytes, lastBytes) > 6 ||
    width === 0 ||
    index.length % 2 === 1
  )
    throw new SyntaxFault(0);
  const entries = new Map<number, Entry>();
  let at = 0;
  const field = (size: number): number => {
    let value = 0;
    for (let end = at + size; at < end; at++) value = value * 256 + (bytes[at] ?? 0);
    return value;
  };
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first = 0, count = 0] = index.slice(pair, pair + 2);
    if (at + count * width > bytes.length) throw new SyntaxFault(0);
    for (let one = 0; one < count; one++) {
      const type = typeBytes === 0 ? 1 : field(typeBytes);
      const [where, last] = [field(whereBytes), field(lastBytes)];
      const kind = (['free', 'at', 'packed'] as const)[type];
      if (!kind || entries.has(first + one)) faults.add('XREF_WRONG');
      else
        entries.set(first + one, {
          kind,
          where,
          ...(kind === 'packed' ? { generation: 0, index: last } : { generation: last, index: 0 }),
        });
    }
  }
  if (at !== bytes.length) faults.add('XREF_WRONG');
  return entries;
}

/** A later revision follows the one before it, and neither root nor identity may be another. */
function compareTrailers({ pdf, faults }: Work, before: Section | undefined, { trailer }: Section): void {
  if (trailer.get('Prev') !== before?.start) faults.add('XREF_WRONG');
  if (!before) return;
  for (const key of ['Root', 'Info', 'ID'])
    if (written(pdf, trailer.get(key)) !== written(pdf, before.trailer.get(key)))
      faults.add(key === 'Root' ? 'ROOT_CHANGED' : 'IDENTITY_CHANGED');
}

/** A value as text, strings by their bytes, so that two can be compared. */
function written(pdf: Uint8Array, value: PdfValue | undefined): string {
  if (Array.isArray(value)) return `[${value.map((one) => written(pdf, one)).join(' ')}]`;
  if (isDictionary(value)) return '<<>>'; // none of the three is one that stands in the trailer
  if (typeof value !== 'object' || value === null) return String(value);
  if ('start' in value) return Buffer.from(pdf.subarray(value.start, value.end)).toString('latin1');
  return JSON.stringify(value);
}

function checkRevision(
  revision: Revision,
  section: Section,
  { objects, ...work }: Work & { objects: Map<number, PdfValue> },
): void {
  const { faults } = work;
  const here = new Map(revision.objects.map((item) => [item.start, item]));
  const found = new Map<number, PdfValue>();
  for (const item of revision.objects) {
    const { number, generation, value, start } = item;
    const entry = section.entries.get(number);
    if (generation !== 0 || found.has(number)) faults.add('XREF_WRONG');
    const isListed = entry?.kind === 'at' && entry.where === start && entry.generation === generation;
    // a cross-reference stream need not list itself: nothing refers to it
    if (!isListed && !(isXrefStream(item) && !entry)) faults.add('OBJECT_UNLISTED');
    found.set(number, value);
    for (const [index, packed] of readPacked(item, work).entries()) {
      const own = section.entries.get(packed.number);
      if (found.has(packed.number)) faults.add('XREF_WRONG');
      if (own?.kind !== 'packed' || own.where !== number || own.index !== index)
        faults.add('OBJECT_UNLISTED');
      found.set(packed.number, packed.value);
    }
  }
  for (const [number, entry] of section.entries) {
    if (entry.kind === 'free') {
      if (found.has(number) || objects.has(number)) faults.add('OBJECT_FREED');
    } else if (entry.kind === 'at') {
      if (here.get(entry.where)?.number !== number || entry.generation !== 0) faults.add('XREF_WRONG');
    } else if (!found.has(number)) faults.add('XREF_WRONG');
  }
  for (const [number, value] of found) objects.set(number, value);
  checkReferences(found.values(), { objects, trailer: section.trailer, faults });
}

/** The objects inside an object stream, in their order. */
function readPacked(item: ObjectItem, work: Work): { number: number; value: PdfValue }[] {
  const { budget, faults } = work;
  const { value, data } = item;
  if (!data || !isDictionary(value) || nameOf(value.get('Type')) !== 'ObjStm') return [];
  const [count, first] = [value.get('N'), value.get('First')];
  if (typeof count !== 'number' || typeof first !== 'number') throw new SyntaxFault(item.start);
  if (value.has('Extends')) faults.add('STRUCTURE_WRONG');
  const bytes = contentsOf(item, work);
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

/**
 * Streams that hold objects or a table are inflated by whatever library reads the file, without a limit: so all of them
 * here first, with one limit for all. Throws SyntaxFault for what cannot be told beforehand, TooMuch.
 */
function inflatePacked(pdf: Uint8Array, items: readonly PdfItem[]): Map<ObjectItem, Uint8Array> {
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
function contentsOf(item: ObjectItem, { inflated }: Work): Uint8Array {
  const bytes = inflated.get(item);
  if (!bytes || (isDictionary(item.value) && item.value.has('DecodeParms')))
    throw new SyntaxFault(item.start);
  return bytes;
}

/** Where a stream's length is an object of its own, it is the length that the bytes have. */
function checkLengths(items: readonly PdfItem[], objects: ReadonlyMap<number, PdfValue>): void {
  for (const item of items) {
    if (item.kind !== 'object' || !item.data || !isDictionary(item.value)) continue;
    const length = item.value.get('Length');
    if (typeof length === 'number') continue;
    const actual = item.data.end - item.data.start;
    const told = isRef(length) ? objects.get(length.number) : undefined;
    // the line's end before `endstream` may have been the stream's own last bytes
    if (typeof told !== 'number' || told < actual || told > actual + 2) throw new SyntaxFault(item.start);
  }
}

/** What a revision refers to is there by its end: a hole could be filled by a later one, behind a seal. */
function checkReferences(
  values: Iterable<PdfValue>,
  {
    objects,
    trailer,
    faults,
  }: { objects: ReadonlyMap<number, PdfValue>; trailer: PdfDictionary; faults: Set<SealProblemCode> },
): void {
  const visit = (value: PdfValue): void => {
    if (isRef(value)) {
      if (value.generation !== 0 || !objects.has(value.number)) faults.add('XREF_WRONG');
    } else if (Array.isArray(value)) value.forEach(visit);
    else if (isDictionary(value)) for (const one of value.values()) visit(one);
  };
  for (const value of values) visit(value);
  for (const key of ['Root', 'Info']) visit(trailer.get(key) ?? null);
}
