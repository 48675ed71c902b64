import fc from '#tests/support/properties.ts';
import { describe, expect, it } from 'vitest';
import { fieldSchema } from '../catalogue/field.ts';
import type { Field, FieldKind } from '../catalogue/field.ts';
import { creditCodeAlphabet, creditCodeCheck, idNumberCheck, organisationCodeCheck } from './check-digits.ts';
import { fieldRules, parseValues } from './field-rules.ts';

const field = (kind: FieldKind, more: Record<string, unknown> = {}): Field =>
  fieldSchema.parse({ id: 'value', label: '数据', kind, maxLength: 5000, ...more });

const grade = field('choice', {
  choices: [
    { value: '特级', label: '特级' },
    { value: '一级', label: '一级', aliases: ['壹级'] },
    { value: '二级', label: '二级' },
    { value: '三级', label: '三级' },
    { value: '甲级', label: '甲级' },
  ],
});

const fields: Record<FieldKind, Field> = {
  text: field('text'),
  'long-text': field('long-text'),
  'company-name': field('company-name'),
  'person-name': field('person-name'),
  address: field('address'),
  date: field('date'),
  month: field('month'),
  period: field('period'),
  money: field('money'),
  'credit-code': field('credit-code'),
  'id-number': field('id-number'),
  'certificate-number': field('certificate-number'),
  choice: grade,
  'yes-no': field('yes-no'),
  phone: field('phone'),
};

const han = fc.stringMatching(/^[辽宁省沈阳市建设工程有限公司王欧阳立新路桥华信鑫垚镕]{2,20}$/u);
const day = fc
  .integer({ min: 0, max: 60_000 })
  .map((days) => new Date(Date.UTC(1950, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const creditCode = fc
  .tuple(
    fc.constantFrom('91', '92', '12', '52'),
    fc.integer({ min: 110_000, max: 659_999 }),
    fc.stringMatching(/^[0-9A-HJ-NPQRTUWXY]{8}$/),
  )
  .map(([type, region, organisation]) => {
    const body = `${type}${region}${organisation}${organisationCodeCheck(organisation) ?? ''}`;
    return body + (creditCodeCheck(body) ?? '');
  });
const idNumber = fc
  .tuple(fc.constantFrom('210102', '110105', '820000', '932682'), day, fc.integer({ min: 0, max: 999 }))
  .map(([region, born, serial]) => {
    const body = `${region}${born.replaceAll('-', '')}${String(serial).padStart(3, '0')}`;
    return body + idNumberCheck(body);
  });

const valuesOf: Record<FieldKind, fc.Arbitrary<string>> = {
  text: han,
  'long-text': han,
  'company-name': fc.tuple(han, han).map(([a, b]) => `${a}（集团）${b}`),
  'person-name': fc.tuple(han, han).map(([a, b]) => `${a}·${b}`),
  address: han.map((text) => `${text}37号1-2-3室`),
  date: fc.oneof(day, fc.constant('长期')),
  month: day.filter((date) => date < '2100').map((date) => date.slice(0, 7)),
  period: fc.oneof(
    fc.tuple(day, day).map((pair) => pair.toSorted().join('/')),
    day.map((from) => `${from}/长期`),
    day.map((to) => `/${to}`),
    fc.constant('/长期'),
  ),
  money: fc.oneof(
    fc.integer({ min: 1, max: 9_000_000 }).map((amount) => `${amount}0000`),
    fc.integer({ min: 1, max: 2_000_000_000 }).map(String),
    fc.integer({ min: 1, max: 99_999 }).map((amount) => `${amount}.${(amount % 9) + 1}`),
    fc.integer({ min: 1, max: 99_999 }).map((amount) => `${amount}0000 USD`),
  ),
  'credit-code': creditCode,
  'id-number': idNumber,
  'certificate-number': fc.oneof(
    fc.stringMatching(/^[A-F][123][0-9]{8}(-[1-9]\/[1-9])?$/),
    fc.stringMatching(/^\([辽鲁]\)JZ安许证字\[20[0-9]{2}\][0-9]{6}$/u),
  ),
  choice: fc.constantFrom('特级', '一级', '二级', '三级', '甲级'),
  'yes-no': fc.constantFrom('yes', 'no'),
  phone: fc.oneof(fc.stringMatching(/^1[3-9][0-9]{9}$/), fc.stringMatching(/^024-[0-9]{8}$/)),
};

describe.each(Object.keys(fieldRules) as FieldKind[])('%s', (kind) => {
  const rule = fieldRules[kind];
  const of = fields[kind];
  const arbitrary = valuesOf[kind];

  it('gives the value back from its display form', () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(rule.parse(rule.format(value, of), of)).toEqual({ ok: true, value });
      }),
    );
  });

  it('reads the value from each of its paper forms', () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const forms = rule.paperForms(value, of);
        expect(forms.length).toBeGreaterThan(0);
        expect(new Set(forms).size).toBe(forms.length);
        for (const form of forms) expect([form, rule.readFrom(form, of)]).toEqual([form, value]);
      }),
    );
  });

  it('reads the value behind a stray label, with a full stop after it', () => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        const form = rule.paperForms(value, of)[0] ?? '';
        expect(rule.readFrom(` 数据：${form}。`, of)).toBe(value);
      }),
    );
  });

  it('agrees with itself and not with another value', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (a, b) => {
        expect(rule.agrees(a, a, of)).toBe(true);
        // Open periods of the same end agree on purpose.
        if (a !== b && kind !== 'period') expect(rule.agrees(a, b, of)).toBe(false);
      }),
    );
  });
});

