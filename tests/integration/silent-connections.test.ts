/** Another program that holds the database, and connections that say nothing, too slowly or too much. */
import { connect } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeCatalogue } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makeSubmission,
  startTestServer,
} from './server-support.ts';

const data = makeDataFolder();
const password = 'a-long-password';
let server: RunningServer;
beforeAll(async () => {
  const account = { id: 'li', name: '李工', department: '房建处', permissions: ['review'], password };
  server = await startTestServer(data.folder, { accounts: [account] }, { catalogue: makeCatalogue() });
});
afterAll(async () => {
  await server.close();
  data.remove();
});

const signIn = () =>
  fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'li', password }),
  });

it('answers DATABASE_BUSY soon while another program has the database, and serves all else meanwhile', async () => {
  const other = new Database(join(data.folder, 'server.sqlite'));
  other.exec('begin immediate');
  try {
    const refused = signIn();
    const start = performance.now();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(1_000);
    const answer = await refused;
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([503, 'DATABASE_BUSY']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  } finally {
    other.exec('rollback');
    other.close();
  }
  expect((await signIn()).status).toBe(200);
});

/** Milliseconds until the server ends a connection on which `said` is said. */
function lifeOf(said: string): Promise<number> {
  const start = performance.now();
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(said));
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('close', () => resolve(performance.now() - start));
  });
}

describe.concurrent('a connection is ended', () => {
  it('that never speaks', async () => expect(await lifeOf('')).toBeLessThan(25_000));
  it('that never ends its headers', async () =>
    expect(await lifeOf('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n')).toBeLessThan(25_000));
  it('that never ends its body', async () =>
    expect(
      await lifeOf(
        'POST /api/session HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
      ),
    ).toBeLessThan(35_000));

  const line = (room: string) =>
    io(`${server.url}${room}`, { forceNew: true, transports: ['websocket'], reconnection: false });
  it.each(['/', '/ctl', '/blob'])('that says nothing in the room %s', async (room) => {
    const start = performance.now();
    const socket = line(room);
    await new Promise((resolve) => socket.once('disconnect', resolve));
    expect(performance.now() - start).toBeLessThan(20_000);
  });
  it('that sends much before it says who it is', async () => {
    const socket = line('/ctl');
    await new Promise((resolve) => socket.once('nonce', resolve));
    const start = performance.now();
    socket.emit('hello', { big: 'x'.repeat(100_000) });
    await new Promise((resolve) => socket.once('disconnect', resolve));
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it('takes from a station that is known what a stranger may not send', async () => {
  const identity = makeIdentity();
  await enrol(server.url, identity);
  const station = await connectStation(server.url, identity);
  const item = makeSubmission(identity.stationId, 1);
  await station.upload(item);
  expect((await station.commit(item.commit)).serverSeq).toBe(1);
  station.close();
});
