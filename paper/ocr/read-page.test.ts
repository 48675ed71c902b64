import { expect, test } from 'vitest';
import { oftenMisread, saysNothing } from './read-page.ts';

test.each(['.', '、·', '：、', '，', '------', '————.——', '…'])('%s is dirt or a rule, not text', (text) => {
  expect(saysNothing.test(text)).toBe(true);
});

test.each(['-', '—', '）', '/', '＝', '一', '1.', '-1-', '★'])('%s alone may be text', (text) => {
  expect(saysNothing.test(text)).toBe(false);
});

test.each(['P0PULARB00K', '沈阳KARLSTORZ公司', '774', '3604'])(
  '%s is asked of the second recogniser',
  (text) => {
    expect(oftenMisread.test(text)).toBe(true);
  },
);

test.each(['91210113MA0P4XU88E', '2019年06月', '4716.98', '15', '营业执照', '210105196001011234'])(
  '%s is left to the first one, which reads it under seals too',
  (text) => {
    expect(oftenMisread.test(text)).toBe(false);
  },
);
