/** Credentials at the server: what everybody sees of one at once, files that somebody brings, and what decisions do to it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import { readCredentialBody } from '#domain/credentials/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { checkCredentialFile } from '#sealing/credential-file.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission, subject } from './server-fixtures.ts';
import type { SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const office = '证照处';
const step = (id: string) => ({
  ...{ id, title: id, anyOf: [{ who: 'department', name: office }] },
  decisions: [{ id: 'approve', label: '同意', opinion: 'optional', outcome: 'approved' }],
});
const workflow = (id: string, effects: object[]) => ({
  path: `programmes/test-programme/workflows/${id}.yaml`,
  data: { id, title: id, steps: [step('look')], effects: { approved: effects } },
});
const catalogue = makeCatalogue({
  byHand: { actions: { submit: { label: '提交', opens: 'take-back' } } },
  more: [
    workflow('take-back', [
      { effect: 'revoke-credential', reason: '投诉查实' },
      { effect: 'set-state', to: 'void' },
      { effect: 'open-case', workflow: 'give-again' },
    ]),
    workflow('give-again', [{ effect: 'set-state', to: 'standing' }, { effect: 'issue-credential' }]),
  ],
});
const account = {
  ...{ id: 'office', name: '证照处经办', department: office, permissions: ['review'] },
  password: 'a-long-password',
};
const command = fileURLToPath(new URL('../../ludeng', import.meta.url));
const data = makeDataFolder();
const others = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let other: RunningServer;
let station: TestStation;
let cookie = '';
let seq = 0;

beforeAll(async () => {
  const settings = { trustAnchors: [authorityPem], accounts: [account] };
  server = await startTestServer(data.folder, settings, { catalogue });
  other = await startTestServer(others.folder, settings, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
  const signedIn = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: account.id, password: account.password }),
  });
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(async () => {
  station.close();
  await server.close();
  await other.close();
  data.remove();
  others.remove();
});

async function waitFor<K extends Change['kind']>(
  kind: K,
  recordId: string,
): Promise<Extract<Change, { kind: K }>> {
  const isIt = (change: Change): change is Extract<Change, { kind: K }> =>
    change.kind === kind && 'recordId' in change && change.recordId === recordId;
  const changes = await station.pullUntil((list) => list.some(({ change }) => isIt(change)));
  const found = changes.map(({ change }) => change).find(isIt);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}
async function store(options: Partial<SubmissionOptions> = {}) {
  const { item, record } = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (seq += 1) },
    ...options,
  });
  await station.upload(item);
  await station.commit(item.commit);
  const { digitalCertificate } = await waitFor('record-stored', record.id);
  return { id: record.id, identifier: digitalCertificate?.identifier ?? '' };
}
const shownSchema = publicRoutes.identifiedCredential.answer;
const ask = (path: string, init?: RequestInit, url = server.url) => fetch(`${url}${path}`, init);
const look = async (identifier: string) =>
  shownSchema.parse(await (await ask(`/api/credentials/${identifier}`)).json());
const bytesOf = async (path: string) => new Uint8Array(await (await ask(path)).arrayBuffer());
async function check(bytes: Uint8Array, url = server.url) {
  const body = Buffer.from(bytes);
  const headers = { 'content-type': bytes[0] === 0x7b ? 'application/json' : 'application/pdf' };
  const answer = await ask('/api/credential-checks', { method: 'POST', headers, body }, url);
  return publicRoutes.credentialCheck.answer.parse(await answer.json());
}
const openCase = (recordId: string, kind: string) =>
  expect
    .poll(async () =>
      queryStore<{ id: string; body: string }>(
        data.folder,
        `select id, body from case_file where record_id = '${recordId}' and state = 'open'`,
      ),
    )
    .toEqual([expect.objectContaining({ body: expect.stringContaining(`"${kind}"`) as unknown })]);
async function approve(recordId: string, kind: string, opinion = ''): Promise<Response> {
  await openCase(recordId, kind);
  const [found] = await queryStore<{ id: string }>(
    data.folder,
    `select id from case_file where record_id = '${recordId}' and state = 'open'`,
  );
  return ask(`/api/cases/${found?.id}/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify({ step: 'look', decision: 'approve', opinion }),
  });
}

/** As a person runs it, in the folder of the files. */
async function runCommand(cwd: string, args: string[]): Promise<{ status: number; lines: string[] }> {
  const child = spawn(command, ['verify-credential', ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [status] = (await once(child, 'close')) as [number];
  return { status, lines: said.trimEnd().split('\n') };
}

it('is looked up by its identifier, whose serial nobody counts up, and says how it stands', async () => {
  const first = await store();
  const second = await store();
  const shown = await look(first.identifier);
  expect(shown).toMatchObject({ identifier: first.identifier, status: { state: 'valid' } });
  const body = readCredentialBody(shown.body);
  expect(body).toMatchObject({ recordId: first.id, issuer: { name: '测试机构' }, version: 1 });
  const serial = (identifier: string) => identifier.split('.')[7] ?? '';
  expect(serial(first.identifier)).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
  expect(serial(first.identifier).slice(0, 8)).not.toBe(serial(second.identifier).slice(0, 8));
  expect((await ask(`/api/credentials/${first.identifier.slice(0, -1)}`)).status).toBe(400);
  expect((await ask(`/api/credentials/${first.identifier}`, {}, other.url)).status).toBe(404);
});

it('another record that takes its record’s place is seen at its credential at once', async () => {
  const before = await store({ light: 'green' });
  await store({ supersedes: before.id });
  await waitFor('record-superseded', before.id);
  expect((await look(before.identifier)).status.state).toBe('superseded');
});

it('a file is taken along and brought back: genuine here, foreign at another server, altered once anything is changed', async () => {
  const { identifier } = await store();
  const pem = await (await ask('/api/credential-key.pem')).text();
  expect(pem).toBe(server.publicKey);
  for (const type of ['pdf', 'json']) {
    const file = await bytesOf(`/api/credentials/${identifier}/file.${type}`);
    // without a line: the file and the published key are all that is needed
    expect(checkCredentialFile(file, pem)).toMatchObject({ verdict: 'holds', body: { identifier } });
    expect(await check(file)).toMatchObject({ verdict: 'genuine', credential: { identifier } });
    expect((await check(file, other.url)).verdict).toBe('foreign');
    const changed = Buffer.from(file);
    const at = changed.indexOf(type === 'pdf' ? 'stream' : 'TEST');
    changed[at + 20] = (changed[at + 20] ?? 0) ^ 1;
    expect((await check(changed)).verdict).not.toBe('genuine');
  }
  const pdf = await bytesOf(`/api/credentials/${identifier}/file.pdf`);
  expect((await check(pdf.subarray(0, -200))).verdict).toBe('incomplete');
  expect((await check(Buffer.from('%PDF-1.7 another'))).verdict).toBe('incomplete');
  expect((await check(Buffer.from('hello'))).verdict).toBe('not-one');
  const large = await ask('/api/credential-checks', {
    method: 'POST',
    headers: { 'content-type': 'application/pdf' },
    body: Buffer.alloc(5 * 1024 * 1024),
  });
  expect(large.status).toBe(413);
});

it('./ludeng verify-credential tells without a line what was signed with the published key and is whole, and leaves whether it counts to the server', async () => {
  const [standing, revoked, superseded] = [await store(), await store(), await store()];
  const pdf = await bytesOf(`/api/credentials/${standing.identifier}/file.pdf`);
  const json = await bytesOf(`/api/credentials/${standing.identifier}/file.json`);
  const altered = Buffer.from(pdf);
  altered[altered.indexOf('stream') + 20] = (altered[altered.indexOf('stream') + 20] ?? 0) ^ 1;
  const renamed = Buffer.from(json).toString('utf8').replace('测试机构', '他人机构');
  const files = {
    'standing.pdf': pdf,
    'standing.json': json,
    'revoked.pdf': await bytesOf(`/api/credentials/${revoked.identifier}/file.pdf`),
    'superseded.json': await bytesOf(`/api/credentials/${superseded.identifier}/file.json`),
    'altered.pdf': altered,
    'renamed.json': Buffer.from(renamed),
    'cut.pdf': pdf.subarray(0, -200),
    'hello.pdf': Buffer.from('hello'),
    'key.pem': Buffer.from(await (await ask('/api/credential-key.pem')).text()),
    'other-key.pem': Buffer.from(await (await ask('/api/credential-key.pem', {}, other.url)).text()),
  };
  expect((await approve(revoked.id, 'take-back', '经查属实')).status).toBe(200);
  await store({ supersedes: superseded.id });
  await waitFor('record-superseded', superseded.id);
  const place = makeDataFolder();
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(place.folder, name), bytes);
    const run = (key: string, ...names: string[]) => runCommand(place.folder, [...names, '--key', key]);
    const signed = await run('key.pem', 'standing.pdf', 'standing.json', 'revoked.pdf', 'superseded.json');
    expect(signed.status).toBe(0);
    const holds = (name: string, { identifier }: { identifier: string }) => [
      `${name}\t签名有效，内容未被改动`,
      expect.stringMatching(new RegExp(`^\t${identifier}\t${subject.name}\t20`)) as unknown,
    ];
    expect(signed.lines).toEqual([
      ...holds('standing.pdf', standing),
      ...holds('standing.json', standing),
      ...holds('revoked.pdf', revoked),
      ...holds('superseded.json', superseded),
      '当前是否有效（吊销、作废、被代替）须联网查验。',
    ]);
    // the server says what the file cannot
    const states = [
      ['standing.pdf', 'valid'],
      ['revoked.pdf', 'revoked'],
      ['superseded.json', 'superseded'],
    ] as const;
    for (const [name, state] of states)
      expect(await check(files[name])).toMatchObject({
        ...{ verdict: 'genuine', credential: { status: { state } } },
      });

    const wrong = await run('key.pem', 'standing.pdf', 'altered.pdf', 'renamed.json', 'cut.pdf', 'hello.pdf');
    expect(wrong.status).toBe(1);
    expect(wrong.lines.filter((line) => !line.startsWith('\t')).slice(0, -1)).toEqual([
      'standing.pdf\t签名有效，内容未被改动',
      'altered.pdf\t无效：内容与签名不符，已被改动',
      'renamed.json\t无效：内容与签名不符，已被改动',
      'cut.pdf\t无效：文件不完整，或不是下载的原文件',
      'hello.pdf\t无效：不是数字证照文件',
    ]);
    const foreign = await run('other-key.pem', 'standing.pdf');
    expect(foreign).toMatchObject({ status: 1 });
    expect(foreign.lines[0]).toBe('standing.pdf\t无效：由另一把密钥签名，不是这份公钥的颁发者');
  } finally {
    place.remove();
  }
});

