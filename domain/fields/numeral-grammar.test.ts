/**
 * The grammar of numerals, money and dates, by making and by breaking: what is spelled as papers spell it has its value, and a
 * spelling with one sign changed has either no value or the one that its own spelling says.
 */
import { describe, expect, it } from 'vitest';
import { fieldSchema } from '../catalogue/field.ts';
import type { FieldKind } from '../catalogue/field.ts';
import { fieldRules } from './field-rules.ts';

/** All of them nightly; a fifth says the same on most days. */
const spellings = process.env['LUDENG_NIGHTLY'] ? 100_000 : 20_000;
const fieldOf = (kind: FieldKind) => fieldSchema.parse({ id: 'value', label: '数据', kind, maxLength: 5000 });
const [money, date, personName] = [fieldOf('money'), fieldOf('date'), fieldOf('person-name')];

/** Mulberry32 (public domain): the same spellings on every run. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const pick = <Item>(items: readonly Item[], next: (below: number) => number): Item =>
  items[next(items.length)] as Item;

/** One sign put in, taken out, doubled, replaced or moved. */
function broken(text: string, signs: string, next: (below: number) => number): string {
  const chars = [...text];
  const at = next(chars.length);
  const sign = pick([...signs], next);
  switch (next(5)) {
    case 0:
      chars.splice(at, 0, sign);
      break;
    case 1:
      chars.splice(at, 1);
      break;
    case 2:
      chars.splice(at, 0, chars[at] ?? '');
      break;
    case 3:
      chars.splice(at, 1, sign);
      break;
    default:
      chars.splice(next(chars.length), 0, ...chars.splice(at, 1));
  }
  return chars.join('');
}

const amountOf = (next: (below: number) => number): string => {
  const digits = 1 + next(12);
  const whole =
    String(1 + next(9)) + Array.from({ length: digits - 1 }, () => (next(3) === 0 ? next(10) : 0)).join('');
  const cents =
    next(3) === 0
      ? String(1 + next(99))
          .padStart(2, '0')
          .replace(/0$/u, '')
      : '';
  return cents === '' ? whole : `${whole}.${cents}`;
};

/** One spelling of each amount in words: financial signs, no 零, no 整, 圆 as 元. */
function wordsOf(text: string): string {
  const financial = new Map(
    ['一二三四五六七八九十百千', '壹贰叁肆伍陆柒捌玖拾佰仟']
      .map((signs) => [...signs])
      .reduce((from, to) => from.map((sign, i) => sign + (to[i] ?? '')))
      .map((pair) => [pair.charAt(0), pair.charAt(1)]),
  );
  return [...text]
    .map((sign) => financial.get(sign) ?? { 两: '贰', 圆: '元', 貳: '贰', 参: '叁' }[sign] ?? sign)
    .join('')
    .replace(/[零〇整正]/gu, '')
    .replace(/^拾/u, '壹拾')
    .replace(/(?<=[万亿])元|元$/u, '');
}

