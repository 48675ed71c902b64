/** What may become of a stored record: 推送, 补充完善 of a yellow one, 新增 beside a green one, and what stays for ever. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  bring,
  button,
  checked,
  confirm,
  heads,
  open,
  sealAndConfirm,
  submit,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { demoLicence, drawLabelledPaper } from '#tests/support/documents.ts';
import type { LabelledPaper } from '#tests/support/documents.ts';
import { test } from '#tests/support/row-test.ts';
import { eventually } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const authority = '辽宁省建筑业协会';
const credit = (number: string): LabelledPaper => ({
  title: '企业信用等级证书',
  authority,
  lines: [
    ['企业名称', demoLicence.companyName],
    ['信用等级', 'AAA级'],
    ['证书编号', number],
    ['评价机构', authority],
  ],
});
/** One that no try before had: the list shows it. */
let last = 100;
const freshNumber = (): string => `XY20250618${(last += 1)}`;
const water = { id: 'water-tendering', name: '辽宁省水利工程招标投标领域' };
const transport = { id: 'transport-tendering', name: '辽宁省交通工程招标投标领域' };

async function addCredit(page: Page): Promise<void> {
  await open(page, '企业认证荣誉', '企业信用');
  await button(page, '增加企业信用').click();
}
const recordId = (page: Page): string => /record\/([^/]+)/.exec(page.url())?.[1] ?? '';
const recordOf = (whole: WholeStation, id: string) => whole.station.call('record', { params: { id } });

/** 推送 to one of the fields that the dialog offers; 推送记录 then shows it. */
async function push(page: Page, field: string): Promise<void> {
  await button(page, '推送').click();
  const dialog = page.getByRole('dialog', { name: '选择推送领域' });
  expect(await button(dialog, '推送').isDisabled()).toBe(true);
  await dialog.getByText(field, { exact: true }).click();
  await button(dialog, '推送').click();
  await page.locator('[data-state=under-review]').waitFor();
  expect(
    (
      await texts(
        page
          .locator('tbody tr', { has: page.locator('[data-state]') })
          .last()
          .locator('td'),
      )
    )[2],
  ).toBe(field);
}
async function decide(whole: WholeStation, id: string, decision: 'approve' | 'refuse', opinion: string) {
  const desk = await signInAtDesk(whole.serverUrl());
  const detail = await eventually('its case is open', () => desk.caseOf(id).catch(() => undefined));
  await desk.decide(detail, decision, opinion);
  return eventually('the decision is back', async () => {
    const { pushes } = await recordOf(whole, id);
    return pushes[0]?.state === 'under-review' ? undefined : pushes[0];
  });
}

test.concurrent(
  'LNC-060 LNC-185 LNC-195 LNC-197 LNC-198 LNC-200 LNC-208 yellow: pushed and refused, it is changed by 补充完善 in all but its key fields, submitted again, and the old one stays',
  async ({ page, whole }) => {
    const number = freshNumber();
    await addCredit(page);
    await upload(page, await drawLabelledPaper(credit(number)));
    // a double click on what was read changes it
    const reading = page.locator('.reading[data-field=evaluator]');
    await reading.dblclick();
    await reading.locator('input').fill('吉林省建筑业协会');
    await button(reading, '完成').click();
    await reading.getByText('已修改').waitFor();
    await button(page, '确认信息').click();
    await page.locator('.halves.fixed').waitFor();
    expect(await page.locator('.form #field-evaluator').inputValue()).toBe('吉林省建筑业协会');
    await sealAndConfirm(page);
    expect(await checked(page)).toBe('yellow');
    await submit(page);
    const first = recordId(page);
    const acts = page.locator('.acts');
    expect(await button(acts, '新增').count()).toBe(0);
    await push(page, water.name);
    expect((await recordOf(whole, first)).pushes.map(({ field }) => field)).toEqual([water.id]);
    await decide(whole, first, 'refuse', '评价机构与证书不一致');
    await page.locator('[data-state=refused]').waitFor();

    await acts.getByText('黄灯信息可补充完善，关键实质性信息除外').waitFor();
    await button(acts, '补充完善').click();
    await page.locator('.halves.fixed').waitFor();
    await upload(page, await drawLabelledPaper(credit(number)));
    await confirm(page);
    await page.getByRole('radio', { name: '人工模式' }).click();
    await page.locator('.form #field-evaluator:enabled').waitFor();
    for (const key of ['companyName', 'creditGrade', 'certificateNumber']) {
      expect(await page.locator(`.form #field-${key}`).isDisabled()).toBe(true);
      await page.locator(`.form [data-field=${key}]`).getByText('补充完善时不能更改关键实质性信息').waitFor();
    }
    expect(await page.locator('.form #field-evaluator').inputValue()).toBe(authority);
    // nothing of it counts before 提交 is pressed again
    const second = recordId(page);
    expect(second).not.toBe(first);
    expect(await recordOf(whole, second)).toMatchObject({ state: 'draft', supersedes: first });
    expect((await recordOf(whole, first)).state).toBe('stored');
    await sealAndConfirm(page);
    expect(await checked(page)).toBe('green');
    await submit(page);
    await eventually('the old one is superseded', async () =>
      (await recordOf(whole, first)).state === 'superseded' ? true : undefined,
    );
    await open(page, '企业认证荣誉', '企业信用');
    const past = page.locator('tr.past', { hasText: number });
    await past.getByRole('link', { name: '查看' }).click();
    await page.getByRole('tab', { name: '操作记录' }).click();
    await page.getByRole('cell', { name: '提交入库', exact: true }).waitFor();
    expect(await page.locator('.form #field-evaluator').inputValue()).toBe('吉林省建筑业协会');
    expect(await button(page, '补充完善').count()).toBe(0);
  },
);

