import { expect, test } from 'vitest';
import { certaintyText, countLights, marginText } from './check-words.ts';

test.each([
  [1, '很高（高于 99.9%）'],
  [0.995, '很高（99.5%）'],
  [0.953, '较高（95.3%）'],
  [0.6, '一般（60.0%）'],
  [0.003, '较低（0.3%）'],
])('a probability of %d is said in words and never as certainty', (probability, text) => {
  expect(certaintyText(probability)).toBe(text);
});

test('a claim behind its rival is not said to lead', () => {
  expect(marginText(-21.8)).toBe('没有领先（-21.8）');
  expect(marginText(0.4)).toBe('略微领先（0.4）');
  expect(marginText(12)).toBe('明显领先（12.0）');
});

test('fields that are not compared are not counted', () => {
  const field = { field: 'a', label: 'a', weight: 'key', claimed: '', recognised: '', reasons: [] } as const;
  const fields = [
    { ...field, light: 'green' as const, reasons: [] },
    { ...field, light: 'yellow' as const, reasons: [] },
    { ...field, reasons: [] },
  ];
  expect(countLights({ light: 'yellow', fields })).toEqual({ red: 0, yellow: 1, green: 1 });
});
