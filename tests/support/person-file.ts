/** 企业人员 → 人员管理 → 查看 → a part, as a person goes there. */
import type { Page } from 'playwright-core';
import { button, open } from './counter-walk.ts';

export interface Listed {
  name: string;
  idNumber: string;
}

/** The person is added with his card typed in where the list has none of that number yet. */
export async function openPersonFile(page: Page, person: Listed, part?: string): Promise<void> {
  await open(page, '企业人员', '人员管理');
  const line = page.locator('tbody tr', { hasText: person.idNumber }).first();
  await line.or(page.locator('.empty')).or(page.locator('tbody')).first().waitFor();
  if ((await line.count()) === 0) {
    await addPerson(page, person);
    await open(page, '企业人员', '人员管理');
  }
  await line.getByRole('link', { name: '查看' }).click();
  if (part === undefined) return;
  await page.locator('.tabs').getByRole('link', { name: part, exact: true }).click();
  await page.getByRole('heading', { name: `人员管理 · ${person.name}` }).waitFor();
}

export async function addPerson(page: Page, { name, idNumber }: Listed): Promise<void> {
  await button(page, '增加人员').click();
  await page.locator('#field-position').fill('项目经理');
  await page.locator('#field-phone').fill('13800138005');
  await page.getByText('已自动保存').waitFor();
  await page.locator('tr', { hasText: '个人证件' }).getByRole('link', { name: '新增' }).click();
  await page.getByRole('radio', { name: '人工模式', exact: true }).click();
  await page.locator('.form #field-name').fill(name);
  await page.locator('.form #field-idNumber').fill(idNumber);
  await page.getByText('已自动保存').waitFor();
}
