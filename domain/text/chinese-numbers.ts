/** Numbers written with Chinese characters, everyday and financial (大写). */

const digitValues: Readonly<Record<string, number>> = Object.fromEntries(
  ['〇零○', '一壹弌', '二贰貳两', '三叁参叄', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap(
    (chars, value) => [...chars].map((char) => [char, value] as const),
  ),
);
const unitValues: Readonly<Record<string, bigint>> = {
  十: 10n,
  拾: 10n,
  百: 100n,
  佰: 100n,
  千: 1000n,
  仟: 1000n,
};
/** Anything longer is no amount and no date of any paper. */
const maxLength = 40;

/** 二〇三五, digit by digit, also with the 0 that keyboards offer for 〇; undefined for anything else. */
export function parseChineseDigits(text: string): string | undefined {
  const digits = [...text].map((char) => (char === '0' ? 0 : digitValues[char]));
  return digits.length > 0 && digits.every((digit) => digit !== undefined) ? digits.join('') : undefined;
}

/**
 * A number in words, everyday or financial: 一百零五, 壹仟贰佰万, 十二. The grammar, from the greatest unit down:
 *
 *     number  = [upper 亿] [lower 万] lower     upper = [lower 万] lower
 *     lower   = [digit 千] [digit 百] [digit 十] [digit]
 *
 * Units fall, each has its digit (but 十 and 拾 at the very beginning), 零 stands before a gap and nowhere twice. What could mean
 * two amounts (一千八: 1008 or 1800) or is spelled otherwise means nothing: undefined.
 */
export function parseChineseInteger(text: string): bigint | undefined {
  if (text === '' || text.length > maxLength) return undefined;
  const plain = text.replaceAll('萬', '万').replaceAll('億', '亿');
  if (/^[〇零○]$/u.test(plain)) return 0n;
  const [upper, ...rest] = plain.split('亿');
  if (rest.length > 1) return undefined;
  const [below] = rest;
  if (below === undefined) return parseUpper(upper ?? '', { isFirst: true });
  const hundredMillions = parseUpper(upper ?? '', { isFirst: true });
  if (hundredMillions === undefined) return undefined;
  const remainder = below === '' ? 0n : parseUpper(below, { isFirst: false });
  return remainder === undefined ? undefined : hundredMillions * 100_000_000n + remainder;
}

/** Where a part stands: only the first may begin with 十, only others with 零. */
interface Position {
  isFirst: boolean;
}

/** Under 亿. */
function parseUpper(text: string, position: Position): bigint | undefined {
  const [lower, ...rest] = text.split('万');
  if (rest.length > 1) return undefined;
  const tenThousands = parseLower(lower ?? '', position);
  const [below] = rest;
  if (below === undefined || tenThousands === undefined) return tenThousands;
  if (below === '') return tenThousands * 10_000n;
  const remainder = parseLower(below, { isFirst: false });
  return remainder === undefined ? undefined : tenThousands * 10_000n + remainder;
}

/** Under 万, and not zero. */
function parseLower(text: string, { isFirst }: Position): bigint | undefined {
  let total = 0n;
  let lastUnit = 10_000n;
  let digit: bigint | undefined;
  let afterZero = false;
  for (const [index, char] of [...text].entries()) {
    const value = digitValues[char];
    const unit = unitValues[char];
    if (value === 0) {
      // A gap in the middle, or between this part and the greater one before it.
      if (digit !== undefined || afterZero || (isFirst && index === 0)) return undefined;
      afterZero = true;
    } else if (value !== undefined) {
      if (digit !== undefined) return undefined;
      digit = BigInt(value);
    } else if (unit !== undefined) {
      const isBareTen = unit === 10n && index === 0 && isFirst;
      if ((digit === undefined && !isBareTen) || unit >= lastUnit) return undefined;
      if (afterZero && total > 0n && unit * 10n === lastUnit) return undefined;
      total += (digit ?? 1n) * unit;
      lastUnit = unit;
      digit = undefined;
      afterZero = false;
    } else return undefined;
  }
  if (digit !== undefined) {
    const isAlone = total === 0n;
    // 一千八 and 一万五: without 零 the last digit may be of the next unit.
    if (!afterZero && (isAlone ? !isFirst : lastUnit > 10n)) return undefined;
    if (afterZero && lastUnit === 10n) return undefined;
    total += digit;
  } else if (afterZero) return undefined;
  return total === 0n ? undefined : total;
}

const financialDigits = [...'零壹贰叁肆伍陆柒捌玖'];
const financialUnits = ['', '拾', '佰', '仟'];

/** 10000000 to 壹仟万. Under 10^16. */
export function writeFinancialInteger(value: bigint): string {
  if (value === 0n) return '零';
  const [upper, lower] = [value / 100_000_000n, value % 100_000_000n];
  if (upper === 0n) return writeUpper(lower);
  const head = `${writeUpper(upper)}亿`;
  if (lower === 0n) return head;
  return `${head}${lower < 10_000_000n ? '零' : ''}${writeUpper(lower)}`;
}

/** Under 亿. */
function writeUpper(value: bigint): string {
  const [tenThousands, rest] = [Number(value / 10_000n), Number(value % 10_000n)];
  if (tenThousands === 0) return writeGroup(rest);
  const head = `${writeGroup(tenThousands)}万`;
  return rest === 0 ? head : `${head}${rest < 1000 ? '零' : ''}${writeGroup(rest)}`;
}

function writeGroup(group: number): string {
  const digits = [...String(group)].map(Number);
  let text = '';
  let gap = false;
  digits.forEach((digit, index) => {
    if (digit === 0) {
      gap = text !== '';
      return;
    }
    text += `${gap ? '零' : ''}${financialDigits[digit] ?? ''}${financialUnits[digits.length - 1 - index] ?? ''}`;
    gap = false;
  });
  return text;
}

const plainDigits = [...'〇一二三四五六七八九'];

/** 2035 to 二〇三五. */
export function writeDigits(text: string): string {
  return [...text].map((char) => plainDigits[Number(char)] ?? char).join('');
}

/** 1 to 99: 二十一. */
export function writeSmallNumber(value: number): string {
  const tens = Math.trunc(value / 10);
  const ones = value % 10;
  const head = tens === 0 ? '' : tens === 1 ? '十' : `${plainDigits[tens] ?? ''}十`;
  return head + (ones === 0 && tens > 0 ? '' : (plainDigits[ones] ?? ''));
}
