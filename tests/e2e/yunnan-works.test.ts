/** 企业管理 and 项目管理 of Yunnan's quality system in an ordinary browser, by the paths of its menus. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { onePixel } from '#tests/support/portal-forms.ts';
import { enterPortal, followMenu } from '#tests/support/portal-pages.ts';
import {
  inPost,
  openQualityOffice,
  otherBuilder,
  people,
  quality,
  station,
  workOf,
} from '#tests/support/quality-office.ts';
import type { QualityOffice } from '#tests/support/quality-office.ts';
import { picture } from '#tests/support/unit-pages.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

let office: QualityOffice;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  await buildConsolePages();
  office = await openQualityOffice();
  browser = await startBrowser();
  await office.push(workOf('P1', { name: '滇池小学' }, [inPost(people.officer, 'safety-officer')]));
  await office.push(workOf('P2', { name: '翠湖小学', unit: otherBuilder.code }));
  const context = await browser.newContext({ viewport: { width: 1366, height: 900 }, locale: 'zh-CN' });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await enterPortal(page, office.server, office.cookie);
  await page.goto(`${office.server.url}/portal/${quality}/home`);
  await page.getByRole('button', { name: '建设单位' }).click();
  await top().first().waitFor();
});
afterAll(async () => {
  await browser?.close();
  await office?.close();
});

const top = () => page.getByRole('navigation', { name: '导航菜单' }).getByRole('button');
const go = (first: string, ...levels: string[]) => followMenu(page, first, ...levels);
const button = (name: string) => page.getByRole('button', { name, exact: true });
async function fill(values: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(values)) {
    const entry = page.locator(`#field-${id}`);
    if ((await entry.evaluate((element) => element.tagName)) === 'SELECT') await entry.selectOption(value);
    else await entry.fill(value);
  }
}
async function attach(slot: string): Promise<void> {
  const place = page.locator(`[data-attachment="${slot}"]`);
  const file = { name: `${slot}.png`, mimeType: 'image/png', buffer: onePixel };
  await place.locator('input[type=file]').setInputFiles(file);
  await place.locator('[data-file]').waitFor();
}
const stored = () => page.getByText('唯一标识码').waitFor();
const workRow = (id: string) => page.locator(`tr[data-work="${id}"]`);
const toWorks = () => go('项目管理', '在建', '工程报监');

describe('企业管理', () => {
  test('YNQ-012 YNQ-013 YNQ-014 企业管理 → 基本信息 → 企业基本信息管理 → 企业基本信息, where 保存 completes a change', async () => {
    expect(await top().allInnerTexts()).toEqual(['企业管理', '项目管理']);
    await go('企业管理', '基本信息', '企业基本信息管理', '企业基本信息');
    await page.getByRole('heading', { name: '企业基本信息' }).waitFor();
    await fill({
      ...{ legalRepresentative: '王建国', address: '昆明市五华区人民中路1号' },
      ...{ contactName: '李联系', contactPhone: '13800138000' },
    });
    await picture(page, 'quality-basic-info');
    await button('保存').click();
    await stored();
    await button('变更').click();
    await page.locator('#field-contactName:enabled').fill('赵新来');
    await button('保存').click();
    await stored();
    await page.reload();
    await stored();
    expect(await page.locator('#field-contactName').inputValue()).toBe('赵新来');
  });
});

describe('工程报监', () => {
  test('YNQ-063 YNQ-064 YNQ-070 项目管理 → 在建 → 工程报监 lists the own unit’s works, as 工改系统 sent them, and finds one', async () => {
    await toWorks();
    await workRow('P1').waitFor();
    expect(await workRow('P1').innerText()).toContain(station.department);
    expect(await page.locator('tr[data-work]').count()).toBe(1);
    await picture(page, 'quality-works');
    await page.getByRole('searchbox').fill('没有的工程');
    await button('查询').click();
    await page.getByText('没有找到符合条件的工程').waitFor();
    await page.getByRole('searchbox').fill('ht-p1');
    await button('查询').click();
    await workRow('P1').waitFor();
  });

  const begin = async (title: string): Promise<void> => {
    await toWorks();
    await workRow('P1').getByRole('button', { name: title, exact: true }).click();
    await page.locator('#field-work').waitFor();
    expect(await page.locator('#field-work').inputValue()).toBe('P1');
    expect(await page.locator('#field-workName').isEnabled()).toBe(false);
  };
  /** The history of the work tells what came of it, and leads to the record. */
  async function inHistory(...texts: string[]): Promise<void> {
    await stored();
    await expect
      .poll(
        async () => {
          await page.goto(`${office.server.url}/portal/${quality}/home/pages/works/P1`);
          await page.locator('[data-change]').first().waitFor();
          return page.locator('.work').innerText();
        },
        { timeout: 15_000 },
      )
      .toContain(texts[0]);
    const told = await page.locator('.work').innerText();
    for (const text of texts) expect(told).toContain(text);
    await page.locator('[data-change=record]').first().getByRole('link', { name: '查看记录' }).click();
    await stored();
  }

  test('YNQ-065 补录施工许可证 on the row of the work, with its paper, leaves a record', async () => {
    await begin('补录施工许可证');
    await fill({ permitNumber: '530120260009', permitDate: '2026-05-01' });
    await attach('permit');
    await button('提交').click();
    await inHistory('施工许可证编号：（空） → 530120260009', '2026-05-01');
  });
  test('YNQ-066 变更工程信息 on the row begins as what stands and leaves a record', async () => {
    await begin('变更工程信息');
    expect(await page.locator('#field-address').inputValue()).toBe('昆明市五华区');
    await fill({ name: '滇池第一小学', reason: '更名' });
    await button('提交').click();
    await inHistory('工程名称：滇池小学 → 滇池第一小学');
  });
  test('YNQ-067 变更工程人员 on the row refuses who is there already, and leaves a record of who comes', async () => {
    await begin('变更工程人员');
    const { officer, next } = people;
    await fill({
      post: 'technical-director',
      personName: officer.name,
      person: officer.idNumber,
      reason: '增补',
    });
    await button('提交').click();
    await page.getByText('该人员已在本工程任职，不能重复填报').waitFor();
    await fill({ personName: next.name, person: next.idNumber });
    await button('提交').click();
    await inHistory('项目技术负责人：（空） → ', next.name);
    expect(await page.content()).not.toContain(officer.idNumber);
  });
  test('YNQ-068 变更参建单位 on the row leaves a record', async () => {
    await begin('变更参建单位');
    await fill({ unitRole: 'supervision', unitName: otherBuilder.name, unitCode: otherBuilder.code });
    await fill({ reason: '新聘' });
    await button('提交').click();
    await inHistory(`监理单位：（空） → ${otherBuilder.name}`);
  });
});