test.concurrent(
  'LNC-165 LNC-186 LNC-187 LNC-197 LNC-205 LNC-206 LNC-207 LNC-209 green: pushed and approved, it is not changed in place but added anew by 新增',
  async ({ page, whole }) => {
    const number = freshNumber();
    await addCredit(page);
    await bring(page, await drawLabelledPaper(credit(number)));
    expect(await checked(page)).toBe('green');
    await submit(page);
    const id = recordId(page);
    const acts = page.locator('.acts');
    await acts.getByText('绿灯信息不能直接修改，请重新“新增”录入').waitFor();
    await push(page, transport.name);
    // and so is whatever else the programme takes
    const { programmes } = await whole.station.call('catalogue');
    const kinds = programmes.find(({ id: own }) => own === 'liaoning-subject-library')?.recordKinds ?? [];
    const kept = kinds.filter(({ pushable }) => !pushable).map(({ id: own }) => own);
    expect([kinds.length > 20, kept]).toEqual([true, []]);
    await decide(whole, id, 'approve', '准予通过');
    const row = page.locator('tbody tr', { has: page.locator('[data-state=approved]') });
    await row.waitFor();
    expect(await heads(page.locator('table', { has: row }))).toEqual([
      '序号',
      '推送时间',
      '推送领域',
      '状态',
      '审核时间',
      '审核意见',
    ]);
    const cells = await texts(row.locator('td'));
    const time = /^\d{4}年?[-/]?\d{1,2}.*\d{1,2}:\d{2}/;
    expect(cells).toEqual([
      '1',
      expect.stringMatching(time),
      transport.name,
      '审核通过',
      expect.stringMatching(time),
      '准予通过',
    ]);

    await page.getByRole('tab', { name: '操作记录' }).click();
    const submitted = page.locator('tbody tr', { hasText: '提交入库' });
    await submitted.waitFor();
    const log = page.locator('table', { has: submitted });
    expect(await heads(log)).toEqual(['序号', '操作人', '操作时间', '操作事项']);
    const operation = await texts(submitted.locator('td'));
    expect(operation).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/./),
      expect.stringMatching(time),
      '提交入库',
    ]);
    await log.locator('tr', { hasText: '信息推送' }).waitFor();

    expect(await button(acts, '补充完善').count()).toBe(0);
    expect(await page.locator('.form input:enabled, .form textarea:enabled').count()).toBe(0);
    const { revision } = await recordOf(whole, id);
    const body = { revision, values: { evaluator: '他处协会' } };
    await expect(
      whole.station.call('editValues', { params: { id, slot: 'certificate' }, body }),
    ).rejects.toMatchObject({ code: 'RECORD_NOT_EDITABLE' });
    await button(acts, '关闭').click();
    const own = page.locator('tbody tr', { hasText: number });
    await own.getByRole('link', { name: '查看' }).click();
    await button(acts, '新增').click();
    await page.locator('.halves.fixed').waitFor();
    expect(recordId(page)).not.toBe(id);
    expect(await page.locator('.form #field-certificateNumber').inputValue()).toBe('');
    await page.getByText('还没有上传电子文件').waitFor();
    expect((await recordOf(whole, id)).state).toBe('stored');
  },
);
