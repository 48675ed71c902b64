import type { z } from 'zod';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import sharp from 'sharp';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accountListSchema,
  accountOperationsSchema,
  issuedPasswordSchema,
} from '#domain/contracts/desk/accounts.ts';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import { stationRowSchema } from '#domain/contracts/desk/fleet.ts';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { listenTo } from '#tests/support/event-stream.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission, subject } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

/** A case that a record opened. */
const ofRecordSchema = caseDetailSchema.required({ record: true, receivedAt: true });
type CaseDetail = z.infer<typeof ofRecordSchema>;

const catalogue = makeCatalogue();
const data = makeDataFolder();
const identity = makeIdentity();
const password = 'a-long-password';
const account = (id: string, department: string, permissions: string[]) => ({
  id,
  name: `${id}经办`,
  department,
  permissions,
  password,
});
let server: RunningServer;
let station: TestStation;
let seq = 0;

beforeAll(async () => {
  server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      accounts: [
        account('housing', '房建处', ['review']),
        account('chief', '房建处', ['review', 'approve']),
        account('water', '水利处', ['review', 'approve']),
        account('locked', '水利处', []),
        account('keeper', '', ['accounts']),
        account('deputy', '', ['accounts']),
      ],
    },
    { catalogue },
  );
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

type Call = (method: string, path: string, body?: unknown) => Promise<Response>;

const call =
  (cookie?: string): Call =>
  (method, path, body) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

async function signIn(id: string, secret = password): Promise<Call & { cookie: string }> {
  const answer = await call()('POST', '/api/session', { account: id, password: secret });
  expect(answer.status).toBe(200);
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  return Object.assign(call(cookie), { cookie });
}

async function openCase(
  field = 'housing',
): Promise<CaseDetail & { pushId: string; pdf: Uint8Array; jpeg: Uint8Array }> {
  const submission = await makeSealedSubmission({
    catalogue,
    stationId: identity.stationId,
    seq: (seq += 1),
    light: 'yellow',
  });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { item, pushId } = makePush((seq += 1), submission.record.id, field);
  await station.commit(item.commit);
  await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  const [row] = await queryStore<{ id: string }>(
    data.folder,
    'select id from case_file where push_id = ?',
    pushId,
  );
  const desk = await signIn(field);
  const detail = ofRecordSchema.parse(await (await desk('GET', `/api/cases/${row?.id}`)).json());
  return { ...detail, pushId, pdf: submission.pdf, jpeg: submission.jpeg };
}

const codeOf = async (answer: Response): Promise<string> => wireErrorSchema.parse(await answer.json()).code;
const decision = (step: string, name: string, opinion = '') => ({ step, decision: name, opinion });

