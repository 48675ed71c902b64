import fc from '#tests/support/properties.ts';
import { describe, expect, it } from 'vitest';
import { documentTypeSchema } from '../catalogue/schema.ts';
import { errorTable } from '../errors/table.ts';
import { decideMaterial } from './decide-material.ts';
import type { DecideMaterialInput } from './decide-material.ts';
import { worstLight } from './decide-record.ts';
import type { ClaimScore, FieldEvidence, LightColour } from './schema.ts';
import { thresholds } from './thresholds.ts';

const documentType = documentTypeSchema.parse({
  id: 'licence',
  name: '证照',
  recognise: { titles: ['证照'] },
  papers: [{ name: 'A4', widthMm: 210, heightMm: 297 }],
  fields: [
    { id: 'companyName', label: '企业名称', kind: 'company-name', weight: 'key', required: true },
    { id: 'creditCode', label: '统一社会信用代码', kind: 'credit-code', weight: 'key', required: true },
    {
      id: 'grade',
      label: '等级',
      kind: 'choice',
      weight: 'key',
      required: true,
      choices: [
        { value: '一级', label: '一级', aliases: ['壹级'] },
        { value: '二级', label: '二级', aliases: ['贰级'] },
      ],
    },
    { id: 'validUntil', label: '有效期至', kind: 'date', weight: 'key', required: true },
    {
      id: 'legalRepresentative',
      label: '法定代表人',
      kind: 'person-name',
      weight: 'digital',
      required: true,
    },
    { id: 'capital', label: '注册资本', kind: 'money', weight: 'digital' },
    { id: 'phone', label: '电话', kind: 'phone' },
  ],
  checks: [
    { kind: 'is-subject', field: 'companyName', attribute: 'name' },
    { kind: 'not-expired', field: 'validUntil' },
    { kind: 'equals-material', field: 'legalRepresentative', slot: 'id-card', otherField: 'name' },
  ],
});

const claims: Record<string, string> = {
  companyName: '辽宁沈北建设工程有限公司',
  creditCode: '91210113MA0P4XU88E',
  grade: '一级',
  validUntil: '2030-12-31',
  legalRepresentative: '王建国',
};
const onPaper: Record<string, string> = { ...claims, grade: '壹级', validUntil: '2030年12月31日' };
const mark = {
  page: 0,
  box: [
    [0, 0] as [number, number],
    [9, 0] as [number, number],
    [9, 9] as [number, number],
    [0, 9] as [number, number],
  ] as never,
};

const score = (more: Partial<ClaimScore> = {}): ClaimScore => ({
  probability: 0.99,
  support: -0.01,
  rivalMargin: 6,
  freeReading: '',
  freeConfidence: 0.99,
  modelHash: 'm',
  ...more,
});
const supported = (id: string, more: Partial<FieldEvidence> = {}): FieldEvidence => ({
  claim: claims[id] ?? '',
  marks: [mark],
  recognised: claims[id] ?? '',
  score: score({ freeReading: onPaper[id] ?? '' }),
  ...more,
});
const allSupported = () => Object.fromEntries(Object.keys(claims).map((id) => [id, supported(id)]));
const input = (more: Partial<DecideMaterialInput> = {}): DecideMaterialInput => ({
  documentType,
  values: claims,
  evidence: allSupported(),
  subject: { name: '辽宁沈北建设工程有限公司', creditCode: '91210113MA0P4XU88E' },
  otherMaterials: [],
  day: '2026-11-21',
  ...more,
});
const withEvidence = (id: string, more: Partial<FieldEvidence>, values = claims) =>
  decideMaterial(input({ values, evidence: { ...allSupported(), [id]: supported(id, more) } }));
const codeOf = (verdict: ReturnType<typeof decideMaterial>, id: string) =>
  verdict.fields.find((field) => field.field === id)?.reasons.map((reason) => reason.code);
const lightOf = (verdict: ReturnType<typeof decideMaterial>, id: string) =>
  verdict.fields.find((field) => field.field === id)?.light;

