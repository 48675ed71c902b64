/** 业绩信息录入规范化逻辑校验: the papers and the form of one achievement that contradict each other in everything that is compared. */
import { expect } from 'vitest';
import type { Values } from '#domain/primitives.ts';
import { button, texts } from '#tests/support/counter-walk.ts';
import * as drawn from '#tests/support/documents.ts';
import { createPaperWork } from '#tests/support/paper-work.ts';
import { test } from '#tests/support/row-test.ts';

const sectionName = '浑南新区学校扩建工程一标段';
const award = { ...drawn.demoAward, sectionName, tenderer: '沈阳浑南城市建设投资有限公司' };
const contract = {
  ...drawn.demoContract,
  sectionName: '浑南新区学校扩建工程二标段',
  signedOn: '2024年03月02日',
};
const completion = {
  ...drawn.demoCompletion,
  ...{ sectionName, owner: award.tenderer },
  startedOn: '2025年11月20日',
};
const form: Values = {
  sectionName,
  achievementType: 'b',
  projectRegion: '辽宁省沈阳市',
  fundSource: 'state',
  projectCategory: 'building',
  speciality: '建筑工程',
  sectionNumber: 'LNSY2024-SG-7777-01',
  constructionNature: 'extension',
};
/** As they stand in the dialog, each with what of it must be told. Another amount or contractor makes its paper red before. */
const rules: [title: string, ...findings: RegExp[]][] = [
  ['标段名称一致', /^合同的.*二标段.*不一致$/],
  ['标段编号一致', /^中标通知书的标段编号.*与填写的标段编号“LNSY2024-SG-7777-01”不一致$/],
  ['中标金额与合同金额一致'],
  ['中标人、承包人与施工单位一致'],
  ['招标人、发包人与建设单位一致', /^合同的.*沈阳蒲河建设投资有限公司.*与中标通知书的.*不一致$/],
  ['中标、签订合同、竣工验收的日期依次在后', /^合同的.*早于中标通知书的/],
  ['开工日期不晚于竣工验收日期', /^（竣工）验收报告的.*早于（竣工）验收报告的开工日期/],
];

test.concurrent(
  'LNC-163 section, number, units and dates that contradict each other are each found after 提交, and the station takes nothing of it',
  async ({ page, whole, applicant, expect: expectHere }) => {
    const { create, fillForm, bring } = createPaperWork(() => whole, applicant);
    const { id } = await create('achievement', { achievementCategory: 'construction' });
    await fillForm(id, form);
    const papers = [
      await bring(id, 'construction-contract', await drawn.drawConstructionContract(contract), {
        hasChanged: 'no',
      }),
      await bring(id, 'award-notice', [await drawn.drawAwardNotice(award)]),
      await bring(id, 'completion-report', [await drawn.drawCompletionReport(completion)]),
    ];
    // each for itself is right
    for (const paper of papers)
      expectHere(paper?.fields.filter(({ light }) => light === 'red').map(({ field }) => field)).toEqual([]);

    await page.goto(`${whole.agent.url}#/record/${id}`);
    await button(page, '提交').click();
    const dialog = page.getByRole('dialog', { name: '业绩信息录入规范化逻辑校验' });
    const shown = dialog.locator('ul.rules > li');
    await shown.first().waitFor();
    expectHere(await texts(shown.locator('.rule .grow'))).toEqual(rules.map(([title]) => title));
    for (const [at, [title, ...findings]] of rules.entries())
      expectHere([title, ...(await texts(shown.nth(at).locator('.finding .grow')))]).toEqual([
        title,
        ...findings.map((finding) => expect.stringMatching(finding) as unknown),
      ]);
    expectHere(await button(dialog, '继续提交').isDisabled()).toBe(true);
    await expectHere(applicant.submit(id)).rejects.toMatchObject({ code: 'RECORD_INCONSISTENT' });
    expectHere((await applicant.record(id)).state).not.toBe('submitted');
  },
);
