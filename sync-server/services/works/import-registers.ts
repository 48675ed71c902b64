/** Persons, works and appointments from files: in chunks, each a transaction, so that a run that was ended goes on at the next. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LockRule } from '#domain/registers/locks.ts';
import { importKinds } from '#domain/registers/import/columns.ts';
import type { ImportNouns, TableShape } from '#domain/registers/import/columns.ts';
import { judgeLine } from '#domain/registers/import/judge.ts';
import type { Judgement } from '#domain/registers/import/judge.ts';
import { lineOf } from '#domain/registers/import/lines.ts';
import type { ImportLine } from '#domain/registers/import/lines.ts';
import type { ImportRefusal } from '#domain/registers/import/refusals.ts';
import type { CsvRow } from '#domain/text/csv.ts';
import type { RegisterImportRows } from '../../ports/register-import-rows.ts';
import { databaseFailure } from '../database-failure.ts';
import { createTrialRegisters } from './trial-registers.ts';

/** So few that nobody at the server waits for them. */
const linesAtOnce = 100;
const maxAttempts = 20;
const pauseMs = 200;

export interface ImportFile {
  name: string;
  shape: TableShape;
  /** Behind the first, from the beginning at each call. */
  rows: () => Iterable<CsvRow>;
}
/** What became of a line. */
export interface LineReport {
  file: string;
  line: number;
  kind: TableShape['kind'];
  /** Absent where the line says none. */
  read?: ImportLine;
  outcome: Exclude<Judgement, ImportRefusal>['taken'] | ImportRefusal;
}

export interface ImportOptions {
  rows: RegisterImportRows;
  rules: readonly LockRule[];
  nouns: ImportNouns;
  clock: { now: () => string };
  by: string;
  /** A trial writes nothing, and judges as if all before a line were written. */
  isTrial: boolean;
}

/** Persons first, works then, appointments last, whatever the order of the files. */
export async function* importRegisters(
  files: readonly ImportFile[],
  options: ImportOptions,
): AsyncGenerator<LineReport[]> {
  const take = options.isTrial
    ? createTrial(options)
    : (lines: ImportLine[]) => takePatiently(lines, options);
  for (const kind of importKinds)
    for (const file of files)
      if (file.shape.kind === kind)
        for (const rows of inChunks(file.rows())) yield reportsOf(file, rows, { ...options, take });
}

async function reportsOf(
  { name, shape }: ImportFile,
  rows: readonly CsvRow[],
  { nouns, clock, take }: ImportOptions & { take: (lines: ImportLine[]) => Promise<Judgement[]> },
): Promise<LineReport[]> {
  const now = clock.now();
  const read = rows.map(({ cells, fault }) =>
    fault === undefined ? lineOf(cells, { shape, nouns, now }) : { refused: fault },
  );
  const judged = (await take(read.flatMap((one) => ('what' in one ? [one] : [])))).values();
  return read.map((one, index) => {
    const place = { file: name, line: rows[index]?.line ?? 0, kind: shape.kind };
    if ('refused' in one) return { ...place, outcome: one };
    const judgement: Judgement = judged.next().value ?? { taken: 'present' };
    return { ...place, read: one, outcome: 'refused' in judgement ? judgement : judgement.taken };
  });
}

function* inChunks<T>(rows: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < linesAtOnce) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** A server beside writes too: a chunk that met it has done nothing and comes again. */
async function takePatiently(lines: ImportLine[], { rows, clock, by }: ImportOptions): Promise<Judgement[]> {
  if (lines.length === 0) return [];
  for (let left = maxAttempts; ; left -= 1)
    try {
      return await rows.take(lines, { at: clock.now(), by });
    } catch (error) {
      const busy = databaseFailure(error);
      if (!busy) throw error;
      if (left <= 1) throw busy;
      await pause(pauseMs);
    }
}

function createTrial({ rows, rules }: ImportOptions): (lines: ImportLine[]) => Promise<Judgement[]> {
  const trial = createTrialRegisters();
  return async (lines) => {
    const known = trial.with(await rows.known(lines), lines);
    const judged = lines.map((line) =>
      judgeLine(line, known, { rules, appointmentId: (row) => rows.appointmentId(row) }),
    );
    trial.note(judged, known);
    return judged;
  };
}