it('a decision revokes it and voids its record, the next restores the record and issues anew; the old file says 已吊销', async () => {
  const { id, identifier } = await store();
  const file = await bytesOf(`/api/credentials/${identifier}/file.pdf`);
  expect((await approve(id, 'take-back', '经查属实')).status).toBe(200);
  const reason = '投诉查实：经查属实';
  expect((await look(identifier)).status).toMatchObject({ state: 'revoked', reason });
  expect(await waitFor('credential-revoked', id)).toMatchObject({ reason, by: '证照处经办' });
  expect(await waitFor('record-void', id)).toMatchObject({ isVoid: true });

  expect((await approve(id, 'give-again')).status).toBe(200);
  const { digitalCertificate } = await waitFor('credential-issued', id);
  const next = digitalCertificate.identifier ?? '';
  expect(next).not.toBe(identifier);
  expect((await look(next)).status.state).toBe('valid');
  expect(readCredentialBody((await look(next)).body)).toMatchObject({ version: 2, recordId: id });
  // what was revoked stays so
  expect((await look(identifier)).status.state).toBe('revoked');
  expect(await check(file)).toMatchObject({
    verdict: 'genuine',
    credential: { status: { state: 'revoked' } },
  });
});

it('what is not green gets none: the decision falls, and nothing of it is done', async () => {
  const { id, identifier } = await store({ light: 'yellow' });
  expect(identifier).toBe('');
  expect((await approve(id, 'take-back')).status).toBe(200);
  await waitFor('record-void', id);
  const refused = await approve(id, 'give-again');
  expect(z.object({ code: z.string() }).parse(await refused.json()).code).toBe('CREDENTIAL_NEEDS_GREEN');
  // the step before it in the same decision has fallen with it
  await openCase(id, 'give-again');
  const rows = await queryStore<{ body: string }>(data.folder, `select body from record where id = '${id}'`);
  expect(rows[0]?.body).toContain('"voided"');
});
