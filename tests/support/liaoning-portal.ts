/** Liaoning's portal in an ordinary browser: its station, a real OpenID provider, phones, and how somebody comes in. */
import { buildConsolePages } from '../../scripts/build-pages.ts';
import { startBrowser } from './browser.ts';
import { freePort } from './free-port.ts';
import { startOutsideServices } from './outside-services.ts';
import { startWholeStation } from './whole-station.ts';

export const programme = 'liaoning-subject-library';
export const password = 'kT7-vume-Rado';

export async function openLiaoningPortal() {
  await buildConsolePages();
  const services = await startOutsideServices();
  const port = await freePort();
  const whole = await startWholeStation({
    profile: { port },
    serverSettings: { stationProgram: `http://127.0.0.1:${port}`, services: services.settings },
  });
  const address = `${whole.serverUrl()}/portal/${programme}`;
  await services.openid.setRedirectUris([`${address}/login/openid`]);
  const browser = await startBrowser();
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content.Security.Policy/iu.test(message.text())) complaints.push(message.text());
  });

  const tab = (title: string) => page.getByRole('tab', { name: title, exact: true });
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  /** Signed in as nobody, whatever the test before left. */
  async function openLogin(way?: string): Promise<void> {
    await context.clearCookies();
    await page.goto(`${address}/login`);
    await page.getByRole('tab').first().waitFor();
    if (way !== undefined) await tab(way).click();
  }
  /** As far as the page of the provider. */
  async function toProvider(): Promise<void> {
    await openLogin('辽易通登录');
    await press('使用辽易通登录');
    await page.getByRole('heading', { name: '辽易通登录，沙箱' }).waitFor();
  }
  async function openRegistration(): Promise<void> {
    await openLogin('账号密码登录');
    await page.getByRole('link', { name: '点击注册' }).click();
    await page.getByRole('heading', { name: '注册账号' }).waitFor();
  }
  /** The code that came to the number. */
  async function fillRegistration(mobile: string): Promise<string> {
    await page.getByLabel('姓名').fill('王志');
    await page.getByLabel('手机号').fill(mobile);
    await press('获取验证码');
    await page.getByText(`验证码已发送到 ${mobile}`).waitFor();
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByLabel('再输入一次密码').fill(password);
    return (await services.sms.last(mobile))?.code ?? '';
  }
  let numbersGiven = 0;
  /** Each is another person's, so that a second try registers anew. */
  const freshMobile = (): string => `1390000${String((numbersGiven += 1)).padStart(4, '0')}`;

  return {
    ...{ services, whole, address, page, complaints, tab, press },
    ...{ openLogin, toProvider, openRegistration, fillRegistration, freshMobile },
    async byOpenid(user: string): Promise<void> {
      await toProvider();
      await press(user);
    },
    async byPassword(account: string, said = password): Promise<void> {
      await openLogin('账号密码登录');
      await page.getByLabel('账号', { exact: true }).fill(account);
      await page.getByLabel('密码', { exact: true }).fill(said);
      await press('登录');
    },
    /** The mobile number of a new account. */
    async register(): Promise<string> {
      const mobile = freshMobile();
      await openRegistration();
      await page.getByLabel('短信验证码').fill(await fillRegistration(mobile));
      await press('确定');
      await page.getByText('注册成功').waitFor();
      return mobile;
    },
    async leave(): Promise<void> {
      await press('退出');
      await page.getByRole('tab').first().waitFor();
    },
    async close(): Promise<void> {
      await browser.close();
      await whole.close();
      await services.close();
    },
  };
}
export type LiaoningPortal = Awaited<ReturnType<typeof openLiaoningPortal>>;
