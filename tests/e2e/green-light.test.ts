/**
 * The first green light, walked by a person at the page: camera, reading, marks, seal, check, submission with the server
 * down, push, and the decision that comes back. Real browser, real agent and server, simulated devices, a certificate that
 * the reader has never seen. The built pages are used: run `npm run build:pages` after a change of the page.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '#tests/support/browser.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { demoQualification, drawConstructionQualification } from '#tests/support/documents.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { once } from '#tests/support/once.ts';
import { photograph } from '#tests/support/photograph.ts';
import { screenshot } from '#tests/support/screenshot.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

/** LNC-137 to LNC-142, to the character. */
const tips = [
  '本页面展示的是智慧校验结果，请认真阅读参考。',
  '本页面左边是您填写的信息内容，右边是您对应字段标记计算机自动识别的内容，右边识别内容准确程度与您标记内容存在强关联性，请认真填写及标记。',
  '本页面“红灯”“黄灯”“绿灯”代表材料信息填写内容或标记内容信息智能核验的结果状态显示。',
  '本页面显示红灯代表本材料信息填写或标记的关键实质性信息存在偏差，您将无法提交信息入库，需要您重新修正或补充相关证明材料。',
  '本页面显示黄灯，可以正常提交信息入库，用于现有方式评标。',
  '本页面显示绿灯，信息准确且可以生成数字证照用于数字化智能评标。',
];

const company = demoQualification.companyName;
let whole: WholeStation;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  if (!existsSync(new URL('../../kiosk/dist/index.html', import.meta.url))) {
    throw new Error('the kiosk page is not built: npm run build:pages');
  }
  whole = await startWholeStation();
  const picture = await photograph(await drawConstructionQualification(demoQualification), {
    turnDeg: -3,
    seed: 77,
  });
  const cameraFeed = join(whole.folder, 'camera.mjpeg');
  await writeFile(cameraFeed, Buffer.concat(Array.from({ length: 10 }, () => Buffer.from(picture.jpeg))));
  browser = await startBrowser({ cameraFeed });
  page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  page.setDefaultTimeout(60_000);
});
afterAll(async () => {
  await browser?.close();
  await whole?.close();
});

const shot = (name: string): Promise<void> => screenshot(page, name);

