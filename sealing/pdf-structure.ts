/**
 * Whether every viewer sees the same file. pdf-lib finds objects by going through the bytes, viewers follow the cross
 * references; where the two could differ, nothing that was checked need be what is shown. So each revision must list
 * exactly the objects that stand in it, free none, refer to none that is missing, and keep the earlier ones' root.
 */
import { isXrefStream, readSection } from './cross-references.ts';
import type { Revision, Section } from './cross-references.ts';
import { inflatePacked, readPacked } from './packed-streams.ts';
import type { Inflated } from './packed-streams.ts';
import { readItems } from './pdf-items.ts';
import type { PdfItem } from './pdf-items.ts';
import { SyntaxFault, TooMuch, isDictionary, isRef } from './pdf-syntax.ts';
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
  inflated: Inflated;
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

function isEncrypted(item: PdfItem): boolean {
  if (item.kind === 'table') return (item.trailer.get('Encrypt') ?? null) !== null;
  return (
    item.kind === 'object' &&
    isXrefStream(item) &&
    isDictionary(item.value) &&
    (item.value.get('Encrypt') ?? null) !== null
  );
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
