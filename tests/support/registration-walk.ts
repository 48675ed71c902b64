/** The way of a person through the registration's pages, in a browser of its own. */
import sharp from 'sharp';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import { addressOf } from '#domain/contracts/route.ts';
import {
  demoIdCard,
  drawBusinessLicence,
  drawIdCardFront,
  drawLetter,
  drawUnitCertificate,
} from './documents.ts';
import { userCentre } from './phone.ts';
import type { Someone } from './phone.ts';
import { photograph } from './photograph.ts';
import { dianchi, people } from './registration-office.ts';
import type { RegistrationOffice } from './registration-office.ts';
import { screenshot } from './screenshot.ts';
import { makeUnitCode } from './unit-codes.ts';

export type TypeId = 'enterprise' | 'public-body' | 'group-or-person';

/** What each type asks for, and who confirms it. */
export const types = {
  enterprise: {
    title: '企业',
    confirmer: '法人',
    boss: people.yang,
    papers: ['licence', 'authorisation', 'commitment'],
  },
  'public-body': {
    title: '事业单位、政府、机构',
    confirmer: '负责人',
    boss: people.li,
    papers: ['unit-certificate', 'authorisation', 'commitment'],
  },
  'group-or-person': {
    title: '团体、个人及其他',
    confirmer: '负责人',
    boss: people.dao,
    papers: ['id-card-front', 'id-card-back', 'authorisation', 'commitment'],
  },
} as const;

let made = 0;
export interface Unit {
  unitName: string;
  creditCode: string;
}
/** One that nobody has registered; a company is known to the register, with `dianchi`'s data and the legal person 杨志明. */
export async function makeUnit({ sandbox }: RegistrationOffice): Promise<Unit> {
  made += 1;
  const unit = { unitName: `昆明新${made}建设工程有限公司`, creditCode: makeUnitCode() };
  const { unitType: type, address, registeredCapital, establishedOn, businessScope } = dianchi;
  await sandbox.addBusiness({
    ...{ creditCode: unit.creditCode, name: unit.unitName, legalRepresentative: people.yang.name, type },
    ...{ address, registeredCapital, establishedOn, businessScope, state: 'active' },
  });
  return unit;
}

/** By the fields of the form. */
export function entriesOf(
  type: TypeId,
  unit: Unit,
  { handler = people.zhang, boss = types[type].boss }: { handler?: Someone; boss?: Someone } = {},
): Record<string, string> {
  const { unitName, creditCode } = unit;
  const { address, unitType, registeredCapital, businessScope } = dianchi;
  const persons = {
    ...{ representative: boss.name, representativeId: boss.idNumber, representativeMobile: boss.mobile },
    ...{ handler: handler.name, handlerId: handler.idNumber, handlerMobile: handler.mobile },
  };
  if (type === 'group-or-person') return { unitName, address, ...persons };
  if (type === 'public-body') return { unitName, creditCode, address, ...persons };
  const company = { unitType, registeredCapital, establishedOn: '2016年4月11日', businessScope };
  return { unitName, creditCode, address, ...company, ...persons };
}

export const licenceOf = async (unit: Unit): Promise<Uint8Array> => {
  const drawn = await drawBusinessLicence({
    ...{ companyName: unit.unitName, creditCode: unit.creditCode, companyType: dianchi.unitType },
    ...{ legalRepresentative: people.yang.name, registeredCapital: dianchi.registeredCapital },
    ...{ establishedOn: '2016年04月11日', businessTerm: '2016年04月11日至2046年04月10日' },
    ...{ address: dianchi.address, businessScope: dianchi.businessScope },
    ...{ registrationAuthority: '昆明市市场监督管理局', issuedOn: '2020年05月06日' },
  });
  return (await photograph(drawn, { seed: 4 })).jpeg;
};
export const certificateOf = async ({ unitName, creditCode }: Unit): Promise<Uint8Array> =>
  (
    await photograph(
      await drawUnitCertificate({
        ...{ unitName, creditCode, address: dianchi.address, representative: people.li.name },
      }),
      { seed: 6 },
    )
  ).jpeg;
