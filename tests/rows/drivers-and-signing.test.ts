/** What the counter's pages say of drivers and browsers where somebody needs it: at a person's papers, and where signing does not go. */
import { expect } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { button, open, readCard, row } from '#tests/support/counter-walk.ts';
import { test } from '#tests/support/row-test.ts';

test('LNC-086 下载读卡器驱动 is on the page of a person’s basic information, and not where no card is read', async ({
  page,
}) => {
  await open(page, '企业人员', '人员管理');
  await button(page, '增加人员').click();
  await row(page, 'id-card').waitFor();
  await button(page, '下载读卡器驱动').click();
  const dialog = page.getByRole('dialog', { name: '下载读卡器驱动' });
  await dialog.getByText('不用下载和安装').waitFor();
  await dialog.getByText('在家或单位的电脑上办理').click();
  await dialog.getByText('到该品牌的官方网站下载驱动并安装').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await open(page, '企业业绩');
  await page.locator('.bar .btn-main').waitFor();
  expect(await button(page, '下载读卡器驱动').count()).toBe(0);
});

test('LNC-036 where signing does not go, the page names the browsers, the interception notice above, and 签章 again', async ({
  page,
}) => {
  await open(page, '企业人员', '人员管理');
  await button(page, '增加人员').click();
  await row(page, 'id-card').getByRole('link').first().click();
  await readCard(page);
  await button(page, '签章').click();
  const dialog = page.getByRole('dialog', { name: '电子签章' });
  await dialog.locator('.token').first().click();
  const help = dialog.getByTestId('signing-help');
  expect(await help.getAttribute('open')).toBeNull();
  const pin = dialog.getByLabel('UKey密码', { exact: true });
  await pin.fill('87654321');
  await page.keyboard.press('Enter');
  await dialog.locator('[data-code=PIN_INCORRECT]').waitFor();
  const lines = help.locator('li');
  await lines.first().waitFor();
  expect(await lines.allInnerTexts()).toEqual([
    '请使用谷歌或火狐浏览器。',
    '查看页面上方是否有拦截提示，有的请取消拦截。',
    '取消拦截后，再次点击“签章”。',
  ]);
  // the right one gives the tries back to whoever comes next
  await pin.fill(demoPin);
  await page.keyboard.press('Enter');
  await dialog.locator('.state.done').waitFor({ timeout: 60_000 });
});