describe('signing in', () => {
  it('gives a cookie that scripts cannot read and other sites cannot send', async () => {
    const answer = await call()('POST', '/api/session', { account: 'housing', password });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    expect(await answer.json()).toEqual({
      id: 'housing',
      name: 'housing经办',
      department: '房建处',
      permissions: ['review'],
    });
  });

  it('refuses everything to those who did not, but the certificate and the health', async () => {
    for (const path of [
      '/api/session',
      '/api/cases',
      '/api/cases/x',
      '/api/stations',
      '/api/catalogue',
      '/api/events',
      '/api/records/x/materials/y/pdf',
      '/api/records/x/materials/y/pages/0',
    ]) {
      const answer = await call()('GET', path);
      expect([path, answer.status]).toEqual([path, 401]);
    }
    expect((await call()('POST', '/api/cases/x/decisions', decision('a', 'b'))).status).toBe(401);
    expect((await call('ludeng-desk=forged')('GET', '/api/cases')).status).toBe(401);
    expect((await call()('GET', '/healthz')).status).toBe(200);
    expect((await call()('GET', '/api/certificates/TEST2026000000010')).status).toBe(404);
  });

  it('ends with signing out', async () => {
    const desk = await signIn('housing');
    expect((await desk('GET', '/api/session')).status).toBe(200);
    expect((await desk('DELETE', '/api/session')).status).toBe(200);
    expect((await desk('GET', '/api/session')).status).toBe(401);
  });

  it('slows down after failures, for the right password too', async () => {
    for (let n = 0; n < 5; n += 1) {
      const answer = await call()('POST', '/api/session', { account: 'locked', password: 'wrong' });
      expect(await codeOf(answer)).toBe('SIGN_IN_FAILED');
    }
    const answer = await call()('POST', '/api/session', { account: 'locked', password });
    expect([answer.status, await codeOf(answer)]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
  });

  it('keeps neither passwords nor session tokens in the store', async () => {
    const { cookie } = await signIn('chief');
    const rows = JSON.stringify([
      await queryStore(data.folder, 'select * from account'),
      await queryStore(data.folder, 'select * from session'),
    ]);
    expect(rows).not.toContain(password);
    expect(rows).not.toContain(cookie.split('=')[1]);
  });
});

describe('requests from elsewhere', () => {
  it('refuses what another page sends, and a foreign name for this machine', async () => {
    const { port } = server;
    const ask = (headers: Record<string, string>) => rawGet(port, '/healthz', headers);
    expect(await ask({ host: `127.0.0.1:${port}`, origin: 'http://evil.example' })).toBe(403);
    expect(await ask({ host: `evil.example:${port}` })).toBe(403);
    expect(await ask({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await ask({ host: `localhost:${port}` })).toBe(200);
  });

  it('opens no line to a browser', async () => {
    const asBrowser = { forceNew: true, transports: ['websocket'], reconnection: false };
    const socket = io(`${server.url}/ctl`, { ...asBrowser, extraHeaders: { origin: server.url } });
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.once('connect_error', () => resolve('refused'));
    });
    socket.disconnect();
    expect(outcome).toBe('refused');
  });
});

describe('cases', () => {
  it('shows a department its cases and no other, with what the server itself verified', async () => {
    const detail = await openCase();
    const { id, recordId } = detail.case;
    expect(detail).toMatchObject({
      stationId: identity.stationId,
      record: { id: recordId, subject, state: 'stored' },
      seals: [{ slot: 'paper', valid: true, signerName: subject.name, problems: [] }],
    });
    expect(detail.decisions.map((offered) => offered.id)).toEqual(['approve', 'refuse']);

    const water = await signIn('water');
    expect((await water('GET', `/api/cases/${id}`)).status).toBe(404);
    expect((await water('GET', `/api/records/${recordId}/materials/paper/pdf`)).status).toBe(404);
    expect((await water('GET', `/api/records/${recordId}/materials/paper/pages/0`)).status).toBe(404);
    const refused = await water('POST', `/api/cases/${id}/decisions`, decision('first', 'approve'));
    expect(refused.status).toBe(404);
    expect(
      await queryStore(data.folder, 'select decision_count as n from case_file where id = ?', id),
    ).toEqual([{ n: 0 }]);
    const list = caseListSchema.parse(await (await water('GET', '/api/cases?state=all')).json());
    expect(list.cases.some((row) => row.id === id)).toBe(false);
  });

  it('hands out the page and the sealed PDF byte for byte', async () => {
    const { case: opened, pdf, jpeg } = await openCase();
    const desk = await signIn('housing');
    const page = await desk('GET', `/api/records/${opened.recordId}/materials/paper/pages/0`);
    expect(page.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await page.arrayBuffer()).equals(jpeg)).toBe(true);
    const sealed = await desk('GET', `/api/records/${opened.recordId}/materials/paper/pdf`);
    expect(sealed.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await sealed.arrayBuffer()).equals(pdf)).toBe(true);
    expect((await desk('GET', `/api/records/${opened.recordId}/materials/paper/pages/1`)).status).toBe(404);
  });

  it('takes a case through its steps and carries the outcome to the station', async () => {
    const { case: opened, pushId } = await openCase();
    const path = `/api/cases/${opened.id}/decisions`;
    const housing = await signIn('housing');
    const chief = await signIn('chief');

    const first = ofRecordSchema.parse(
      await (await housing('POST', path, decision('first', 'approve', '材料齐全'))).json(),
    );
    expect(first.case).toMatchObject({ state: 'open', step: 'second' });
    expect(first.decisions).toEqual([]);
    expect(await codeOf(await housing('POST', path, decision('second', 'approve')))).toBe('FORBIDDEN');
    expect(await codeOf(await housing('POST', path, decision('first', 'approve')))).toBe('CASE_CLOSED');

    const second = await chief('POST', path, decision('second', 'approve', '同意'));
    expect(ofRecordSchema.parse(await second.json()).case.state).toBe('approved');
    const changes = await station.pullUntil((list) =>
      list.some(
        ({ change }) =>
          change.kind === 'push-state' && change.pushId === pushId && change.state === 'approved',
      ),
    );
    expect(changes.at(-1)?.change).toMatchObject({
      state: 'approved',
      opinion: '同意',
      decidedBy: 'chief经办',
      recordId: opened.recordId,
    });
  });

  it('demands an opinion for a refusal', async () => {
    const { case: opened, pushId } = await openCase();
    const path = `/api/cases/${opened.id}/decisions`;
    const desk = await signIn('housing');
    expect(await codeOf(await desk('POST', path, decision('first', 'refuse', '  ')))).toBe(
      'OPINION_REQUIRED',
    );
    expect((await desk('POST', path, decision('first', 'refuse', '住所不清晰'))).status).toBe(200);
    const changes = await station.pullUntil((list) =>
      list.some(
        ({ change }) =>
          change.kind === 'push-state' && change.pushId === pushId && change.state === 'refused',
      ),
    );
    expect(changes.at(-1)?.change).toMatchObject({ opinion: '住所不清晰', decidedBy: 'housing经办' });
  });

  it('lets one of two decide who decide at the same moment', async () => {
    const { case: opened, pushId } = await openCase();
    const path = `/api/cases/${opened.id}/decisions`;
    const desks = [await signIn('housing'), await signIn('chief')];
    const answers = await Promise.all(
      desks.map((desk) => desk('POST', path, decision('first', 'refuse', '不通过'))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const effects = await queryStore(
      data.folder,
      `select id from effect where kind = 'case-decided' and ref_id = ?`,
      opened.id,
    );
    expect(effects).toHaveLength(1);
    const { changes } = await station.pull();
    const refusals = changes.filter(
      ({ change }) => change.kind === 'push-state' && change.pushId === pushId && change.state === 'refused',
    );
    expect(refusals).toHaveLength(1);
  });

  it('finds cases by name and code, page by page', async () => {
    const desk = await signIn('housing');
    const ask = async (query: string) =>
      caseListSchema.parse(await (await desk('GET', `/api/cases?${query}`)).json());
    const all = await ask('state=all&pageSize=100');
    expect(all.total).toBe(all.cases.length);
    expect(all.open).toBe(all.cases.filter(({ state }) => state === 'open').length);
    const one = all.cases[0];
    expect((await ask(`state=all&search=${one?.uniqueCode}`)).cases).toEqual([one]);
    expect((await ask(`state=all&search=${encodeURIComponent('沈北建设')}`)).total).toBe(all.total);
    expect((await ask('state=all&search=%25')).total).toBe(0);
    const pages = [await ask('state=all&pageSize=2&page=1'), await ask('state=all&pageSize=2&page=2')];
    expect(pages.flatMap(({ cases }) => cases)).toEqual(all.cases.slice(0, 4));
    expect((await desk('GET', '/api/cases?page=0')).status).toBe(400);
  });

  it('announces new and changed cases to the desks that may see them', async () => {
    const housing = await signIn('housing');
    const water = await signIn('water');
    const [mine, theirs] = [
      await listenTo(`${server.url}/api/events`, housing.cookie),
      await listenTo(`${server.url}/api/events`, water.cookie),
    ];
    const { case: opened } = await openCase();
    await expect
      .poll(() => mine.text())
      .toContain(`event: case-opened\ndata: {"type":"case-opened","caseId":"${opened.id}"}`);
    await housing('POST', `/api/cases/${opened.id}/decisions`, decision('first', 'approve'));
    await expect.poll(() => mine.text()).toContain('event: case-changed');
    expect(theirs.text()).not.toContain(opened.id);
    mine.close();
    theirs.close();
  });
});

it('lists the stations and whether they are on the line', async () => {
  const desk = await signIn('housing');
  const ask = async () => stationRowSchema.array().parse(await (await desk('GET', '/api/stations')).json());
  expect(await ask()).toMatchObject([
    { id: identity.stationId, online: true, state: 'active', version: '0.1.0' },
  ]);
  const other = makeIdentity('S-quiet');
  await enrol(server.url, other);
  const quiet = await connectStation(server.url, other);
  quiet.close();
  await expect.poll(async () => (await ask()).find(({ id }) => id === 'S-quiet')?.online).toBe(false);
});

it('serves the built page under a strict policy for every path that is no file and no API', async () => {
  const pages = makeDataFolder();
  const own = makeDataFolder();
  for (const page of ['desk', 'mobile', 'user-centre', 'portal']) {
    mkdirSync(join(pages.folder, page));
    writeFileSync(join(pages.folder, page, 'index.html'), `<!doctype html><title>${page}</title>`);
  }
  writeFileSync(join(pages.folder, 'app.js'), 'export {};');
  const built = await startTestServer(own.folder, { consoleFolder: pages.folder }, { catalogue });
  try {
    const pageOf = {
      ...{ '/': 'desk', '/cases/01K': 'desk', '/desk/index.html': 'desk', '/mail': 'desk' },
      ...{ '/m': 'mobile', '/m/to-dos': 'mobile', '/user-centre/': 'user-centre' },
      ...{ '/portal': 'portal', '/portal/a-programme/login': 'portal' },
    };
    for (const [path, page] of Object.entries(pageOf)) {
      const answer = await fetch(`${built.url}${path}`);
      expect([path, answer.status, await answer.text()]).toEqual([
        path,
        200,
        `<!doctype html><title>${page}</title>`,
      ]);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    }
    expect((await fetch(`${built.url}/app.js`)).headers.get('content-type')).toContain('javascript');
    const api = await fetch(`${built.url}/api/nothing`);
    expect([api.status, await codeOf(api)]).toEqual([404, 'NOT_FOUND']);
    const outside = await rawGet(built.port, '/../server.sqlite', { host: `127.0.0.1:${built.port}` });
    expect(outside).not.toBe(500);
  } finally {
    await built.close();
    pages.remove();
    own.remove();
  }
});

async function rawGet(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, host: '127.0.0.1' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('looking after the accounts', () => {
  const li = { name: '李工', department: '房建处', permissions: ['review'] };
  const path = '/api/accounts';
  let accountsMade = 0;

  it('is for those with the permission, from our own page only, and takes nothing that makes no sense', async () => {
    const keeper = await signIn('keeper');
    const chief = await signIn('chief');
    expect((await call()('GET', path)).status).toBe(401);
    expect((await chief('GET', path)).status).toBe(403);
    expect((await chief('PUT', `${path}/chief`, { ...li, permissions: ['accounts'] })).status).toBe(403);
    const elsewhere = {
      host: `127.0.0.1:${server.port}`,
      origin: 'http://evil.example',
      cookie: keeper.cookie,
    };
    expect(await rawGet(server.port, path, elsewhere)).toBe(403);
    for (const wrong of [
      { ...li, id: 'l i' },
      { ...li, id: 'li', permissions: [] },
      { ...li, id: 'li', more: 1 },
    ])
      expect(await codeOf(await keeper('POST', path, wrong))).toBe('BAD_REQUEST');
    expect(await codeOf(await keeper('POST', path, { ...li, id: 'housing' }))).toBe('ACCOUNT_TAKEN');
    expect(await codeOf(await keeper('POST', `${path}/nobody/password`))).toBe('ACCOUNT_UNKNOWN');
  });

  it('adds, changes, resets, disables: each counts at once and is noted with who did it', async () => {
    const keeper = await signIn('keeper');
    const id = `li-${(accountsMade += 1)}`;
    const added = issuedPasswordSchema.parse(await (await keeper('POST', path, { ...li, id })).json());
    const first = await signIn(id, added.password);
    const { accounts, departments } = accountListSchema.parse(await (await keeper('GET', path)).json());
    const seen = new Map(accounts.map((one) => [one.id, one.lastSignInAt !== undefined]));
    expect([seen.get(id), seen.get('locked')]).toEqual([true, false]);
    expect(departments).toContain('房建处');

    const next = { ...li, department: '', permissions: ['review', 'all-departments'] };
    expect((await keeper('PUT', `${path}/${id}`, next)).status).toBe(200);
    expect(await (await first('GET', '/api/session')).json()).toMatchObject({ ...next, id });
    const reset = issuedPasswordSchema.parse(await (await keeper('POST', `${path}/${id}/password`)).json());
    expect((await first('GET', '/api/session')).status).toBe(401);
    const second = await signIn(id, reset.password);
    await keeper('PUT', `${path}/${id}/state`, { isDisabled: true });
    expect((await second('GET', '/api/session')).status).toBe(401);

    const noted: unknown = await (await keeper('GET', `${path}/${id}/operations`)).json();
    const said = accountOperationsSchema.parse(noted).map(({ actor, action }) => `${actor} ${action}`);
    // those of one change have one time
    expect(said.sort()).toEqual(
      ['added', 'department', 'disabled', 'password', 'permissions'].map((what) => `keeper account-${what}`),
    );
  });

  it('keeps one administrator when two disable each other at the same moment', async () => {
    const [keeper, deputy] = [await signIn('keeper'), await signIn('deputy')];
    const answers = await Promise.all([
      keeper('PUT', `${path}/deputy/state`, { isDisabled: true }),
      deputy('PUT', `${path}/keeper/state`, { isDisabled: true }),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const left = await queryStore(
      data.folder,
      `select id from account where disabled_at is null and id in ('keeper', 'deputy')`,
    );
    expect(left).toHaveLength(1);
    // the one who stayed lets the other in again
    const [stays, gone] = answers[0].ok ? [keeper, 'deputy'] : [deputy, 'keeper'];
    expect((await stays('PUT', `${path}/${gone}/state`, { isDisabled: false })).status).toBe(200);
  });
});

describe('overruling a light', () => {
  const request = { step: 'first', slot: 'paper', field: 'address', light: 'green', reason: '原件核对无误' };

  it('needs a reason, and a reviewer of the waiting step', async () => {
    const { case: opened } = await openCase();
    const path = `/api/cases/${opened.id}/overrules`;
    const desk = await signIn('housing');
    expect(await codeOf(await desk('POST', path, { ...request, reason: ' ' }))).toBe('OPINION_REQUIRED');
    expect(await codeOf(await (await signIn('water'))('POST', path, request))).toBe('NOT_FOUND');
    // the second step is the chief's, and not the one that waits
    expect(await codeOf(await desk('POST', path, { ...request, step: 'second' }))).toBe('FORBIDDEN');
    expect(await codeOf(await (await signIn('chief'))('POST', path, { ...request, step: 'second' }))).toBe(
      'CASE_CLOSED',
    );
    expect((await call()('POST', path, request)).status).toBe(401);
    const shown = ofRecordSchema.parse(await (await desk('GET', `/api/cases/${opened.id}`)).json());
    expect(shown.overrules).toEqual([]);
  });

  it('is kept with who, when and why, and the applicant hears of it', async () => {
    const { case: opened, record } = await openCase();
    const desk = await signIn('housing');
    const answer = await desk('POST', `/api/cases/${opened.id}/overrules`, request);
    const { overrules, case: after } = ofRecordSchema.parse(await answer.json());
    expect(overrules).toMatchObject([
      { field: 'address', from: 'yellow', to: 'green', reason: '原件核对无误', by: 'housing经办' },
    ]);
    expect(after.state).toBe('open');
    const changes = await station.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'light-overruled' && change.recordId === record.id),
    );
    const told = changes.flatMap(({ change }) =>
      change.kind === 'light-overruled' && change.recordId === record.id ? [change.overrule] : [],
    );
    expect(told).toEqual(overrules);
    const audit = await queryStore<{ account: string }>(
      data.folder,
      `select account from log_line where action = 'light-overruled' and ref = ?`,
      opened.id,
    );
    expect(audit).toEqual([{ account: 'housing' }]);
    expect(await codeOf(await desk('POST', `/api/cases/${opened.id}/overrules`, request))).toBe(
      'BAD_REQUEST',
    );
  });
});

it('shows the pixels of a mark, cut out of the sealed page', async () => {
  const { record } = await openCase();
  const desk = await signIn('housing');
  const path = `/api/records/${record.id}/materials/paper/crops`;
  const answer = await desk('GET', `${path}/companyName`);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  const { width, height } = await sharp(await answer.arrayBuffer()).metadata();
  // the mark is 80 by 20, with a quarter of its height about it
  expect([width, height]).toEqual([90, 30]);
  expect((await desk('GET', `${path}/address`)).status).toBe(404);
  expect((await (await signIn('water'))('GET', `${path}/companyName`)).status).toBe(404);
});

it('announces accounts, the log and stations to the desks that may see them', async () => {
  const keeper = await signIn('keeper');
  const water = await signIn('water');
  const [keepers, waters] = [
    await listenTo(`${server.url}/api/events`, keeper.cookie),
    await listenTo(`${server.url}/api/events`, water.cookie),
  ];
  await signIn('housing');
  for (const type of ['accounts-changed', 'log-changed'])
    await expect.poll(() => keepers.text()).toContain(`event: ${type}\n`);
  station.close();
  station = await connectStation(server.url, identity, { maxSeq: seq });
  await expect.poll(() => waters.text()).toContain('event: stations-changed');
  for (const type of ['accounts-changed', 'log-changed']) expect(waters.text()).not.toContain(type);
  // what is one's own is heard of
  await signIn('water');
  await expect.poll(() => waters.text()).toContain('event: accounts-changed');
  keepers.close();
  waters.close();
});
