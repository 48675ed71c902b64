import { expect, test } from 'vitest';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { caseFacts } from './case-facts.ts';

const names = { pushFieldName: (_: string, id: string) => id, stationName: () => '一号采集站' };
const detailWith = (handedIn: object | undefined): CaseDetail =>
  // what the header does not read is left out
  ({
    ...{
      title: '注册确认',
      stationId: 'station-1',
      case: {},
      record: { subject: { creditCode: '91' }, handedIn },
    },
  }) as CaseDetail;
const valueOf = (handedIn: object | undefined, label: string) =>
  caseFacts(detailWith(handedIn), names).find(([one]) => one === label)?.[1];

test('a record that was handed in for another says by whom and for whom; every other one does not', () => {
  const onBehalfOf = { kind: 'person', scheme: 'id-number', value: '530102********1231', name: '王建国' };
  const by = '赵帮办（代王建国）';
  expect(valueOf({ by, onBehalfOf, assurance: [] }, '帮办代办')).toBe(by);
  expect(valueOf({ by: '王建国', assurance: [] }, '帮办代办')).toBeUndefined();
  expect(valueOf(undefined, '帮办代办')).toBeUndefined();
});

test('a key that was let in without a connection is named, one that the server saw is not', () => {
  const signedIn = (by: string) => valueOf({ by: '', assurance: [], key: { by } }, '登录方式');
  expect(signedIn('cached')).toBe('离线登录（依据本站已核验的UKey）');
  expect(signedIn('unknown')).toBe('离线登录（UKey尚未经服务器核验）');
  expect(signedIn('server')).toBeUndefined();
});
