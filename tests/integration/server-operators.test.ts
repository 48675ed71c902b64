/** Shanghai's operator: no record at the counter, an account that the administrator of a company gives and takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditCodeCheck, idNumberCheck } from '#domain/fields/check-digits.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

const own = 'kT7-vume-Rado';
const codeOf = (body: string): string => `${body}${creditCodeCheck(body)}`;
const companies = { jia: codeOf('91310000MA1K00001'), yi: codeOf('91310000MA1K00002') };
/** Whom the service knows: numbers and the names that they are bound to. */
const people: [mobile: string, name: string][] = [
  ['13800000001', '张三'],
  ['13800000002', '李四'],
  ['13800000003', '张三'],
  ['13800000004', '王五'],
  ['13800000005', '赵六'],
];

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let outside: TestOutsideServices;

/** Each number is another person's, also where two have one name. */
function knowPerson(mobile: string, name: string): Promise<void> {
  const body = `53010219900101${mobile.slice(-3)}`;
  return outside.addPerson({ name, mobile, idNumber: `${body}${idNumberCheck(body)}` });
}

beforeAll(async () => {
  outside = await startOutsideServices();
  for (const [mobile, name] of people) await knowPerson(mobile, name);
  data = makeDataFolder();
  server = await startTestServer(data.folder, { services: { mobileCheck: outside.settings.mobileCheck } });
});
afterAll(async () => {
  await server.close();
  await outside.close();
  data.remove();
});

async function command(...args: string[]): Promise<string> {
  const settings = testSettings(data.folder, await storeSettings(data.folder));
  return administer(serverSettingsSchema.parse(settings), ['account', ...args]);
}
const passwordIn = (text: string): string => /密码 (\S+?)（/.exec(text)?.[1] ?? '';

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  const session = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: answer.status, told, code: told['code'], cookie: session };
}
const signIn = (account: string, password: string) => ask('POST', '/api/session', '', { account, password });

/** Signed in with a password of one's own, after the first one, which somebody else made. */
async function enter(account: string, first: string): Promise<string> {
  const { cookie, told } = await signIn(account, first);
  expect(told['mustChangePassword']).toBeDefined();
  expect((await ask('GET', '/api/operators', cookie)).code).toBe('PASSWORD_CHANGE_REQUIRED');
  const changed = await ask('PUT', '/api/session/password', cookie, { current: first, next: own });
  expect(changed.status).toBe(200);
  return changed.cookie;
}

const openCompany = async (id: 'jia' | 'yi'): Promise<string> =>
  enter(
    id,
    passwordIn(await command('organisation', id, '--name', `${id}审价`, '--credit-code', companies[id])),
  );

async function addOperator(cookie: string, name: string, mobile: string) {
  const { told } = await ask('POST', '/api/operators', cookie, { name, mobile });
  const { operator, password } = told as { operator: { id: string }; password: string };
  return { id: operator.id, password };
}

