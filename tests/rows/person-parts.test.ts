/** The ten parts of a person's file, each with what belongs into it. */
import { expect } from 'vitest';
import { button, texts } from '#tests/support/counter-walk.ts';
import { openPersonFile } from '#tests/support/person-file.ts';
import { test } from '#tests/support/row-test.ts';

const person = { name: '孙德华', idNumber: '210102198507155014' };
/** By the button that each has; what is linked by itself has none (LNC-094, LNC-096). */
const entered = {
  社会保险: '增加社会保险',
  专业技术职称: '增加专业技术职称',
  注册执业资格: '增加注册执业资格证书',
  '职业（岗位）资格': '增加职业（岗位）资格',
  特种作业资格: '增加特种作业资格',
  '荣誉表彰（个人）': '增加荣誉表彰（个人）',
  专业能力评价结果: '增加专业能力评价结果',
};
const linked = ['业绩信息', '工程获奖'];

test('LNC-078 a person’s file has the ten parts of 企业人员, and each opens with a place of its own', async ({
  page,
}) => {
  await openPersonFile(page, person);
  const tabs = page.locator('nav.tabs');
  await tabs.getByRole('link', { name: '基本信息', exact: true }).waitFor();
  const titles = ['基本信息', ...Object.keys(entered), ...linked];
  expect((await texts(tabs.locator('a'))).toSorted()).toEqual(titles.toSorted());
  for (const [title, add] of [...Object.entries(entered), ...linked.map((one) => [one, ''] as const)]) {
    await tabs.getByRole('link', { name: title, exact: true }).click();
    await tabs.locator('a[aria-current=page]', { hasText: title }).waitFor();
    await page.getByRole('heading', { name: `人员管理 · ${person.name}` }).waitFor();
    if (add === '') expect(await page.locator('.bar .btn-main').count()).toBe(0);
    else await button(page, add).waitFor();
  }
  await tabs.getByRole('link', { name: '基本信息', exact: true }).click();
  await tabs.locator('a[aria-current=page]', { hasText: '基本信息' }).waitFor();
  await page.locator('tr', { hasText: '个人证件' }).waitFor();
});