async function typePin(): Promise<void> {
  for (const digit of demoPin) await page.keyboard.press(digit);
  await page.keyboard.press('Enter');
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

const loggedIn = once(async () => {
  await page.goto(whole.agent.openingUrl());
  await page.getByText('模拟设备').first().waitFor();
  await page.getByText(company).first().click();
  await page.getByText('请输入UKey密码').waitFor();
  await typePin();
  await page.getByText('投标人').first().click();
  await page.getByText('经营资质').first().waitFor();
});
test('LNC-011 LNC-012 LNC-017 LNC-018 an applicant logs in with the UKey and chooses 投标人', loggedIn);

const opened = once(async () => {
  await loggedIn();
  await page.getByText('经营资质').first().click();
  await button('增加资质').click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('.el-select').first().click();
  await page.getByRole('option', { name: '建筑业企业资质证书-施工总承包资质-建筑工程' }).click();
  await dialog.getByText('是', { exact: true }).click();
  await dialog.getByRole('button', { name: '确定' }).click();
  await page.getByText('建筑业企业资质证书-施工总承包资质-建筑工程').first().waitFor();
  await page.getByText('智能模式 上传电子文件').first().waitFor();
});
test(
  'LNC-046 LNC-047 LNC-055 LNC-057 增加资质 asks for 证件类型 and 是否主项资质 and opens the page named after the path',
  opened,
);

const taken = once(async () => {
  await opened();
  await page.getByText('上传图片').first().waitFor();
  await button('高拍仪拍照').click();
  const done = page.getByRole('button', { name: '完成，开始识别' });
  await eventually(
    'a picture is taken by itself',
    async () => ((await done.isEnabled()) ? true : undefined),
    60_000,
  );
  await shot('camera');
  await done.click();
  await button('确认信息').waitFor({ timeout: 90_000 });
  await page.getByText(demoQualification.certificateNumber).first().waitFor();
  await shot('verify');
});
test(
  'LNC-054 LNC-058 LNC-059 the camera takes the certificate by itself, and what was read stands beside the picture',
  taken,
);

const confirmed = once(async () => {
  await taken();
  await button('确认信息').click();
  await page.getByText('已标记').first().waitFor();
  expect(await page.getByText('已标记').count()).toBeGreaterThanOrEqual(7);
  // every field of a paper that can be marked has its way to the mark
  for (const field of [
    'companyName',
    'qualificationName',
    'certificateNumber',
    'issuingAuthority',
    'validUntil',
  ])
    await page.locator(`[data-field=${field}]`).getByRole('button', { name: '去标记' }).waitFor();
  // filled from the paper and not by hand: these fields are no part of the key's certificate, and take no typing
  const number = page.locator('#field-certificateNumber');
  expect(await number.inputValue()).toBe(demoQualification.certificateNumber);
  expect(await page.locator('#field-issuingAuthority').inputValue()).toBe(demoQualification.issuingAuthority);
  expect(await number.isDisabled()).toBe(true);
  await shot('marks');
});
test('LNC-049 LNC-061 LNC-063 确认信息 fills the form and every field to be marked is marked', confirmed);

const sealed = once(async () => {
  await confirmed();
  await whole.stopServer();
  await page.getByText('未签章').first().waitFor();
  await page.getByText('添加电子公章').first().waitFor();
  await button('签章').first().click();
  await page.getByText('请选择签章使用的UKey').waitFor();
  await page.getByRole('dialog').getByText(company).first().click();
  await typePin();
  await page.getByText('已签章').first().waitFor();
  await shot('sealed');
  await button('确认提交').click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.locator('.actions .seal-state', { hasText: '已签章' }).waitFor();
  expect(await page.locator('.actions').getByText('未签章').count()).toBe(0);
});
test(
  'LNC-030 LNC-031 LNC-035 LNC-065 签章 puts the seal into the PDF and the page shows 已签章, with the server down',
  sealed,
);

const saved = once(async () => {
  await sealed();
  await button('保存').click();
  for (const tip of tips) await page.getByText(tip).waitFor();
  await page.getByText('用户填写数据').first().waitFor();
  await page.getByText('证件识别数据').first().waitFor();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('绿灯', { exact: true }).first().waitFor();
  const [summary] = await whole.station.call('records');
  const { materials } = await whole.station.call('record', { params: { id: summary?.id ?? '' } });
  const fields = materials[0]?.checked?.verdict.fields ?? [];
  expect(fields.filter(({ light }) => light !== undefined && light !== 'green')).toEqual([]);
  await shot('station');
  await button('确认').click();
});
test(
  'LNC-037 LNC-137 LNC-138 LNC-139 LNC-140 LNC-141 LNC-142 LNC-143 LNC-144 保存 shows the six tips and the table, and the light is green',
  saved,
);

const stored = once(async () => {
  await saved();
  await button('提交').first().click();
  await page.getByText('提交后信息入库，不能直接修改。确定提交吗？').waitFor();
  await button('提交').last().click();
  const [record] = await eventually('the record is submitted', async () => {
    const found = (await whole.station.call('records')).filter(({ state }) => state === 'submitted');
    return found.length > 0 ? found : undefined;
  });
  await shot('waiting');
  await whole.startServer();
  const stored = await eventually('the record is stored', async () => {
    const now = await whole.station.call('record', { params: { id: record?.id ?? '' } });
    return now.state === 'stored' ? now : undefined;
  });
  expect(stored.digitalCertificate?.uniqueCode).toBe(stored.uniqueCode);
  await page
    .getByText(stored.uniqueCode ?? '')
    .first()
    .waitFor();
  const shown = page.locator('[data-test=verification-code]');
  await shown.waitFor();
  expect(await shown.innerText()).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
  await page.getByText('操作记录').first().click();
  await page.getByText('提交入库').first().waitFor();
  await shot('stored');
});
test(
  'LNC-041 LNC-067 LNC-165 提交 with no line is kept on the station, and goes out by itself when the server is back',
  stored,
);

const pushed = once(async () => {
  await stored();
  await button('推送').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('辽宁省建设工程招标投标领域').click();
  await shot('push');
  await dialog
    .getByRole('button')
    .filter({ hasText: /推送|确定/ })
    .last()
    .click();
  await page.getByText('推送记录').first().click();
  await page.getByText('核验中').first().waitFor();
  await page.getByText('操作记录').first().click();
  await page.getByText('信息推送').first().waitFor();
  await page.getByText('推送记录').first().click();
  await shot('pushed');
});
test(
  'LNC-187 LNC-199 LNC-205 LNC-206 推送 sends it to a push field, and 推送记录 shows where it stands',
  pushed,
);

const decided = once(async () => {
  await pushed();
  const desk = await signInAtDesk(whole.serverUrl());
  const [record] = await whole.station.call('records');
  await desk.decide(await desk.caseOf(record?.id ?? ''), 'approve', '材料齐全，准予通过');
  await page.getByText('审核通过').first().waitFor();
  await page.getByText('材料齐全，准予通过').first().waitFor();
  await shot('decided');
});
test(
  'LNC-202 the reviewer approves at the desk, and the decision with its opinion appears at the station',
  decided,
);