describe('check digits', () => {
  const parses = (kind: FieldKind, raw: string) => fieldRules[kind].parse(raw, fields[kind]).ok;

  it.each(['91350100M000100Y43', '91440300708461136T', '91110108551385082Q', '91210113MA0P4XU88E'])(
    'holds for the credit code %s',
    (code) => expect(parses('credit-code', code)).toBe(true),
  );
  it.each(['11010519491231002X', '932682198501010017', '911124198108030024', '931586198001010028'])(
    'holds for the ID number %s',
    (number) => expect(parses('id-number', number)).toBe(true),
  );
  it('takes a foreigner’s number of 2017', () => expect(parses('id-number', 'PAK310080010103')).toBe(true));
  it('refuses an impossible birthday and an unknown region', () => {
    expect(parses('id-number', '11010519491331002X')).toBe(false);
    expect(parses('id-number', '99010519491231002X')).toBe(false);
    expect(parses('id-number', '01010519491231002X')).toBe(false);
  });

  it('finds every single wrong character of a credit code', () => {
    fc.assert(
      fc.property(
        creditCode,
        fc.integer({ min: 0, max: 17 }),
        fc.constantFrom(...creditCodeAlphabet),
        (code, at, char) => {
          fc.pre(code.charAt(at) !== char);
          const wrong = code.slice(0, at) + char + code.slice(at + 1);
          expect(fieldRules['credit-code'].parse(wrong, fields['credit-code'])).toMatchObject({
            ok: false,
            reason: 'check-digit',
          });
        },
      ),
    );
  });

  it('mends letters that a credit code cannot contain and one look-alike', () => {
    const read = (text: string) => fieldRules['credit-code'].readFrom(text, fields['credit-code']);
    expect(read('9I210113MAOP4XU88E')).toBe('91210113MA0P4XU88E');
    expect(read('9121O113MA0P4XU88E')).toBe('91210113MA0P4XU88E');
    expect(read('91210113MADP4XU88E')).toBe('91210113MA0P4XU88E');
    expect(read('9121 0113 MA0P 4XU8 8E')).toBe('91210113MA0P4XU88E');
  });

  it('does not mend what is no look-alike', () => {
    const read = fieldRules['credit-code'].readFrom('91210113MA7P4XU88E', fields['credit-code']);
    expect(read).toBe('91210113MA7P4XU88E');
  });

  it('mends letters among the digits of an ID number', () => {
    const read = (text: string) => fieldRules['id-number'].readFrom(text, fields['id-number']);
    expect(read('公民身份号码 11O1O5194912310O2x')).toBe('11010519491231002X');
    expect(read('l10105l9491231002×')).toBe('11010519491231002X');
  });
});

