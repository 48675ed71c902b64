/** `npm start -- --lan`: what a phone of the same network reaches, over TLS, while the server stays on this machine alone. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { freePort } from '#tests/support/free-port.ts';
import { queryStore } from '#tests/support/server-stores.ts';
import { prepareLan } from '../../scripts/lan.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const isInNetwork = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ internal, family }) => !internal && family === 'IPv4'),
);

it.runIf(isInNetwork)('passes phones on, with their own address and secure cookies', async () => {
  const data = makeDataFolder();
  const lan = await prepareLan({ folder: `${data.folder}/lan`, port: await freePort() });
  const server = await startTestServer(data.folder, { publicUrl: lan.url });
  const close = await lan.open({ port: server.port });
  try {
    const { hostname, port } = new URL(lan.url);
    const ca = readFileSync(lan.authorityFile);
    const answer = await new Promise<{ status: number; cookies: string[]; body: string }>(
      (resolve, reject) => {
        request(
          {
            ...{ host: hostname, port, path: '/api/login-tickets', method: 'POST', ca },
            headers: {
              'content-type': 'application/json',
              origin: lan.url,
              'x-forwarded-for': '203.0.113.7',
            },
          },
          (came) => {
            void text(came).then((body) =>
              resolve({
                status: came.statusCode ?? 0,
                cookies: came.headers['set-cookie'] ?? [],
                body,
              }),
            );
          },
        )
          .on('error', reject)
          .end(JSON.stringify({ programme: 'yunnan-user-centre', purpose: 'sign-in' }));
      },
    );
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('/m/scan?t=')]);
    expect(answer.cookies[0]).toMatch(/^__Host-ludeng-ticket=.*; Secure/u);
    const [row] = await queryStore<{ address: string }>(data.folder, 'select address from login_ticket');
    expect(row?.address).toBe(hostname);
    expect(lan.code).not.toBe('');
    // at the second start the same authority: what a phone trusts stays
    const again = await prepareLan({ folder: `${data.folder}/lan`, port: Number(port) });
    expect(readFileSync(again.authorityFile)).toEqual(ca);
  } finally {
    await close();
    await server.close();
    data.remove();
  }
});
