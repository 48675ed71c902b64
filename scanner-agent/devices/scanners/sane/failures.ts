/** What scanimage's end means: its exit status is the SANE status (sane.h, SANE_Status), its last words tell the rest. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  3: 'DEVICE_BUSY',
  6: 'SCANNER_JAMMED',
  7: 'SCANNER_EMPTY',
  8: 'SCANNER_COVER_OPEN',
  11: 'SCANNER_REFUSED',
};
/** SANE_STATUS_IO_ERROR: a cable that was pulled, and anything else on the bus. */
export const ioErrorStatus = 9;

export interface SaneEnd {
  /** Undefined when a signal ended it. */
  status: number | undefined;
  signal: string | undefined;
  stderr: string;
}

/** sane_strstatus of sane-backends. */
const statusOfWords: readonly (readonly [RegExp, number])[] = [
  [/out of documents/i, 0],
  [/operation not supported/i, 1],
  [/operation was cancell?ed/i, 2],
  [/device busy/i, 3],
  [/invalid argument/i, 4],
  [/end of file/i, 5],
  [/feeder jammed/i, 6],
  [/cover is open/i, 8],
  [/error during device i\/o/i, ioErrorStatus],
  [/out of memory/i, 10],
  [/access to resource has been denied/i, 11],
];
/** SANE_STATUS_NO_DOCS: after the first sheet it is the end of the batch. */
export const emptyStatus = 7;

/** The status that the batch ended with by its own words; undefined while it has not ended. */
export function statusSaid(stderr: string): number | undefined {
  if (!/^Batch terminated/m.test(stderr)) return undefined;
  const said = lastSaid(stderr);
  if (said === undefined) return 0;
  return statusOfWords.find(([words]) => words.test(said))?.[1] ?? 1;
}

function lastSaid(stderr: string): string | undefined {
  return stderr
    .split('\n')
    .filter((line) => /sane_(start|read|get_parameters):/.test(line))
    .at(-1);
}

/** Whether a feeder's batch ended because the tray was empty, as far as it says anything at all. */
export function saysEmpty({ status, stderr }: SaneEnd): boolean {
  const isSilent = !/^Batch terminated|^Scann(ing|ed) page|sane_(start|read)/m.test(stderr);
  return status === emptyStatus || isSilent || /out of documents/i.test(lastSaid(stderr) ?? '');
}

/**
 * How many sheets became pictures, by the words of the batch; 0 where it says nothing. Its total counts a sheet that broke
 * off in the middle too.
 */
export function sheetsSaid(stderr: string): number {
  const total = Number(/^Batch terminated, (\d+) pages? scanned/m.exec(stderr)?.[1] ?? 0);
  const brokeOff = /sane_read:/.test(lastSaid(stderr) ?? '') ? 1 : 0;
  const whole = [...stderr.matchAll(/^Scanned page \d+\. \(scanner status = [05]\)/gm)].length;
  return Math.max(whole, total - brokeOff);
}

export function failureOfScan({ status, signal, stderr }: SaneEnd): AppError {
  if (status === undefined) return new AppError('DEVICE_FAULT', { program: 'scanimage', signal });
  const lastWords = stderr.trim().split('\n').at(-1) ?? '';
  if (/open of device .* failed/i.test(stderr)) {
    if (/device busy/i.test(stderr)) return new AppError('DEVICE_BUSY');
    if (/access.*denied/i.test(stderr)) return new AppError('SCANNER_REFUSED');
    return new AppError('SCANNER_MISSING');
  }
  const code = codes[status];
  return code ? new AppError(code) : new AppError('DEVICE_FAULT', { saneStatus: status, said: lastWords });
}
