import { expect, test } from 'vitest';
import { errorCodes, errorTable } from './table.ts';
import { tellFailure } from './tell-failure.ts';

test('says the words of the table where the details name nothing', () => {
  for (const code of errorCodes) {
    const { message, action } = errorTable[code];
    expect(tellFailure(code, {})).toEqual({ message, action });
  }
});

test('every failure is told in Chinese, with what to do', () => {
  for (const code of errorCodes) {
    const { message, action } = tellFailure(code, {});
    expect(message, code).toMatch(/[一-鿿]{3}/);
    expect(action, code).toMatch(/[一-鿿]{3}/);
  }
});

test('names the field, its limit and what is missing', () => {
  expect(tellFailure('VALUE_TOO_LONG', { label: '企业名称', maxLength: 100, length: 5000 }).message).toBe(
    '企业名称：填写内容过长（最多 100 字，现为 5000 字）',
  );
  expect(tellFailure('FIELD_INVALID', { label: '证书编号', problem: '必填' }).message).toBe(
    '证书编号：填写内容不符合要求（必填）',
  );
  expect(tellFailure('NOT_SEALED', { missing: ['营业执照', '法人身份证'] }).message).toBe(
    '材料尚未签章：营业执照、法人身份证',
  );
  expect(tellFailure('PIN_INCORRECT', { lastTry: true }).message).toContain('最后一次');
});
