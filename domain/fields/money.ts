/** Money: a decimal number of yuan without unit (`10000000`, `1234.5`); other currencies follow a space (`1000000 USD`). */
import { normaliseText } from '../text/normalise.ts';
import { parseChineseInteger, writeFinancialInteger } from '../text/chinese-numbers.ts';
import { stripLabel } from '../text/labels.ts';
import { accepted, distinct, refused } from './field-rule.ts';
import type { FieldRule } from './field-rule.ts';

// Amounts are held in millionths of a yuan, for 万元 is written with up to six decimals and more.
const scale = 1_000_000n;
const currencies: readonly (readonly [code: string, name: string, pattern: RegExp])[] = [
  ['USD', '美元', /美元|USD|US\$/u],
  ['HKD', '港元', /港元|港币|HKD/u],
  ['EUR', '欧元', /欧元|EUR/u],
  ['JPY', '日元', /日元|JPY/u],
  ['GBP', '英镑', /英镑|GBP/u],
];
const multipliers: Readonly<Record<string, bigint>> = {
  '': 1n,
  百: 100n,
  千: 1_000n,
  万: 10_000n,
  百万: 1_000_000n,
  千万: 10_000_000n,
  亿: 100_000_000n,
};
// A letter beside the figures is a figure misread: then no amount is better than a wrong one.
/** 128.560.000.00: points of the thousands read as dots. One group alone may be a decimal and is left. */
const dottedThousands =
  /(?<![0-9.,])([0-9]{1,3})((?:[.,][0-9]{3}){2,}|[.,][0-9]{3}(?=[.][0-9]{2}(?![0-9])))(?![0-9])/gu;
const arabic = /(?<![0-9A-Za-z■.])([0-9][0-9,]*)(?:\.([0-9]+))?(?![0-9A-Za-z■])(千万|百万|万|亿|千|百)?/u;
const financial =
  /([零〇壹贰貳叁参叄肆伍陆柒捌玖拾佰仟任一二两三四五六七八九十百千万萬亿億]+)[元圆园](?:([零〇壹贰貳叁参肆伍陆柒捌玖一二三四五六七八九])角)?(?:零?([壹贰貳叁参肆伍陆柒捌玖一二三四五六七八九])分)?|([零〇壹贰貳叁参叄肆伍陆柒捌玖拾佰仟任]{1,}[万萬亿億拾佰仟])(?![元圆])/u;

export const moneyRule: FieldRule = {
  parse(raw) {
    const folded = normaliseText(raw);
    const value = readMoney(folded);
    const rest = folded
      .replace(financial, '')
      .replace(dottedThousands, '0')
      .replace(arabic, '')
      .replace(
        /人民币|RMB|CNY|[¥元圆整正()]|美元|港[元币]|欧元|日元|英镑|USD|HKD|EUR|JPY|GBP|US\$|[:：]/gu,
        '',
      );
    if (value === undefined || rest !== '') return refused('请填写金额，如 1000万元 或 10000000元');
    return accepted(value);
  },
  format(value) {
    const parts = split(value);
    if (!parts) return value;
    const unit = currencies.find(([code]) => code === parts.currency)?.[1] ?? '元';
    const inTenThousands = parts.amount >= 10_000n * scale && parts.amount % (100n * scale) === 0n;
    return inTenThousands
      ? `${decimal(parts.amount / 10_000n)}万${unit}`
      : `${grouped(decimal(parts.amount))}${unit}`;
  },
  readFrom: (text, field) => readMoney(normaliseText(stripLabel(text, field))),
  agrees(a, b) {
    const [left, right] = [split(a), split(b)];
    return left !== undefined && left.amount === right?.amount && left.currency === right.currency;
  },
  paperForms(value) {
    const parts = split(value);
    if (!parts) return distinct([value]);
    const name = currencies.find(([code]) => code === parts.currency)?.[1];
    const unit = name ?? '元';
    const inTenThousands = decimal(parts.amount / 10_000n);
    const exact = parts.amount % 10_000n === 0n;
    const long = (places: number) => {
      const [whole = '', fraction = ''] = inTenThousands.split('.');
      return fraction.length > places ? undefined : `${whole}.${fraction.padEnd(places, '0')}`;
    };
    const withUnit = (amount: string | undefined, tail: string) =>
      amount !== undefined && exact ? `${amount}${tail}` : undefined;
    const capital = capitals(parts.amount, unit);
    return distinct([
      name ? undefined : capital,
      withUnit(inTenThousands, `万${unit}`),
      name || capital === undefined ? undefined : `人民币${capital}`,
      name ? undefined : withUnit(inTenThousands, '万元人民币'),
      name || !exact ? undefined : `人民币${inTenThousands}万元`,
      withUnit(long(6), name ? `万${name}` : '万人民币'),
      withUnit(long(4), `万${unit}`),
      withUnit(long(2), `万${unit}`),
      name ? undefined : withUnit(inTenThousands, '万元整'),
      `${grouped(decimal(parts.amount))}${unit}`,
      `${decimal(parts.amount)}${unit}`,
      `${grouped(withCents(parts.amount))}${unit}`,
      `${withCents(parts.amount)}${unit}`,
    ]);
  },
};

