/** 统一社会信用代码 with their right check digit, none twice. */
import { creditCodeCheck } from '#domain/fields/check-digits.ts';

let made = 0;

/** Of a unit that nobody has registered. */
export function makeUnitCode(): string {
  made += 1;
  const body = `91530100MA6K3Y${String(made).padStart(3, '0')}`;
  return `${body}${creditCodeCheck(body)}`;
}
