/**
 * Dates and periods. A date is `YYYY-MM-DD` or `长期`. A period is `from/to`: `from` a date or empty, `to` a date or 长期.
 */
import { normaliseText } from '../text/normalise.ts';
import {
  parseChineseDigits,
  parseChineseInteger,
  writeDigits,
  writeSmallNumber,
} from '../text/chinese-numbers.ts';
import { isCalendarDay } from './check-digits.ts';
import { monthForms, monthsOf, parseMonths, readMonths } from './months.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';

export const longTerm = '长期';
const longTermWords = /长期有效|长期|永久有效|永久|无固定期限|不约定期限|无期限/u;

interface FoundDate {
  value: string;
  start: number;
  end: number;
}

const chineseDigits = '〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖';
const yearPart = `[0-9]{4}|[${chineseDigits}0]{4}`;
const dayPart = `[0-9]{1,2}|[${chineseDigits}十拾]{1,4}`;
/** One way throughout: with 年 月 日, or one kind of separator between figures. */
const datePattern = new RegExp(
  `(?<![0-9])(?:(?<year>${yearPart})年(?<month>${dayPart})月(?<day>${dayPart})[日号]?` +
    `|(?<year2>[0-9]{4})(?<separator>[-./])(?<month2>[0-9]{1,2})\\k<separator>(?<day2>[0-9]{1,2})(?![0-9]))`,
  'gu',
);
const compactPattern = /(?<![0-9])(?<year>(?:19|20|21)[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})(?![0-9])/gu;

/** All dates in a text that was read, in order; impossible days are left out, and a reader's letters among figures mended. */
export function findDates(text: string): FoundDate[] {
  return datesIn(digitsInDates(normaliseText(text)));
}

/** Of a text that is one date and nothing besides. */
export function parseDate(text: string): string | undefined {
  const folded = normaliseText(text);
  const [date, ...more] = datesIn(folded);
  const isWhole = date?.start === 0 && date.end === folded.length && more.length === 0;
  return isWhole ? date.value : undefined;
}

function datesIn(folded: string): FoundDate[] {
  const found = [...folded.matchAll(datePattern)];
  const matches = found.length > 0 ? found : [...folded.matchAll(compactPattern)];
  return matches.flatMap((match) => {
    const { year, month, day, year2, month2, day2 } = match.groups ?? {};
    const value = toDate(year ?? year2 ?? '', month ?? month2 ?? '', day ?? day2 ?? '');
    return value ? [{ value, start: match.index, end: match.index + match[0].length }] : [];
  });
}

// 2O35年l月: a recogniser's letters between digits of a date.
function digitsInDates(text: string): string {
  return text
    .replace(/(?<=[0-9年月./-])[OoQ〇](?=[0-9年月日./-])/gu, '0')
    .replace(/(?<=[0-9年月./-])[lI|](?=[0-9年月日./-])/gu, '1');
}

function toDate(year: string, month: string, day: string): string | undefined {
  const y = /^[0-9]{4}$/.test(year) ? year : parseChineseDigits(year);
  const [m, d] = [numberOf(month), numberOf(day)];
  if (y === undefined || m === undefined || d === undefined) return undefined;
  const parts = [y, String(m).padStart(2, '0'), String(d).padStart(2, '0')] as const;
  return isCalendarDay(...parts) ? parts.join('-') : undefined;
}

/** 4, 04, 四, 零四, 二十一, 贰拾壹. */
function numberOf(text: string): number | undefined {
  if (/^[0-9]+$/.test(text)) return Number(text);
  const value = parseChineseInteger(text.replace(/^[〇零](?=.)/u, ''));
  return value === undefined ? undefined : Number(value);
}

const isDate = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value);

export const dateRule: FieldRule = {
  parse(raw) {
    const folded = normaliseText(raw);
    if (longTermWords.exec(folded)?.[0] === folded) return accepted(longTerm);
    const date = parseDate(folded);
    return date === undefined ? refused('请填写有效日期，如 2035年4月1日') : accepted(date);
  },
  format: (value) => (isDate(value) ? longDate(value, false) : value),
  readFrom(text) {
    const folded = normaliseText(text);
    const dates = findDates(text);
    const last = dates.at(-1);
    const open = longTermWords.exec(folded);
    if (open && (!last || open.index >= last.end)) return longTerm;
    // 有效期 from … to …: the date asked for is the end.
    const [first] = dates;
    if (first && last && first !== last && /[至到~-]/u.test(folded.slice(first.end, last.start)))
      return last.value;
    return first?.value;
  },
  agrees: (a, b) => a === b,
  paperForms: (value) =>
    isDate(value)
      ? // a mark around the end of a period shows the word before it too
        [
          ...dateForms(value),
          ...dateForms(value)
            .slice(0, 1)
            .map((date) => `至${date}`),
        ]
      : value === longTerm
        ? [longTerm, '长期有效']
        : distinct([value]),
};

