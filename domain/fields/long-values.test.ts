/** What a hand or a machine sends by the page must cost no more than a look at each of its characters. */
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { fieldSchema, fieldKindSchema } from '../catalogue/field.ts';
import type { Field } from '../catalogue/field.ts';
import { normaliseText } from '../text/normalise.ts';
import { fieldRules } from './field-rules.ts';

/** One of each class that a rule treats in its own way, and pieces that begin what a rule looks for. */
const pieces = [
  ...'059,.零〇壹叁任拾万亿元角年月日至长-/',
  ...' \t\n\u3000\u200b()（）【[、。·:;：aZO|!É%沈市😀①①×*+',
  '1,234',
  '1.2.',
  '123.456.',
  '2035年',
  '2035-04-',
  '2O',
  '壹万',
  '亿亿',
  '(章',
  '（盖章 ',
  '138',
  '024-',
  'ABC123',
  '壹佰元零',
  '、 ',
  'a ',
  '辽 ',
];
/** Foldings of 5,000 characters, each looked at once, that one question may take. */
const maxTimes = 12;

const field = (kind: Field['kind'], maxLength: number): Field =>
  fieldSchema.parse({
    ...{ id: 'value', label: '填写项', kind, maxLength },
    choices: [
      { value: 'a', label: '甲级' },
      { value: 'b', label: '乙级', aliases: ['二级'] },
    ],
  });

/** Milliseconds; the best of three where it is not next to nothing: others use the processor too. */
function time(work: () => unknown): number {
  let best = Infinity;
  for (let n = 0; n < 3 && best > 2; n += 1) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const baseline = Math.max(
  5,
  time(() => normaliseText('辽'.repeat(5_000))),
);

function slowOnes(kind: Field['kind'], maxLength: number, length: number, some = pieces): string[] {
  const rule = fieldRules[kind];
  const own = field(kind, maxLength);
  return some.flatMap((piece) => {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    const questions = {
      parse: () => rule.parse(text, own),
      format: () => rule.format(text, own),
      readFrom: () => rule.readFrom(`填写项：${text}x`, own),
      agrees: () => rule.agrees(text, `${text}1`, own),
      paperForms: () => rule.paperForms(text, own),
    };
    return Object.entries(questions).flatMap(([ask, work]) => {
      const times = time(work) / baseline;
      return times > maxTimes ? [`${ask} of ${JSON.stringify(piece)}: ${Math.round(times)}`] : [];
    });
  });
}

describe.each(fieldKindSchema.options)('a %s of many thousand characters', (kind) => {
  it('is refused with the limit in the sentence', () => {
    for (const piece of ['9', '零', ' x', '😀']) {
      const parsed = fieldRules[kind].parse(piece.repeat(5_000), field(kind, 200));
      expect(parsed.ok ? '' : parsed.problem).toContain('最多 200 字');
    }
  });

  it('takes no longer than a few looks at each of 5,000', () => {
    // the longest that is looked at, and what is not
    expect(slowOnes(kind, 200, 199)).toEqual([]);
    expect(slowOnes(kind, 200, 400)).toEqual([]);
    expect(slowOnes(kind, 200, 5_000)).toEqual([]);
    expect(slowOnes(kind, 5_000, 5_000, ['9', '零', '、', ' x', '1.', '(章'])).toEqual([]);
    expect(slowOnes(kind, 5_000, 100_000, ['9', '零', '、', ' x', '1.', '(章'])).toEqual([]);
  });
});
