/** Shanghai's operator: no record at the counter, an account that the administrator of a company gives and takes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openCompanies, ownPassword as own, shanghai } from '#tests/support/companies.ts';
import type { Companies } from '#tests/support/companies.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

const codes = { jia: codeOf('91310000MA1K00001'), yi: codeOf('91310000MA1K00002') };
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
let companies: Companies;
beforeAll(async () => {
  outside = await startOutsideServices();
  data = makeDataFolder();
  const { mobileCheck, sms } = outside.settings;
  server = await startTestServer(data.folder, { services: { mobileCheck, sms } });
  companies = await openCompanies({
    ...{ folder: data.folder, url: () => server.url, services: outside },
    settings: testSettings(data.folder, await storeSettings(data.folder)),
  });
  for (const [mobile, name] of people) await companies.knowPerson(mobile, name);
});
afterAll(async () => {
  await companies.close();
  await server.close();
  await outside.close();
  data.remove();
});

const ask: Companies['ask'] = (...args) => companies.ask(...args);
const add = (cookie: string, name: string, mobile: string) =>
  ask('POST', '/api/operators', cookie, companies.newOperator(name, mobile));
const signIn = (mobile: string, password: string) => companies.operatorSignIn(mobile, password);

describe('an operator of a company', () => {
  let jia: string;
  let yi: string;
  let staff: string;
  beforeAll(async () => {
    jia = await companies.openCompany('jia', '甲审价', codes.jia);
    yi = await companies.openCompany('yi', '乙审价', codes.yi);
    const permissions = 'accounts,fleet,all-departments';
    const made = await companies.command('add', 'chief', '--name', '处长', '--permissions', permissions);
    staff = await companies.enter('chief', companies.passwordIn(made));
  });

  it('is kept, with an account, only where name and number belong together', async () => {
    const wrong = await add(jia, '张三', '13800000002');
    expect(wrong.told).toMatchObject({
      code: 'MOBILE_MISMATCH',
      message: '您填写的身份信息与手机号认证失败, 请确认信息是否填写正确。',
    });
    expect(await outside.requests('mobileCheck')).toMatchObject([
      { service: 'mobileCheck', status: 200, body: { name: '张三', mobile: '13800000002' } },
    ]);
    expect((await ask('GET', '/api/operators', jia)).told).toEqual([]);
    expect(await queryStore(data.folder, "select * from account where kind = 'operator'")).toEqual([]);
    expect(await queryStore(data.folder, 'select * from person where mobile is not null')).toEqual([]);

    await outside.setBehaviour({ service: 'mobileCheck', mode: 'fail' });
    const down = await add(jia, '张三', '13800000001');
    expect(down.told).toMatchObject({
      code: 'SERVICE_UNREACHABLE',
      message: '办理此事项所需的服务暂时没有响应（手机二要素校验）',
    });
    await outside.setBehaviour({ service: 'mobileCheck', mode: 'normal' });
    expect((await ask('GET', '/api/operators', jia)).told).toEqual([]);

    for (const mobile of ['1380000000', '12800000001', '138-0000-0001', ''])
      expect((await add(jia, '张三', mobile)).status).toBe(400);
    // pasted with its spaces it is the same number
    const right = await add(jia, '张三', '138 0000 0001');
    expect(right.told).toMatchObject({ name: '张三', mobile: '13800000001', state: 'usable' });
  });

  it('signs in with the number, chooses a password first, and may do nothing of the administrator’s', async () => {
    const { id, password } = await companies.addOperator(jia, '李四', '13800000002');
    const cookie = await companies.enterAsOperator('13800000002', password);
    expect((await ask('GET', '/api/session', cookie)).told).toMatchObject({ id, name: '李四' });
    for (const [method, path, body] of [
      ['GET', '/api/operators'],
      ['POST', '/api/operators', companies.newOperator('王五', '13800000004')],
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
    const { id } = await companies.addOperator(jia, '张三', '13800000003');
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
    const taken = await add(yi, '张三', '13800000003');
    expect(taken.code).toBe('MOBILE_TAKEN');
    const both = await Promise.all([jia, yi].map((cookie) => add(cookie, '赵六', '13800000005')));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('lets the number and the state change, checked as the first number was, and nothing else', async () => {
    const list = (await ask('GET', '/api/operators', jia)).told as unknown as {
      id: string;
      mobile: string;
    }[];
    const { id = '' } = list.find(({ mobile }) => mobile === '13800000003') ?? {};
    for (const change of [{ name: '王五' }, { id: 'x' }, { organisation: codes.yi }, {}])
      expect((await ask('PUT', `/api/operators/${id}`, jia, change)).status).toBe(400);
    const wrong = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000004' });
    expect(wrong.code).toBe('MOBILE_MISMATCH');
    const taken = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000001' });
    expect(taken.code).toBe('MOBILE_TAKEN');
    await companies.knowPerson('13800000009', '张三');
    const moved = await ask('PUT', `/api/operators/${id}`, jia, { mobile: '13800000009' });
    expect(moved.told).toMatchObject({ mobile: '13800000009', state: 'usable' });
    expect((await signIn('13800000003', own)).code).toBe('SIGN_IN_FAILED');
  });

  it('is 删除d: every session ends at once, the record stays, and signing in is refused with words', async () => {
    const { id, password } = await companies.addOperator(jia, '王五', '13800000004');
    const first = await companies.enterAsOperator('13800000004', password);
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
    expect(sessions[0]).toMatchObject({
      place: '127.0.0.1',
      device: 'node',
      way: 'password-sms',
      account: id,
    });
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
    const lonely = await openCompanies({
      ...{ folder: folder.folder, url: () => alone.url, services: outside },
      settings: testSettings(folder.folder, await storeSettings(folder.folder)),
    });
    try {
      const cookie = await lonely.openCompany('bing', '丙审价', codes.jia);
      const answer = await lonely.ask(
        ...(['POST', '/api/operators', cookie, lonely.newOperator('张三', '13800000001')] as const),
      );
      expect(answer.told).toMatchObject({
        code: 'SERVICE_MISSING',
        message: '服务器没有配置办理此事项所需的服务（手机二要素校验）',
        details: { service: '手机二要素校验' },
      });
    } finally {
      await lonely.close();
      await alone.close();
      folder.remove();
    }
  });
});

describe('the first password of an operator', () => {
  let jia: string;
  beforeAll(async () => {
    jia = (await companies.signIn('jia', own)).cookie;
  });

  it('goes to the phone alone, and only its hash is kept', async () => {
    const { password, id } = await companies.addOperator(jia, '钱七', '13800000011');
    expect(password).toMatch(/^[a-z0-9]{15}$/);
    const message = (await outside.sms.last('13800000011'))?.text ?? '';
    expect(message).toContain('【上海市房屋维修资金管理系统】钱七');
    expect(JSON.stringify((await ask('GET', `/api/operators/${id}`, jia)).told)).not.toContain(password);
    const rows = await queryStore<Record<string, unknown>>(
      data.folder,
      `select * from account where id = '${id}'`,
    );
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(password);
  });

  it('that the service did not take leaves nothing behind, and the number is free for the next try', async () => {
    await companies.knowPerson('13800000012', '孙八');
    await outside.setBehaviour({ service: 'sms', mode: 'fail' });
    const failed = await add(jia, '孙八', '13800000012');
    expect(failed.told).toMatchObject({
      code: 'PASSWORD_NOT_SENT',
      message: expect.stringContaining('初始密码短信没有发出，本次操作没有生效') as string,
    });
    await outside.setBehaviour({ service: 'sms', mode: 'normal' });
    const kept = await queryStore(data.folder, "select id from identity where value = '13800000012'");
    expect(kept).toEqual([]);
    expect(await outside.sms.last('13800000012')).toBeUndefined();
    expect((await add(jia, '孙八', '13800000012')).status).toBe(200);
  });

  it('is made anew for whoever lost it: the one before opens nothing, and what was not sent changes nothing', async () => {
    const { id, password } = await companies.addOperator(jia, '周九', '13800000013');
    const renew = () => ask('POST', `/api/operators/${id}/password`, jia, { programme: shanghai });
    await outside.setBehaviour({ service: 'sms', mode: 'fail' });
    expect((await renew()).code).toBe('PASSWORD_NOT_SENT');
    await outside.setBehaviour({ service: 'sms', mode: 'normal' });
    const { cookie } = await signIn('13800000013', password);
    expect((await ask('GET', '/api/session', cookie)).status).toBe(200);
    expect((await renew()).status).toBe(200);
    expect((await ask('GET', '/api/session', cookie)).code).toBe('UNAUTHENTICATED');
    expect((await signIn('13800000013', password)).code).toBe('SIGN_IN_FAILED');
    const next = await companies.firstPassword('13800000013');
    const entered = await signIn('13800000013', next);
    expect(entered.told['mustChangePassword']).toMatchObject({ by: '甲审价', isReset: true });
  });

  it('takes a name however its dot was typed, and one with a rare character', async () => {
    await companies.knowPerson('13800000014', '阿卜杜拉·买买提');
    const dotted = await add(jia, ' 阿卜杜拉•买买提 ', '13800000014');
    expect(dotted.told).toMatchObject({ name: '阿卜杜拉·买买提' });
    await companies.knowPerson('13800000015', '㛃𬍛');
    expect((await add(jia, '㛃𬍛', '13800000015')).told).toMatchObject({ name: '㛃𬍛' });
    expect((await add(jia, '张3', '13800000015')).status).toBe(400);
    const elsewhere = {
      ...companies.newOperator('张三', '13800000015'),
      systems: ['liaoning-subject-library'],
    };
    expect((await ask('POST', '/api/operators', jia, elsewhere)).code).toBe('BAD_REQUEST');
  });
});

describe('an operator who signs in', () => {
  const mobile = '13800000021';
  let password: string;
  beforeAll(async () => {
    const { cookie } = await companies.signIn('jia', own);
    ({ password } = await companies.addOperator(cookie, '吴十', mobile));
  });
  const other = (code: string): string => (code === '000000' ? '111111' : '000000');

  it('comes in by number, password and code together, and not by two of them', async () => {
    expect((await companies.askForCode(mobile, 'wrong password')).code).toBe('SIGN_IN_FAILED');
    expect((await outside.sms.last(mobile))?.text).not.toContain('验证码');
    expect((await companies.askForCode(mobile, password)).status).toBe(200);
    const code = await companies.newestCode(mobile);
    expect((await companies.signInWith(mobile, 'wrong password', code)).code).toBe('SIGN_IN_FAILED');
    expect((await companies.signInWith(mobile, password, other(code))).code).toBe('SMS_CODE_WRONG');
    expect((await companies.signIn(mobile, password)).told).toMatchObject({
      code: 'LOGIN_WAY_NOT_OFFERED',
      message: '本系统不接受这种登录方式',
    });
    const entered = await companies.signInWith(mobile, password, code);
    expect(entered.told).toMatchObject({ name: '吴十' });
    expect((await companies.signInWith(mobile, password, code)).code).toBe('SMS_CODE_WRONG');
    const [session] = await queryStore<{ assurance: string }>(
      data.folder,
      "select assurance from session where way = 'password-sms' order by created_at desc limit 1",
    );
    expect(JSON.parse(session?.assurance ?? '')).toMatchObject([{ level: 'two-factors' }]);
  });

  it('has one live code: the newest, for this purpose, for five tries', async () => {
    await companies.askForCode(mobile, password);
    const first = await companies.newestCode(mobile);
    expect(
      (await ask('POST', '/api/operator-session/code', '', { programme: shanghai, mobile, password })).code,
    ).toBe('SMS_TOO_SOON');
    await companies.askForCode(mobile, password);
    const second = await companies.newestCode(mobile);
    if (first !== second)
      expect((await companies.signInWith(mobile, password, first)).code).toBe('SMS_CODE_WRONG');
    const answers: unknown[] = [];
    for (let n = 0; n < 5; n += 1) {
      // whoever guesses from elsewhere guesses at the same code
      await companies.db.deleteFrom('tally').where('name', 'like', 'sms-guess % from %').execute();
      answers.push((await companies.signInWith(mobile, password, other(second))).code);
    }
    expect(new Set(answers)).toEqual(new Set(['SMS_CODE_WRONG']));
    await companies.db.deleteFrom('tally').where('name', 'like', 'sms-guess % from %').execute();
    expect((await companies.signInWith(mobile, password, second)).code).toBe('SMS_CODE_WRONG');
    await companies.db.deleteFrom('tally').where('name', 'like', 'sms-guess % from %').execute();
    expect((await companies.operatorSignIn(mobile, password)).status).toBe(200);
  });

  it('hears when the message could not be sent, and the next try counts as the first', async () => {
    await outside.setBehaviour({ service: 'sms', mode: 'fail' });
    expect((await companies.askForCode(mobile, password)).code).toBe('SERVICE_UNREACHABLE');
    await outside.setBehaviour({ service: 'sms', mode: 'normal' });
    const again = { programme: shanghai, mobile, password };
    expect((await ask('POST', '/api/operator-session/code', '', again)).status).toBe(200);
  });

  it('gets no code of a programme that does not offer the way, and an administrator none at all', async () => {
    const hunan = { programme: 'hunan-unified-registration', mobile, password };
    expect((await ask('POST', '/api/operator-session/code', '', hunan)).code).toBe('LOGIN_WAY_NOT_OFFERED');
  });
});
