/** People who are nobody's: every number with its right check digit, none twice. */
import { idNumberCheck } from '#domain/fields/check-digits.ts';
import type { Someone } from './phone.ts';

let made = 0;

export function makePerson(name: string): Someone {
  made += 1;
  const body = `5301021980${String(1 + (made % 12)).padStart(2, '0')}15${String(100 + made)}`;
  const idNumber = `${body}${idNumberCheck(body)}`;
  return { name, idNumber, mobile: `139${String(10_000_000 + made * 7)}` };
}

/** Of two signs, so that no name begins another one. */
const givenSigns = [...'安邦昌达恩福光海嘉康乐明宁平庆荣泰祥兴裕'];

/** Somebody whose name nobody else of this run has: what is looked for by the name is found once, also on a second try. */
export function makeNewcomer(family: string): Someone {
  const sign = (place: number): string => givenSigns[Math.floor(made / place) % givenSigns.length] ?? '';
  return makePerson(`${family}${sign(givenSigns.length)}${sign(1)}`);
}
