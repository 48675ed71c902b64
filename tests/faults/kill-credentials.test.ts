/**
 * kill -9 while a credential is being issued, by the job that stores a green record and by a decision: once the server is back
 * it is there once, as its first version, and told once.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configFolder, loadCatalogue } from '#config/load-catalogue.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import { readCredentialBody } from '#domain/credentials/schema.ts';
import { sampled } from '#tests/support/nightly.ts';
import { enrolmentCode, startServerProcess } from '#tests/support/server-process.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { catalogueFiles } from '../integration/server-catalogue.ts';
import { authorityPem, makeSealedSubmission } from '../integration/server-fixtures.ts';
import { connectStation, enrol, makeIdentity } from '../integration/server-support.ts';
import type { StationIdentity } from '../integration/server-support.ts';

const password = 'a long password of the test';
const office = '证照处';
const accounts = [
  { id: 'office', name: '证照处经办', department: office, permissions: ['review'], password },
];
const decided = { id: 'approve', label: '同意', opinion: 'optional', outcome: 'approved' };
const files = catalogueFiles({
  byHand: { actions: { submit: { label: '提交', opens: 'give' } } },
  programme: {
    credentials: {
      issuer: { name: '测试机构', code: '11210000MB9T9A0185' },
      types: [
        { kind: 'by-hand', code: '001', issued: 'decided' },
        { kind: 'by-machine', code: '002' },
      ],
    },
  },
  more: [
    {
      path: 'programmes/test-programme/workflows/give.yaml',
      data: {
        ...{ id: 'give', title: '颁发' },
        steps: [
          { id: 'look', title: '核验', anyOf: [{ who: 'department', name: office }], decisions: [decided] },
        ],
        effects: { approved: [{ effect: 'issue-credential' }] },
      },
    },
  ],
});

let folder: string;
let catalogue: Catalogue;
let server: ServerProcess;
let identity: StationIdentity;
let seq = 0;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kill-credentials-'));
  const catalogueFolder = join(folder, 'config');
  cpSync(join(configFolder, 'drivers'), join(catalogueFolder, 'drivers'), { recursive: true });
  for (const { path, data } of files) {
    mkdirSync(join(catalogueFolder, dirname(path)), { recursive: true });
    // JSON is YAML
    writeFileSync(join(catalogueFolder, path), JSON.stringify(data));
  }
  catalogue = loadCatalogue(catalogueFolder);
  server = await startServerProcess(folder, { accounts, trustAnchors: [authorityPem], catalogueFolder });
  identity = makeIdentity();
  expect((await enrol(server.url, identity, enrolmentCode)).status).toBe(200);
});
afterEach(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});
const someMs = (max: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * max));

async function handIn(kind: 'by-hand' | 'by-machine'): Promise<string> {
  await server.start();
  const station = await connectStation(server.url, identity, { maxSeq: seq });
  try {
    const made = await makeSealedSubmission({
      ...{ catalogue, kind, stationId: identity.stationId, seq: (seq += 1) },
    });
    await station.upload(made.item);
    await station.commit(made.item.commit);
    return made.record.id;
  } finally {
    station.close();
  }
}
/** It is stored, its credential is one, and everybody who asks is shown it; the station is told of it once. */
async function expectOnce(records: readonly string[]): Promise<void> {
  await server.start();
  const issuedOf = (id: string) =>
    server.query('select identifier from credential where record_id = ?', id) as Promise<
      { identifier: string }[]
    >;
  const station = await connectStation(server.url, identity, { maxSeq: seq });
  try {
    for (const id of records) {
      const issued = await waitUntil(async () => {
        const found = await issuedOf(id);
        return found.length > 0 ? found : undefined;
      });
      expect(issued).toHaveLength(1);
      const answer = await fetch(`${server.url}/api/credentials/${issued[0]?.identifier}`);
      const shown = publicRoutes.identifiedCredential.answer.parse(await answer.json());
      expect(shown.status.state).toBe('valid');
      expect(readCredentialBody(shown.body)).toMatchObject({ recordId: id, version: 1 });
      const identifierOf = ({ change }: Awaited<ReturnType<typeof station.pull>>['changes'][number]) =>
        (change.kind === 'record-stored' || change.kind === 'credential-issued') && change.recordId === id
          ? (change.digitalCertificate?.identifier ?? [])
          : [];
      const changes = await station.pullUntil((list) => list.flatMap(identifierOf).length > 0);
      expect(changes.flatMap(identifierOf)).toEqual([issued[0]?.identifier]);
    }
  } finally {
    station.close();
  }
}

test(
  'a green record whose storing the server was killed in has its credential once',
  async () => {
    const records: string[] = [];
    for (let n = 0; n < sampled(3, 60); n += 1) {
      const id = await handIn('by-machine');
      records.push(id);
      // by turns at any moment of it, and in the moment in which others see the record as stored
      if (n % 2 === 0) await seenStored(id);
      else await someMs(300);
      await server.kill();
    }
    await expectOnce(records);
  },
  sampled(300_000, 4 * 3_600_000),
);

test(
  'a decision that issues a credential and was under way when the server was killed has issued it once, or is taken again and then has',
  async () => {
    const records: string[] = [];
    const ids = new Map<string, string>();
    for (let n = 0; n < sampled(3, 60); n += 1) {
      const id = await handIn('by-hand');
      records.push(id);
      ids.set(id, await waitUntil(async () => (await openCaseOf(id))?.id));
      expect(await server.query('select identifier from credential where record_id = ?', id)).toEqual([]);
    }
    let killed = 0;
    for (const [id, caseId] of ids) {
      // later from try to try: on a slow machine the first ones come before the decision is even read
      for (let tries = 1; await openCaseOf(id); tries += 1) {
        await server.start();
        const cookie = await signIn();
        const answered = fetch(`${server.url}/api/cases/${caseId}/decisions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', cookie },
          body: JSON.stringify({ step: 'look', decision: 'approve', opinion: '' }),
        }).catch(() => undefined);
        await someMs(60 * tries);
        await server.kill();
        killed += 1;
        await answered;
      }
    }
    expect(killed).toBeGreaterThanOrEqual(records.length);
    await expectOnce(records);
  },
  sampled(300_000, 4 * 3_600_000),
);

/** Looks again at once, so that nothing the server does afterwards has time to pass for what it did before. */
async function seenStored(id: string): Promise<void> {
  const stored = () => server.query(`select id from record where id = ? and state = 'stored'`, id);
  await waitUntil(async () => (await stored()).length > 0, {
    ...{ timeoutMs: 120_000, everyMs: 2, what: 'storing the record' },
  });
}
async function openCaseOf(recordId: string): Promise<{ id: string } | undefined> {
  const [row] = (await server.query(
    `select id from case_file where record_id = ? and state = 'open'`,
    recordId,
  )) as { id: string }[];
  return row;
}
async function signIn(): Promise<string> {
  const answer = await fetch(`${server.url}/api/session`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ account: 'office', password }),
  });
  return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}
