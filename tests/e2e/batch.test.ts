/**
 * A batch at the counter, walked by a person at the page: the feeder jams, is cleared, goes on; documents are proposed, one
 * goes to its material, and the standard is shown for its page. Real browser, real agent, a scanner that speaks eSCL.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoSheets } from '#tests/emulators/scanner-escl/demo-sheets.ts';
import { encryptedPdf, noiseWithHead } from '#tests/support/bad-paper.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { once } from '#tests/support/once.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  whole.counter.scanner.load(await demoSheets());
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(90_000);
  await page.goto(whole.agent.openingUrl());
  await page.getByText(demoLicence.companyName).first().click();
  await page.getByText('请输入UKey密码').waitFor();
  for (const digit of demoPin) await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
  await page.getByText('投标人').first().click();
  await page.getByText('经营资质').first().waitFor();
  await whole.station.call('createRecord', { body: { kind: 'basic-info', answers: {} } });
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const thumbs = () => page.locator('.documents [data-page]');
const shot = (name: string): Promise<void> => screenshot(page, name);

const jammed = once(async () => {
  whole.counter.scanner.misbehave({ kind: 'jam', atSheet: 1 });
  await page.getByText('批量扫描').first().click();
  await button('200 dpi').click();
  await shot('stack-empty');
  await button('开始扫描').click();
  await page.getByText('扫描仪卡纸').waitFor();
  await thumbs().first().waitFor();
  await shot('stack-jam');
});
test('a jam in the middle keeps the page so far and says what to do', jammed);

const sorted = once(async () => {
  await jammed();
  whole.counter.scanner.clear();
  await button('继续扫描').click();
  await page.getByText('像是“建筑业企业资质证书”').or(page.getByText('像是').nth(1)).first().waitFor();
  await page.getByText('扫描完成，共 4 页').waitFor();
  await page.getByText('未采用的页面（2）').waitFor();
  await thumbs().first().click();
  await page.getByText('符合规范数字化扫描标准').or(page.getByText('不符合扫描标准')).first().waitFor();
  await shot('stack-sorted');
});
test(
  'it goes on behind that page; the separator splits, blank and separator are left out, kinds are named',
  sorted,
);

const turned = once(async () => {
  await sorted();
  await page.getByRole('button', { name: '放回' }).first().click();
  await page.getByText('未采用的页面（1）').waitFor();
  await thumbs().nth(1).click();
  await page.keyboard.press('Delete');
  await page.getByText('未采用的页面（2）').waitFor();
  const [batch] = await whole.station.call('batches');
  const shaOf = async (): Promise<string | undefined> =>
    (await whole.station.call('batch', { params: { batch: batch?.id ?? '' } })).pages[0]?.page.sha;
  const before = await shaOf();
  await thumbs().first().click();
  await page.keyboard.press('r');
  await eventually('the page is turned', async () => ((await shaOf()) === before ? undefined : true));
  for (let more = 0; more < 3; more += 1) await button('旋转').click();
});
test('a blank page is taken back by touch, dropped by the keyboard, and a page is turned', turned);

const printed = once(async () => {
  await turned();
  await button('打印分隔页').click();
  const sheet = page.getByRole('img', { name: '分隔页：四角有识别码' });
  await sheet.waitFor();
  await shot('stack-separator');
  // The page's own print dialog is no part of this; what would be on the paper is.
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.on-paper img').isVisible()).toBe(true);
  expect(await sheet.isVisible()).toBe(false);
  expect(await page.getByText('未采用的页面（2）').isVisible()).toBe(false);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  await page.emulateMedia({ media: 'screen' });
  await button('取消').click();
  // What came out of the printer is known again as what it is, and left out.
  const { id } = await whole.station.call('createBatch');
  const params = { batch: id };
  await whole.station.call('addToBatch', { params, body: new Uint8Array(pdf) });
  await eventually(
    'the sheet is left out',
    async () => {
      const { pages, documents } = await whole.station.call('batch', { params });
      return pages.length === 1 && documents.length === 0 ? true : undefined;
    },
    90_000,
  );
  await whole.station.call('deleteBatch', { params });
});
test('the sheet that parts documents is printed from the page, and alone on its paper', printed);

test('a document goes to the material that it looks like, and 查看标准 judges its page', async () => {
  await sorted();
  await button('归入材料').first().click();
  await page.getByText('已归入').first().waitFor();
  await shot('stack-placed');
  await button('打开材料').first().click();
  await button('查看标准').click();
  await page.getByText('本材料各页检查结果').waitFor();
  await shot('stack-standard');
  const [record] = await whole.station.call('records');
  const { materials } = await whole.station.call('record', { params: { id: record?.id ?? '' } });
  expect(materials.flatMap(({ pages }) => pages).map(({ source }) => source)).toEqual(['scanner']);
});

test('files that cannot be opened are named with the reason and where they lie, the others come in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ludeng-scans-'));
  const other = await startWholeStation({
    withServer: false,
    profile: { scanners: [{ driver: 'watched-folder', address: folder, name: '复印机', simulated: true }] },
  });
  try {
    await page.goto(other.agent.openingUrl());
    await page.getByText(demoLicence.companyName).first().click();
    await page.getByText('请输入UKey密码').waitFor();
    for (const digit of demoPin) await page.keyboard.press(digit);
    await page.keyboard.press('Enter');
    await page.getByText('投标人').first().click();
    await page.getByText('批量扫描').first().click();
    const [sheet] = await demoSheets();
    const jpeg = await sharp(sheet?.front.png).resize({ width: 1240 }).jpeg().toBuffer();
    writeFileSync(join(folder, '营业执照.jpg'), jpeg);
    writeFileSync(join(folder, '合同.pdf'), await encryptedPdf());
    writeFileSync(join(folder, '照片.jpg'), noiseWithHead(0, 0, 0, 0x18, ...Buffer.from('ftypheic')));
    await button('开始扫描').click();
    await page.getByText('无法打开的文件和纸张（2）').waitFor();
    await page.getByText('文件设有密码，无法打开').waitFor();
    await thumbs().first().waitFor();
    await button('停止扫描').click();
    await page.getByText('扫描完成，共 1 页，另有 2 份无法打开').waitFor();
    await page.getByText(`文件已移到扫描文件夹的 无法打开/合同.pdf`).waitFor();
    await thumbs().first().click();
    await page.getByText('扫描为').waitFor();
    await shot('stack-refused');
    await page.getByRole('button', { name: '知道了' }).first().click();
    await page.getByText('无法打开的文件和纸张（1）').waitFor();
    await page.locator('input[type=file]').setInputFiles([
      { name: '坏的.pdf', mimeType: 'application/pdf', buffer: Buffer.from('nothing') },
      { name: '好的.jpg', mimeType: 'image/jpeg', buffer: jpeg },
    ]);
    await page.getByText('共 2 页，另有 2 份无法打开').waitFor();
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});
