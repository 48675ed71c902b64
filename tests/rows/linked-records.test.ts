/** What stands in a person's file by itself: achievements and awards, once the person and they are approved. */
import { expect } from 'vitest';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import {
  answer,
  button,
  checked,
  confirm,
  heads,
  open,
  row,
  sealAndConfirm,
  submit,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import * as drawn from '#tests/support/documents.ts';
import { createPaperWork } from '#tests/support/paper-work.ts';
import { test } from '#tests/support/row-test.ts';
import { eventually } from '#tests/support/whole-station.ts';

const manager = '王建国';
/** One that no try before had. */
const sections = ['一', '二', '三'].map((number) => `沈北新区蒲河新城安置房二期工程施工${number}标段`);
const form: Values = {
  achievementType: 'a',
  projectRegion: '辽宁省沈阳市',
  fundSource: 'state',
  projectCategory: 'building',
  speciality: '建筑工程',
  sectionNumber: 'LNSY2024-SG-9999-01',
  constructionNature: 'new',
};

test('LNC-094 LNC-095 LNC-096 LNC-097 LNC-116 LNC-117 LNC-118 LNC-128 LNC-132 LNC-146 LNC-163 LNC-164 an achievement is held against itself before it goes, an award needs it, and both stand in the file of its 项目经理 once all are approved', async ({
  page,
  whole,
  applicant,
}) => {
  const sectionName = sections.shift() ?? '';
  const award = { ...drawn.demoAward, sectionName, projectManager: manager };
  const contract = { ...drawn.demoContract, sectionName, projectManager: manager };
  const completion = { ...drawn.demoCompletion, sectionName };
  const { create, fillForm, bring, sealAndCheck, stored } = createPaperWork(() => whole, applicant);
  const failure = (work: Promise<unknown>): Promise<{ code?: string; message?: string } | undefined> =>
    work.then(
      () => undefined,
      (error: { code?: string; message?: string }) => error,
    );
  const approve = async (record: LudengRecord): Promise<CaseDetail> => {
    await applicant.push(record.id, 'construction-tendering');
    await eventually('the case is open', async () =>
      (await applicant.record(record.id)).pushes[0]?.state === 'under-review' ? true : undefined,
    );
    const desk = await signInAtDesk(whole.serverUrl());
    const decided = await desk.decide(await desk.caseOf(record.id), 'approve', '');
    await eventually('the approval is back', async () =>
      (await applicant.record(record.id)).pushes[0]?.state === 'approved' ? true : undefined,
    );
    return decided;
  };
  const asked = { awardCategory: 'provincial', awardTitle: 'century-cup' };

  // LNC-117: nothing is stored under that section yet
  const early = await failure(create('project-award', { sectionName, ...asked }));
  expect(early?.code).toBe('CHOICE_NOT_STORED');

  const { id } = await create('achievement', { achievementCategory: 'construction' });
  await fillForm(id, { ...form, sectionName });
  // LNC-146: 佐证材料 comes after the sealed 中标通知书
  const { png } = await drawn.drawAwardNotice(award);
  expect(await failure(applicant.upload(id, 'evidence', png))).toMatchObject({ code: 'PAPER_COMES_LATER' });
  await bring(id, 'award-notice', [await drawn.drawAwardNotice(award)]);
  await bring(id, 'construction-contract', await drawn.drawConstructionContract(contract), {
    hasChanged: 'no',
  });
  await bring(id, 'completion-report', [await drawn.drawCompletionReport(completion)]);
  // LNC-128: an A 类 achievement without 佐证材料 is refused, with another it is not
  expect(await failure(applicant.submit(id))).toMatchObject({ code: 'NO_PAGES' });
  await fillForm(id, { ...form, sectionName, achievementType: 'b' });

  // LNC-163: the number of the section is another one on the paper
  const wrong = await failure(applicant.submit(id));
  expect(wrong?.code).toBe('RECORD_INCONSISTENT');
  await page.goto(`${whole.agent.url}#/record/${id}`);
  await button(page, '提交').click();
  const dialog = page.getByRole('dialog', { name: '业绩信息录入规范化逻辑校验' });
  const finding = dialog.locator('.finding', { hasText: '标段编号' });
  await finding.waitFor();
  expect(await dialog.locator('li.wrong').count()).toBe(1);
  expect(await button(dialog, '继续提交').isDisabled()).toBe(true);
  await button(finding, '去修改').click();
  await page.locator('#field-sectionNumber, #field-sectionName').first().waitFor();
  await fillForm(id, {
    ...{ ...form, sectionName },
    ...{ achievementType: 'b', sectionNumber: drawn.demoAward.sectionNumber },
  });
  await page.goto(`${whole.agent.url}#/section/achievements`);
  await page.goto(`${whole.agent.url}#/record/${id}`);
  await button(page, '提交').click();
  await button(dialog, '继续提交').click();
  await page.locator('[data-upload=received]').waitFor({ timeout: 60_000 });
  const achievement = await stored(id);
  // LNC-132
  const line = await texts(row(page, 'award-notice').locator('td'));
  expect.soft(line[2]).toBe(`${achievement.uniqueCode}-01`);
  expect.soft(line[3]).toMatch(/^(一致|不一致)$/);
  expect.soft(line.slice(4)).toEqual(['已签章', '查看']);

  // of two of one name neither is tied: one of an earlier try goes
  for (const { id: earlier, kind, state, released } of await whole.station.call('records'))
    if (kind === 'staff-member' && state === 'stored' && !released)
      await whole.station.call('release', { params: { id: earlier } });
  const person = await create('staff-member');
  await whole.station.finished(
    await whole.station.call('readCard', { params: { id: person.id, slot: 'id-card' } }),
  );
  await fillForm(person.id, { position: '项目经理', phone: '13800138000' });
  await sealAndCheck(person.id, 'id-card');
  await applicant.submit(person.id);
  await stored(person.id);
  // LNC-095: the achievement alone is not enough
  await approve(achievement);
  expect((await applicant.record(person.id)).links).toBeUndefined();
  // the machine approves as well as a department does
  await applicant.push(person.id, 'water-tendering');
  const tied = (record: string) =>
    eventually('the file is told', async () => {
      const links = (await applicant.record(person.id)).links?.records ?? [];
      return links.find((link) => link.id === record);
    });
  expect(await tied(id)).toMatchObject({ kind: 'achievement' });
  expect((await applicant.record(person.id)).pushes).toMatchObject([{ decidedBy: '机器自动校核' }]);

  // LNC-117, LNC-118: the section is chosen from a list now
  await open(page, '企业认证荣誉', '工程获奖');
  await button(page, '增加工程获奖').click();
  const ask = page.getByRole('dialog', { name: '选择奖项类别' });
  for (const field of ['sectionName', 'awardTitle'])
    await ask.locator(`[data-field=${field}] .el-select`).waitFor();
  await ask.locator('[data-field=sectionName]').getByText('请选择').waitFor();
  await answer(page, {
    sectionName,
    awardCategory: '省部级',
    awardTitle: '辽宁省建设工程世纪杯奖',
  });
  await button(page, '上传图片').waitFor();
  const awardId = /record\/([^/]+)/.exec(page.url())?.[1] ?? '';
  const paper = await drawn.drawLabelledPaper({
    title: '优质工程证书',
    lines: [
      ['工程名称', sectionName],
      ['承建单位', drawn.demoLicence.companyName],
      ['奖项名称', '世纪杯优质工程奖'],
      ['颁奖单位', '辽宁省建筑业协会'],
    ],
    authority: '辽宁省建筑业协会',
  });
  await upload(page, paper);
  await confirm(page);
  await sealAndConfirm(page);
  expect(await checked(page)).not.toBe('red');
  await submit(page);
  const stands = await stored(awardId);
  expect((await applicant.record(person.id)).links?.records.map(({ id: own }) => own)).not.toContain(awardId);
  const { case: approval } = await approve(stands);
  expect(await tied(awardId)).toMatchObject({ kind: 'project-award' });

  // LNC-094, LNC-096, LNC-097: seen in the file, and entered nowhere in it
  await page.goto(`${whole.agent.url}#/file/${person.id}/project-award`);
  await page.locator('.tabs a[aria-current=page]', { hasText: '工程获奖' }).waitFor();
  await button(page, '查看')
    .or(page.getByRole('link', { name: '查看' }))
    .first()
    .waitFor();
  expect
    .soft(await heads(page))
    .toEqual([
      ...['序号', '奖项名称', '奖项类别', '获奖名称', '智能核验', '是否签章', '核验方式', '提交时间', '状态'],
      ...['投诉状态', '操作'],
    ]);
  // the newest stands last
  const own = page.locator('tbody tr').last();
  const shown = await texts(own.locator('td'));
  expect.soft(shown[1]).toBe('辽宁省建设工程世纪杯奖');
  expect.soft(shown[5]).toBe('已签章');
  expect.soft(shown[8]).toBe('审核通过');
  expect.soft(await texts(own.locator('.good'))).toContain('审核通过');
  expect.soft(await page.locator('.bar .btn-main').count()).toBe(0);
  // 投诉状态 follows what is said against it
  expect.soft(shown[9]).toBe('—');
  const desk = await signInAtDesk(whole.serverUrl());
  const complaint = await desk.complain(approval.id, '获奖证书与公布名单不符');
  await own.getByRole('cell', { name: '投诉核查中', exact: true }).waitFor();
  await desk.decide(complaint, 'refuse', '经核查与公布名单一致');
  await own.getByRole('cell', { name: '投诉不成立', exact: true }).waitFor();
  await page.locator('.tabs').getByRole('link', { name: '业绩信息', exact: true }).click();
  await page.getByRole('cell', { name: sectionName }).waitFor();
  expect.soft(await page.locator('.bar .btn-main').count()).toBe(0);
}, 180_000);
