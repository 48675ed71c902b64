/** What a demonstration leaves behind: an account with a known password, what was done with it, and an authority that anybody has. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuthority, generateKeys } from '#tests/emulators/signing-token/demo-ca.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { enrol, makeDataFolder, makeIdentity, startTestServer, testSettings } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer | undefined;
const warnings: { context: Record<string, unknown>; message: string }[] = [];
beforeEach(() => {
  data = makeDataFolder();
  warnings.length = 0;
});
afterEach(async () => {
  await server?.close();
  data.remove();
});

async function start(change: Partial<ServerSettingsInput> = {}): Promise<RunningServer> {
  await server?.close();
  const log = {
    info: () => undefined,
    error: () => undefined,
    warn: (context: Record<string, unknown>, message: string) => void warnings.push({ context, message }),
  };
  return (server = await startTestServer(data.folder, change, { log }));
}
async function signIn(account: string, password: string): Promise<{ status: number; cookie: string }> {
  const answer = await fetch(`${server?.url ?? ''}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account, password }),
  });
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const ask = (path: string, cookie: string, body?: unknown): Promise<Response> =>
  fetch(`${server?.url ?? ''}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
const command = async (...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder))), [
    'account',
    ...args,
  ]);

it('ends the account, its sessions and the accounts it made at a start without it, aloud, and only those', async () => {
  await start({ demo: true });
  const demo = await signIn('demo', 'ludeng-demo');
  expect(demo.status).toBe(200);
  const added = { id: 'backdoor', name: '后门', department: '', permissions: ['accounts'] };
  const { password } = (await (await ask('/api/accounts', demo.cookie, added)).json()) as {
    password: string;
  };
  await command('add', 'real', '--name', '王处', '--permissions', 'accounts');

  await start();
  expect((await ask('/api/session', demo.cookie)).status).toBe(401);
  expect((await signIn('demo', 'ludeng-demo')).status).toBe(401);
  expect((await signIn('backdoor', password)).status).toBe(401);
  const list = await command('list');
  expect(list).toMatch(/demo .*已停用/);
  expect(list).toMatch(/backdoor .*已停用/);
  expect(list).not.toMatch(/real .*已停用/);
  expect(warnings.find(({ message }) => message.includes('演示账号'))?.context).toEqual({
    accounts: ['backdoor', 'demo'],
  });

  // an administrator looked at it and wants it
  await command('enable', 'backdoor');
  warnings.length = 0;
  await start();
  expect((await signIn('backdoor', password)).status).toBe(200);
  expect(warnings.some(({ message }) => message.includes('演示账号'))).toBe(false);

  await start({ demo: true });
  expect((await signIn('demo', 'ludeng-demo')).status).toBe(200);
});

it('ends an account whose password the demonstration reset, and one that other machines could reach', async () => {
  await start({ demo: true });
  await command('add', 'real', '--name', '王处', '--permissions', 'fleet');
  const { cookie } = await signIn('demo', 'ludeng-demo');
  const reset = await ask('/api/accounts/real/password', cookie, {});
  const { password } = (await reset.json()) as { password: string };
  await start({ demo: true, host: '0.0.0.0', allowPlainHttp: true });
  expect((await signIn('demo', 'ludeng-demo')).status).toBe(401);
  expect((await signIn('real', password)).status).toBe(401);
});

it('believes the simulated authority in a demonstration only, and tells no station of it', async () => {
  const pem = (name: string): string =>
    new X509Certificate(
      createAuthority(name, {
        notBefore: '2026-01-01T00:00:00Z',
        notAfter: '2036-01-01T00:00:00Z',
        serialNumber: Buffer.from([1]),
        keys: generateKeys('rsa'),
      }).certificateDer,
    ).toString();
  const trustAnchors = [pem('绿灯站模拟认证中心'), pem('某省数字证书认证中心')];
  const told = async (): Promise<number> => {
    const answer = (await (await enrol(server?.url ?? '', makeIdentity())).json()) as {
      trustAnchors: string[];
    };
    return answer.trustAnchors.length;
  };
  await start({ demo: true, trustAnchors });
  expect(await told()).toBe(2);
  await start({ trustAnchors });
  expect(await told()).toBe(1);
  expect(warnings.some(({ message }) => message.includes('模拟认证中心'))).toBe(true);
});

it('takes back enrolment codes that no start asks for any more', async () => {
  await start({ enrolment: { code: 'reusable-of-a-show', reusable: true } });
  await start({ enrolment: undefined });
  expect((await enrol(server?.url ?? '', makeIdentity(), 'reusable-of-a-show')).status).toBe(403);
  const first = readFileSync(join(data.folder, 'enrolment-code'), 'utf8').trim();
  await start({ enrolment: undefined });
  expect((await enrol(server?.url ?? '', makeIdentity(), first)).status).toBe(403);
  const second = readFileSync(join(data.folder, 'enrolment-code'), 'utf8').trim();
  expect((await enrol(server?.url ?? '', makeIdentity(), second)).status).toBe(200);
});
