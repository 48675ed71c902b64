/** Periods that a paper gives in months (缴费起止年月): from the first day of one month to the last day of another. */
import { normaliseText } from '../text/normalise.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';

const month = /(?<![0-9])((?:19|20)[0-9]{2})(?:年|[-./])?(0?[1-9]|1[0-2])(?:月|(?![0-9]))/gu;

/** The span of all months in the text: 2023年01月至2023年12月, 202301-202312, and rows of a table one after the other. */
export function readMonths(text: string): string | undefined {
  const folded = normaliseText(text);
  // Full dates are no months: 2023-01-05 to 2023-12-31 is an ordinary period.
  if (/[0-9]{4}(?:年|[-./])[0-9]{1,2}(?:月|[-./])[0-9]{1,2}(?![0-9]{2})/u.test(folded)) return undefined;
  const found = [...folded.matchAll(month)]
    .map(([, year = '', number = '']) => `${year}-${number.padStart(2, '0')}`)
    .sort();
  const [first, last] = [found[0], found.at(-1)];
  return first === undefined || last === undefined ? undefined : `${first}-01/${lastDayOf(last)}`;
}

/** As typed: one month, or two and what joins them; several such spans one after the other as a table has them. */
export function parseMonths(raw: string): string | undefined {
  const folded = normaliseText(raw);
  const one = '(?:19|20)[0-9]{2}(?:年(?:0?[1-9]|1[0-2])月?|[-./]?(?:0[1-9]|1[0-2])|[-./][1-9])';
  const span = `(?:自|从)?${one}(?:(?:起|起至|[至到~/]|-{1,2})${one})?止?`;
  return new RegExp(`^${span}(?:[,;]${span})*$`, 'u').test(folded) ? readMonths(folded) : undefined;
}

function lastDayOf(yearMonth: string): string {
  const [year = 0, number = 0] = yearMonth.split('-').map(Number);
  return `${yearMonth}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, '0')}`;
}

/** 2023-01/2023-12 of a period value; the value itself where it is none. */
export function monthsOf(value: string): string {
  const [, from, to] = /^(\d{4}-\d{2})-\d{2}\/(\d{4}-\d{2})-\d{2}$/.exec(value) ?? [];
  return from === undefined || to === undefined ? value : `${from}/${to}`;
}

/** Ways in which the months stand on paper; none when the value has an open end. */
export function monthForms(value: string): string[] {
  const [from, to] = monthsOf(value).split('/');
  if (from === undefined || to === undefined || !/^\d{4}-\d{2}$/.test(from) || to.length !== 7) return [];
  const write = (text: string, style: MonthStyle) => writeMonth(text, style) ?? '';
  return distinct(
    monthStyles.flatMap((style) => ['至', '-'].map((joint) => write(from, style) + joint + write(to, style))),
  );
}

type MonthStyle = (year: string, number: string) => string;
const monthStyles: readonly MonthStyle[] = [
  (year, number) => `${year}年${number}月`,
  (year, number) => `${year}年${String(Number(number))}月`,
  (year, number) => `${year}.${number}`,
  (year, number) => `${year}-${number}`,
  (year, number) => `${year}${number}`,
];

/** One month, canonical `YYYY-MM`. */
export const monthRule: FieldRule = {
  parse(raw) {
    const value = singleMonth(parseMonths(raw.replace(/月份/gu, '月')));
    return value === undefined ? refused('请选择月份，如 2025年6月') : accepted(value);
  },
  format: (value) => writeMonth(value, (year, number) => `${year}年${String(Number(number))}月`) ?? value,
  readFrom: (text) => singleMonth(readMonths(text)),
  agrees: (a, b) => a === b,
  paperForms: (value) =>
    distinct(monthStyles.map((style) => writeMonth(value, style)).map((form) => form ?? value)),
};

/** Of a span that begins and ends in one month. */
function singleMonth(span: string | undefined): string | undefined {
  const [from, to] = span === undefined ? [] : monthsOf(span).split('/');
  return from !== undefined && from === to ? from : undefined;
}

function writeMonth(value: string, style: MonthStyle): string | undefined {
  const [, year, number] = /^(\d{4})-(\d{2})$/.exec(value) ?? [];
  return year === undefined || number === undefined ? undefined : style(year, number);
}
