/** Money: a decimal number of yuan without unit (`10000000`, `1234.5`); other currencies follow a space (`1000000 USD`). */
import { normaliseText } from '../text/normalise.ts';
import { parseChineseInteger, writeFinancialInteger } from '../text/chinese-numbers.ts';
import { stripLabel } from './strip-label.ts';
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
/** Units behind figures, greatest first. */
const multipliers: Readonly<Record<string, bigint>> = {
  万亿: 1_000_000_000_000n,
  亿: 100_000_000n,
  千万: 10_000_000n,
  百万: 1_000_000n,
  万: 10_000n,
  千: 1_000n,
  百: 100n,
};
/** Digits before the point; more is no amount of any paper. */
const maxDigits = 18;

/** 128.560.000.00: points of the thousands read as dots. One group alone may be a decimal and is left. */
const dottedThousands =
  /(?<![0-9.,])([0-9]{1,3})((?:[.,][0-9]{3}){2,}|[.,][0-9]{3}(?=[.][0-9]{2}(?![0-9])))(?![0-9])/gu;

const unitPattern = Object.keys(multipliers).join('|');
/** 1,234,567.89 and 1234567.89: either every three digits have their comma or none has. */
const figure = '(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?';
const figuresPattern = new RegExp(`^((?:${figure}(?:${unitPattern})?)+)$`, 'u');
const figurePart = new RegExp(`(${figure})(${unitPattern})?`, 'gu');

/** Everything that an amount may be made of, words and figures; a stretch of it is an amount as a whole or not at all. */
const wordSigns = '零〇○壹弌贰貳叁参叄肆伍陆柒捌玖拾佰仟一二两三四五六七八九十百千万萬亿億元圆圓角分整正';
const stretch = new RegExp(`[${wordSigns}0-9,.]*[${wordSigns}0-9][${wordSigns}0-9,.]*`, 'gu');
const words = '[零〇○壹弌贰貳叁参叄肆伍陆柒捌玖拾佰仟一二两三四五六七八九十百千万萬亿億]';
/** 壹万零伍佰元零伍分, 壹佰元伍角整; 元 may be missing behind 万 and 亿. */
const wordsPattern = new RegExp(
  `^(?:(${words}+)[元圆圓]|(${words}*[万萬亿億]))?(零)?(?:(${words})角)?(零)?(?:(${words})分)?[整正]?$`,
  'u',
);

const hint = '请填写金额，如 1000万元 或 10000000元';

