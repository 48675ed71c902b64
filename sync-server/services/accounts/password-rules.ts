import { minPasswordLength, maxPasswordLength } from '#domain/contracts/desk/session.ts';

export type PasswordFault = 'short' | 'long' | 'simple' | 'common' | 'name' | 'same';

/** What lists of leaked passwords are made of; a password is as good as what remains without these. */
const commonParts = [
  'password',
  'passw0rd',
  'p@ssw0rd',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'asdfgh',
  'zxcvbnm',
  '1qaz2wsx',
  'qazwsx',
  'iloveyou',
  'woaini',
  '5201314',
  'admin',
  'root',
  'welcome',
  'letmein',
  'monkey',
  'dragon',
  'ludeng',
  '绿灯站',
  'shenhe',
  'mima',
  '密码',
  'test',
  'abc',
];
const rows = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const minDistinct = 5;
const minRest = 5;

/** The first reason why somebody may not choose `next`; undefined where he may. `own`: account and name of the person. */
export function passwordFault(
  next: string,
  { own, current }: { own: readonly string[]; current: string },
): PasswordFault | undefined {
  const text = next.normalize('NFKC');
  const letters = [...text.toLowerCase()];
  if (letters.length < minPasswordLength) return 'short';
  if (letters.length > maxPasswordLength) return 'long';
  if (text === current.normalize('NFKC')) return 'same';
  if (new Set(letters).size < minDistinct || isRun(letters)) return 'simple';
  const lower = letters.join('');
  const names = own.map((one) => one.normalize('NFKC').toLowerCase()).filter((one) => one.length > 1);
  if (names.some((name) => lower.includes(name))) return 'name';
  const rest = commonParts
    .reduce((left, part) => left.replaceAll(part, ''), lower)
    .replace(/(.)\1+/gu, '$1')
    .replace(/(?:19|20)\d\d|0?123456789?0?|654321|123/g, '');
  return new Set(rest).size < minRest ? 'common' : undefined;
}

/** 1234567890, zyxwvu…, or one short piece again and again. */
function isRun(letters: readonly string[]): boolean {
  const text = letters.join('');
  if (/^(.{1,4}?)\1+.?.?.?$/u.test(text)) return true;
  return rows.some((row) => {
    const round = row + row;
    return round.includes(text) || [...round].reverse().join('').includes(text);
  });
}
