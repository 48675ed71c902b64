/** A line of a file as the register would hold it, or why it cannot be. What the register says of it is asked later. Pure. */
import { idNumberFault, isCreditCode } from '../../fields/check-digits.ts';
import { parseDate } from '../../fields/dates.ts';
import { maxLength } from '../../limits.ts';
import { chinaDay, startOfChinaDay } from '../../primitives.ts';
import { foldWidth } from '../../text/normalise.ts';
import { canonicalNumber, canonicalWork } from '../works.ts';
import type { RegisteredPerson, RegisteredWork, UnitOfWork } from '../schema.ts';
import { stockColumn } from './columns.ts';
import type { ImportNouns, TableShape } from './columns.ts';
import type { ImportRefusal, ImportRefusalId } from './refusals.ts';

/** Who has or had a post at a work, by the file. */
export interface ImportedAppointment {
  person: string;
  name: string;
  work: string;
  post: string;
  from: string;
  until?: string;
  /** Held before the register began: entered beyond the limit too. */
  isStock: boolean;
}
export type ImportLine =
  | { what: 'person'; row: RegisteredPerson }
  | { what: 'work'; row: RegisteredWork }
  | { what: 'appointment'; row: ImportedAppointment };

/** Longest text of a code in the register. */
const maxCode = 64;
const states: ReadonlyMap<string, RegisteredWork['state']> = new Map([
  ...['', '在建'].map((word) => [word, 'under-construction'] as const),
  ...['竣工', '已竣工'].map((word) => [word, 'finished'] as const),
]);
const stockWords = new Map([
  ...['', '否'].map((word) => [word, false] as const),
  ...['是', '存量'].map((word) => [word, true] as const),
]);

interface LineOptions {
  shape: TableShape;
  nouns: ImportNouns;
  now: string;
}

export function lineOf(cells: readonly string[], options: LineOptions): ImportLine | ImportRefusal {
  const { columns } = options.shape;
  // spreadsheets leave empty cells at the end away, or add some
  if (cells.slice(columns.length).some((cell) => cell.trim() !== '')) return { refused: 'cell-count' };
  const values = new Map(columns.map(({ id }, index) => [id, (cells[index] ?? '').trim()]));
  const empty = columns.find(({ id, isNeeded }) => isNeeded && values.get(id) === '');
  if (empty) return { refused: 'missing', column: empty.title };
  const odd = columns.flatMap(({ id, title }) => oddSigns(id, values.get(id) ?? '', title))[0];
  if (odd) return odd;
  const reader = readerOf(values, options);
  const line = read(reader, options);
  return reader.problem() ?? line;
}

/** What a spreadsheet leaves of signs that its file cannot hold, or of lines that a stray quote ties together. */
function oddSigns(id: string, value: string, column: string): ImportRefusal[] {
  const isFree = id.startsWith('detail:');
  if (/[\r\n]/u.test(value) && !isFree) return [{ refused: 'line-break', column }];
  const isGarbled = (isFree ? /[\ufffd\0]/u : /[?\ufffd\p{Cc}]/u).test(value);
  return isGarbled ? [{ refused: 'garbled', column }] : [];
}

/** What a line comes to whose cells are right; `reader.problem()` says whether they are. */
function read(reader: Reader, options: LineOptions): ImportLine {
  const { kind } = options.shape;
  if (kind === 'person') return { what: kind, row: readPerson(reader) };
  if (kind === 'work') return { what: kind, row: readWork(reader, options) };
  return { what: kind, row: readAppointment(reader, options) };
}

