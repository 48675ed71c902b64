/** The signing view of a paper with its tools, what must be marked before it, and the page that leads to it. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  answer,
  button,
  check,
  checked,
  confirm,
  open,
  seal,
  sealAndConfirm,
  texts,
  upload,
} from '#tests/support/counter-walk.ts';
import {
  demoManagementSystem,
  demoSafetyLicence,
  drawLabelledPaper,
  drawManagementSystemCertificate,
  drawSafetyProductionLicence,
} from '#tests/support/documents.ts';
import { test } from '#tests/support/row-test.ts';

const note = { title: '辅助材料', lines: [['材料名称', '附页']], authority: '辽宁沈北' } as const;

/** A licence of two pages, read and confirmed. */
async function addLicence(page: Page): Promise<void> {
  await open(page, '经营资质', '安全生产许可证');
  await button(page, '增加安全生产许可证').click();
  await upload(page, await drawSafetyProductionLicence(demoSafetyLicence), await drawLabelledPaper(note));
  // the second page is read after the first is seen
  await button(page, '确认信息').waitFor({ timeout: 60_000 });
  await confirm(page);
}
/** As long as any other wait; the default is for what stands in the page already. */
const patient = { timeout: 30_000 };
const view = (page: Page): Locator => page.getByRole('dialog', { name: '电子签章' });
/** What the page shows of the paper, once it is drawn. */
async function drawn(page: Page): Promise<string> {
  const canvas = view(page).locator('[data-test=sheet] canvas:not(.hidden)');
  await canvas.waitFor();
  return canvas.evaluate((one) => (one as HTMLCanvasElement).toDataURL('image/jpeg', 0.2));
}
/** The page fills its canvas in one direction and stands in the middle of the other. */
const isOutlineOnPage = (dialog: Locator): Promise<boolean> =>
  dialog.locator('[data-test=sheet]').evaluate((sheet) => {
    const canvas = sheet.querySelector('canvas');
    const outline = sheet.querySelector('[data-test=outline]')?.getBoundingClientRect();
    if (!canvas || !outline) return false;
    const box = canvas.getBoundingClientRect();
    const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
    const left = box.left + (box.width - canvas.width * scale) / 2;
    const top = box.top + (box.height - canvas.height * scale) / 2;
    const [right, bottom] = [left + canvas.width * scale, top + canvas.height * scale];
    return (
      outline.left > left && outline.right <= right + 1 && outline.top > top && outline.bottom <= bottom + 1
    );
  });
const closeDialog = async (dialog: Locator): Promise<void> => {
  await button(dialog, '关闭').click();
  await dialog.waitFor({ state: 'hidden' });
};

test.concurrent(
  'LNC-032 左页, 右页, 书签, 预览, 全屏 and 关于 of the signing view each do what they say',
  async ({ page, expect }) => {
    await addLicence(page);
    await button(page, '签章').click();
    const dialog = view(page);
    const tools = dialog.getByRole('toolbar');
    expect(await texts(tools.getByRole('button'))).toEqual([
      ...['左页', '右页', '打印', '预览', '验证', '全屏', '书签', '关于', '切换签章模式'],
    ]);
    await tools.getByText('资料：2 / 2', { exact: true }).waitFor();
    const second = await drawn(page);
    expect(await button(tools, '右页').isDisabled()).toBe(true);
    await button(tools, '左页').click();
    await tools.getByText('资料：1 / 2', { exact: true }).waitFor();
    await expect.poll(() => drawn(page), patient).not.toBe(second);
    expect(await button(tools, '左页').isDisabled()).toBe(true);
    await button(tools, '右页').click();
    await expect.poll(() => drawn(page), patient).toBe(second);

    await button(tools, '书签').click();
    const bookmarks = dialog.getByRole('navigation', { name: '书签' });
    await bookmarks.getByRole('heading', { name: '安全生产许可证' }).getByText('未签章').waitFor();
    expect(await texts(bookmarks.getByRole('button'))).toEqual(['第1页', '第2页']);
    await button(bookmarks, '第 1 页').click();
    await tools.getByText('资料：1 / 2', { exact: true }).waitFor();
    await expect.poll(() => drawn(page), patient).not.toBe(second);
    await button(tools, '书签').click();
    await bookmarks.waitFor({ state: 'hidden' });

    await button(tools, '预览').click();
    const sheets = dialog.locator('[data-test=sheets] img');
    await sheets.nth(1).waitFor();
    expect(
      await sheets.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalHeight)),
    ).toEqual([1600, 1600]);
    expect(await dialog.locator('aside').count()).toBe(0);
    await button(tools, '预览').click();
    await dialog.locator('aside').waitFor();

    await button(tools, '全屏').click();
    await page.locator('.el-dialog.is-fullscreen').waitFor();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null), patient).toBe(true);
    await button(tools, '全屏').click();
    await expect.poll(() => page.evaluate(() => document.fullscreenElement === null), patient).toBe(true);
    await page.locator('.el-dialog.is-fullscreen').waitFor({ state: 'hidden' });

    await button(tools, '关于').click();
    const about = page.getByRole('dialog', { name: '关于签章视图' });
    await about.getByRole('row', { name: /采集站 一号采集站 station-1/ }).waitFor();
    await about.getByRole('row', { name: /程序版本 绿灯站 \d+\.\d+\.\d+/ }).waitFor();
    await closeDialog(about);
  },
);