const card = { ...demoIdCard, name: people.dao.name, idNumber: people.dao.idNumber, bornOn: '1988年2月29日' };
export const cardFront = async (): Promise<Uint8Array> =>
  (await photograph(await drawIdCardFront(card), { seed: 5 })).jpeg;
export const letter = async (title: string): Promise<Uint8Array> =>
  (
    await photograph(
      await drawLetter({ title, paragraphs: ['兹授权本单位经办人办理用户注册。'], signer: '单位（盖章）' }),
      { seed: 7 },
    )
  ).jpeg;
/** Out of focus. */
export const blurred = async (jpeg: Uint8Array): Promise<Uint8Array> =>
  sharp(jpeg).blur(14).jpeg({ quality: 70 }).toBuffer();

export type Walk = Awaited<ReturnType<typeof openWalk>>;

export async function openWalk(
  browser: Browser,
  url: string,
  { path = '/user-centre/register' }: { path?: string } = {},
) {
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
  });
  const page: Page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // a refused request is the test's own doing; the page says what it means
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  // the notice's seconds are waited for by the page's clock, not by the test
  await page.clock.install();
  await page.goto(`${url}${path}`);

  const slot = (id: string) => page.locator(`[data-attachment="${id}"]`);
  return {
    ...{ page, context, complaints, slot },
    async shot(name: string, fullPage = false): Promise<void> {
      await screenshot(page, name, { fullPage });
    },
    card: (type: TypeId) => page.locator(`[data-type="${type}"]`),
    notice: () => page.getByRole('dialog', { name: '账号注册说明' }),
    async choose(type: TypeId): Promise<void> {
      await page.locator(`[data-type="${type}"]`).click();
    },
    /** The seconds pass, and it is closed. */
    async readNotice(): Promise<void> {
      await page.getByRole('dialog', { name: '账号注册说明' }).waitFor();
      await page.clock.fastForward(5_100);
      await page.getByRole('button', { name: '我知道了', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    },
    async upload(id: string, bytes: Uint8Array, name = `${id}.jpg`): Promise<void> {
      await slot(id)
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: 'image/jpeg', buffer: Buffer.from(bytes) });
    },
    /** Until the reader has looked at the last of them. */
    async looked(id: string, count = 1): Promise<string> {
      await slot(id)
        .locator('[data-file]')
        .nth(count - 1)
        .waitFor();
      await slot(id).locator('[aria-busy=true], .busy').waitFor({ state: 'detached', timeout: 90_000 });
      return slot(id).innerText();
    },
    entry: (id: string) => page.locator(`[data-field="${id}"]`),
    async fill(entries: Record<string, string>): Promise<void> {
      for (const [id, value] of Object.entries(entries))
        await page.locator(`[data-field="${id}"] .input`).fill(value);
    },
    /** As somebody has left it in this browser: filled in, with its papers. The form is open then. */
    async takeUp(
      type: TypeId,
      values: Record<string, string>,
      papers: Record<string, Uint8Array>,
    ): Promise<void> {
      const { beginRegistration, saveRegistration, addRegistrationFile } = registrationRoutes;
      const send = async (method: string, path: string, body: object, mime = 'application/json') => {
        const headers = { 'content-type': mime };
        const answer = await context.request.fetch(`${url}${path}`, { method, headers, data: body });
        if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
      };
      await send('POST', beginRegistration.path, { programme: userCentre, type });
      await send('PUT', saveRegistration.path, { type, values });
      for (const [attachment, bytes] of Object.entries(papers)) {
        const call = { params: { attachment }, query: { name: `${attachment}.jpg` } };
        await send('POST', addressOf(addRegistrationFile, call), Buffer.from(bytes), 'image/jpeg');
      }
      await page.goto(`${url}/user-centre/register/form`);
      await this.readNotice();
    },
    submit: () => page.getByRole('button', { name: '提交', exact: true }).click(),
    state: (state: string) => page.locator(`[data-state="${state}"]`),
    async close(): Promise<void> {
      await context.close();
    },
  };
}
