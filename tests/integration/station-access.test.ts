/**
 * Who may ask the station: every route that the running agent has, in every spelling, without the session's cookie, and with it
 * from elsewhere. A new route is walked without being added here.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import { startAgentProcess } from '#tests/support/agent-process.ts';
import { rawRequest, spellings } from '#tests/support/raw-http.ts';
import { openPage } from '#tests/support/station-client.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

let whole: WholeStation;
let port: number;
let own: { cookie: string; host: string };
beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  port = Number(new URL(whole.agent.url).port);
  own = { ...(await whole.station.headers()), host: `127.0.0.1:${port}` };
});
afterAll(() => whole?.close());

const filled = (path: string): string => path.replace(/:\w+|\*/gu, '1');
const guarded = () => whole.agent.routes.filter(({ access }) => access === 'page' || access === 'subject');

async function refusedAll(
  requests: { method: string; target: string; headers: Record<string, string> }[],
): Promise<void> {
  const wrong: string[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let request = requests.pop(); request; request = requests.pop()) {
        const { status, body } = await rawRequest(port, { ...request, body: '{}' });
        const code = wireErrorSchema.safeParse(parseJson(body)).data?.code;
        const isRefused =
          status === 400 ||
          (status === 403 &&
            (request.method === 'HEAD' || code === 'FOREIGN_ORIGIN' || code === 'PAGE_NOT_OPENED'));
        if (!isRefused) wrong.push(`${request.method} ${request.target}: ${status} ${body.slice(0, 200)}`);
      }
    }),
  );
  expect(wrong).toEqual([]);
}

describe('every route of the agent', () => {
  test('but the opening and the files needs the session', () => {
    const open = whole.agent.routes.filter(({ access }) => access !== 'page' && access !== 'subject');
    const others = open.filter(({ access }) => access !== 'file');
    expect(others).toEqual([
      { method: 'POST', path: '/api/page-session', access: 'opening' },
      // pages of the server alone, which the guard knows by their origin
      { method: 'GET', path: '/api/browser-login/keys', access: 'browser-login' },
      { method: 'HEAD', path: '/api/browser-login/keys', access: 'browser-login' },
      { method: 'POST', path: '/api/browser-login/proof', access: 'browser-login' },
    ]);
    for (const { method, path, access } of open.filter((route) => route.access === 'file')) {
      expect(['GET', 'HEAD']).toContain(method);
      expect(path).not.toMatch(/[:*]/u);
      expect(access).toBe('file');
    }
    expect(guarded().length).toBeGreaterThan(45);
  });

  test('refuses in every spelling and by every method what comes without the cookie, or with another', async () => {
    const wrong: Record<string, string>[] = [
      {},
      { cookie: own.cookie.replace(/=.*/u, '=guessed') },
      { cookie: own.cookie.replace(/^[^=]*/u, 'ludeng-page-1') },
      { authorization: `Bearer ${own.cookie.split('=')[1]}` },
    ];
    const requests = guarded().flatMap(({ method, path }) => [
      ...spellings(filled(path), whole.agent.url.slice(0, -1)).map((target) => ({ method, target })),
      ...['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map((other) => ({
        method: other,
        target: filled(path),
      })),
      { method: 'GET', target: `${filled(path)}?token=${own.cookie.split('=')[1]}&_method=${method}` },
    ]);
    await refusedAll(
      requests.flatMap((request, index) => [
        { ...request, headers: { host: own.host } },
        {
          ...request,
          headers: { host: own.host, 'x-http-method-override': 'GET', ...wrong[index % wrong.length] },
        },
      ]),
    );
  });

  test('refuses the cookie itself from another origin, another port, another name', async () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://example.com' },
      { origin: 'null' },
      { origin: `http://127.0.0.1:${port + 1}` },
      { origin: `http://localhost:${port}` },
      { origin: `https://127.0.0.1:${port}` },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
      { host: 'attacker.example' },
      { host: '127.0.0.1' },
      { host: `127.0.0.1:${port}.attacker.example` },
    ];
    await refusedAll(
      guarded().flatMap(({ method, path }) =>
        foreign.map((headers) => ({ method, target: filled(path), headers: { ...own, ...headers } })),
      ),
    );
  });

  test('answers with the cookie, so that the refusals above say something', async () => {
    for (const headers of [own, { ...own, origin: `http://${own.host}`, 'sec-fetch-site': 'same-origin' }]) {
      const { status, body } = await rawRequest(port, { method: 'GET', target: '/api/station', headers });
      expect(status).toBe(200);
      expect(body).toContain('一号采集站');
    }
    // what no route answers is told so, to the page alone
    expect((await rawRequest(port, { method: 'GET', target: '/api/none', headers: own })).status).toBe(404);
    expect(
      (await rawRequest(port, { method: 'GET', target: '/none', headers: { host: own.host } })).status,
    ).toBe(403);
  });

  test('is not opened from another origin either', async () => {
    const code = new URL(whole.agent.openingUrl()).hash.slice('#code='.length);
    const open = (headers: Record<string, string>) =>
      rawRequest(port, {
        method: 'POST',
        target: '/api/page-session',
        headers: { host: own.host, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ code }),
      });
    for (const headers of [
      { origin: 'https://example.com' },
      { host: 'attacker.example' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await open(headers)).status).toBe(403);
    expect((await open({})).status).toBe(200);
    expect((await open({})).status).toBe(403);
  });
});

