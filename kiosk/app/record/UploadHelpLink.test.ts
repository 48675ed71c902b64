import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { journeyOf } from '#domain/catalogue/record-kind.ts';
import { recordKindSchema } from '#domain/catalogue/schema.ts';
import StepBar from '../material/StepBar.vue';
import UploadHelpLink from './UploadHelpLink.vue';

const kindWith = (materials: object[]) =>
  recordKindSchema.parse({ id: 'kind', title: '信息', cardinality: 'many', workflow: 'review', materials });
const withPaper = kindWith([{ id: 'certificate', title: '证书', documentType: 'qualification' }]);
const withoutPaper = kindWith([]);

test('a kind without paper offers no chart of how papers are taken', () => {
  expect(
    mount(UploadHelpLink, { props: { kind: withoutPaper } })
      .find('button')
      .exists(),
  ).toBe(false);
  expect(
    mount(UploadHelpLink, { props: { kind: withPaper } })
      .find('button')
      .exists(),
  ).toBe(true);
});

test('the bar shows the steps of the kind alone, what is done, and the one to do now', () => {
  const stepsOf = (kind: typeof withPaper, step?: 'check') => {
    const bar = mount(StepBar, { props: { journey: journeyOf(kind), step } });
    return bar.findAll('li').map((item) => [item.text().replace(/^\d/u, '').trim(), ...item.classes()]);
  };
  expect(stepsOf(withPaper, 'check').map(([name]) => name)).toEqual([
    ...['上传', '识别', '确认', '标记', '签章', '保存', '提交'],
  ]);
  const unsealed = { ...withPaper, needs: { seal: 'record' } } as typeof withPaper;
  expect(stepsOf(unsealed, 'check')).toEqual([
    ...['上传', '识别', '确认', '标记'].map((name) => [name, 'done']),
    ['保存', 'now'],
    ['提交'],
  ]);
  expect(stepsOf(withoutPaper)).toEqual([['提交', 'done']]);
});
