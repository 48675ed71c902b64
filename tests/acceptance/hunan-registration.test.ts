/** 湖南省公共资源交易统一注册系统: the slice that is declared, on the same engine. */
import { describe, expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getRecordKind } from '#domain/catalogue/lookup.ts';
import { createRecord, mayPush, missingForSubmit } from '#domain/record/rules.ts';
import type { Values } from '#domain/primitives.ts';

const catalogue = loadCatalogue();
const programme = 'hunan-unified-registration';
const subject = { name: '湖南湘江建设有限公司', creditCode: '91430100MA4L1A2B3C' };

function create(kind: string, form: Values = {}) {
  const record = createRecord({
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    catalogue,
    programme,
    kind: getRecordKind(catalogue, programme, kind),
    role: 'unit',
    subject,
    answers: {},
    at: '2026-01-02T03:04:05.000Z',
    by: '李经办',
  });
  return { ...record, form: { ...record.form, ...form } };
}
const missing = (kind: string, form?: Values) =>
  missingForSubmit(create(kind, form), getRecordKind(catalogue, programme, kind));

describe('the registration of a unit', () => {
  test('HNR-026 what has a red asterisk stands between the basic information and its submission', () => {
    const titles = missing('basic-info').map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['单位性质', '注册地址', '联系人', '联系电话']));
    // The key says who registers.
    expect(titles).not.toContain('单位全称');
  });

  test('HNR-027 the licence and the representative’s ID card are asked for as proof', () => {
    expect(missing('basic-info').filter(({ code }) => code === 'NO_PAGES')).toEqual([
      { slot: 'business-licence', title: '营业执照', code: 'NO_PAGES' },
      { slot: 'legal-representative-id', title: '法定代表人身份证', code: 'NO_PAGES' },
    ]);
  });

  test('nothing of it is pushed to a department', () => {
    const record = { ...create('basic-info'), state: 'stored' as const };
    expect(mayPush(record, getRecordKind(catalogue, programme, 'basic-info'))).toBe(false);
  });
});
