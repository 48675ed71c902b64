/** Numbers with a check digit: 统一社会信用代码 (GB 32100-2015) and 公民身份号码 (GB 11643-1999), and what shares its field. */
import { foldWidth } from '../text/normalise.ts';
import { stripLabel } from './strip-label.ts';
import { creditCodeAlphabet, idNumberFault, isCreditCode, isCreditCodeThroughout } from './check-digits.ts';
import type { IdNumberFault } from './check-digits.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';
import { mendOne, replaceImpossible, toDigits } from './look-alikes.ts';

const clean = (text: string) =>
  foldWidth(text)
    .replace(/[\s\-.·,]/gu, '')
    .toUpperCase();

export const creditCodeRule: FieldRule = {
  parse(raw) {
    const code = clean(raw);
    if (code.length !== 18)
      return refused(`统一社会信用代码应为 18 位，现为 ${code.length} 位，请对照证件核对`);
    const strange = [...code].find((char) => !creditCodeAlphabet.includes(char));
    if (strange !== undefined)
      return refused(`统一社会信用代码中不会出现“${strange}”，请对照证件核对（常见为数字 0、1、2、5）`);
    if (!isCreditCode(code))
      return {
        ok: false,
        problem: '统一社会信用代码的校验位不正确，请对照证件逐位核对',
        reason: 'check-digit',
      };
    return accepted(code);
  },
  format: (value) => value,
  readFrom(text, field) {
    const cleaned = clean(stripLabel(text, field));
    return bestCode(
      codeRuns(cleaned, 18),
      isCreditCode,
      (run) => {
        const possible = replaceImpossible(run);
        return isCreditCode(possible) ? possible : (mendOne(possible, isCreditCodeThroughout) ?? possible);
      },
      // One stretch of 18 in thirty holds by chance: archive and registration numbers of old papers must not become codes.
      (code) =>
        isCreditCodeThroughout(code) && /^(?:[1-9A-Y][1-9])/u.test(code) && !/^[0-9]{18}$/u.test(code),
    );
  },
  agrees: (a, b) => clean(a) === clean(b),
  paperForms: (value) => distinct([value]),
};

export const idNumberRule: FieldRule = {
  parse(raw) {
    const number = clean(raw).replace(/[×*]$/u, 'X');
    // Foreigners' residence permits of 2017: three letters and twelve digits; their check is not refused on.
    if (/^[A-Z]{3}\d{12}$/.test(number)) return accepted(number);
    if (number.length !== 18) return refused(`证件号码应为 18 位，现为 ${number.length} 位，请对照证件核对`);
    const fault = idNumberFault(number);
    if (!fault) return accepted(number);
    const problem = idNumberProblems[fault];
    return fault === 'check-digit' ? { ok: false, problem, reason: 'check-digit' } : refused(problem);
  },
  format: (value) => value,
  readFrom(text, field) {
    const cleaned = clean(stripLabel(text, field)).replace(/[×*]/gu, 'X');
    const foreigner = /[A-Z]{3}\d{12}(?!\d)/.exec(cleaned)?.[0];
    if (foreigner) return foreigner;
    return bestCode(codeRuns(cleaned, 18), isIdNumber, (run) => {
      const possible = toDigits(run.slice(0, 17)) + (run.endsWith('X') ? 'X' : toDigits(run.slice(17)));
      if (!/^\d{17}[\dX]$/.test(possible)) return undefined;
      return isIdNumber(possible) ? possible : (mendOne(possible, isIdNumber) ?? possible);
    });
  },
  agrees: (a, b) => clean(a) === clean(b),
  paperForms: (value) => distinct([value]),
};

const idNumberProblems = {
  shape: '证件号码应为 17 位数字加 1 位数字或 X，请对照证件核对',
  region: '证件号码的前两位不是有效的地区代码，请对照证件核对',
  date: '证件号码中的出生日期不是有效日期，请对照证件核对',
  'check-digit': '证件号码的校验位不正确，请对照证件逐位核对',
} as const satisfies Record<IdNumberFault, string>;

const isIdNumber = (number: string) => idNumberFault(number) === undefined;

interface CodeRuns {
  /** Every stretch of so many letters and digits out of longer ones. */
  inside: string[];
  /** Stretches of just that length: only these may be mended, for out of a long number any code can be made. */
  whole: string[];
}

function codeRuns(text: string, length: number): CodeRuns {
  const runs = text.match(/[0-9A-Z|!]+/gu) ?? [];
  return {
    inside: runs
      .filter((run) => run.length > length)
      .flatMap((run) =>
        Array.from({ length: run.length - length + 1 }, (_, at) => run.slice(at, at + length)),
      ),
    whole: runs.filter((run) => run.length === length),
  };
}

/** The first run that holds as it stands, else the first that holds when mended, else the first mended anyhow. */
function bestCode(
  { inside, whole }: CodeRuns,
  holds: (code: string) => boolean,
  mend: (run: string) => string | undefined,
  holdsInside = holds,
): string | undefined {
  const asRead = whole.find(holds) ?? inside.find(holdsInside);
  if (asRead !== undefined) return asRead;
  const mended = whole.map(mend).filter((code) => code !== undefined);
  return mended.find(holds) ?? mended[0];
}