describe('dates and periods', () => {
  const readDate = (text: string) => fieldRules.date.readFrom(text, fields.date);
  const readPeriod = (text: string) => fieldRules.period.readFrom(text, fields.period);

  it.each([
    ['2035年4月1日', '2035-04-01'],
    ['2035 年 04 月 01 日', '2035-04-01'],
    ['2035-04-01', '2035-04-01'],
    ['2035.4.1', '2035-04-01'],
    ['2035/4/1', '2035-04-01'],
    ['20350401', '2035-04-01'],
    ['二〇三五年四月一日', '2035-04-01'],
    ['二○一二年十二月三十一日', '2012-12-31'],
    ['至2030年12月31日', '2030-12-31'],
    ['2O35年l月O2日', '2035-01-02'],
    ['2019年04月01日至2024年03月31日', '2024-03-31'],
    ['2019.04.01-2024.03.31', '2024-03-31'],
    ['长期', '长期'],
    ['2019年04月01日至长期', '长期'],
  ])('reads %s', (text, value) => expect(readDate(text)).toBe(value));
  it('reads no impossible day', () => expect(readDate('2035年2月30日')).toBeUndefined());

  it.each([
    ['自 2012年06月18日 至 2042年06月17日', '2012-06-18/2042-06-17'],
    ['2012年06月18日至长期', '2012-06-18/长期'],
    ['2012.06.18-长期', '2012-06-18/长期'],
    ['2010.01.01-2030.01.01', '2010-01-01/2030-01-01'],
    ['长期', '/长期'],
    ['至2030年1月1日', '/2030-01-01'],
  ])('reads the period %s', (text, value) => expect(readPeriod(text)).toBe(value));
  it('refuses a period that ends before it begins', () =>
    expect(fieldRules.period.parse('2030-01-01/2020-01-01', fields.period).ok).toBe(false));
  it('takes an end alone for the same as from and end', () =>
    expect(fieldRules.period.agrees('/长期', '2012-06-18/长期', fields.period)).toBe(true));
});

describe('money', () => {
  it.each([
    ['壹仟万元整', '10000000'],
    ['人民币伍仟万元整', '50000000'],
    ['壹亿贰仟叁佰万元', '123000000'],
    ['壹万零伍佰元伍角', '10500.5'],
    ['5000万元人民币', '50000000'],
    ['1000.000000万人民币', '10000000'],
    ['1,234,567.89元', '1234567.89'],
    ['1.5亿元', '150000000'],
    ['１０００万元', '10000000'],
    ['人民币 1000 万元', '10000000'],
    ['100万美元', '1000000 USD'],
    ['10000000', '10000000'],
  ])('reads %s', (text, value) => {
    expect(fieldRules.money.readFrom(text, fields.money)).toBe(value);
    expect(fieldRules.money.parse(text, fields.money)).toEqual({ ok: true, value });
  });
  it.each([
    ['10500', '壹万零伍佰元整'],
    ['100050000', '壹亿零伍万元整'],
    ['10010000', '壹仟零壹万元整'],
    ['10000500', '壹仟万零伍佰元整'],
    ['1234500', '壹佰贰拾叁万肆仟伍佰元整'],
    ['1001.05', '壹仟零壹元零伍分'],
  ])('writes %s as %s', (value, form) =>
    expect(fieldRules.money.paperForms(value, fields.money)).toContain(form),
  );
  it('takes what a reader makes of 仟 and 圆, and refuses it where a person types it', () => {
    expect(fieldRules.money.readFrom('壹任万园整', fields.money)).toBe('10000000');
    expect(fieldRules.money.parse('壹任万圆整', fields.money).ok).toBe(false);
  });
  it('keeps 100万元 and 1000万元 apart', () =>
    expect(fieldRules.money.agrees('1000000', '10000000', fields.money)).toBe(false));
  it('takes dots for the points of the thousands where only these make sense', () => {
    const read = (text: string) => fieldRules.money.readFrom(text, fields.money);
    expect(read('128.560.000.00元')).toBe('128560000');
    expect(read('128.560,000.00元')).toBe('128560000');
    expect(read('1.285.600元')).toBe('1285600');
    expect(read('12.560.50元')).toBe('12560.5');
    expect(read('128.56万元')).toBe('1285600');
    expect(read('128.560万元')).toBe('1285600');
  });
  it('stands on notices with two places behind the point', () =>
    expect(fieldRules.money.paperForms('128560000', fields.money)).toContain('128,560,000.00元'));
  it('refuses words', () => expect(fieldRules.money.parse('很多钱', fields.money).ok).toBe(false));
});

