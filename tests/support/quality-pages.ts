/** Yunnan's 锁定/解锁 in a browser, as a contractor sees it, with persons and works of each test's own. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startBrowser } from './browser.ts';
import { onePixel } from './portal-forms.ts';
import { enterPortal } from './portal-pages.ts';
import { newPerson, openQuality, quality as programme } from './quality-portal.ts';
import type { RegisteredOne } from './quality-portal.ts';
import { buildConsolePages } from '../../scripts/build-pages.ts';

export type RegisterKind = 'person-unlock' | 'manager-change';

export async function openQualityPages() {
  await buildConsolePages();
  const quality = await openQuality();
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const page: Page = await context.newPage();
  page.setDefaultTimeout(15_000);

  let works = 0;
  /** Named in the works of whoever is looked for alone. */
  async function atWork(
    name: string,
    post = 'project-manager',
  ): Promise<RegisteredOne & { workName: string }> {
    works += 1;
    const [one, workName] = [newPerson(name), `滇池大桥第${works}标段`];
    await quality.person(one);
    await quality.appoint(one, post, await quality.work(`P${works}`, { name: workName }));
    return { ...one, workName };
  }
  async function successor(name = '周接任'): Promise<RegisteredOne> {
    const one = newPerson(name);
    await quality.person(one);
    await quality.qualify(one, 'registered-constructor', 'safety-certificate-b');
    return one;
  }
  /** A draft as 确定 of the dialog begins it. */
  async function begun(kind: RegisterKind, one: RegisteredOne): Promise<string> {
    const pick = kind === 'person-unlock' ? 'locked' : 'changed';
    const choice = await quality.choiceOf(kind, pick, 'contractor', one);
    return String((await quality.begin(kind, 'contractor', choice)).told['id']);
  }

  const at = (path: string) => page.goto(`${quality.server.url}/portal/${programme}/home${path}`);
  async function openList(kind: RegisterKind): Promise<void> {
    await at(`/sections/${kind}`);
    await page.locator(`[data-kind="${kind}"]`).waitFor();
  }
  async function openDraft(id: string): Promise<void> {
    await at(`/drafts/${id}`);
    await page.locator('[data-part="form"]').waitFor();
  }
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  /** The name stands with the number, since two may have one name. */
  const candidate = ({ id, name }: RegisteredOne) =>
    dialog().locator(`[data-candidate="${name}"]`, { hasText: id.slice(-4) });
  const rowOf = (record: string) => page.locator(`tr[data-record="${record}"]`);
  const inRow = (record: string, name: string) => rowOf(record).getByRole('button', { name, exact: true });
  const heads = (place: string) => page.locator(`${place} th`).allTextContents();
  const fieldOf = async (id: string): Promise<string> => page.locator(`#field-${id}`).inputValue();
  async function attach(slot = 'application'): Promise<void> {
    const place = page.locator(`[data-attachment="${slot}"]`);
    const file = { name: '申请表.png', mimeType: 'image/png', buffer: onePixel };
    await place.locator('input[type=file]').setInputFiles(file);
    await place.locator('[data-file]').waitFor();
  }
  const labels = async (): Promise<string[]> =>
    (await page.locator('[data-part="form"] label').allInnerTexts()).map((text) =>
      text.replace(/^\*/, '').trim(),
    );
  /** What the server has of a draft. */
  const draftAt = async (id: string) =>
    (await quality.ask('GET', `${quality.at}/drafts/${id}`, quality.cookies.contractor)).told;

  /** A change as it stands before 上报. */
  async function filled(name: string) {
    const [before, after] = [await atWork(name), await successor()];
    return { before, after, record: await quality.changeOf('contractor', before, after) };
  }
  /** 上报 on the list: both bodies have one case of it. */
  async function reportInList(kind: RegisterKind, record: string): Promise<void> {
    await openList(kind);
    await rowOf(record).waitFor();
    expect(await inRow(record, '上报').count()).toBe(1);
    await inRow(record, '上报').click();
    await rowOf(record).getByRole('link', { name: '查看' }).waitFor();
    const { id } = await quality.caseOf('supervisor', record);
    expect((await quality.caseOf('authority', record)).id).toBe(id);
    await page.reload();
    await rowOf(record).getByText('监督机构或主管部门审核').waitFor();
    expect(await inRow(record, '上报').count()).toBe(0);
  }

  await enterPortal(page, quality.server, quality.cookies.contractor);
  await at('');
  await page.getByRole('button', { name: '施工单位' }).click();
  await page.getByRole('navigation', { name: '导航菜单' }).waitFor();
  return {
    ...{
      quality,
      browser,
      page,
      atWork,
      successor,
      begun,
      at,
      openList,
      openDraft,
      button,
      dialog,
      candidate,
    },
    ...{ rowOf, inRow, heads, fieldOf, attach, labels, draftAt, filled, reportInList },
    async close(): Promise<void> {
      await browser.close();
      await quality.close();
    },
  };
}
export type QualityPages = Awaited<ReturnType<typeof openQualityPages>>;