export const periodRule: FieldRule = {
  parse(raw, field) {
    const canonical = /^(|\d{4}-\d{2}-\d{2}|长期)\/(\d{4}-\d{2}-\d{2}|长期)$/u.exec(raw.trim());
    const value = canonical
      ? `${canonical[1] === longTerm ? '' : (canonical[1] ?? '')}/${canonical[2] ?? ''}`
      : ((field.precision === 'month' ? parseMonths(raw) : undefined) ?? parsePeriod(raw));
    if (value === undefined) return refused('请填写起止日期，如 2015年4月1日至2035年3月31日，或选择长期');
    const [from = '', to = ''] = value.split('/');
    if ((from !== '' && !isRealDate(from)) || (to !== longTerm && !isRealDate(to)))
      return refused('起止日期中有无效日期，请核对');
    if (from !== '' && to !== longTerm && from > to) return refused('开始日期晚于结束日期，请核对');
    return accepted(value);
  },
  format(value, field) {
    const { from, to } = splitPeriod(value);
    if (to === undefined) return value;
    const [months] = field.precision === 'month' ? monthForms(value) : [];
    if (months !== undefined) return months;
    const end = to === longTerm ? longTerm : longDate(to, false);
    if (from !== '') return `${longDate(from, false)}至${end}`;
    return to === longTerm ? longTerm : `至${end}`;
  },
  readFrom: (text, field) => (field.precision === 'month' ? readMonths(text) : undefined) ?? readPeriod(text),
  /** A paper that gives only the end agrees with a period of the same end. */
  agrees(a, b, field) {
    const [left, right] = [splitPeriod(a), splitPeriod(b)];
    if (field.precision === 'month') return monthsOf(a) === monthsOf(b);
    return left.to === right.to && (left.from === right.from || left.from === '' || right.from === '');
  },
  paperForms(value, field) {
    const { from, to } = splitPeriod(value);
    if (to === undefined) return distinct([value]);
    if (field.precision === 'month') return distinct([...monthForms(value), value]);
    if (from === '') return to === longTerm ? [longTerm, '长期有效'] : dateForms(to).map((end) => `至${end}`);
    const styles: ((date: string) => string)[] = [
      (date) => longDate(date, true),
      (date) => date.replaceAll('-', '.'),
      (date) => longDate(date, false),
      (date) => date,
    ];
    const end = (style: (date: string) => string) => (to === longTerm ? longTerm : style(to));
    return distinct([
      ...styles.map((style, index) => `${style(from)}${index === 1 ? '-' : '至'}${end(style)}`),
      ...styles.slice(0, 3).map((style) => `自${style(from)}至${end(style)}`),
    ]);
  },
};

/** The end of a date or a period value; undefined when it is open or no date. */
export function endOf(value: string): string | undefined {
  const end = value.includes('/') ? splitPeriod(value).to : value;
  return end !== undefined && isDate(end) ? end : undefined;
}

/** The start of a date or a period value. */
export function startOf(value: string): string | undefined {
  const start = value.includes('/') ? splitPeriod(value).from : value;
  return isDate(start) ? start : undefined;
}

function splitPeriod(value: string): { from: string; to?: string } {
  const slash = value.indexOf('/');
  return slash < 0 ? { from: '' } : { from: value.slice(0, slash), to: value.slice(slash + 1) };
}

/** As typed: nothing but the two ends and what joins them. */
function parsePeriod(raw: string): string | undefined {
  const folded = normaliseText(raw);
  const dates = datesIn(folded);
  // Each date as one sign, so that what is left shows whether the whole is a period.
  const shape = dates.reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}D${text.slice(end)}`,
    folded.replace(/D/gu, 'x'),
  );
  const [first, second] = dates;
  const joint = '(?:[至到~/]|-{1,2})';
  const words = longTermWords.source;
  if (first && second && new RegExp(`^(?:自|从)?D(?:起|起至|${joint})D(?:止)?$`, 'u').test(shape))
    return `${first.value}/${second.value}`;
  if (first && new RegExp(`^(?:自|从)?D(?:起|起至|${joint})?(?:${words})$`, 'u').test(shape))
    return `${first.value}/${longTerm}`;
  if (new RegExp(`^(?:${words})$`, 'u').test(shape)) return `/${longTerm}`;
  if (first && /^[至到]D(?:止)?$/u.test(shape)) return `/${first.value}`;
  return undefined;
}

function readPeriod(text: string): string | undefined {
  const folded = normaliseText(text);
  const [first, second] = findDates(text);
  const open = longTermWords.exec(folded);
  if (first && second) return `${first.value}/${second.value}`;
  if (first && open) return open.index > first.start ? `${first.value}/${longTerm}` : undefined;
  if (open) return `/${longTerm}`;
  if (first && /[至到]$/u.test(folded.slice(0, first.start))) return `/${first.value}`;
  return undefined;
}

function isRealDate(value: string): boolean {
  return isDate(value) && isCalendarDay(value.slice(0, 4), value.slice(5, 7), value.slice(8, 10));
}

function longDate(value: string, padded: boolean): string {
  const [year = '', month = '', day = ''] = value.split('-');
  return padded
    ? `${year}年${month}月${day}日`
    : `${year}年${String(Number(month))}月${String(Number(day))}日`;
}

function dateForms(value: string): string[] {
  const [year = '', month = '', day = ''] = value.split('-');
  return distinct([
    longDate(value, true),
    longDate(value, false),
    value,
    `${year}.${month}.${day}`,
    `${year}/${month}/${day}`,
    `${year}.${String(Number(month))}.${String(Number(day))}`,
    `${writeDigits(year)}年${writeSmallNumber(Number(month))}月${writeSmallNumber(Number(day))}日`,
  ]);
}