describe('names and choices', () => {
  const company = fieldRules['company-name'];
  it('takes half and full width brackets and spaces for the same', () =>
    expect(company.agrees('大连（集团） 有限公司', '大连(集团)有限公司', fields['company-name'])).toBe(true));
  it('never drops 有限公司', () =>
    expect(company.agrees('沈北建设有限公司', '沈北建设', fields['company-name'])).toBe(false));
  it('tells 有限公司 from 有限责任公司', () =>
    expect(company.agrees('沈北建设有限公司', '沈北建设有限责任公司', fields['company-name'])).toBe(false));
  it.each([
    ['壹级', '一级'],
    ['1级', '一级'],
    ['建筑工程施工总承包贰级', '二级'],
    ['叁 级', '三级'],
    ['特级', '特级'],
  ])('reads the grade %s', (text, value) => expect(fieldRules.choice.readFrom(text, grade)).toBe(value));
  it('takes several ticks in the order of the choices', () => {
    const several = field('choice', {
      multiple: true,
      choices: ['勘察单位', '设计单位', '施工单位'].map((value) => ({ value, label: value })),
    });
    expect(fieldRules.choice.parse('施工单位、勘察单位', several)).toEqual({
      ok: true,
      value: '勘察单位,施工单位',
    });
    expect(fieldRules.choice.format('勘察单位,施工单位', several)).toBe('勘察单位、施工单位');
    expect(fieldRules.choice.parse('施工单位,别的', several).ok).toBe(false);
  });
  it('ignores the kind of bracket of a licence number', () =>
    expect(
      fieldRules['certificate-number'].agrees(
        '（鲁）JZ安许证字〔2023〕087974',
        '(鲁)JZ安许证字[2023]087974',
        fields['certificate-number'],
      ),
    ).toBe(true));
  it('compares prose without punctuation', () =>
    expect(
      fieldRules['long-text'].agrees('房屋建筑；市政工程。', '房屋建筑,市政工程', fields['long-text']),
    ).toBe(true));
});

describe('parseValues', () => {
  it('gives canonical values and every problem at once', () => {
    const form = [
      field('date', { id: 'day', required: true }),
      field('phone', { id: 'phone', label: '电话', required: true }),
      field('text', { id: 'note' }),
      field('money', { id: 'sum', label: '金额' }),
    ];
    expect(parseValues(form, { day: '2035年4月1日', note: ' ', sum: '许多', stray: 'x' })).toEqual({
      values: { day: '2035-04-01', sum: '许多' },
      problems: { phone: '请填写电话', sum: '请填写金额，如 1000万元 或 10000000元' },
    });
  });
});