const keyFields = ['companyName', 'creditCode', 'grade', 'validUntil'];
const others: Record<string, string> = {
  companyName: '辽宁沈南建设工程有限公司',
  creditCode: '91350100M000100Y43',
  grade: '二级',
  validUntil: '2031-12-31',
  legalRepresentative: '王建华',
};
/** What the scorer says of a claim that the paper does not carry. */
const clearDeviation = (id: string) => ({
  claim: others[id] ?? '',
  score: score({
    probability: 0.001,
    support: -12,
    rivalMargin: -12,
    rival: onPaper[id] ?? '',
    freeReading: onPaper[id] ?? '',
  }),
});

describe('decideMaterial', () => {
  it('is green when all that is compared agrees', () => {
    const verdict = decideMaterial(input());
    expect(verdict.light).toBe('green');
    expect(lightOf(verdict, 'phone')).toBeUndefined();
    expect(lightOf(verdict, 'capital')).toBeUndefined();
  });

  it.each(keyFields)('is red when the key field %s clearly deviates', (id) => {
    const verdict = withEvidence(id, clearDeviation(id), { ...claims, [id]: others[id] ?? '' });
    expect(codeOf(verdict, id)).toContain('deviates');
    expect(verdict.light).toBe('red');
  });

  it('is yellow when a digital field deviates', () => {
    const values = { ...claims, legalRepresentative: '王建华' };
    const verdict = withEvidence('legalRepresentative', clearDeviation('legalRepresentative'), values);
    expect(codeOf(verdict, 'legalRepresentative')).toEqual(['deviates']);
    expect(verdict.light).toBe('yellow');
  });

  it.each(['legalRepresentative'])(
    'is yellow when the digital field %s is not marked or not readable',
    (id) => {
      expect(withEvidence(id, { marks: [] }).light).toBe('yellow');
      const blank = { recognised: '', score: score({ probability: 0, freeReading: '', freeConfidence: 0 }) };
      expect(codeOf(withEvidence(id, blank), id)).toEqual(['unreadable']);
      expect(withEvidence(id, blank).light).toBe('yellow');
    },
  );

  it.each(keyFields)('is red when nothing supports the key field %s', (id) => {
    expect(codeOf(withEvidence(id, { marks: [] }), id)).toEqual(['mark-missing']);
    expect(withEvidence(id, { marks: [] }).light).toBe('red');
    const blank = { recognised: '', score: score({ probability: 0, freeReading: '', freeConfidence: 0 }) };
    expect(withEvidence(id, blank).light).toBe('red');
    const { [id]: _gone, ...rest } = allSupported();
    expect(decideMaterial(input({ evidence: rest })).light).toBe('red');
  });

  it('asks for a mark when nothing supports a key field at a place that the station only guessed, and is red till then', () => {
    const blank = { recognised: '', score: score({ probability: 0, freeReading: '', freeConfidence: 0 }) };
    const marks = (allSupported()['creditCode']?.marks ?? []).map((mark) => ({
      ...mark,
      guessed: true as const,
    }));
    const verdict = withEvidence('creditCode', { ...blank, marks });
    expect(codeOf(verdict, 'creditCode')).toEqual(['place-guessed']);
    expect(verdict.light).toBe('red');
    // One mark that a person drew is no guess, and what clearly says something else is red all the same.
    const drawn = withEvidence('creditCode', {
      ...blank,
      marks: [...marks, ...marks.map(({ page, box }) => ({ page, box }))],
    });
    expect(codeOf(drawn, 'creditCode')).toEqual(['unreadable']);
    const other = withEvidence(
      'creditCode',
      { ...clearDeviation('creditCode'), marks },
      { ...claims, creditCode: others['creditCode'] ?? '' },
    );
    expect(codeOf(other, 'creditCode')).toContain('deviates');
  });

  it('is yellow when a key field is only partly supported', () => {
    const smudge = {
      recognised: '',
      score: score({ probability: 0.4, freeReading: '辽宁沈', freeConfidence: 0.5 }),
    };
    const verdict = withEvidence('companyName', smudge);
    expect(codeOf(verdict, 'companyName')).toEqual(['uncertain']);
    expect(verdict.light).toBe('yellow');
    const cut = withEvidence('companyName', { ...smudge, score: { ...smudge.score, goesOn: true } });
    expect(codeOf(cut, 'companyName')).toEqual(['mark-cuts-line']);
    expect(cut.light).toBe('yellow');
  });

  it('is red when a key code fails its check digit, whatever the picture says', () => {
    const verdict = withEvidence('creditCode', {}, { ...claims, creditCode: '91210113MA0P4XU88F' });
    expect(codeOf(verdict, 'creditCode')).toEqual(['check-digit-wrong']);
    expect(verdict.light).toBe('red');
  });

  it('is red when a required key field is empty', () => {
    expect(codeOf(decideMaterial(input({ values: { ...claims, grade: '' } })), 'grade')).toEqual([
      'value-missing',
    ]);
    expect(decideMaterial(input({ values: { ...claims, grade: ' ' } })).light).toBe('red');
  });

  it('asks for an optional field that the paper shows', () => {
    const verdict = decideMaterial(
      input({ evidence: { ...allSupported(), capital: supported('capital', { recognised: '50000000' }) } }),
    );
    expect(codeOf(verdict, 'capital')).toEqual(['value-missing']);
    expect(verdict.light).toBe('yellow');
  });

  it('believes the chip before the picture', () => {
    const agrees = withEvidence('legalRepresentative', {
      chip: '王建国',
      marks: [],
      score: score({ probability: 0, freeReading: '玉建国' }),
    });
    expect(codeOf(agrees, 'legalRepresentative')).toEqual(['agrees-with-chip']);
    const deviates = withEvidence('companyName', { chip: '别的公司' });
    expect(codeOf(deviates, 'companyName')).toEqual(['deviates-from-chip']);
    expect(deviates.light).toBe('red');
  });

  it('finds a grade in a mark around the whole line', () => {
    const wide = {
      score: score({ probability: 0.02, rivalMargin: -9, freeReading: '建筑工程施工总承包壹级' }),
    };
    expect(lightOf(withEvidence('grade', wide), 'grade')).toBe('green');
    const other = {
      score: score({ probability: 0.02, rivalMargin: -9, rival: 'x', freeReading: '建筑工程施工总承包贰级' }),
    };
    expect(lightOf(withEvidence('grade', other), 'grade')).toBe('red');
  });

  it('is yellow when one misread character alone speaks against the claim', () => {
    const misread = {
      recognised: '辽宁沈北建诫工程有限公司',
      score: score({ probability: 0.09, rivalMargin: -2.2, freeReading: '辽宁沈北建诫工程有限公司' }),
    };
    expect(codeOf(withEvidence('companyName', misread), 'companyName')).toEqual(['uncertain']);
    const changed = { ...misread, score: { ...misread.score, rivalMargin: -9 } };
    expect(codeOf(withEvidence('companyName', changed), 'companyName')).toEqual(['deviates']);
  });

  it('takes no part of a line for the value that does not stand in it literally', () => {
    const light = (freeReading: string) =>
      lightOf(
        withEvidence('validUntil', {
          recognised: freeReading,
          score: score({ probability: 0, rivalMargin: -35, freeReading }),
        }),
        'validUntil',
      );
    expect(light('有效期至2030年12月31日止')).toBe('green');
    expect(light('有效期至2O3O年12月31日止')).not.toBe('green');
  });

  it('does not call a field green when the score and a sure reading disagree', () => {
    const torn = {
      recognised: '辽宁沈南建设工程有限公司',
      score: score({ freeReading: '辽宁沈南建设工程有限公司' }),
    };
    expect(lightOf(withEvidence('companyName', torn), 'companyName')).toBe('yellow');
  });

  it('drops a score that was made for another claim', () => {
    const stale = { ...claims, grade: '二级', legalRepresentative: '王建华' };
    const verdict = decideMaterial(input({ values: stale }));
    expect(codeOf(verdict, 'grade')).toEqual(['deviates']);
    expect(codeOf(verdict, 'legalRepresentative')).toEqual(['deviates']);
    expect(verdict.light).toBe('red');
  });

  it('judges expiry on the day of the check', () => {
    expect(decideMaterial(input({ day: '2030-12-31' })).light).toBe('green');
    const expired = decideMaterial(input({ day: '2031-01-01' }));
    expect(codeOf(expired, 'validUntil')).toEqual(['expired']);
    expect(expired.light).toBe('red');
  });

  it('is red for the certificate of another subject, yellow for another person on the ID card', () => {
    const subject = { name: '大连路桥有限公司', creditCode: '91350100M000100Y43' };
    expect(codeOf(decideMaterial(input({ subject })), 'companyName')).toEqual(['other-subject']);
    expect(decideMaterial(input({ subject })).light).toBe('red');
    const otherMaterials = [{ slot: 'id-card', values: { name: '李四' } }];
    expect(decideMaterial(input({ otherMaterials })).light).toBe('yellow');
    expect(
      decideMaterial(input({ otherMaterials: [{ slot: 'id-card', values: { name: '王建国' } }] })).light,
    ).toBe('green');
  });

  it('gives each reason in Chinese with something to do', () => {
    const bad = decideMaterial(input({ evidence: {} }));
    for (const { reasons, light } of bad.fields)
      for (const { text } of reasons) {
        expect(text).toMatch(/\p{Script=Han}/u);
        if (light) expect(text).toContain('请');
      }
    expect(errorTable.RED_LIGHT.action).toContain('请');
  });

  it('is not green when nothing was compared', () => {
    const plain = documentTypeSchema.parse({
      ...documentType,
      fields: [{ id: 'note', label: '说明', kind: 'text' }],
      checks: [],
    });
    expect(decideMaterial(input({ documentType: plain, values: { note: 'x' }, evidence: {} })).light).toBe(
      'yellow',
    );
  });
});

