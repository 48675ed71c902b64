/**
 * What a company has once, at two counters: a month's paper (LNC-170, LNC-171), and the basic information, which 修改 carries on
 * with all that it holds. Real browser, two real stations; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '#domain/primitives.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import type { Applicant } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { answer, button, open } from '#tests/support/counter-walk.ts';
import { demoLicence, drawLabelledPaper } from '#tests/support/documents.ts';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let line: LineProxy;
let other: Awaited<ReturnType<WholeStation['startNeighbour']>>;
let browser: Browser;
let page: Page;
let atFirst: Applicant;
let atSecond: Applicant;

beforeAll(async () => {
  whole = await startWholeStation({ enrolmentCode: 'code-of-both-stations' });
  line = await startLineProxy({ targetPort: Number(new URL(whole.serverUrl()).port) });
  other = await whole.startNeighbour({
    stationId: 'station-2',
    stationName: '二号采集站',
    serverUrl: line.url,
  });
  atFirst = createApplicant(() => whole);
  atSecond = createApplicant(() => ({ ...whole, station: other.station }));
  await atFirst.login();
  browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name, value, url: whole.agent.url }]);
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${whole.agent.url}#/section/management`);
});
afterAll(async () => {
  await browser?.close();
  await other?.agent.close();
  await line?.close();
  await whole?.close();
});

const taxPaper = (month: string) =>
  drawLabelledPaper({
    title: '税收完税证明',
    lines: [
      ['纳税人名称', demoLicence.companyName],
      ['纳税人识别号', demoLicence.creditCode],
      ['税款所属时期', `${month}-01至${month}-28`],
      ['金额合计', '¥128,450.00'],
      ['票证号码', '321015250600012345'],
      ['填发日期', '2025年07月08日'],
      ['税务机关', '国家税务总局沈阳市浑南区税务局'],
    ],
    authority: '国家税务总局沈阳市浑南区税务局',
  });

/** From the month to 保存, at that counter. */
async function savedMonth(applicant: Applicant, at: WholeStation['station'], month: string): Promise<string> {
  const { id } = await at.call('createRecord', { body: { kind: 'tax-payment', answers: { month } } });
  await applicant.upload(id, 'certificate', (await taxPaper(month)).png);
  const { materials } = await applicant.record(id);
  const readings = Object.entries(materials[0]?.readings ?? {});
  const read: Values = Object.fromEntries(readings.map(([field, { value = '' }]) => [field, value]));
  await applicant.fill(id, 'certificate', read);
  await applicant.seal(id, 'certificate');
  await applicant.save(id, 'certificate');
  return id;
}

test.each([
  ['LNC-170', '税收完税证明（月度）', '增加税收完税证明'],
  ['LNC-171', '缴纳社保凭证（月度）', '增加缴纳社保凭证'],
])(
  '%s the month is chosen and not typed, and a month that has a record takes no second one',
  async (_row, part, add) => {
    await open(page, '经营管理信息', part);
    await button(page, add).click();
    const month = page.getByRole('dialog').locator('[data-field=month]');
    await month.waitFor();
    expect(await month.locator('input').getAttribute('readonly')).not.toBeNull();
    await answer(page, { month: '2024年3月' });
    await page.locator('.halves.fixed').waitFor();
    await open(page, '经营管理信息', part);
    await page.getByRole('cell', { name: '2024年3月', exact: true }).waitFor();

    await button(page, add).click();
    await answer(page, { month: '2024年3月' });
    await page.locator('[data-code=RECORD_REPEATED]', { hasText: `${part} 2024年3月` }).waitFor();
    expect(await page.getByRole('cell', { name: '2024年3月', exact: true }).count()).toBe(1);
    // another month is another record
    await button(page, add).click();
    await answer(page, { month: '2024年4月' });
    await page.locator('.halves.fixed').waitFor();
  },
);

test('LNC-170 a month that another counter was first with is refused by the server, and what was entered stays', async () => {
  await atSecond.login();
  line.block();
  const second = await savedMonth(atSecond, other.station, '2025-05');
  await atSecond.submit(second);
  const first = await savedMonth(atFirst, whole.station, '2025-05');
  await atFirst.submit(first);
  await eventually('the first is stored', async () =>
    (await atFirst.record(first)).state === 'stored' ? true : undefined,
  );
  line.mend();
  const refused = await eventually(
    'the second is refused',
    async () => {
      const found = await atSecond.record(second);
      return found.state === 'rejected' ? found : undefined;
    },
    60_000,
  );
  expect(refused.rejection?.code).toBe('RECORD_REPEATED');
  expect(refused.rejection?.message).toContain('税收完税证明（月度） 2025年5月');
  expect(refused.materials[0]?.values['total']).toBe('128450');
});
