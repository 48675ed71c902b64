/**
 * The cameras at the page, well and ill: not allowed, unplugged in the middle, black, and the second one that looks at the
 * person. Real browser and agent; the browser's own fake cameras. LUDENG_SCREENSHOTS keeps what was seen.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
/** Two cameras with the browser's test picture; the other has one that gives black frames only. */
let sighted: Browser;
let blind: Browser;
let materialPath: string;
let recordId: string;

beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  const token = await eventually('the UKey is seen', async () => (await whole.station.call('tokens'))[0]);
  const certificate = token.certificates.find(({ use }) => use === 'sign');
  await whole.station.call('login', {
    body: { tokenId: token.id, certificateId: certificate?.id, pin: demoPin },
  });
  await whole.station.call('role', { body: { role: 'bidder' } });
  const { id } = await whole.station.call('createRecord', { body: { kind: 'staff-member', answers: {} } });
  await whole.station.finished(await whole.station.call('readCard', { params: { id, slot: 'id-card' } }));
  recordId = id;
  materialPath = `/record/${id}/id-card`;
  const black = await sharp({ create: { width: 1280, height: 720, channels: 3, background: '#000' } })
    .jpeg()
    .toBuffer();
  const cameraFeed = join(whole.folder, 'black.mjpeg');
  await writeFile(cameraFeed, Buffer.concat(Array.from({ length: 5 }, () => black)));
  [sighted, blind] = await Promise.all([
    startBrowser({ cameras: 2 }),
    startBrowser({ cameraFeed, asksForCamera: true }),
  ]);
});
afterAll(async () => {
  await Promise.all([sighted?.close(), blind?.close()]);
  await whole?.close();
});

/** As a reloaded page: one that is opened anew would end the session. */
async function openPage(context: BrowserContext): Promise<Page> {
  const [name = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name, value, url: whole.agent.url }]);
  const page = await context.newPage();
  await page.setViewportSize({ width: 1920, height: 1080 });
  page.setDefaultTimeout(60_000);
  await page.goto(`${whole.agent.url}#${materialPath}`);
  return page;
}
const cameraAdvice = async (wanted: string): Promise<string | undefined> => {
  const { devices } = await whole.station.call('station');
  return devices.find(({ id }) => id === 'camera')?.advice.includes(wanted) ? wanted : undefined;
};
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('a page that may not use the camera says who can allow it, and opens it once that is done', async () => {
  const context = await blind.newContext();
  // Whatever is not granted here is refused.
  await context.grantPermissions([]);
  const page = await openPage(context);
  await button(page, '高拍仪拍照').click();
  await page.getByText('浏览器没有使用高拍仪的权限').waitFor();
  await screenshot(page, 'camera-denied');
  await eventually('the device list says so', () => cameraAdvice('浏览器没有使用高拍仪的权限'));
  await context.grantPermissions(['camera']);
  await button(page, '重新打开').click();
  await button(page, '拍照').and(page.locator(':enabled')).waitFor();
  await context.close();
});

test('a camera that is unplugged in the middle says so, keeps what was shot, and goes on when it is back', async () => {
  const page = await openPage(await sighted.newContext());
  await button(page, '高拍仪拍照').click();
  await button(page, '拍照').click();
  await page.getByText('已拍 1 页').waitFor();
  // What the browser does when the device leaves: the track ends.
  await page.evaluate(() => {
    const { srcObject } = document.querySelector('video') as HTMLVideoElement;
    for (const track of (srcObject as MediaStream).getTracks()) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await page.getByText('高拍仪已断开').waitFor();
  await screenshot(page, 'camera-unplugged');
  await button(page, '重新打开').click();
  await button(page, '拍照').click();
  await page.getByText('已拍 2 页').waitFor();
  await page.close();
});

test('a camera that gives black frames only is told as one without a picture, and nothing is taken', async () => {
  const page = await openPage(await blind.newContext({ permissions: ['camera'] }));
  await button(page, '高拍仪拍照').click();
  await button(page, '拍照').click();
  await page.getByText('高拍仪没有画面').waitFor();
  expect(await page.getByText(/已拍/u).count()).toBe(0);
  await screenshot(page, 'camera-black');
  await page.goto(`${whole.agent.url}#/devices`);
  const device = page.locator('.device', { hasText: '试拍一张' });
  await device.getByText('高拍仪没有画面').waitFor();
  expect(await device.innerText()).not.toContain('已断开');
  await screenshot(page, 'camera-black-device');
  await page.close();
});

test('the camera for faces is another one, is remembered, and its picture stands behind the card’s', async () => {
  const context = await sighted.newContext();
  const page = await openPage(context);
  const pick = async (open: string, label: string, name: string): Promise<void> => {
    await button(page, open).click();
    await button(page, '拍照').and(page.locator(':enabled')).waitFor();
    await page.locator('label', { hasText: label }).locator('.el-select').click();
    await page.getByRole('option', { name }).click();
    await button(page, '拍照').and(page.locator(':enabled')).waitFor();
  };
  await pick('高拍仪拍照', '选择摄像头', 'fake_device_1');
  await button(page, '取消').click();
  await button(page, '拍摄人像').click();
  await button(page, '拍照').and(page.locator(':enabled')).waitFor();
  const label = (): Promise<string | undefined> =>
    page.evaluate(
      () =>
        [...document.querySelectorAll('video')]
          .flatMap(({ srcObject }) => (srcObject ? (srcObject as MediaStream).getVideoTracks() : []))
          .find(({ readyState }) => readyState === 'live')?.label,
    );
  // The document camera is known by now, so the other one is taken.
  expect(await label()).toBe('fake_device_0');
  await button(page, '取消').click();
  await pick('拍摄人像', '选择人像摄像头', 'fake_device_1');
  await page.reload();
  await button(page, '拍摄人像').click();
  await button(page, '拍照').and(page.locator(':enabled')).waitFor();
  expect(await label()).toBe('fake_device_1');
  await button(page, '拍照').click();
  await screenshot(page, 'camera-face');
  await button(page, '完成').click();
  const pages = await eventually('the portrait is kept', async () => {
    const { materials } = await whole.station.call('record', { params: { id: recordId } });
    const found = materials[0]?.pages ?? [];
    return found.length > 1 ? found : undefined;
  });
  expect(pages.map(({ source, auxiliary }) => [source, auxiliary])).toEqual([
    ['card-reader', false],
    ['camera', true],
  ]);
  await page.goto(`${whole.agent.url}#/devices`);
  await page.getByText('人像摄像头').first().waitFor();
  await screenshot(page, 'camera-devices');
  await context.close();
});
