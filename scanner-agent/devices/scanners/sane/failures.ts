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

/** sane_strstatus of sane-backends, for the ends that matter. */
const statusOfWords: readonly (readonly [string, number])[] = [
  ['out of documents', 0],
  ['feeder jammed', 6],
  ['cover is open', 8],
  ['Device busy', 3],
  ['Access to resource has been denied', 11],
  ['Error during device I/O', ioErrorStatus],
];

/** The status that the batch ended with by its own words; undefined while it has not ended. */
export function statusSaid(stderr: string): number | undefined {
  if (!/^Batch terminated/m.test(stderr)) return undefined;
  const said = stderr.split('\n').filter((line) => /sane_(start|read):/.test(line));
  return statusOfWords.find(([words]) => said.at(-1)?.includes(words))?.[1];
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