test.concurrent(
  'LNC-032 切换签章模式 goes from the corner to a place set by hand and to 盖章处, and back',
  async ({ page, expect }) => {
    await addLicence(page);
    await button(page, '签章').click();
    const dialog = view(page);
    const tools = dialog.getByRole('toolbar');
    await drawn(page);
    const mode = dialog.locator('aside h3').first();
    expect(await mode.innerText()).toBe('签章模式：末页右下角');
    expect(await dialog.locator('[data-test=outline]').count()).toBe(0);
    await button(tools, '切换签章模式').click();
    await mode.getByText('签章模式：手动点选位置').waitFor();
    await dialog.locator('[data-test=outline]').waitFor();
    // it stays on the page also where the page becomes smaller
    await button(tools, '书签').click();
    await dialog.getByRole('navigation', { name: '书签' }).waitFor();
    await expect.poll(() => isOutlineOnPage(dialog), patient).toBe(true);
    await button(tools, '切换签章模式').click();
    await mode.getByText('签章模式：按“盖章处”定位').waitFor();
    await dialog.locator('[role=status]').getByText('没有找到“盖章处”等字样').waitFor({ timeout: 60_000 });
    expect(await dialog.locator('[data-test=outline]').count()).toBe(0);
    await button(tools, '切换签章模式').click();
    await mode.getByText('签章模式：末页右下角').waitFor();
  },
);

test.concurrent(
  'LNC-032 打印 puts the pages of the file on paper, and 验证 judges the seals that stand in it',
  async ({ page }) => {
    await page.addInitScript(() => {
      window.print = () => document.body.setAttribute('data-printed', 'yes');
    });
    await page.reload();
    await addLicence(page);
    await button(page, '预览').click();
    const tools = view(page).getByRole('toolbar');
    const report = page.getByRole('dialog', { name: '签章验证' });
    await button(tools, '验证').click();
    const conclusion = report.locator('[data-test=conclusion]');
    await conclusion.getByText('无法认定签章').waitFor();
    await closeDialog(report);
    await view(page).locator('.el-dialog__headerbtn').click();
    await view(page).waitFor({ state: 'hidden' });

    await seal(page);
    await button(tools, '验证').click();
    await conclusion.getByText('签章有效').waitFor();
    const whole = report.getByRole('row', { name: /文件内容与签章时一致/ });
    await whole.getByText('摘要一致，内容没有被改动').waitFor();
    await closeDialog(report);
    await button(tools, '打印').click();
    await page.locator('body[data-printed=yes]').waitFor({ timeout: 60_000 });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)).toHaveLength(2);
    await page.emulateMedia({ media: 'print' });
    expect(await view(page).isVisible()).toBe(false);
    expect(await page.locator('.on-paper img').first().isVisible()).toBe(true);
  },
);

test.concurrent(
  'LNC-034 智能校验器 stands over the page of a paper, with 预览, 保存 and 关闭 below it',
  async ({ page }) => {
    await addLicence(page);
    const paper = page.getByRole('region', { name: '智能校验器' });
    await paper.locator('header').getByText('智能校验器', { exact: true }).waitFor();
    const bottom = paper.locator('footer.actions');
    await button(bottom, '预览').click();
    await view(page).locator('[data-test=sheets] img').nth(1).waitFor();
    // looked at, and nobody is asked for a key
    expect(await view(page).locator('aside').count()).toBe(0);
    await view(page).locator('.el-dialog__headerbtn').click();
    await view(page).waitFor({ state: 'hidden' });
    expect(await button(bottom, '保存').isDisabled()).toBe(true);
    await button(await seal(page), '确认提交').click();
    const result = await check(page);
    await button(result, '确认').click();
    await button(bottom, '关闭').click();
    await page.getByRole('heading', { name: '经营资质', exact: true }).waitFor();
  },
);

test.concurrent(
  'LNC-066 签章 waits until what weighs is marked: it names what is not, and opens once it is',
  async ({ page }) => {
    await addLicence(page);
    const bottom = page.locator('footer.actions');
    const why = bottom.locator('.why');
    expect(await button(bottom, '签章').isEnabled()).toBe(true);
    await page.locator('.form [data-field=certificateNumber] .go-mark').click();
    await button(page, '删除此框').click();
    await why.getByText('请先标记证书编号：点“去标记”，在图片上框出位置', { exact: true }).waitFor();
    expect(await button(bottom, '签章').isDisabled()).toBe(true);
    expect(await bottom.locator('.seal-state').isDisabled()).toBe(true);
    await bottom.locator('[aria-current=step]', { hasText: '标记' }).waitFor();
    await button(page, '撤销').click();
    await bottom.locator('[aria-current=step]', { hasText: '签章' }).waitFor();
    expect(await button(bottom, '签章').isEnabled()).toBe(true);
    await button(bottom, '签章').click();
    await view(page).waitFor();
  },
);

test.concurrent(
  'LNC-110 the fields of 管理体系认证 carry ● and 去标记, 证书颁发单位 carries ● alone; the certificate turns green',
  async ({ page }) => {
    await open(page, '企业认证荣誉', '管理体系认证');
    await button(page, '增加管理体系认证').click();
    await answer(page, { systemCategory: '质量管理体系认证' });
    await upload(
      page,
      await drawManagementSystemCertificate({ ...demoManagementSystem, certificateNumber: '03423Q10286R2M' }),
    );
    await confirm(page);
    const field = (id: string): Locator => page.locator(`.form [data-field=${id}]`);
    const sign = (id: string) => field(id).locator('label svg').first().getAttribute('aria-label');
    for (const id of ['companyName', 'certificateName', 'certificateNumber', 'scope', 'validUntil']) {
      expect([id, await sign(id)]).toEqual([id, '数字化智能评估信息']);
      expect([id, await field(id).locator('.go-mark').count()]).toEqual([id, 1]);
    }
    expect(await sign('certifier')).toBe('数字化智能评估信息');
    expect(await field('certifier').locator('.go-mark').count()).toBe(0);
    await sealAndConfirm(page);
    expect(await checked(page)).toBe('green');
  },
);
