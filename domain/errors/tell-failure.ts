/** What a person reads about a failure: the table's words, made exact with what the details name. Pure. */
import { errorTable } from './table.ts';
import type { ErrorCode } from './table.ts';

export function tellFailure(
  code: ErrorCode,
  details: Readonly<Record<string, unknown>>,
): { message: string; action: string } {
  const { message, action } = errorTable[code];
  // the province's own words stand as they are, with nothing before or behind
  if (inOwnWords.has(code) && typeof details['text'] === 'string')
    return { message: details['text'], action };
  return { message: `${aboutOf(details)}${message}${exactly(code, details)}`, action };
}

const inOwnWords: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'GUARD_REFUSED',
  'ASSURANCE_TOO_LOW',
  'INSTITUTION_EXISTS',
]);

const maxNamed = 5;

/** The field concerned. */
function aboutOf({ label }: Readonly<Record<string, unknown>>): string {
  return typeof label === 'string' ? `${label}：` : '';
}

function exactly(code: ErrorCode, details: Readonly<Record<string, unknown>>): string {
  const { maxLength, length, problem, missing, lastTry, files } = details;
  if (code === 'VALUE_TOO_LONG' && typeof maxLength === 'number')
    return `（最多 ${maxLength} 字${typeof length === 'number' ? `，现为 ${length} 字` : ''}）`;
  if (code === 'SEAL_CHARACTERS_MISSING' && typeof details['characters'] === 'string')
    return `：${details['characters']}`;
  if (code === 'TRUST_FILE_UNREADABLE' && typeof details['file'] === 'string')
    return `（${details['file']}）`;
  if (code === 'RECORD_TOO_LARGE' && typeof details['pages'] === 'number')
    return `（图片 ${details['pages']} 张，最多 ${String(details['maxPages'])} 张）`;
  if ((code === 'FIELD_INVALID' || code === 'OUTPUT_UNWRITABLE') && typeof problem === 'string')
    return `（${problem}）`;
  if (code === 'ACCOUNT_FROZEN' && typeof details['reason'] === 'string')
    return `。冻结原因：${details['reason']}`;
  if (code === 'ERASURE_REFUSED' && typeof details['reason'] === 'string') return `：${details['reason']}`;
  if ((code === 'RECORD_RELIED_ON' || code === 'RECORD_REPEATED') && typeof details['title'] === 'string')
    return `：${details['title']}`;
  if (code === 'PAPER_COMES_LATER' && typeof details['first'] === 'string')
    return `：先是${details['first']}`;
  if (code === 'CASE_CLAIMED' && typeof details['by'] === 'string') return `（认领人：${details['by']}）`;
  if (code === 'NO_ONE_DECIDES' && typeof details['step'] === 'string') return `（${details['step']}）`;
  if (
    (code === 'SERVICE_MISSING' || code === 'SERVICE_UNREACHABLE') &&
    typeof details['service'] === 'string'
  )
    return `（${details['service']}）`;
  if (code === 'PIN_INCORRECT' && lastTry === true) return '，只剩最后一次机会';
  if (code === 'FILE_IN_USE' && Array.isArray(files)) {
    const named = files.slice(0, maxNamed).join('、');
    return `：${named}${files.length > maxNamed ? `等 ${files.length} 个` : ''}`;
  }
  // What still stands between a record and 提交, or a paper and its seal, by its titles on the page.
  if (ofSubmission.has(code) && Array.isArray(missing)) return `：${missing.join('、')}`;
  return '';
}

const ofSubmission: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'FIELD_INVALID',
  'NO_PAGES',
  'NOT_MARKED',
  'NOT_SEALED',
  'NOT_CHECKED',
  'RED_LIGHT',
  'RECORD_INCONSISTENT',
]);