describe('竣工验收备案', () => {
  const list = () => go('项目管理', '在建', '验收管理', '竣工验收备案');
  const row = () => page.locator('tbody tr', { hasText: '滇池第一小学' });

  test('YNQ-069 YNQ-071 YNQ-073 YNQ-074 YNQ-075 YNQ-076 添加 chooses the work, 确定 opens fields and papers, 暂存 goes back to the list', async () => {
    await list();
    await button('添加').click();
    const dialog = page.getByRole('dialog', { name: '选择工程' });
    await dialog.locator('[data-work]').first().waitFor();
    expect(await dialog.locator('[data-work]').count()).toBe(1);
    await dialog.getByRole('button', { name: '确定' }).click();
    await dialog.getByText('请选择一个工程').waitFor();
    await dialog.getByLabel('滇池第一小学').check();
    await picture(page, 'quality-choose-work');
    await dialog.getByRole('button', { name: '确定' }).click();
    await page.locator('#field-acceptedOn').waitFor();
    expect(await page.locator('#field-permitNumber').inputValue()).toBe('530120260009');
    await fill({ startedOn: '2025-01-01', acceptedOn: '2026-10-01', conclusion: '合格' });
    await fill({ contactName: '李联系', contactPhone: '13800138000' });
    await attach('report');
    await picture(page, 'quality-completion');
    await button('暂存').click();
    await row().getByText('草稿').waitFor();
  });

  test('YNQ-072 YNQ-077 YNQ-078 上报 reaches the bodies of the work, and one approval closes it: 业务办结', async () => {
    await list();
    // a paper is missing: the page shows which
    await row().getByRole('button', { name: '上报' }).click();
    await page.locator('[data-attachment="filing-form"]').waitFor();
    await attach('filing-form');
    await button('上报').click();
    await stored();
    await list();
    await row().getByText('监督机构或主管部门审核').waitFor();
    const [record] = await office.units.db
      .selectFrom('record')
      .select('id')
      .where('kind', '=', 'completion-filing')
      .where('state', '=', 'stored')
      .execute();
    const id = await office.caseFor(station, record?.id ?? '');
    const decided = await office.desk(station, 'POST', `/api/cases/${id}/decisions`, {
      ...{ step: 'review', decision: 'approve', opinion: '' },
    });
    expect(decided.status).toBe(200);
    await page.reload();
    await row().getByText('业务办结').waitFor();
    await picture(page, 'quality-closed');
    await toWorks();
    expect(await workRow('P1').innerText()).toContain('已竣工');
  });
});
