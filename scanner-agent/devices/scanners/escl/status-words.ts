/** What a scanner's status and answers mean in our own codes. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { EsclJob, EsclStatus } from './messages.ts';

const adfFaults: Readonly<Record<string, ErrorCode>> = {
  ScannerAdfJam: 'SCANNER_JAMMED',
  ScannerAdfMispick: 'SCANNER_JAMMED',
  ScannerAdfInputTrayFailed: 'SCANNER_JAMMED',
  ScannerAdfInputTrayOverloaded: 'SCANNER_JAMMED',
  ScannerAdfHatchOpen: 'SCANNER_COVER_OPEN',
  ScannerAdfMultipickDetected: 'SCANNER_DOUBLE_FEED',
};

export function errorOf(adfState: string | undefined): ErrorCode | undefined {
  return adfState === undefined ? undefined : adfFaults[adfState];
}

export function refusalOf(status: number, step: string): AppError {
  if (status === 401 || status === 403) return new AppError('SCANNER_REFUSED', { step });
  return status === 503
    ? new AppError('DEVICE_BUSY', { step })
    : new AppError('DEVICE_FAULT', { step, status });
}

/** Jobs are told by their path: scanners write it with or without their address. */
export function ownJob(status: EsclStatus | undefined, job: URL): EsclJob | undefined {
  const last = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return status?.jobs.find(({ uri }) => uri !== '' && last(uri) === last(job.pathname));
}