describe('an amount', () => {
  it('has its value in words and figures', () => {
    const next = seeded(1);
    for (let i = 0; i < spellings / 10; i += 1) {
      const value = amountOf(next);
      for (const form of fieldRules.money.paperForms(value, money))
        expect([form, fieldRules.money.parse(form, money)]).toEqual([form, { ok: true, value }]);
    }
  });

  it('in words with a sign changed means what is spelled, or nothing', () => {
    const next = seeded(2);
    let refusals = 0;
    for (let i = 0; i < spellings; i += 1) {
      const value = amountOf(next);
      const form = fieldRules.money
        .paperForms(value, money)
        .find((one) => /[元分角整]$/u.test(one) && /[壹-玖零]/u.test(one) && !/\d/u.test(one));
      if (form === undefined) continue;
      const spelled = broken(form, '零壹贰叁肆伍拾佰仟万亿元角分整1O', next);
      const parsed = fieldRules.money.parse(spelled, money);
      if (!parsed.ok) {
        refusals += 1;
        continue;
      }
      // Papers do not write less than a yuan in words; 柒角 has no form to compare with.
      if (Number(parsed.value) < 1) continue;
      const forms = fieldRules.money.paperForms(parsed.value, money).map(wordsOf);
      expect([spelled, parsed.value, forms.includes(wordsOf(spelled))]).toEqual([
        spelled,
        parsed.value,
        true,
      ]);
    }
    expect(refusals).toBeGreaterThan(spellings / 3);
  });

  it('in figures with a sign changed means what is spelled, or nothing', () => {
    const next = seeded(3);
    let refusals = 0;
    for (let i = 0; i < spellings; i += 1) {
      const forms = fieldRules.money.paperForms(amountOf(next), money).filter((one) => /\d/u.test(one));
      const spelled = broken(pick(forms, next), '0123456789.,万亿元O-', next);
      const parsed = fieldRules.money.parse(spelled, money);
      if (!parsed.ok) {
        refusals += 1;
        continue;
      }
      const plain = spelled.replace(/人民币|[元整]/gu, '');
      const [, digits = '', unit = ''] = /^([0-9.,]+)(万亿|万|亿)?$/u.exec(plain) ?? [];
      // Compounds (1亿2000万) come of a 亿 put in: they have two parts, and the greater stands first.
      if (digits === '') {
        expect([spelled, /^[0-9,]+(?:万亿|亿)[0-9,]+万?$|^[0-9,]+万[0-9,]+$/u.test(plain)]).toEqual([
          spelled,
          true,
        ]);
        continue;
      }
      const [whole = '', fraction = ''] = digits.split('.');
      if (whole.includes(',')) expect(whole).toMatch(/^\d{1,3}(,\d{3})+$/u);
      const times = { '': 0, 万: 4, 亿: 8, 万亿: 12 }[unit] ?? 0;
      const moved = `${whole.replaceAll(',', '')}${fraction.padEnd(times, '0').slice(0, times)}.${fraction.slice(times)}`;
      const said = moved
        .replace(/^0+(?=\d)/u, '')
        .replace(/0+$/u, '')
        .replace(/\.$/u, '');
      expect([spelled, said]).toEqual([spelled, parsed.value]);
    }
    expect(refusals).toBeGreaterThan(spellings / 10);
  });

  it.each([
    '伍佰万1元整',
    '仟壹零捌万元整',
    '一千八元',
    '壹佰零拾元',
    '1,23,456元',
    '12,34元',
    '1.2.3万',
    '-5元',
    '1e5',
    '壹佰元整整',
  ])('refuses %s with words', (spelled) => {
    expect(fieldRules.money.parse(spelled, money)).toEqual({
      ok: false,
      problem: '请填写金额，如 1000万元 或 10000000元',
    });
  });
  it('reads nothing out of a malformed one', () => {
    expect(fieldRules.money.readFrom('伍佰万1元整', money)).toBeUndefined();
    expect(fieldRules.money.readFrom('仟壹零捌万元整', money)).toBeUndefined();
  });
  it('refuses words and figures that say two things', () => {
    expect(fieldRules.money.parse('壹仟万元整（¥10,000,000.00）', money)).toEqual({
      ok: true,
      value: '10000000',
    });
    expect(fieldRules.money.parse('壹仟万元整（¥1,000,000.00）', money)).toEqual({
      ok: false,
      problem: '大写金额与小写金额不一致，请对照证件核对',
    });
  });
});

