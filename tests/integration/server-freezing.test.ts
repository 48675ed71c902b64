/** 账号查询, 冻结, 解冻: every kind of account is found, frozen with a reason that its owner is told, and thawed again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditCodeCheck } from '#domain/fields/check-digits.ts';
import { queryStore, storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import { createKeyAccess } from '../../sync-server/services/accounts/login/key-account.ts';
import { checkKeyAccount } from '../../sync-server/services/submissions/check-key-account.ts';
import { createOperatorRows } from '../../sync-server/store/operator-rows.ts';
import { createOwnAccountRows } from '../../sync-server/store/own-account-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let chief: string;
const password = 'kT7-vume-Rado';
const creditCode = `91530100MA6K00001${creditCodeCheck('91530100MA6K00001')}`;
beforeAll(async () => {
  data = makeDataFolder();
  const account = { department: '房建处', password };
  server = await startTestServer(data.folder, {
    accounts: [
      { ...account, id: 'li', name: '李审核', permissions: ['review'] },
      { ...account, id: 'chief', name: '王处', permissions: ['accounts'] },
    ],
  });
  const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
  await administer(settings, [
    'account',
    'organisation',
    'jia',
    '--name',
    '甲建设有限公司',
    '--credit-code',
    creditCode,
  ]);
  const { db, close } = await openStore({ folder: data.folder, database: settings.database, beside: true });
  await createOperatorRows(db).add(
    {
      ...{ id: 'wang', name: '王经办', mobile: '13812345678', permissions: [] },
      organisation: {
        kind: 'organisation',
        scheme: 'credit-code',
        value: creditCode,
        name: '甲建设有限公司',
      },
      ...{ passwordHash: '!', passwordUntil: '2099-01-01T00:00:00.000Z' },
    },
    { actor: 'jia', at: new Date().toISOString() },
  );
  await close();
  chief = await signIn('chief');
});
afterAll(async () => {
  await server.close();
  data.remove();
});

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  // what the routes answer, which the tests look into
  const told = (await answer.json()) as Record<string, unknown>;
  return { status: answer.status, told, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const signIn = async (account: string) =>
  (await ask('POST', '/api/session', '', { account, password })).cookie;
const find = async (query: string) => {
  const { told } = await ask('GET', `/api/directory?${query}`, chief);
  return (told['accounts'] as { id: string; state: string }[]).map(({ id }) => id);
};

describe('账号查询', () => {
  it('finds every kind by name, account, unit, credit code and the last digits of the mobile number', async () => {
    expect((await find('')).toSorted()).toEqual(['chief', 'jia', 'li', 'wang']);
    expect(await find(`search=${encodeURIComponent('李审')}`)).toEqual(['li']);
    expect(await find('search=WANG')).toEqual(['wang']);
    expect((await find(`search=${encodeURIComponent('甲建设')}`)).toSorted()).toEqual(['jia', 'wang']);
    expect((await find(`search=${creditCode.toLowerCase()}`)).toSorted()).toEqual(['jia', 'wang']);
    expect(await find('search=5678')).toEqual(['wang']);
    // the middle of a number is not asked for digit by digit
    expect(await find('search=1234')).toEqual([]);
    expect(await find('search=678')).toEqual([]);
    expect(await find('kind=main')).toEqual(['jia']);
    expect(await find('search=%25')).toEqual([]);
  });

  it('is for whoever looks after accounts', async () => {
    const li = await signIn('li');
    expect((await ask('GET', '/api/directory', li)).told).toMatchObject({ code: 'FORBIDDEN' });
    expect((await ask('POST', '/api/directory/wang/freeze', li, { reason: '试' })).told).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('冻结', () => {
  it('ends every session at once, refuses the sign-in with its reason, and 解冻 lets it in again', async () => {
    const li = await signIn('li');
    expect((await ask('POST', '/api/directory/li/freeze', chief, { reason: ' ' })).status).toBe(400);
    const frozen = await ask('POST', '/api/directory/li/freeze', chief, {
      reason: '涉嫌借用账号',
      note: '举报 12 号',
    });
    expect(frozen.told).toMatchObject({
      state: 'frozen',
      frozen: { by: '王处', reason: '涉嫌借用账号', note: '举报 12 号' },
    });
    expect((await ask('GET', '/api/session', li)).status).toBe(401);
    const refused = await ask('POST', '/api/session', '', { account: 'li', password });
    expect(refused.status).toBe(403);
    expect(refused.told).toMatchObject({
      code: 'ACCOUNT_FROZEN',
      message: '该账号已被冻结，不能登录。冻结原因：涉嫌借用账号',
    });
    // the note is the department's own
    expect(JSON.stringify(refused.told)).not.toContain('举报');
    expect(refused.cookie).toBe('');
    // whoever does not know the password learns nothing of it
    const guess = await ask('POST', '/api/session', '', { account: 'li', password: 'wrong' });
    expect(guess.told).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect(await find('state=frozen')).toEqual(['li']);

    // the second of two reasons changes nothing
    const again = await ask('POST', '/api/directory/li/freeze', chief, { reason: '另一个' });
    expect(again.told).toMatchObject({ frozen: { reason: '涉嫌借用账号' } });

    const thawed = await ask('POST', '/api/directory/li/thaw', chief, { reason: '核查无误' });
    expect(thawed.told).toMatchObject({ state: 'usable' });
    expect(thawed.told['frozen']).toBeUndefined();
    expect(await signIn('li')).not.toBe('');
    const lines = await queryStore<{ account: string; action: string; detail: string }>(
      data.folder,
      `select account, action, detail from log_line where ref = 'li' and action in ('account-frozen', 'account-thawed') order by number`,
    );
    expect(lines).toEqual([
      { account: 'chief', action: 'account-frozen', detail: '涉嫌借用账号（举报 12 号）' },
      { account: 'chief', action: 'account-thawed', detail: '核查无误' },
    ]);
    const refusedLines = await queryStore<{ result: string }>(
      data.folder,
      `select result from log_line where account = 'li' and result = 'ACCOUNT_FROZEN'`,
    );
    expect(refusedLines).toHaveLength(1);
  });

  it('keeps out what was handed in with the unit’s key meanwhile, whenever it arrives, and nothing from before or after', async () => {
    const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
    const { db, close } = await openStore({
      ...{ folder: data.folder, database: settings.database, beside: true },
    });
    const keyAccess = createKeyAccess({ rows: createOwnAccountRows(db) });
    /** Of what came in by a key that the station let in by itself. */
    const refusalAt = async (submittedAt: string) =>
      checkKeyAccount(
        {
          subject: { name: '甲建设有限公司', creditCode },
          handedIn: { by: '王经办', assurance: [], key: { by: 'cached', serialNumber: '5B01' } },
          submittedAt,
        },
        keyAccess,
      );
    /** Between two acts of the department. */
    const moment = async (): Promise<string> => {
      const at = new Date().toISOString();
      await expect.poll(() => new Date().toISOString() > at).toBe(true);
      return at;
    };
    const before = await moment();
    await ask('POST', '/api/directory/jia/freeze', chief, { reason: '核查' });
    const meanwhile = await moment();
    expect(await refusalAt(before)).toBeUndefined();
    expect((await refusalAt(meanwhile))?.code).toBe('ACCOUNT_FROZEN');
    await ask('POST', '/api/directory/jia/thaw', chief, { reason: '核查无误' });
    const after = await moment();
    expect(await refusalAt(before)).toBeUndefined();
    expect(await refusalAt(meanwhile)).toMatchObject({
      code: 'ACCOUNT_WAS_FROZEN',
      words: expect.stringContaining('提交时该账号处于冻结状态') as unknown,
    });
    expect(await refusalAt(after)).toBeUndefined();
    // frozen a second time: the first one still counts
    await ask('POST', '/api/directory/jia/freeze', chief, { reason: '再查' });
    expect((await refusalAt(meanwhile))?.code).toBe('ACCOUNT_WAS_FROZEN');
    expect(await refusalAt(after)).toBeUndefined();
    await ask('POST', '/api/directory/jia/thaw', chief, { reason: '无误' });
    await close();
  });

  it('is refused for oneself, and for an account that is not there', async () => {
    expect((await ask('POST', '/api/directory/chief/freeze', chief, { reason: '试' })).told).toMatchObject({
      code: 'ACCOUNT_OWN',
    });
    expect((await ask('POST', '/api/directory/no/freeze', chief, { reason: '试' })).told).toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
    expect((await ask('POST', '/api/directory/no/thaw', chief, { reason: '试' })).told).toMatchObject({
      code: 'ACCOUNT_UNKNOWN',
    });
  });

  it('leaves no session of a sign-in that came at the same moment', async () => {
    for (let n = 0; n < 5; n += 1) {
      const cookies = await Promise.all([
        ...Array.from({ length: 4 }, () => signIn('li')),
        ask('POST', '/api/directory/li/freeze', chief, { reason: '试' }).then(() => ''),
      ]);
      for (const cookie of cookies.filter((one) => one !== ''))
        expect((await ask('GET', '/api/session', cookie)).status).toBe(401);
      const left = await queryStore(data.folder, `select id from session where account_id = 'li'`);
      expect(left).toEqual([]);
      await ask('POST', '/api/directory/li/thaw', chief, { reason: '试' });
    }
  });
});