describe('properties', () => {
  it('is red when one key value is changed against clear evidence, and never green against weaker one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...keyFields),
        fc.double({ min: 0, max: 0.0999, noNaN: true }),
        fc.double({ min: 0.6, max: 1, noNaN: true }),
        fc.double({ min: -20, max: 5, noNaN: true }),
        fc.boolean(),
        (id, probability, freeConfidence, rivalMargin, withScore) => {
          const { score: clear, ...rest } = clearDeviation(id);
          const evidence = {
            ...rest,
            recognised: claims[id] ?? '',
            ...(withScore ? { score: { ...clear, probability, freeConfidence, rivalMargin } } : {}),
          };
          const values = { ...claims, [id]: others[id] ?? '' };
          const { score: _any, ...bare } = supported(id);
          const verdict = decideMaterial(
            input({ values, evidence: { ...allSupported(), [id]: { ...bare, ...evidence } } }),
          );
          const isClear = !withScore || rivalMargin <= thresholds.rivalWins;
          if (isClear) expect(verdict.light).toBe('red');
          else expect(verdict.light).not.toBe('green');
        },
      ),
    );
  });

  it('never gets better when evidence is taken away', () => {
    const order: Record<LightColour, number> = { green: 0, yellow: 1, red: 2 };
    fc.assert(
      fc.property(fc.subarray(Object.keys(claims)), (kept) => {
        const evidence = Object.fromEntries(kept.map((id) => [id, supported(id)]));
        const less = decideMaterial(input({ evidence })).light;
        expect(order[less]).toBeGreaterThanOrEqual(order[decideMaterial(input()).light]);
        if (keyFields.some((id) => !kept.includes(id))) expect(less).toBe('red');
      }),
    );
  });

  it('gives the same verdict to the same input', () => {
    expect(decideMaterial(input())).toEqual(decideMaterial(structuredClone(input())));
  });
});

describe('worstLight', () => {
  it('is the worst one, and none while one is missing', () => {
    expect(worstLight(['green', 'yellow', 'green'])).toBe('yellow');
    expect(worstLight(['green', 'red', 'yellow'])).toBe('red');
    expect(worstLight(['green'])).toBe('green');
    expect(worstLight(['green', undefined])).toBeUndefined();
    expect(worstLight([])).toBeUndefined();
  });
});
