/** What answers after the session is over, what can be counted through, what one sender can fill. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { administer } from '../../sync-server/administer.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makeSubmission,
  refusalOf,
  startTestServer,
  testSettings,
} from './server-support.ts';

const password = 'kT7-vume-Rado';
let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
const lines: { context: Record<string, unknown>; message: string }[] = [];
async function start(change: Partial<ServerSettingsInput> = {}): Promise<void> {
  const say = (context: Record<string, unknown>, message: string) => void lines.push({ context, message });
  const account = (id: string, permissions: string[]) => ({
    id,
    name: id,
    department: '',
    permissions,
    password,
  });
  server = await startTestServer(
    data.folder,
    { accounts: [account('li', ['review']), account('chief', ['accounts'])], ...change },
    { log: { info: () => undefined, warn: say, error: say } },
  );
}
beforeEach(() => {
  data = makeDataFolder();
  lines.length = 0;
});
afterEach(async () => {
  await server.close();
  data.remove();
});

const ask = (method: string, path: string, cookie = '', body?: unknown): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
async function signIn(account: string): Promise<string> {
  const answer = await ask('POST', '/api/session', '', { account, password });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}
it('ends event streams at once with signing out and with a new password chosen elsewhere', async () => {
  await start();
  const acts: ((cookie: string) => Promise<Response>)[] = [
    (cookie) => ask('DELETE', '/api/session', cookie),
    async () =>
      ask('PUT', '/api/session/password', await signIn('li'), { current: password, next: 'mx9q2w7rhvzt' }),
  ];
  for (const act of acts) {
    const cookie = await signIn('li');
    const answer = await ask('GET', '/api/events', cookie);
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    expect((await act(cookie)).status).toBe(200);
    const begun = performance.now();
    while (!(await reader.read()).done);
    expect(performance.now() - begun).toBeLessThan(4_000);
  }
});

it('ends the stream of somebody whose password is reset or who is disabled at the desk, at once', async () => {
  await start();
  const chief = await signIn('chief');
  const answer = await ask('GET', '/api/events', await signIn('li'));
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  expect((await ask('POST', '/api/accounts/li/password', chief)).status).toBe(200);
  const begun = performance.now();
  while (!(await reader.read()).done);
  expect(performance.now() - begun).toBeLessThan(4_000);
});

it('ends the stream of somebody whom a command disabled, within seconds', async () => {
  await start();
  const answer = await ask('GET', '/api/events', await signIn('li'));
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
  await administer(settings, ['account', 'disable', 'li']);
  while (!(await reader.read()).done);
});

it('slows down whoever counts through the certificates, hits and misses alike, and nobody at work', async () => {
  await start();
  const codes = Array.from({ length: 40 }, (_one, n) => `LN2026${String(n).padStart(8, '0')}X`);
  const statuses: number[] = [];
  for (const code of codes) statuses.push((await ask('GET', `/api/certificates/${code}`)).status);
  expect(statuses.filter((status) => status === 404).length).toBeLessThanOrEqual(31);
  expect(statuses.at(-1)).toBe(429);
  const cookie = await signIn('li');
  expect((await ask('GET', `/api/certificates/${codes[0] ?? ''}`, cookie)).status).toBe(404);
});

it('writes no line for each of many refusals, and one with account and address for a failed sign-in', async () => {
  await start();
  for (let n = 0; n < 200; n += 1) await ask('GET', '/api/cases');
  expect(lines.filter(({ message }) => message === 'request refused').length).toBeLessThanOrEqual(5);
  await ask('POST', '/api/session', '', { account: 'li', password: 'not the password' });
  const failed = lines.filter(({ message }) => message === 'sign-in failed');
  expect(failed).toEqual([
    { message: 'sign-in failed', context: { account: 'li', address: '127.0.0.1', known: true } },
  ]);
  expect(JSON.stringify(lines)).not.toContain('not the password');
});

it('takes no more from a station in a day than it may send, finished or not, and raises an alarm', async () => {
  await start({ stationBytesPerDay: 250_000 });
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  const first = makeSubmission(identity.stationId, 1, { blobBytes: 100_000 });
  await station.upload(first);
  await station.commit(first.commit);
  const second = makeSubmission(identity.stationId, 2, { blobBytes: 100_000 });
  const [sha = '', bytes = new Uint8Array()] = [...second.bytes][0] ?? [];
  await station.offer(second.offer);
  // the same piece again and again: it fills the line, not the disk, and counts all the same
  await station.chunk(sha, 0, bytes.subarray(0, 60_000));
  await station.chunk(sha, 0, bytes.subarray(0, 60_000));
  expect(await refusalOf(station.chunk(sha, 60_000, bytes.subarray(60_000)))).toBe('QUOTA_EXCEEDED');
  const third = makeSubmission(identity.stationId, 3, { blobBytes: 100_000 });
  expect(await refusalOf(station.offer(third.offer))).toBe('QUOTA_EXCEEDED');
  station.close();
  const other = makeIdentity();
  await enrol(server.url, other);
  const free = await connectStation(server.url, other);
  const item = makeSubmission(other.stationId, 1, { blobBytes: 100_000 });
  await free.upload(item);
  await free.commit(item.commit);
  free.close();
  const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
  await expect.poll(() => administer(settings, ['alarms'])).toContain(`station-quota  ${identity.stationId}`);
});
