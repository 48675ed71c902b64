/** 唯一标识码: programme prefix, year, eight digits and a check character after ISO 7064 MOD 37,36. */

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const shape = /^[A-Z]{2,6}\d{4}\d{8}[0-9A-Z]$/;

/** `serial` counts from 1 within prefix and year, at most 99,999,999. */
export function makeUniqueCode({
  prefix,
  year,
  serial,
}: {
  prefix: string;
  year: number;
  serial: number;
}): string {
  if (!/^[A-Z]{2,6}$/.test(prefix)) throw new RangeError('prefix: two to six capital letters');
  if (!Number.isInteger(year) || year < 1000 || year > 9999) throw new RangeError('year: four digits');
  if (!Number.isInteger(serial) || serial < 1 || serial > 99_999_999)
    throw new RangeError('serial: 1 to 99999999');
  const body = `${prefix}${year}${String(serial).padStart(8, '0')}`;
  return body + checkCharacter(body);
}

export function isUniqueCode(code: string): boolean {
  return shape.test(code) && checkCharacter(code.slice(0, -1)) === code.slice(-1);
}

/** 唯一标识码 of a paper of the record: the record's own, and the paper's place among the kind's, counted from 1. */
export const paperCode = (code: string, place: number): string => `${code}-${String(place).padStart(2, '0')}`;

/** ISO 7064, hybrid system MOD 37,36, over digits and capital letters. */
export function checkCharacter(body: string): string {
  let product = 36;
  for (const char of body) {
    const value = alphabet.indexOf(char);
    if (value < 0) throw new RangeError(`not in the alphabet of MOD 37,36: ${char}`);
    const sum = (product + value) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return alphabet.charAt((37 - product) % 36);
}
