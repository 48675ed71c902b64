/** The administrator's commands for accounts, beside a server that runs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, queryStore, startTestServer, testSettings } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
beforeEach(async () => {
  data = makeDataFolder();
  server = await startTestServer(data.folder);
});
afterEach(async () => {
  await server.close();
  data.remove();
});

const run = async (...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder))), [
    'account',
    ...args,
  ]);
const passwordIn = (text: string): string => /密码 (\S+?)（/.exec(text)?.[1] ?? '';
async function signIn(password: string): Promise<{ status: number; cookie: string }> {
  const answer = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'li', password }),
  });
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const isIn = async (cookie: string): Promise<boolean> =>
  (await fetch(`${server.url}/api/session`, { headers: { cookie } })).status === 200;

it('adds a person, resets the password, and disables: each counts at once', async () => {
  const first = passwordIn(
    await run('add', 'li', '--name', '李工', '--department', '房建处', '--permissions', 'fleet'),
  );
  const session = await signIn(first);
  expect(session.status).toBe(200);
  expect(await run('list')).toContain('li  李工  房建处  fleet');
  await expect(run('add', 'li', '--name', '李工', '--permissions', 'fleet')).rejects.toThrow('已经存在');

  const second = passwordIn(await run('password', 'li'));
  expect(second).not.toBe(first);
  expect(await isIn(session.cookie)).toBe(false);
  expect((await signIn(first)).status).toBe(401);
  const again = await signIn(second);
  expect(again.status).toBe(200);

  await run('disable', 'li');
  expect(await isIn(again.cookie)).toBe(false);
  expect((await signIn(second)).status).toBe(401);
  expect(await run('list')).toContain('已停用');
  await run('enable', 'li');
  expect((await signIn(second)).status).toBe(200);
  expect(
    await queryStore(data.folder, `select action from log_line where kind = 'operation' order by number`),
  ).toEqual(
    ['account-added', 'account-password', 'account-disabled', 'account-enabled'].map((action) => ({
      action,
    })),
  );
});

it('says which permissions there are, which account is unknown, and keeps the last administrator', async () => {
  await expect(run('add', 'li', '--name', '李工', '--permissions', 'everything')).rejects.toThrow(
    '可用的权限',
  );
  await expect(run('disable', 'nobody')).rejects.toThrow('没有账号 nobody');
  await expect(run('add')).rejects.toThrow('请给出账号');
  await run('add', 'chief', '--name', '王处', '--permissions', 'accounts');
  await expect(run('disable', 'chief')).rejects.toThrow('最后一个');
});