function readerOf(values: ReadonlyMap<string, string>, { shape }: LineOptions) {
  let first: ImportRefusal | undefined;
  const refuse = (refused: ImportRefusalId, id: string): void => {
    const column = shape.columns.find((one) => one.id === id)?.title;
    first ??= { refused, ...(column === undefined ? {} : { column }) };
  };
  const text = (id: string, max: number = maxLength.name): string => {
    const value = values.get(id) ?? '';
    if (value.length > max) refuse('too-long', id);
    return value;
  };
  const code = (id: string): string => {
    const value = canonicalNumber(text(id));
    if (value.length > maxCode) refuse('too-long', id);
    return value;
  };
  return {
    ...{ text, code, refuse, problem: () => first },
    idNumber(id: string): string {
      if (idNumberFault(code(id)) !== undefined) refuse('id-number', id);
      return code(id);
    },
    creditCode(id: string): string {
      if (!isCreditCode(code(id))) refuse('credit-code', id);
      return code(id);
    },
    /** As whoever sends works writes it: small letters stay. */
    workId: (id: string) => foldWidth(text(id, maxCode)).trim(),
    /** A day, YYYY-MM-DD. */
    day(id: string): string {
      const day = parseDate(text(id));
      if (day === undefined) refuse('date', id);
      return day ?? chinaDay(0);
    },
    oneOf<T>(id: string, table: ReadonlyMap<string, T>, otherwise: T, refused: ImportRefusalId): T {
      const value = text(id);
      if (!table.has(value)) refuse(refused, id);
      return table.get(value) ?? otherwise;
    },
  };
}
type Reader = ReturnType<typeof readerOf>;

const readPerson = (reader: Reader): RegisteredPerson => ({
  ...{ id: reader.idNumber('id'), name: reader.text('name'), unit: reader.creditCode('unit') },
});

function readWork(reader: Reader, { nouns: { works } }: LineOptions): RegisteredWork {
  const { text, code } = reader;
  const units = works.unitRoles
    .flatMap(({ id }) => readUnits(reader, id))
    .sort((a, b) => (`${a.role} ${a.code}` < `${b.role} ${b.code}` ? -1 : 1));
  const details = works.fields.flatMap(({ id }): [string, string][] => {
    const value = text(`detail:${id}`, 5000);
    return value === '' ? [] : [[id, value]];
  });
  return canonicalWork({
    ...{ id: reader.workId('id'), name: text('name') },
    state: reader.oneOf('state', states, 'under-construction', 'state-unknown'),
    ...(code('contractNumber') === '' ? {} : { contractNumber: code('contractNumber') }),
    ...(code('permitNumber') === '' ? {} : { permitNumber: code('permitNumber') }),
    ...{ unit: reader.creditCode('unit'), authority: text('authority'), supervisor: text('supervisor') },
    ...(units.length === 0 ? {} : { units }),
    ...(details.length === 0 ? {} : { details: Object.fromEntries(details) }),
  });
}

/** Several units that do the same are parted by semicolons, each name with the code in its place. */
function readUnits({ text, refuse }: Reader, role: string): UnitOfWork[] {
  const parts = (id: string): string[] =>
    text(id, maxLength.text)
      .split(/[;；]/u)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const codes = parts(`unit-code:${role}`).map(canonicalNumber);
  const names = parts(`unit-name:${role}`);
  if (codes.length !== names.length) refuse('unit-pairs', `unit-name:${role}`);
  if (!codes.every(isCreditCode)) refuse('credit-code', `unit-code:${role}`);
  if (names.some((name) => name.length > maxLength.name)) refuse('too-long', `unit-name:${role}`);
  return names.flatMap((name, index) => {
    const unit = { role, code: codes[index] ?? '', name };
    return codes.indexOf(unit.code) === index ? [unit] : [];
  });
}

function readAppointment(reader: Reader, { nouns, now }: LineOptions): ImportedAppointment {
  const post = nouns.works.posts.find(({ id, title }) => [id, title].includes(reader.text('post')));
  if (!post) reader.refuse('post-unknown', 'post');
  const from = reader.day('from');
  const until = reader.text('until') === '' ? undefined : reader.day('until');
  if (from > chinaDay(now)) reader.refuse('date-order', 'from');
  if (until !== undefined && (until < from || until > chinaDay(now))) reader.refuse('date-order', 'until');
  return {
    ...{ person: reader.idNumber('id'), name: reader.text('name'), work: reader.workId('work') },
    ...{ post: post?.id ?? '', from: startOfChinaDay(from) },
    ...(until === undefined ? {} : { until: startOfChinaDay(until) }),
    isStock: reader.oneOf(stockColumn.id, stockWords, false, 'stock-unknown'),
  };
}
