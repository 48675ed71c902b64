/**
 * What the page shows a company at another counter than the one where it submitted: where each record was entered, whether
 * all are here, the PIN once more, pages on demand. Real browser, two real stations; `npm run build:pages` first.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { createApplicant, qualificationValues } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { startLineProxy } from '#tests/support/line-proxy.ts';
import type { LineProxy } from '#tests/support/line-proxy.ts';
import { once } from '#tests/support/once.ts';
import { photograph } from '#tests/support/photograph.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const slot = 'certificate';
let whole: WholeStation;
let line: LineProxy;
let other: Awaited<ReturnType<WholeStation['startNeighbour']>>;
let browser: Browser;
let page: Page;
const atFirst = createApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation({ enrolmentCode: 'code-of-both-stations' });
  line = await startLineProxy({ targetPort: Number(new URL(whole.serverUrl()).port) });
  other = await whole.startNeighbour({
    stationId: 'station-2',
    stationName: '二号采集站',
    serverUrl: line.url,
  });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  page.setDefaultTimeout(30_000);
});
afterAll(async () => {
  await browser?.close();
  await other?.agent.close();
  await line?.close();
  await whole?.close();
});

const shot = (name: string) =>
  process.env['LUDENG_SHOTS']
    ? page.screenshot({ path: `${process.env['LUDENG_SHOTS']}/other-counter-${name}.png` })
    : Promise.resolve();
const stateIs = (state: string) => page.locator(`[data-subject-records=${state}]`).waitFor();
const fetchedRow = () => page.locator('tbody tr', { has: page.locator('[data-entered=station-1]') });

async function typePin(pin: string): Promise<void> {
  await page.getByLabel('UKey密码', { exact: true }).waitFor();
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
}

const listed = once(async () => {
  await atFirst.login();
  const { id } = await atFirst.addQualification();
  const { jpeg } = await photograph(await drawConstructionQualification(demoQualification), { seed: 21 });
  await atFirst.upload(id, slot, jpeg);
  await atFirst.fill(id, slot, { ...qualificationValues, issuingAuthority: '吉林省住房和城乡建设厅' });
  await atFirst.seal(id, slot);
  await atFirst.save(id, slot);
  await atFirst.submit(id);
  await eventually('it is stored', async () =>
    (await atFirst.record(id)).state === 'stored' ? true : undefined,
  );

  // no connection at the login, and the key pulled out before it comes: the PIN is asked for once more
  line.block();
  await eventually('the connection is broken', async () =>
    (await other.station.call('station')).line.state === 'online' ? undefined : true,
  );
  await page.goto(other.agent.openingUrl());
  await page.locator('.token').click();
  await typePin(demoPin);
  await page.getByText('投标人').first().click();
  await page.getByRole('link', { name: '经营资质' }).click();
  await page.getByText('无网络：其他采集站的记录暂不显示，恢复连接后自动获取').waitFor();
  expect(await fetchedRow().count()).toBe(0);
  await shot('offline');
  await whole.counter.token.setFault({ trouble: 'removed' });
  await eventually('the key is gone', async () =>
    (await other.station.call('tokens')).length === 0 ? true : undefined,
  );
  line.mend();
  await stateIs('needs-key');
  await shot('needs-key');
  await whole.counter.token.setFault();
  await page.getByRole('button', { name: '输入 PIN' }).click();
  await typePin('87654321');
  await page.getByRole('dialog').locator('[data-code=PIN_INCORRECT]').waitFor();
  await shot('pin');
  await typePin(demoPin);
  await stateIs('complete');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await fetchedRow().getByText('其他采集站').waitFor();
  await fetchedRow().getByText('一号采集站').waitFor();
  await shot('list');
});
test('is told that records are missing, gives the PIN again, and finds each with where and when', listed);

const opened = once(async () => {
  await listed();
  line.block();
  await stateIs('offline');
  await fetchedRow().getByRole('link', { name: '查看' }).click();
  await page.locator('[data-code=SERVER_UNREACHABLE]').waitFor();
  await shot('page-missing');
  line.mend();
  await page.locator('.mark-view img').waitFor();
  await page.getByText('在其他采集站“一号采集站”录入').waitFor();
  await shot('page');
});
test('sees a page when the connection is back, and until then why not', opened);

test('补充完善 starts a record here that takes the place of the other', async () => {
  await opened();
  await page.getByRole('button', { name: '返回' }).click();
  await fetchedRow().getByRole('button', { name: '补充完善' }).click();
  await page.locator('.halves.fixed').waitFor();
  const records = await other.station.call('records');
  const own = records.find(({ entered }) => !entered);
  expect(own).toMatchObject({ state: 'draft', answers: records.find(({ entered }) => entered)?.answers });
  expect((await other.station.call('record', { params: { id: own?.id ?? '' } })).supersedes).toBe(
    records.find(({ entered }) => entered)?.id,
  );
  await page.getByRole('button', { name: '返回' }).click();
  await page.locator('[data-entered=here]').waitFor();
  await shot('list-of-both');
});