export const moneyRule: FieldRule = {
  parse(raw) {
    const folded = normaliseText(raw);
    const currency = currencyOf(folded);
    // 壹仟万元整（¥10,000,000.00）: the same amount twice, set apart by brackets.
    const amounts = folded
      .split(/[()/;:]+/u)
      .map((part) => part.replace(aroundAmount, ''))
      .filter((part) => part !== '')
      .map(amountOf);
    const [amount, ...others] = amounts;
    if (amount === undefined || others.includes(undefined)) return refused(hint);
    if (others.some((other) => other !== amount)) return refused('大写金额与小写金额不一致，请对照证件核对');
    return accepted(currency ? `${decimal(amount)} ${currency}` : decimal(amount));
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

const currencyNames = '人民币|RMB|CNY|¥|美元|US\\$|USD|港[元币]|HKD|欧元|EUR|日元|JPY|英镑|GBP';
/** What stands before or behind an amount and is no part of it. */
const aroundAmount = new RegExp(
  `^(?:${currencyNames}|大写|小写)+|(?:${currencyNames})+$|^(?:大写|小写)$`,
  'gu',
);

function currencyOf(folded: string): string | undefined {
  return currencies.find(([, , pattern]) => pattern.test(folded))?.[0];
}

/** The first amount in a text that was read; a reader's 任 is 仟 and its 园 is 圆. */
function readMoney(text: string): string | undefined {
  const folded = text
    .replaceAll('任', '仟')
    .replaceAll('园', '圆')
    .replace(dottedThousands, (_, head: string, groups: string) => head + groups.replace(/[.,]/gu, ''));
  const currency = currencyOf(folded);
  const found = [...folded.matchAll(stretch)];
  const inWords = found.find(([part]) => isInWords(part));
  // A letter beside the figures is a figure misread: then no amount is better than a wrong one.
  const inFigures = found.find(
    ({ 0: part, index }) => /[0-9]/u.test(part) && !isBesideLetter(folded, index, part.length),
  );
  const [part] = inWords ?? inFigures ?? [];
  const amount = part === undefined ? undefined : amountOf(part.replace(/^[,.]+|[,.]+$/gu, ''));
  if (amount === undefined) return undefined;
  return currency ? `${decimal(amount)} ${currency}` : decimal(amount);
}

/** Words with a unit of money or of thousands beside a numeral; a lone 万元 belongs to a label. */
function isInWords(part: string): boolean {
  return (
    !/[0-9]/u.test(part) && /[元圆圓角分万萬亿億]/u.test(part) && /[^元圆圓角分万萬亿億整正,.]/u.test(part)
  );
}

function isBesideLetter(text: string, from: number, length: number): boolean {
  const before = text.slice(0, from).replace(/(?:RMB|CNY|USD|US\$|HKD|EUR|JPY|GBP)$/u, '');
  const behind = text.slice(from + length).replace(/^(?:RMB|CNY|USD|HKD|EUR|JPY|GBP)/u, '');
  return /[A-Za-z■]$/u.test(before) || /^[A-Za-z■]/u.test(behind);
}

/** In millionths; undefined unless the whole of it is one amount. */
function amountOf(text: string): bigint | undefined {
  return /[0-9]/u.test(text) ? amountInFigures(text.replace(/[元圆圓]?[整正]?$/u, '')) : amountInWords(text);
}

function amountInWords(text: string): bigint | undefined {
  const match = wordsPattern.exec(text);
  if (!match) return undefined;
  const [, yuan, tenThousands, , tenths, , hundredths] = match;
  const wholeText = yuan ?? tenThousands;
  if (wholeText === undefined && tenths === undefined && hundredths === undefined) return undefined;
  const [whole, tenth, hundredth] = [wholeText, tenths, hundredths].map((part) =>
    part === undefined ? 0n : parseChineseInteger(part),
  );
  if (whole === undefined || tenth === undefined || hundredth === undefined) return undefined;
  // 零角, 拾角: a part of a yuan is one digit and not nothing.
  if ((tenths !== undefined && !isDigit(tenth)) || (hundredths !== undefined && !isDigit(hundredth)))
    return undefined;
  return whole * scale + (tenth * scale) / 10n + (hundredth * scale) / 100n;
}

const isDigit = (value: bigint): boolean => value > 0n && value < 10n;

/** 1,234.5, 1.5亿, 1亿2000万: units fall, and behind the first part only whole figures below its unit stand. */
function amountInFigures(text: string): bigint | undefined {
  if (!figuresPattern.test(text)) return undefined;
  const parts = [...text.matchAll(figurePart)];
  let total = 0n;
  let above: bigint | undefined;
  for (const [, number = '', unit] of parts) {
    const [whole = '', fraction = ''] = number.replaceAll(',', '').split('.');
    if (whole.length > maxDigits || fraction.length > maxDigits) return undefined;
    const times = multipliers[unit ?? ''] ?? 1n;
    const value = figureValue(whole, fraction, times);
    if (value === undefined) return undefined;
    if (above !== undefined && (fraction !== '' || times >= above || value >= above * scale))
      return undefined;
    if (parts.length > 1 && fraction !== '') return undefined;
    total += value;
    above = times;
  }
  return total;
}

/** Undefined for what is finer than a millionth of a yuan: rounded it would be another amount. */
function figureValue(whole: string, fraction: string, times: bigint): bigint | undefined {
  const [part, of] = [BigInt(fraction || '0') * times * scale, 10n ** BigInt(fraction.length)];
  return part % of === 0n ? BigInt(whole) * times * scale + part / of : undefined;
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
