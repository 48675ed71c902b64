/**
 * 锁定/解锁 in a browser: a contractor asks for an unlock and for a change of persons, from the menu to what the bodies decided.
 * What a test does not look at itself it has from the routes, with persons and works of its own.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterPortal, followMenu } from '#tests/support/portal-pages.ts';
import { openQualityPages } from '#tests/support/quality-pages.ts';
import type { QualityPages } from '#tests/support/quality-pages.ts';
import { contractor } from '#tests/support/quality-portal.ts';
import type { Quality } from '#tests/support/quality-portal.ts';
import { picture } from '#tests/support/unit-pages.ts';

let pages: QualityPages;
let quality: Quality;
let page: Page;
beforeAll(async () => {
  pages = await openQualityPages();
  ({ quality, page } = pages);
}, 180_000);
afterAll(() => pages?.close());

describe('人员解锁申请', () => {
  test('YNQ-026 人员管理 → 锁定/解锁 → 人员解锁申请 opens the list', async () => {
    await pages.at('');
    await followMenu(page, '人员管理', '锁定/解锁', '人员解锁申请');
    await page.getByRole('heading', { name: '人员解锁申请', exact: true }).waitFor();
    await page.locator('[data-kind="person-unlock"]').waitFor();
  });

  test('YNQ-023 YNQ-027 添加 opens a dialog of the locked persons of the own unit, each with post and work', async () => {
    const [locked, free] = [await pages.atWork('李解锁'), await pages.successor('王自由')];
    await pages.openList('person-unlock');
    expect(await pages.button('添加').count()).toBe(1);
    await pages.button('添加').click();
    await pages.candidate(locked).waitFor();
    for (const text of ['项目经理', locked.workName])
      expect(await pages.candidate(locked).innerText()).toContain(text);
    expect(await pages.candidate(free).count()).toBe(0);
    await picture(page, 'quality-choose-locked');
  });

  test('YNQ-028 a person and 确定 in the dialog open the page of the application, and nobody chosen does not', async () => {
    const locked = await pages.atWork('李确定');
    await pages.openList('person-unlock');
    await pages.button('添加').click();
    await pages.candidate(locked).waitFor();
    const accept = pages.dialog().getByRole('button', { name: '确定', exact: true });
    expect(await accept.count()).toBe(1);
    await accept.click();
    await pages.dialog().getByText('请先选择一名人员').waitFor();
    await pages.candidate(locked).locator('input').check();
    await accept.click();
    await page.waitForURL(/\/drafts\//);
    await page.locator('#field-personName').waitFor();
    expect(await pages.fieldOf('personName')).toBe(locked.name);
    expect(await pages.fieldOf('person')).toBe(locked.id);
  });

  test('YNQ-024 YNQ-029 the page shows who is locked in what, and takes 建设工程项目人员解锁申请表, without which it is not reported', async () => {
    const locked = await pages.atWork('李填写');
    const id = await pages.begun('person-unlock', locked);
    await pages.openDraft(id);
    expect(await pages.labels()).toEqual([
      ...['申请单位', '锁定人员姓名', '锁定人员身份证号', '锁定岗位', '锁定工程', '解锁原因'],
    ]);
    expect(await pages.fieldOf('applicant')).toBe(contractor.name);
    expect(await pages.fieldOf('person')).toBe(locked.id);
    expect(await page.locator('#field-post option:checked').innerText()).toBe('项目经理');
    expect(await pages.fieldOf('workName')).toBe(locked.workName);
    await page.locator('#field-reason').fill('工程已完工');
    expect(await page.locator('[data-attachment]').allInnerTexts()).toEqual([
      expect.stringContaining('建设工程项目人员解锁申请表'),
    ]);
    await pages.button('上报').click();
    await page.locator('[data-attachment="application"] [role=alert]').waitFor();
    await picture(page, 'quality-unlock');
    await pages.attach();
    await pages.button('上报').click();
    await page.waitForURL(/\/records\//);
    await page.getByText('建设工程项目人员解锁申请表').waitFor();
  });

  test('YNQ-030 确定 keeps the application and goes back to the list', async () => {
    const id = await pages.begun('person-unlock', await pages.atWork('李保存'));
    await pages.openDraft(id);
    await page.locator('#field-reason').fill('工程已完工');
    expect(await pages.button('确定').count()).toBe(1);
    await pages.button('确定').click();
    await page.waitForURL(/\/sections\/person-unlock/);
    await pages.rowOf(id).getByText('草稿').waitFor();
    expect(await pages.draftAt(id)).toMatchObject({ form: { reason: '工程已完工' } });
  });

  test('YNQ-031 上报 under 操作 reports it, and the first approval is 业务办结', async () => {
    const locked = await pages.atWork('李上报');
    const record = await quality.unlockOf('contractor', locked);
    await pages.reportInList('person-unlock', record);
    await quality.decide('authority', record, 'approve');
    await page.reload();
    await pages.rowOf(record).getByText('业务办结').waitFor();
    expect(await quality.shownLocks('contractor', locked)).toEqual([]);
  });

  test('YNQ-084 the list has its columns and the state of each, 添加 above and 上报 under 操作', async () => {
    const [one, other] = [await pages.atWork('李列表'), await pages.atWork('李列表二')];
    const [draft, reported] = [
      await quality.unlockOf('contractor', one),
      await quality.unlockOf('contractor', other),
    ];
    await quality.report('contractor', reported);
    await quality.caseOf('supervisor', reported);
    await pages.openList('person-unlock');
    await pages.rowOf(draft).waitFor();
    expect(await pages.heads('[data-kind="person-unlock"]')).toEqual([
      ...['序号', '锁定人员姓名', '锁定岗位', '锁定工程', '解锁原因', '申请单位', '上报时间', '状态', '操作'],
    ]);
    const cells = async (record: string) => pages.rowOf(record).locator('td').allInnerTexts();
    const [, ...known] = await cells(draft);
    expect(known.slice(0, 5)).toEqual([
      ...[one.name, '项目经理', one.workName, '工程已完工', contractor.name],
    ]);
    expect((await cells(draft))[7]).toBe('草稿');
    expect((await cells(reported)).slice(6, 8)).toEqual([
      ...[expect.stringMatching(/^\d{4}-\d{2}-\d{2}/) as unknown, '监督机构或主管部门审核'],
    ]);
    expect(await pages.button('添加').count()).toBe(1);
    expect(await pages.inRow(draft, '上报').count()).toBe(1);
    expect(await pages.inRow(reported, '上报').count()).toBe(0);
    await picture(page, 'quality-unlocks');
  });
});

describe('项目主要管理人员变更', () => {
  test('YNQ-037 人员管理 → 锁定/解锁 → 项目主要管理人员变更 opens the list', async () => {
    await pages.at('');
    await followMenu(page, '人员管理', '锁定/解锁', '项目主要管理人员变更');
    await page.getByRole('heading', { name: '项目主要管理人员变更', exact: true }).waitFor();
    await page.locator('[data-kind="manager-change"]').waitFor();
  });

  test('YNQ-034 YNQ-038 添加 asks which of the own managers and officers is changed, and 确定 opens the page', async () => {
    const [before, officer] = [await pages.atWork('陈变更'), await pages.atWork('陈安全', 'safety-officer')];
    const [other, free] = [
      await pages.atWork('陈技术', 'technical-director'),
      await pages.successor('陈自由'),
    ];
    await pages.openList('manager-change');
    expect(await pages.button('添加').count()).toBe(1);
    await pages.button('添加').click();
    await pages.candidate(before).waitFor();
    for (const [one, post] of [
      [before, '项目经理'],
      [officer, '安全员'],
    ] as const)
      for (const text of [post, one.workName]) expect(await pages.candidate(one).innerText()).toContain(text);
    for (const one of [other, free]) expect(await pages.candidate(one).count()).toBe(0);
    await pages.candidate(officer).locator('input').check();
    expect(await pages.dialog().getByRole('button', { name: '确定', exact: true }).count()).toBe(1);
    await pages.dialog().getByRole('button', { name: '确定', exact: true }).click();
    await page.waitForURL(/\/drafts\//);
    await page.locator('#field-personName').waitFor();
    expect(await pages.fieldOf('personName')).toBe(officer.name);
    expect(await page.locator('#field-post option:checked').innerText()).toBe('安全员');
  });

  test('YNQ-039 the page has the fields of the change, the choice of the new person, and attachments', async () => {
    const [before, after] = [await pages.atWork('陈填写'), await pages.successor()];
    const id = await pages.begun('manager-change', before);
    await pages.openDraft(id);
    expect(await pages.labels()).toEqual([
      ...['申请单位', '工程名称', '工程编号', '变更类型', '变更前人员', '变更前人员身份证号'],
      ...['变更后人员', '变更后人员身份证号', '变更原因'],
    ]);
    expect(await pages.button('选择变更后人员').count()).toBe(1);
    await pages.button('选择变更后人员').click();
    await pages.candidate(after).locator('input').check();
    await pages.dialog().getByRole('button', { name: '确定', exact: true }).click();
    await pages.dialog().waitFor({ state: 'detached' });
    expect(await pages.fieldOf('workName')).toBe(before.workName);
    expect([await pages.fieldOf('personName'), await pages.fieldOf('person')]).toEqual([
      before.name,
      before.id,
    ]);
    expect([await pages.fieldOf('newPersonName'), await pages.fieldOf('newPerson')]).toEqual([
      after.name,
      after.id,
    ]);
    expect(await page.locator('[data-attachment]').allInnerTexts()).toEqual([
      ...[
        expect.stringContaining('项目主要管理人员变更申请表') as unknown,
        expect.stringContaining('其他附件') as unknown,
      ],
    ]);
    await pages.attach();
    await pages.attach('others');
    await picture(page, 'quality-change');
  });

  test('YNQ-040 暂存 keeps what was entered, and leads to the list', async () => {
    const id = await pages.begun('manager-change', await pages.atWork('陈暂存'));
    await pages.openDraft(id);
    await page.locator('#field-reason').fill('岗位调整');
    expect(await pages.button('暂存').count()).toBe(1);
    await pages.button('暂存').click();
    await page.waitForURL(/\/sections\/manager-change/);
    await pages.rowOf(id).getByText('草稿').waitFor();
    expect(await pages.draftAt(id)).toMatchObject({ form: { reason: '岗位调整' } });
  });

  test('YNQ-057 YNQ-058 the log has its columns, says 暂无数据 while it is empty, and then who did what with which words', async () => {
    const columns = ['序号', '操作时间', '操作人', '操作', '意见'];
    const { record } = await pages.filled('陈日志');
    await pages.openDraft(record);
    await page.locator('[data-part="log"]').waitFor();
    expect(await pages.heads('[data-part="log"]')).toEqual(columns);
    expect(await page.locator('[data-part="log"] tbody').innerText()).toBe('暂无数据');
    await quality.report('contractor', record);
    await quality.decide('supervisor', record, 'approve', '同意变更');
    await pages.at(`/records/${record}`);
    const entries = page.locator('[data-part="log"] tr[data-entry]');
    await entries.nth(1).waitFor();
    expect(await pages.heads('[data-part="log"]')).toEqual(columns);
    const time = expect.stringMatching(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}/) as unknown;
    expect(await entries.nth(0).locator('td').allInnerTexts()).toEqual([
      ...['1', time, contractor.name, '上报', ''],
    ]);
    expect(await entries.nth(1).locator('td').allInnerTexts()).toEqual([
      ...['2', time, '昆明市质量监督站经办', '审核通过', '同意变更'],
    ]);
    await picture(page, 'quality-log');
  });

  test('YNQ-061 YNQ-062 the list has the columns of the manual, and 上报 under 操作 while a row is not reported', async () => {
    const [draft, other] = [await pages.filled('陈列表'), await pages.filled('陈列表二')];
    await quality.report('contractor', other.record);
    await quality.caseOf('supervisor', other.record);
    await pages.openList('manager-change');
    await pages.rowOf(draft.record).waitFor();
    expect(await pages.heads('[data-kind="manager-change"]')).toEqual([
      ...['序号', '工程名称', '变更类型', '变更前人员', '变更后人员'],
      ...['变更原因', '申请单位', '上报时间', '状态', '操作'],
    ]);
    const cells = await pages.rowOf(draft.record).locator('td').allInnerTexts();
    expect(cells.slice(1, 7)).toEqual([
      ...[draft.before.workName, '项目经理', draft.before.name, draft.after.name, '岗位调整'],
      contractor.name,
    ]);
    expect(cells[8]).toBe('草稿');
    const reported = await pages.rowOf(other.record).locator('td').allInnerTexts();
    expect(reported[7]).toMatch(/^\d{4}-\d{2}-\d{2}/);
    expect(reported[8]).toBe('监督机构或主管部门审核');
    expect(await pages.inRow(draft.record, '上报').count()).toBe(1);
    expect(await pages.inRow(other.record, '上报').count()).toBe(0);
    await picture(page, 'quality-changes');
  });

  test('YNQ-059 YNQ-060 上报 under 操作 reports it to both bodies, and the first approval closes it', async () => {
    const { record } = await pages.filled('陈上报');
    await pages.reportInList('manager-change', record);
    await quality.decide('supervisor', record, 'approve', '同意变更');
    await page.reload();
    await pages.rowOf(record).getByText('业务办结').waitFor();
  });
});

test('what a body gives back shows its opinion, is mended in the form with all that was entered, and the body sees what is otherwise', async () => {
  const one = await pages.atWork('秦退回');
  const record = await quality.unlockOf('contractor', one);
  await quality.report('contractor', record);
  const { id: caseId } = await quality.caseOf('supervisor', record);
  await quality.decideCase('supervisor', caseId, 'return', '申请表未盖章');
  await pages.openList('person-unlock');
  await pages.rowOf(record).getByText('已退回').waitFor();
  await pages.rowOf(record).getByRole('link', { name: '查看' }).click();
  const told = page.locator('[data-test="returned"]');
  await told.getByText('退回意见：申请表未盖章').waitFor();
  await pages.button('修改并重新上报').click();
  await page.waitForURL(/\/drafts\//);
  await told.getByText('申请表未盖章').waitFor();
  expect(await pages.fieldOf('workName')).toBe(one.workName);
  await page.locator('[data-attachment="application"] [data-file]').waitFor();
  await page.locator('#field-reason').fill('工程已完工，申请表已补盖公章');
  await pages.button('上报').click();
  await page.waitForURL(new RegExp(`/records/${record}$`));
  const versions = page.locator('[data-part="versions"] [data-version]');
  await versions.nth(1).waitFor();
  await versions.nth(1).getByRole('link', { name: '查看' }).click();
  await page.getByText('这是退回前提交的内容，只能查看').waitFor();
  expect(await pages.fieldOf('reason')).toBe('工程已完工');

  const desk = await pages.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
  const seen = await desk.newPage();
  await enterPortal(seen, quality.server, quality.desks.supervisor);
  await seen.goto(`${quality.server.url}/cases/${caseId}`);
  const change = seen.locator('[data-test="correction"] [data-change]', { hasText: '解锁原因' });
  await change.getByText('工程已完工，申请表已补盖公章').waitFor();
  await desk.close();
});
