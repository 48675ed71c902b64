import { expect, test } from 'vitest';
import { checkCharacter } from '../record/unique-code.ts';
import { isIdentifier, makeIdentifier, maxVersion, normaliseIdentifier } from './identifier.ts';

const parts = {
  type: '11210000MB9T9A0185001',
  issuer: '11210000MB9T9A0185',
  serial: 'K7QF3MWT9XHR20AB',
  version: 1,
};

test('has the parts of the standard and a check character that knows every changed or swapped one', () => {
  const made = makeIdentifier(parts);
  expect(made).toMatch(
    /^1\.2\.156\.3005\.2\.11210000MB9T9A0185001\.11210000MB9T9A0185\.K7QF3MWT9XHR20AB\.001\../,
  );
  expect(isIdentifier(made)).toBe(true);
  for (let at = '1.2.156.3005.2.'.length; at < made.length; at++) {
    if (made[at] === '.') continue;
    const changed = `${made.slice(0, at)}${made[at] === '7' ? '8' : '7'}${made.slice(at + 1)}`;
    expect([changed, isIdentifier(changed)]).toEqual([changed, false]);
  }
});

test.each([
  '11100000000013338W011.11430000006122244L.20230000403.001.U',
  '11100000000013338W011.11430000006122244L.20230000403.002.S',
  '11100000MB03271699022.340100.000000016.001.9',
  '11100000000013338W087.11370800MB28559184.37080001202411010001.001.3',
  '11100000000013338W009.11330105002500287C.2025052201.002.0',
])('the check character is the one of an identifier that another issuer gave out: %s', (known) => {
  const given = known.split('.');
  expect(checkCharacter(given.slice(0, -1).join(''))).toBe(given.at(-1));
});

test.each([
  ['a version of four digits', { version: maxVersion + 1 }],
  ['no version', { version: 0 }],
  ['a serial that is counted', { serial: '1' }],
  ['a type of another length', { type: '001' }],
])('is not made of %s', (_, wrong) => {
  expect(() => makeIdentifier({ ...parts, ...wrong })).toThrow(RangeError);
});

test('is read as it was copied from paper', () => {
  const made = makeIdentifier(parts);
  expect(normaliseIdentifier(` ${made.toLowerCase().replace('3005', '３００５')} `)).toBe(made);
});