describe('a date', () => {
  const dayOf = (next: (below: number) => number) =>
    new Date(Date.UTC(1950, 0, 1) + next(60_000) * 86_400_000).toISOString().slice(0, 10);
  const figures = (text: string) =>
    text
      .replace(/[一二三]?十[一二三四五六七八九]?/gu, (number) => {
        const [tens = '', ones = ''] = number.split('十');
        const digits = '一二三四五六七八九';
        return String(10 * (digits.indexOf(tens || '一') + 1) + (ones === '' ? 0 : digits.indexOf(ones) + 1));
      })
      .replace(/[〇零一二三四五六七八九]/gu, (sign) =>
        String(Math.max(0, '零一二三四五六七八九'.indexOf(sign))),
      )
      .replace(/号/u, '日')
      .replace(/(?<=[年月./-])0(?=\d)/gu, '');

  it('has its value in every form', () => {
    const next = seeded(4);
    for (let i = 0; i < spellings / 10; i += 1) {
      const value = dayOf(next);
      for (const form of fieldRules.date.paperForms(value, date).filter((one) => !one.startsWith('至')))
        expect([form, fieldRules.date.parse(form, date)]).toEqual([form, { ok: true, value }]);
    }
  });

  it('with a sign changed is what is spelled, or nothing', () => {
    const next = seeded(5);
    let refusals = 0;
    for (let i = 0; i < spellings; i += 1) {
      const forms = fieldRules.date.paperForms(dayOf(next), date).filter((one) => !one.startsWith('至'));
      const spelled = broken(pick(forms, next), '0123456789〇一二十年月日-./OlI', next);
      const parsed = fieldRules.date.parse(spelled, date);
      if (!parsed.ok) {
        refusals += 1;
        continue;
      }
      const [year = '', month = '', day = ''] = parsed.value.split('-');
      const [m, d] = [Number(month), Number(day)];
      const ways = [
        `${year}年${m}月${d}日`,
        `${year}年${m}月${d}`,
        ...['-', '.', '/'].map((sign) => [year, m, d].join(sign)),
        year + month + day,
      ];
      expect([spelled, ways.includes(figures(spelled))]).toEqual([spelled, true]);
    }
    expect(refusals).toBeGreaterThan(spellings / 3);
  });

  it.each([
    '2025年11月3O日',
    '2O25年11月30日',
    '2025年l1月30日',
    '2035年2月30日',
    '2025-11.30',
    '2025年11月31日',
    '二〇二五年十三月一日',
    '2025年11月30日前',
    '2025/11-30',
  ])('refuses %s with words', (spelled) =>
    expect(fieldRules.date.parse(spelled, date)).toEqual({
      ok: false,
      problem: '请填写有效日期，如 2035年4月1日',
    }),
  );
});

describe('a name', () => {
  const parse = (raw: string) => fieldRules['person-name'].parse(raw, personName);
  it.each([...'·•．・･⋅‧∙.'])('has one dot, typed as %s', (dot) => {
    expect(parse(`买买提${dot}艾力`)).toEqual({ ok: true, value: '买买提·艾力' });
    expect(fieldRules['person-name'].agrees('买买提·艾力', `买买提${dot}艾力`, personName)).toBe(true);
  });
  it.each([
    ['张\u200e三', '张三'],
    ['\u202a张三\u202c', '张三'],
    ['张\ufe00三', '张三'],
    ['⻩⼤⽂', '黄大文'],
    ['⿓⻰', '龍龙'],
    ['\uf9b5玲', '例玲'],
    ['\ue863', '䶮'],
    ['欧阳上官龙', '欧阳上官龙'],
    ['\u{2a6a5}\u{30edd}', '\u{2a6a5}\u{30edd}'],
    ['王\ue000', '王\ue000'],
  ])('typed as %s is %s', (raw, value) => expect(parse(raw)).toEqual({ ok: true, value }));
  it('stands before its number', () => {
    const read = (text: string) => fieldRules['person-name'].readFrom(text, personName);
    expect(read('张三210102198501011234')).toBe('张三');
    expect(read('张三（身份证号：21010219850101123X）')).toBe('张三');
    expect(parse('张三210102198501011234')).toEqual({
      ok: false,
      problem: '这里只填姓名，证件号码请填在证件号码一栏',
    });
  });
  it.each(['company-name', 'text', 'address', 'certificate-number', 'long-text'] as const)(
    'of the kind %s agrees under every code point',
    (kind) => {
      const of = fieldOf(kind);
      expect(fieldRules[kind].parse('⻓春\u200e市金⻛建设', of)).toEqual({
        ok: true,
        value: '长春市金风建设',
      });
      expect(fieldRules[kind].agrees('长春市金风建设', '⻓春市⾦⻛建设\u200f', of)).toBe(true);
    },
  );
});