function readMoney(folded: string): string | undefined {
  const currency = currencies.find(([, , pattern]) => pattern.test(folded))?.[0];
  const capital = financial.exec(folded);
  const amount = (capital ? readCapital(capital) : undefined) ?? readArabic(folded);
  if (amount === undefined) return undefined;
  return currency ? `${decimal(amount)} ${currency}` : decimal(amount);
}

function readCapital(match: RegExpExecArray): bigint | undefined {
  const whole = parseChineseInteger(match[1] ?? match[4] ?? '');
  if (whole === undefined) return undefined;
  const tenths = parseChineseInteger(match[2] ?? '') ?? 0n;
  const hundredths = parseChineseInteger(match[3] ?? '') ?? 0n;
  return whole * scale + (tenths * scale) / 10n + (hundredths * scale) / 100n;
}

function readArabic(folded: string): bigint | undefined {
  const joined = folded.replace(
    dottedThousands,
    (_, head: string, groups: string) => head + groups.replace(/[.,]/gu, ''),
  );
  const match = arabic.exec(joined);
  if (!match) return undefined;
  const whole = BigInt((match[1] ?? '').replaceAll(',', ''));
  const fraction = (match[2] ?? '').replace(/0+$/u, '');
  const times = multipliers[match[3] ?? ''] ?? 1n;
  const divisor = 10n ** BigInt(fraction.length);
  return whole * times * scale + (BigInt(fraction || '0') * times * scale) / divisor;
}

function split(value: string): { amount: bigint; currency?: string } | undefined {
  const match = /^([0-9]+)(?:\.([0-9]+))?(?: ([A-Z]{3}))?$/.exec(value);
  if (!match) return undefined;
  const fraction = (match[2] ?? '').slice(0, 6).padEnd(6, '0');
  const amount = BigInt(match[1] ?? '0') * scale + BigInt(fraction);
  return match[3] === undefined ? { amount } : { amount, currency: match[3] };
}

function decimal(amount: bigint): string {
  const fraction = String(amount % scale)
    .padStart(6, '0')
    .replace(/0+$/u, '');
  return `${String(amount / scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Whole amounts stand with .00 on notices and statements; more than two places are kept. */
function withCents(amount: bigint): string {
  const [whole = '', fraction = ''] = decimal(amount).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/gu, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/** 壹仟万元整; undefined when there are parts below a 分 or nothing at all. */
function capitals(amount: bigint, unit: string): string | undefined {
  const cents = (amount * 100n) / scale;
  if (amount < scale || (cents * scale) / 100n !== amount) return undefined;
  const whole = `${writeFinancialInteger(cents / 100n)}${unit}`;
  const tenths = Number((cents / 10n) % 10n);
  const hundredths = Number(cents % 10n);
  const digit = (value: number) => writeFinancialInteger(BigInt(value));
  if (tenths === 0 && hundredths === 0) return `${whole}整`;
  if (hundredths === 0) return `${whole}${digit(tenths)}角`;
  return `${whole}${tenths === 0 ? '零' : `${digit(tenths)}角`}${digit(hundredths)}分`;
}