describe('the code', () => {
  test('and the session stand on no command line, in no environment and in no file', async () => {
    const folder = join(whole.folder, 'twin');
    const agent = await startAgentProcess({ ...whole.agentEnvironment, LUDENG_DATA: folder });
    try {
      const { cookie } = await agent.station.headers();
      const secrets = [cookie.split('=')[1] ?? '', new URL(agent.openingUrl).hash.slice('#code='.length)];
      const told = processesOf(agent.pid).map((pid) => readProcess(pid));
      expect(told.length).toBeGreaterThan(0);
      for (const secret of secrets) {
        expect(secret.length).toBeGreaterThan(20);
        expect(told.join('\n')).not.toContain(secret);
        expect(
          filesIn(folder)
            .map((file) => readFileSync(file, 'latin1'))
            .join('\n'),
        ).not.toContain(secret);
      }
      expect(told.join('\n')).toContain(folder);
    } finally {
      await agent.kill();
    }
  });

  test('is given anew to the owner of the data by ./ludeng open, and to nobody when no station runs', async () => {
    const ask = (data: string) =>
      promisify(execFile)(process.execPath, ['scanner-agent/cli/main.ts', 'open'], {
        env: { ...process.env, LUDENG_DATA: data },
      });
    const folder = join(whole.folder, 'station');
    const { stdout } = await ask(folder);
    const { url, cookie } = await openPage(stdout.trim());
    expect(`${url}/`).toBe(whole.agent.url);
    expect((await fetch(`${url}/api/station`, { headers: { cookie } })).status).toBe(200);
    await expect(openPage(stdout.trim())).rejects.toMatchObject({ code: 'PAGE_NOT_OPENED' });
    if (process.platform !== 'win32') {
      expect(statSync(join(folder, 'open.sock')).mode & 0o777).toBe(0o600);
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }
    await expect(ask(join(whole.folder, 'nowhere'))).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('没有在') as string,
    });
  });
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** It and all that it started. */
function processesOf(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((name) => ({
      pid: Number(name),
      parent: Number(/\) \S (\d+)/u.exec(readOr(`/proc/${name}/stat`))?.[1]),
    }));
  const children = parents.filter(({ parent }) => parent === pid).flatMap((child) => processesOf(child.pid));
  return [pid, ...children];
}
const readProcess = (pid: number): string => readOr(`/proc/${pid}/cmdline`) + readOr(`/proc/${pid}/environ`);

function readOr(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
