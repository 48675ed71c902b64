import { errorTable } from '#domain/errors/table.ts';
import type { ErrorCode } from '#domain/errors/table.ts';

/** Why a submission is not stored. An outcome, not a failure: the station shows it to the applicant. */
export interface Refusal {
  code: ErrorCode;
  /** Title of the material or field concerned. */
  about?: string;
  /** Chinese. */
  reasons?: readonly string[];
  /** A guard's own words, in place of the table's. */
  words?: string;
}

/** For the applicant: what, why, and what to do. */
export function refusalText({ code, about, reasons = [], words }: Refusal): string {
  const { message, action } = errorTable[code];
  if (words !== undefined) return words;
  const why = reasons.length > 0 ? `（${reasons.join('；')}）` : '';
  return `${about === undefined ? '' : `${about}：`}${message}${why}。${action}`;
}