describe('an operator of a company', () => {
  let jia: string;
  let yi: string;
  let staff: string;
  beforeAll(async () => {
    [jia, yi] = [await openCompany('jia'), await openCompany('yi')];
    const permissions = 'accounts,fleet,all-departments';
    const made = await command('add', 'chief', '--name', '处长', '--permissions', permissions);
    staff = await enter('chief', passwordIn(made));
  });

  it('is kept, with an account, only where name and number belong together', async () => {
    const wrong = await ask('POST', '/api/operators', jia, { name: '张三', mobile: '13800000002' });
    expect(wrong.told).toMatchObject({
      code: 'MOBILE_MISMATCH',
      message: '您填写的身份信息与手机号认证失败, 请确认信息是否填写正确。',
    });
    expect(await outside.requests()).toMatchObject([
      { service: 'mobileCheck', status: 200, body: { name: '张三', mobile: '13800000002' } },
    ]);
    expect((await ask('GET', '/api/operators', jia)).told).toEqual([]);
    expect(await queryStore(data.folder, "select * from account where kind = 'operator'")).toEqual([]);
    expect(await queryStore(data.folder, 'select * from person where mobile is not null')).toEqual([]);

    await outside.setBehaviour({ service: 'mobileCheck', mode: 'fail' });
    const down = await ask('POST', '/api/operators', jia, { name: '张三', mobile: '13800000001' });
    expect(down.told).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: '办理此事项所需的服务暂时没有响应（手机二要素校验）',
    });
    await outside.setBehaviour({ service: 'mobileCheck', mode: 'normal' });
    expect((await ask('GET', '/api/operators', jia)).told).toEqual([]);

    for (const mobile of ['1380000000', '12800000001', '138 0000 0001', ''])
      expect((await ask('POST', '/api/operators', jia, { name: '张三', mobile })).status).toBe(400);
    const right = await ask('POST', '/api/operators', jia, { name: '张三', mobile: '13800000001' });
    expect(right.told).toMatchObject({ operator: { name: '张三', mobile: '13800000001', state: 'usable' } });
  });

  it('signs in with the number, chooses a password first, and may do nothing of the administrator’s', async () => {
    const { id, password } = await addOperator(jia, '李四', '13800000002');
    const cookie = await enter('13800000002', password);
    expect((await ask('GET', '/api/session', cookie)).told).toMatchObject({ id, name: '李四' });
    for (const [method, path, body] of [
      ['GET', '/api/operators'],
      ['POST', '/api/operators', { name: '王五', mobile: '13800000004' }],
      ['GET', `/api/operators/${id}`],
      ['PUT', `/api/operators/${id}`, { state: 'unusable' }],
      ['DELETE', `/api/operators/${id}`],
      ['GET', '/api/accounts'],
      ['GET', '/api/fleet'],
      ['GET', '/api/stations'],
    ] as const)
      expect([path, (await ask(method, path, cookie, body)).status]).toEqual([path, 403]);
    expect((await ask('GET', '/api/cases', cookie)).told).toMatchObject({ cases: [], total: 0 });
    // a password that is the own number is none
    const weak = { current: own, next: 'X13800000002' };
    expect((await ask('PUT', '/api/session/password', cookie, weak)).code).toBe('PASSWORD_TOO_WEAK');
  });

  it('is there for the own administrator alone: not for another company’s, an operator, staff or a stranger', async () => {
    const { id } = await addOperator(jia, '张三', '13800000003');
    for (const [cookie, status] of [
      [yi, 404],
      [staff, 403],
      ['', 401],
    ] as const) {
      expect((await ask('GET', `/api/operators/${id}`, cookie)).status).toBe(status);
      expect((await ask('PUT', `/api/operators/${id}`, cookie, { state: 'unusable' })).status).toBe(status);
      expect((await ask('DELETE', `/api/operators/${id}`, cookie)).status).toBe(status);
    }
    expect((await ask('GET', '/api/operators', yi)).told).toEqual([]);
    expect((await ask('GET', `/api/operators/${id}`, jia)).told).toMatchObject({ state: 'usable' });
    // a main account and a staff account are no operators
    for (const other of ['jia', 'chief'])
      expect((await ask('DELETE', `/api/operators/${other}`, jia)).status).toBe(404);
    // and the desk's administrators do not find operators among their accounts
    expect((await ask('PUT', `/api/accounts/${id}/state`, staff, { isDisabled: true })).status).toBe(404);
    // one number is one account's, whichever company asks
    const taken = await ask('POST', '/api/operators', yi, { name: '张三', mobile: '13800000003' });
    expect(taken.code).toBe('MOBILE_TAKEN');
    const both = await Promise.all(
      [jia, yi].map((cookie) =>
        ask('POST', '/api/operators', cookie, { name: '赵六', mobile: '13800000005' }),
      ),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('lets the number and the state change, checked as the first number was, and nothing else', async () => {
    const list = (await ask('GET', '/api/operators', jia)).told as unknown as {
      id: string;
      mobile: string;
    }[];
    const { id = '' } = list.find(({ mobile }) => mobile === '13800000003') ?? {};
    for (const change of [{ name: '王五' }, { id: 'x' }, { organisation: companies.yi }, {}])
      expect((await ask('PUT', `/api/operators/${id}`, jia, change)).status).toBe(400);
    const wrong = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000004' });
    expect(wrong.code).toBe('MOBILE_MISMATCH');
    const taken = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000001' });
    expect(taken.code).toBe('MOBILE_TAKEN');
    await knowPerson('13800000009', '张三');
    const moved = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000009' });
    expect(moved.told).toMatchObject({ mobile: '13800000009', state: 'usable' });
    expect((await signIn('13800000003', own)).code).toBe('SIGN_IN_FAILED');
  });

  it('is 删除d: every session ends at once, the record stays, and signing in is refused with words', async () => {
    const { id, password } = await addOperator(jia, '王五', '13800000004');
    const first = await enter('13800000004', password);
    const second = (await signIn('13800000004', own)).cookie;
    const stream = await fetch(`${server.url}/api/events`, { headers: { cookie: second } });
    expect((await ask('DELETE', `/api/operators/${id}`, jia)).told).toMatchObject({ state: 'unusable' });
    for (const cookie of [first, second])
      expect((await ask('GET', '/api/session', cookie)).code).toBe('UNAUTHENTICATED');
    // its stream of events ends by itself
    expect(await stream.text()).not.toContain('event:');
    const refused = await signIn('13800000004', own);
    expect(refused.told).toMatchObject({
      code: 'ACCOUNT_DISABLED',
      message: '该账号已被删除或停用，不可使用',
    });
    expect(refused.cookie).toBe('');
    // whoever does not know the password learns nothing of it
    expect((await signIn('13800000004', 'wrong password')).code).toBe('SIGN_IN_FAILED');
    expect((await ask('GET', `/api/operators/${id}`, jia)).told).toMatchObject({ name: '王五' });
    const operations = await queryStore<{ actor: string; action: string }>(
      data.folder,
      `select account as actor, action from log_line where ref = '${id}' and kind = 'operation' order by number`,
    );
    expect(operations.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      'jia account-operator-added',
      `${id} account-own-password`,
      'jia account-operator-unusable',
    ]);
    await ask('PUT', `/api/operators/${id}`, jia, { state: 'usable' });
    expect((await signIn('13800000004', own)).status).toBe(200);
  });

  it('shows where one is signed in, and lets its owner and its administrator end that', async () => {
    const operators = (await ask('GET', '/api/operators', jia)).told as unknown as {
      id: string;
      name: string;
    }[];
    const { id = '' } = operators.find(({ name }) => name === '王五') ?? {};
    const here = (await signIn('13800000004', own)).cookie;
    const there = (await signIn('13800000004', own)).cookie;
    const listOf = async (cookie: string, path = '/api/sessions') =>
      (await ask('GET', path, cookie)).told as unknown as {
        id: string;
        isOwn: boolean;
        place: string;
        device: string;
      }[];
    const sessions = await listOf(here);
    expect(sessions.filter(({ isOwn }) => isOwn)).toHaveLength(1);
    expect(sessions[0]).toMatchObject({ place: '127.0.0.1', device: 'node', way: 'password', account: id });
    expect(JSON.stringify(sessions)).not.toMatch(/sha/i);
    const other = sessions.filter(({ isOwn }) => !isOwn);
    expect((await ask('DELETE', `/api/sessions/${other[0]?.id}`, yi)).status).toBe(404);
    expect((await listOf(jia, `/api/accounts/${id}/sessions`)).length).toBe(sessions.length);
    expect((await ask('GET', `/api/accounts/${id}/sessions`, yi)).status).toBe(404);
    expect((await ask('GET', `/api/accounts/${id}/sessions`, staff)).status).toBe(200);
    for (const one of other) expect((await ask('DELETE', `/api/sessions/${one.id}`, here)).status).toBe(200);
    expect((await ask('GET', '/api/session', there)).status).toBe(401);
    expect((await ask('GET', '/api/session', here)).status).toBe(200);
  });

  it('cannot be added without the service that checks the number, and the page says which it is', async () => {
    const folder = makeDataFolder();
    const alone = await startTestServer(folder.folder);
    try {
      const settings = testSettings(folder.folder, await storeSettings(folder.folder));
      const made = await administer(serverSettingsSchema.parse(settings), [
        ...['account', 'organisation', 'bing', '--name', '丙审价', '--credit-code', companies.jia],
      ]);
      const post = (path: string, cookie: string, body: unknown, method = 'POST') =>
        fetch(`${alone.url}${path}`, {
          method,
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const first = passwordIn(made);
      const entered = await post('/api/session', '', { account: 'bing', password: first });
      const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
      const changed = await post('/api/session/password', cookie, { current: first, next: own }, 'PUT');
      const renewed = changed.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answer = await post('/api/operators', renewed, { name: '张三', mobile: '13800000001' });
      expect(await answer.json()).toMatchObject({
        code: 'SERVICE_MISSING',
        message: '服务器没有配置办理此事项所需的服务（手机二要素校验）',
        details: { service: '手机二要素校验' },
      });
    } finally {
      await alone.close();
      folder.remove();
    }
  });
});
