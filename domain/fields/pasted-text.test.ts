/** What comes from a word processor: soft hyphens, spaces that keep words together, full-width signs, line ends of its own, control characters. */
import { describe, expect, it } from 'vitest';
import type { Field, FieldKind } from '../catalogue/field.ts';
import { fieldKindSchema, fieldSchema } from '../catalogue/field.ts';
import { fieldRules } from './field-rules.ts';

/** What a person typed, and the same as a word processor hands it over. */
const typed: Record<FieldKind, readonly [value: string, pasted: string]> = {
  text: ['沈阳 A1 标段', '\u00a0沈\u00ad阳\u00a0A1\u3000标\u200b段\v'],
  'long-text': ['第一行\n第二行 A1', '第一\u00ad行\v第二行\u00a0A1\u0007'],
  'company-name': ['辽宁沈北（集团）有限公司', '辽宁\u00a0沈北(集团)\u200d有限公司\u0000'],
  'person-name': ['王建国', '\ufeff王\u00a0建\u00ad国\v'],
  address: ['沈阳市沈北新区37号', '沈阳市\u00a0沈北\u200b新区37号\u2028'],
  date: ['2025-06-01', '２０２５年\u00a0６月\u00ad１日'],
  month: ['2025-06', '２０２５年\u00a0６月'],
  period: ['2025-06-01/2026-05-31', '２０２５年６月１日\u00a0至\u200b２０２６年５月３１日'],
  money: ['1000000', '１００\u00ad\u00a0万元'],
  'credit-code': ['91350100M000100Y43', '９１３５０１００\u00a0Ｍ０００１\u00ad００Ｙ４３'],
  'id-number': ['210102199003072316', '２１０１０２\u00a0１９９００３０７\u200b２３１６'],
  'certificate-number': ['JZ-2023-01', 'ＪＺ\u20132023\u00ad\u2014\u00a001'],
  choice: ['a', '\u00a0a\u200b'],
  'yes-no': ['yes', '\u00a0是\u00ad'],
  phone: ['13800138005', '１３８\u00a0００１３\u00ad８００５'],
};

describe.each(fieldKindSchema.options)('a %s that was pasted', (kind) => {
  const field: Field = fieldSchema.parse({
    ...{ id: 'value', label: '内容', kind },
    ...(kind === 'choice' ? { choices: [{ value: 'a', label: 'a' }] } : {}),
  });
  const parse = (raw: string) => fieldRules[kind].parse(raw, field);
  const [value, pasted] = typed[kind];

  it('is the same as if it had been typed', () => {
    expect(parse(value)).toMatchObject({ ok: true });
    expect(parse(pasted)).toEqual(parse(value));
  });

  it('is refused in words where nothing that anybody sees is left of it', () => {
    const nothing = parse('\u00ad\u00a0\u200b\v\u0000\ufeff');
    expect(nothing.ok).toBe(false);
  });
});
