/** Check digits of the numbers that have one. All functions take upper-case half-width text. */

// GB 32100-2015 annex: no I, O, S, V, Z.
export const creditCodeAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** GB 32100-2015: the 18th character over the first 17. */
export function creditCodeCheck(body: string): string | undefined {
  let sum = 0;
  let weight = 1;
  for (const char of body.slice(0, 17)) {
    const value = creditCodeAlphabet.indexOf(char);
    if (value < 0) return undefined;
    sum += value * weight;
    weight = (weight * 3) % 31;
  }
  return creditCodeAlphabet.charAt((31 - (sum % 31)) % 31);
}

/** GB 11714: the check character over the eight characters of an organisation code. */
export function organisationCodeCheck(body: string): string | undefined {
  const weights = [3, 7, 9, 10, 5, 8, 4, 2];
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    const value = letters.indexOf(body.charAt(index) || '?');
    if (value < 0) return undefined;
    sum += value * weight;
  }
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

/** The check character of the whole code finds every single wrong character; it alone decides about refusing. */
export function isCreditCode(code: string): boolean {
  return code.length === 18 && creditCodeCheck(code) === code.charAt(17);
}

/** The organisation code (GB 11714, nine characters) that a credit code contains; an organisation code contains itself. */
export const organisationCodeIn = (code: string): string => (code.length === 9 ? code : code.slice(8, 17));

/** With the organisation code inside it as well: what a mended code must satisfy, so that a wrong mend is rare. */
export function isCreditCodeThroughout(code: string): boolean {
  return isCreditCode(code) && organisationCodeCheck(code.slice(8, 16)) === code.charAt(16);
}

/** GB 11643-1999 4.2.4 (ISO 7064 MOD 11-2): the 18th character over the first 17 digits. */
export function idNumberCheck(body: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, index) => total + weight * Number(body.charAt(index)), 0);
  return '10X98765432'.charAt(sum % 11);
}

// Provinces of GB/T 2260; 81 82 83: residence permits for Hong Kong, Macao, Taiwan; 9: foreigners' permits of 2023.
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
);

export type IdNumberFault = 'shape' | 'region' | 'date' | 'check-digit';

/** What is wrong with an 18-character number; undefined when nothing is. */
export function idNumberFault(number: string): IdNumberFault | undefined {
  if (!/^\d{17}[\dX]$/.test(number)) return 'shape';
  if (!number.startsWith('9') && !provinces.has(number.slice(0, 2))) return 'region';
  if (!isCalendarDay(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14))) return 'date';
  return idNumberCheck(number) === number.charAt(17) ? undefined : 'check-digit';
}

export function isCalendarDay(year: string, month: string, day: string): boolean {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1800 || y > 2999 || m < 1 || m > 12 || d < 1) return false;
  return d <= new Date(Date.UTC(y, m, 0)).getUTCDate();
}
