import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { storeSettings } from '#tests/support/server-stores.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  queryStore,
  startTestServer,
  testSettings,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const token = 'token-of-the-department';
const catalogue = makeCatalogue();
const data = makeDataFolder();
const identity = makeIdentity();
let department: Server;
let server: RunningServer;
let station: TestStation;
let seq = 0;
/** What the department applied, one entry for each time: doubling would show. */
const applied: { key: string; body: unknown }[] = [];
let refuses = false;
let isMute = false;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = request.url?.split('/').at(-1) ?? '';
  const answer = (status: number): void => void response.writeHead(status).end();
  if (request.headers.authorization !== `Bearer ${token}`) return answer(401);
  if (request.method === 'GET') return answer(applied.some((entry) => entry.key === key) ? 200 : 404);
  const body = await json(request);
  if (refuses) return answer(422);
  applied.push({ key, body });
  // applied, and the answer never comes
  if (!isMute) answer(201);
}

beforeAll(async () => {
  department = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => department.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(department.address() as AddressInfo).port}/ludeng`;
  server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      secondReading: { enabled: false },
      departments: [{ name: '房建处', url, token, timeoutSeconds: 1 }],
    },
    { catalogue },
  );
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  department.closeAllConnections();
  department.close();
  data.remove();
});

async function push(field: string): Promise<{ pushId: string; recordId: string }> {
  const { item, record } = await makeSealedSubmission({
    catalogue,
    stationId: identity.stationId,
    seq: (seq += 1),
  });
  await station.upload(item);
  await station.commit(item.commit);
  const { item: pushed, pushId } = makePush((seq += 1), record.id, field);
  await station.commit(pushed.commit);
  return { pushId, recordId: record.id };
}

const stateOf = async (pushId: string): Promise<string | undefined> => {
  const rows = await queryStore<{ state: string }>(
    data.folder,
    `select job.state as state from job join case_file on case_file.id = job.ref_id
     where job.kind = 'delivery' and case_file.push_id = ?`,
    pushId,
  );
  return rows[0]?.state;
};
const becomes = (pushId: string, state: string) =>
  expect.poll(() => stateOf(pushId), { timeout: 60_000, interval: 200 }).toBe(state);
const timesOf = (pushId: string): number => applied.filter(({ key }) => key === pushId).length;

it('tells a department of a case, under the key of its push', async () => {
  const { pushId, recordId } = await push('housing');
  await becomes(pushId, 'done');
  expect(applied.at(-1)).toMatchObject({ key: pushId, body: { key: pushId, recordId, light: 'green' } });
});

it('asks before it sends again when the department applied a push and did not answer', async () => {
  isMute = true;
  const { pushId } = await push('housing');
  await becomes(pushId, 'done');
  isMute = false;
  expect(timesOf(pushId)).toBe(1);
  const effects = await queryStore(
    data.folder,
    `select id from effect where kind = 'push-delivered' and ref_id = ?`,
    pushId,
  );
  expect(effects).toHaveLength(1);
});

it('keeps what a department refuses, with an alarm and a way to send it again', async () => {
  refuses = true;
  const { pushId } = await push('housing');
  await becomes(pushId, 'parked');
  refuses = false;
  const settings = serverSettingsSchema.parse(testSettings(data.folder, await storeSettings(data.folder)));
  const [alarm = ''] = (await administer(settings, ['alarms'])).split('\n');
  expect(alarm).toContain('refused by the department: 422');
  await administer(settings, ['resend', alarm.split('  ')[2] ?? '']);
  expect(await administer(settings, ['alarms'])).toBe('没有未处理的告警');
  // the server finds it at its next look, or with its next work
  await push('water');
  await becomes(pushId, 'done');
  expect(timesOf(pushId)).toBe(1);
});
