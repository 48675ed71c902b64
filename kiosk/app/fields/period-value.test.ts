import { expect, test } from 'vitest';
import { partsOfPeriod, periodOfParts } from './period-value.ts';

test.each(['2015-04-01/2035-03-31', '2015-04-01/长期', '/长期', '2015-04-01/', ''])(
  'period %j survives the way through the pickers',
  (value) => expect(periodOfParts(partsOfPeriod(value))).toBe(value),
);

test('长期 wins over an end date that was chosen before', () => {
  expect(periodOfParts({ from: '2015-04-01', to: '2035-03-31', isLongTerm: true })).toBe('2015-04-01/长期');
});
