/** What stands before every route: headers of every kind of answer, cookies of this host alone, and how often an address may ask. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
const password = 'kT7-vume-Rado';
const publicUrl = 'https://desk.example.org';
beforeAll(async () => {
  data = makeDataFolder();
  const consoleFolder = join(data.folder, 'consoles');
  for (const page of ['desk', 'mobile', 'user-centre', 'portal']) {
    mkdirSync(join(consoleFolder, page), { recursive: true });
    writeFileSync(join(consoleFolder, page, 'index.html'), `<!doctype html><title>${page}</title>`);
  }
  writeFileSync(join(consoleFolder, 'mark.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const account = { department: '房建处', password, permissions: ['review'] };
  server = await startTestServer(data.folder, {
    ...{ publicUrl, consoleFolder },
    accounts: [{ ...account, id: 'li', name: '李审核' }],
  });
});
afterAll(async () => {
  await server.close();
  data.remove();
});

/** As a caller behind the proxy that stands on this machine. */
const ask = (
  address: string,
  method: string,
  path: string,
  options: { cookie?: string; body?: unknown } = {},
) =>
  fetch(`${server.url}${path}`, {
    method,
    headers: {
      'x-forwarded-for': address,
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: options.body === undefined ? null : JSON.stringify(options.body),
  });
const signIn = (address: string) =>
  ask(address, 'POST', '/api/session', { body: { account: 'li', password } });

describe('every answer', () => {
  it('has the headers that keep other pages out: data, refusals, pages, files and streams', async () => {
    const entered = await signIn('198.51.100.1');
    const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const answers: [string, Response][] = [
      ['data', await ask('198.51.100.1', 'GET', '/api/cases', { cookie })],
      ['refusal', await ask('198.51.100.1', 'GET', '/api/cases')],
      ['nothing there', await ask('198.51.100.1', 'GET', '/api/nothing')],
      ['bad body', await ask('198.51.100.1', 'POST', '/api/session', { body: {} })],
      ['page', await ask('198.51.100.1', 'GET', '/accounts')],
      ['page for phones', await ask('198.51.100.1', 'GET', '/m/')],
      ['file', await ask('198.51.100.1', 'GET', '/mark.svg')],
      ['health', await ask('198.51.100.1', 'GET', '/healthz')],
      ['stream', await ask('198.51.100.1', 'GET', '/api/events', { cookie })],
    ];
    for (const [name, { headers, body }] of answers) {
      expect(headers.get('x-content-type-options'), name).toBe('nosniff');
      expect(headers.get('referrer-policy'), name).toBe('no-referrer');
      expect(headers.get('x-frame-options'), name).toBe('SAMEORIGIN');
      expect(headers.get('cross-origin-opener-policy'), name).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy'), name).toBe('same-origin');
      expect(headers.get('strict-transport-security'), name).toContain('max-age=');
      const policy = headers.get('content-security-policy') ?? '';
      for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"])
        expect(policy, name).toContain(part);
      expect(policy, name).not.toMatch(/unsafe|\*/);
      expect(headers.get('x-powered-by'), name).toBeNull();
      await body?.cancel();
    }
  });

  it('gives over TLS a cookie that is of this host alone, and believes no other', async () => {
    const given = (await signIn('198.51.100.2')).headers.get('set-cookie') ?? '';
    expect(given).toMatch(
      /^__Host-ludeng-desk=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Strict/,
    );
    const token = /=([\w-]+)/.exec(given)?.[1] ?? '';
    const isIn = async (cookie: string) =>
      (await ask('198.51.100.2', 'GET', '/api/session', { cookie })).status;
    expect(await isIn(`__Host-ludeng-desk=${token}`)).toBe(200);
    // another host of the domain, or somebody on a plain line, can plant this one
    expect(await isIn(`ludeng-desk=${token}`)).toBe(401);
  });
});

describe('one address', () => {
  it('is told to wait where it asks too often, and no other is', async () => {
    const busy = '203.0.113.7';
    let refused: Response | undefined;
    for (let sent = 0; sent <= 3_000 && !refused; sent += 100) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => ask(busy, 'GET', '/healthz')));
      refused = answers.find(({ status }) => status === 429);
      await Promise.all(answers.filter((one) => one !== refused).map((one) => one.arrayBuffer()));
    }
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused?.json()).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
      retry: 'later',
      details: { retryAfterMs: expect.any(Number) as number },
    });
    expect((await ask('203.0.113.8', 'GET', '/healthz')).status).toBe(200);
  });

  it('may write far less often than look, where nobody is signed in', async () => {
    const stranger = '203.0.113.9';
    const statuses: number[] = [];
    for (let n = 0; n < 31; n += 1) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => ask(stranger, 'POST', '/api/session', { body: {} })),
      );
      statuses.push(...answers.map(({ status }) => status));
      await Promise.all(answers.map((one) => one.arrayBuffer()));
    }
    expect(statuses.slice(0, 300)).toEqual(statuses.slice(0, 300).map(() => 400));
    expect(statuses.slice(300)).toEqual(statuses.slice(300).map(() => 429));
    expect((await ask(stranger, 'GET', '/healthz')).status).toBe(200);
    expect((await ask('203.0.113.10', 'POST', '/api/session', { body: {} })).status).toBe(400);
  });
});
