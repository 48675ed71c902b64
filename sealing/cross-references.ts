/** The one list that a revision has of its objects: a table or a stream. */
import { contentsOf } from './packed-streams.ts';
import type { Inflated } from './packed-streams.ts';
import type { ObjectItem, TableItem } from './pdf-items.ts';
import { SyntaxFault, isDictionary, nameOf } from './pdf-syntax.ts';
import type { PdfDictionary, PdfValue } from './pdf-syntax.ts';
import type { SealProblemCode } from './problems.ts';

interface Entry {
  kind: 'free' | 'at' | 'packed';
  /** `at`: of the object's first byte; `packed`: the number of the stream that holds it. */
  where: number;
  generation: number;
  index: number;
}
export interface Section {
  start: number;
  entries: Map<number, Entry>;
  trailer: PdfDictionary;
}

export interface Revision {
  objects: ObjectItem[];
  tables: TableItem[];
  offset: number;
}

export const isXrefStream = ({ value, data }: ObjectItem): boolean =>
  data !== undefined && isDictionary(value) && nameOf(value.get('Type')) === 'XRef';

/** The one list of a revision's objects: a table or a stream, never both. */
export function readSection(
  { objects, tables, offset }: Revision,
  { inflated, faults }: { inflated: Inflated; faults: Set<SealProblemCode> },
): Section {
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
    entries: readXrefStream(contentsOf(stream, inflated), stream.value, faults),
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
