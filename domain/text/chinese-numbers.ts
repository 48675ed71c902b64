/** Numbers written with Chinese characters, everyday and financial (大写). */

const digitValues: Readonly<Record<string, number>> = Object.fromEntries(
  [
    '〇零○0',
    '一壹弌1',
    '二贰貳两2',
    '三叁参叄3',
    '四肆4',
    '五伍5',
    '六陆6',
    '七柒7',
    '八捌8',
    '九玖9',
  ].flatMap((chars, value) => [...chars].map((char) => [char, value] as const)),
);
// 任 is how recognisers like to read 仟.
const unitValues: Readonly<Record<string, bigint>> = {
  十: 10n,
  拾: 10n,
  百: 100n,
  佰: 100n,
  千: 1000n,
  仟: 1000n,
  任: 1000n,
};

/** 壹仟贰佰万 and 二十一 and 二〇三五; undefined for anything else. */
export function parseChineseInteger(text: string): bigint | undefined {
  if (text === '') return undefined;
  if ([...text].every((char) => char in digitValues))
    return BigInt([...text].map((char) => digitValues[char]).join(''));
  let total = 0n;
  let section = 0n;
  let digit: bigint | undefined;
  for (const char of text) {
    if (char in digitValues) {
      digit = BigInt(digitValues[char] ?? 0);
    } else if (char in unitValues) {
      section += (digit ?? 1n) * (unitValues[char] ?? 1n);
      digit = undefined;
    } else if (char === '万' || char === '萬') {
      const amount = section + (digit ?? 0n);
      if (amount === 0n) return undefined;
      total += amount * 10_000n;
      section = 0n;
      digit = undefined;
    } else if (char === '亿' || char === '億') {
      const amount = total + section + (digit ?? 0n);
      if (amount === 0n) return undefined;
      total = amount * 100_000_000n;
      section = 0n;
      digit = undefined;
    } else {
      return undefined;
    }
  }
  return total + section + (digit ?? 0n);
}

const financialDigits = [...'零壹贰叁肆伍陆柒捌玖'];
const financialUnits = ['', '拾', '佰', '仟'];

/** 10000000 to 壹仟万. */
export function writeFinancialInteger(value: bigint): string {
  if (value === 0n) return '零';
  const groups: number[] = [];
  for (let rest = value; rest > 0n; rest /= 10_000n) groups.unshift(Number(rest % 10_000n));
  const groupUnits = ['', '万', '亿', '万亿'];
  let text = '';
  groups.forEach((group, index) => {
    if (group === 0) return;
    if (text !== '' && (group < 1000 || groups[index - 1] === 0)) text += '零';
    text += writeGroup(group) + (groupUnits[groups.length - 1 - index] ?? '');
  });
  return text;
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
