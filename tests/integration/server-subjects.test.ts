/** A subject's records go to a station that has proved the subject's key in this very session, and to nobody else. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import type { LudengRecord } from '#domain/record/schema.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { pullAnswerSchema } from '#domain/sync/schema.ts';
import {
  recordFileAnswerSchema,
  subjectChallengeSchema,
  subjectEvents,
  subjectRecordsAnswerSchema,
  subscriptionSchema,
} from '#domain/sync/subject-feed.ts';
import type { SubjectChallenge, Subscription } from '#domain/sync/subject-feed.ts';
import { challengeBytes } from '#sealing/challenge.ts';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import { makeRevocationList } from '#tests/support/openssl-authority.ts';
import { createTestAuthority, createTestCompany } from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import type { UnitAccounts } from '#tests/support/unit-accounts.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  authority,
  authorityPem,
  company,
  makeCatalogue,
  makeSealedSubmission,
  subject,
} from './server-fixtures.ts';
import type { SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeAction,
  makeDataFolder,
  makeIdentity,
  makePush,
  queryStore,
  refusalOf,
  sha256,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestStation } from './server-support.ts';

const catalogue = makeCatalogue();
const audience = audienceOf.subject(subject);
let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let a: Counter;
let b: Counter;
let hostile: Counter;

interface Counter {
  identity: StationIdentity;
  line: TestStation;
  seq: number;
}

async function openCounter(): Promise<Counter> {
  const identity = makeIdentity();
  expect((await enrol(server.url, identity)).status).toBe(200);
  return { identity, line: await connectStation(server.url, identity), seq: 0 };
}
const reconnect = async (counter: Counter): Promise<void> => {
  counter.line.close();
  counter.line = await connectStation(server.url, counter.identity, { maxSeq: counter.seq });
};

async function start(change: Partial<ServerSettingsInput> = {}): Promise<void> {
  const trusted = { trustAnchors: [authorityPem], demo: true, ...change };
  server = await startTestServer(data.folder, trusted, { catalogue });
  [a, b, hostile] = [await openCounter(), await openCounter(), await openCounter()];
}
beforeEach(() => {
  data = makeDataFolder();
});
afterEach(async () => {
  for (const { line } of [a, b, hostile]) line.close();
  await server.close();
  data.remove();
});

const challengeFor = async ({ line }: Counter): Promise<SubjectChallenge> =>
  subjectChallengeSchema.parse(await line.send(line.ctl, subjectEvents.challenge, {}));

function proofOf(challenge: SubjectChallenge, signer: TestCompany = company, agreesTo?: 'login') {
  const data = challengeBytes({ agreesTo: agreesTo ?? 'subject-feed', ...challenge });
  return {
    certificate: Buffer.from(signer.certificate).toString('base64'),
    chain: [],
    signature: Buffer.from(signAs(signer, data)).toString('base64'),
  };
}
const subscribe = async ({ line }: Counter, request: object): Promise<Subscription> =>
  subscriptionSchema.parse(await line.send(line.ctl, subjectEvents.subscribe, request));
const prove = async (counter: Counter): Promise<Subscription> =>
  subscribe(counter, { proof: proofOf(await challengeFor(counter)) });
const records = async ({ line }: Counter, question: object = {}): Promise<LudengRecord[]> =>
  subjectRecordsAnswerSchema.parse(
    await line.send(line.ctl, subjectEvents.records, { audience, ...question }),
  ).records;
const pull = async ({ line }: Counter, { epoch, seq }: { epoch: string; seq: number }) =>
  pullAnswerSchema.parse(
    await line.send(line.ctl, 'pull', { audience, epoch, after: seq, maxBytes: 1_000_000 }),
  ).changes;

async function send(counter: Counter, options: Partial<SubmissionOptions> = {}): Promise<LudengRecord> {
  const { identity, line } = counter;
  const { item, record } = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (counter.seq += 1), ...options },
  });
  await line.upload(item);
  await line.commit(item.commit);
  await line.pullUntil((list) =>
    list.some(
      ({ change }) =>
        'recordId' in change && change.recordId === record.id && change.kind.startsWith('record-'),
    ),
  );
  return record;
}

describe('a subject whose key was proved at a counter', () => {
  beforeEach(() => start());

  it('finds there what was entered elsewhere, as it stands now, and each later change once', async () => {
    const first = await send(a, { light: 'yellow' });
    const subscription = await prove(b);
    expect(subscription.audience).toBe(audience);
    expect(await records(b)).toMatchObject([
      {
        id: first.id,
        state: 'stored',
        entered: { stationId: a.identity.stationId, stationName: '测试采集站' },
      },
    ]);
    const pokes = b.line.heard.pokes.length;
    const second = await send(b, { supersedes: first.id });
    await expect.poll(() => b.line.heard.pokes.length).toBeGreaterThan(pokes);
    const changes = await pull(b, subscription.head);
    expect(changes.map(({ change }) => change.kind)).toEqual([
      'record-stored',
      'certificate-code',
      'record-superseded',
    ]);
    expect(changes.map(({ seq }) => seq - subscription.head.seq)).toEqual([1, 2, 3]);
    expect((await records(b)).map(({ id, state }) => [id, state])).toEqual([
      [first.id, 'superseded'],
      [second.id, 'stored'],
    ]);
  });

  it('sees the pages and the sealed file, piece by piece', async () => {
    const record = await send(a);
    await prove(b);
    const material = record.materials[0];
    const fetch = async (page?: number): Promise<string> => {
      const pieces: Uint8Array[] = [];
      for (let off = 0, size = 1; off < size;) {
        const question = {
          audience,
          recordId: record.id,
          slot: 'paper',
          off,
          ...(page === 0 ? { page } : {}),
        };
        const piece = recordFileAnswerSchema.parse(
          await b.line.send(b.line.ctl, subjectEvents.file, question),
        );
        pieces.push(piece.buf);
        off += piece.buf.length;
        size = piece.size;
      }
      return sha256(Buffer.concat(pieces));
    };
    expect(await fetch(0)).toBe(material?.pages[0]?.sha);
    expect(await fetch()).toBe(material?.seal?.pdfSha);
  });

  it('pushes from there, and the decision is heard at both counters', async () => {
    const record = await send(a);
    await prove(b);
    const { item, pushId } = makePush((b.seq += 1), record.id, 'housing');
    await b.line.upload(item);
    await b.line.commit(item.commit);
    for (const { line } of [a, b]) {
      const changes = await line.pullUntil((list) =>
        list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
      );
      expect(changes.at(-1)?.change).toMatchObject({ state: 'under-review', push: { field: 'housing' } });
    }
    expect((await records(b))[0]?.pushes).toMatchObject([{ id: pushId, state: 'under-review' }]);
  });

  it('goes on after a broken line by the token, and no more once the person has gone', async () => {
    await send(a);
    const { token, head } = await prove(b);
    await reconnect(b);
    expect(await refusalOf(records(b))).toBe('FORBIDDEN');
    expect((await subscribe(b, { token })).head.seq).toBeGreaterThanOrEqual(head.seq);
    expect(await records(b)).toHaveLength(1);
    await b.line.send(b.line.ctl, subjectEvents.unsubscribe, { audience });
    expect(await refusalOf(records(b))).toBe('FORBIDDEN');
    expect(await refusalOf(subscribe(b, { token }))).toBe('FORBIDDEN');
    expect(await refusalOf(pull(b, head))).toBe('FORBIDDEN');
  });

  it('does not see what a station only says is the subject’s', async () => {
    const refused = await send(hostile, { spoilPdf: () => Buffer.from('no PDF') });
    const { head } = await prove(b);
    expect(await records(b)).toEqual([]);
    expect(await records(b, { ids: [refused.id] })).toEqual([]);
    expect(head.seq).toBe(0);
  });
});

describe('a subject whose account was frozen', () => {
  let accounts: UnitAccounts;
  let account: string;
  const person = { name: '周主办', idNumber: '530102199001017654', mobile: '13800007654' };
  beforeEach(async () => {
    await start();
    accounts = await openUnitAccounts(data.folder);
    const unit = { name: subject.name, creditCode: subject.creditCode };
    account = await accounts.open({ unit, person, kind: 'main', type: 'enterprise' });
  });
  afterEach(() => accounts.close());
  const freeze = (at = new Date().toISOString()) => accounts.set(account, { frozen_at: at });

  it('is asked about when its key is shown, and while it is followed', async () => {
    const { token } = await prove(b);
    await freeze();
    expect(await refusalOf(prove(a))).toBe('ACCOUNT_FROZEN');
    // by the token too: a line that was away comes back with it
    await reconnect(b);
    expect(await refusalOf(subscribe(b, { token }))).toBe('ACCOUNT_FROZEN');
    expect(await refusalOf(records(b))).toBe('FORBIDDEN');
    await accounts.set(account, { frozen_at: null, disabled_at: new Date().toISOString() });
    expect(await refusalOf(prove(a))).toBe('ACCOUNT_DISABLED');
    await accounts.set(account, { disabled_at: null });
    expect((await prove(a)).audience).toBe(audience);
  });

  it('has refused what its key handed in at a station meanwhile, and keeps what was handed in before', async () => {
    const handedInAt = (submittedAt: string) => ({
      spoilRecord: (record: LudengRecord): LudengRecord => ({
        ...record,
        submittedAt,
        handedIn: { by: subject.name, assurance: [], key: { by: 'cached' } },
      }),
    });
    await freeze('2026-11-02T00:00:00.000Z');
    const outcomeOf = async (record: LudengRecord): Promise<{ kind: string; message?: string }> => {
      const { changes } = await a.line.pull();
      const told = changes
        .map(({ change }) => change)
        .find((one) => 'recordId' in one && one.recordId === record.id);
      return { ...told, kind: told?.kind ?? '' };
    };
    const before = await send(a, handedInAt('2026-11-01T23:59:59.000Z'));
    expect((await outcomeOf(before)).kind).toBe('record-stored');
    const after = await send(a, handedInAt('2026-11-02T00:00:01.000Z'));
    expect(await outcomeOf(after)).toMatchObject({
      kind: 'record-rejected',
      message: expect.stringContaining('该账号已被冻结') as unknown,
    });
  });
});

describe('a hostile station', () => {
  beforeEach(() => start());

  it('gets nothing by naming a subject', async () => {
    const { id } = await send(a);
    const { head } = await prove(b);
    for (const asked of [
      records(hostile),
      records(hostile, { ids: [id] }),
      pull(hostile, { ...head, seq: 0 }),
      hostile.line.send(hostile.line.ctl, subjectEvents.file, {
        ...{ audience, recordId: id, slot: 'paper', off: 0 },
      }),
    ])
      expect(await refusalOf(asked)).toBe('FORBIDDEN');
    for (const other of [audienceOf.station(a.identity.stationId), audienceOf.authority('房建处')]) {
      const question = { audience: other, epoch: head.epoch, after: 0, maxBytes: 1000 };
      expect(await refusalOf(hostile.line.send(hostile.line.ctl, 'pull', question))).toBe('FORBIDDEN');
    }
  });

  it('is shown another subject’s record by no proof of its own', async () => {
    const { id } = await send(a);
    const stranger = createTestCompany(authority, {
      subject: { companyName: '大连海纳建设工程有限公司', creditCode: '91210200MA0YB8C43R' },
    });
    const own = await subscribe(hostile, { proof: proofOf(await challengeFor(hostile), stranger) });
    expect(own.audience).not.toBe(audience);
    expect(await refusalOf(records(hostile))).toBe('FORBIDDEN');
    const question = { audience: own.audience, ids: [id] };
    expect(await records(hostile, question)).toEqual([]);
    const file = { audience: own.audience, recordId: id, slot: 'paper', off: 0 };
    expect(await refusalOf(hostile.line.send(hostile.line.ctl, subjectEvents.file, file))).toBe('NOT_FOUND');
  });

  it('cannot use a proof twice, another’s proof, or a proof that answers another challenge', async () => {
    const challenge = await challengeFor(b);
    const proof = proofOf(challenge);
    await challengeFor(hostile);
    expect(await refusalOf(subscribe(hostile, { proof }))).toBe('CHALLENGE_INVALID');
    const { token } = await subscribe(b, { proof });
    expect(await refusalOf(subscribe(b, { proof }))).toBe('CHALLENGE_INVALID');
    expect(await refusalOf(subscribe(hostile, { token }))).toBe('FORBIDDEN');
    // a newer challenge takes the place of the older
    const old = proofOf(await challengeFor(b));
    await challengeFor(b);
    expect(await refusalOf(subscribe(b, { proof: old }))).toBe('CHALLENGE_INVALID');
    // of the session before
    const before = proofOf(await challengeFor(b));
    await reconnect(b);
    expect(await refusalOf(subscribe(b, { proof: before }))).toBe('CHALLENGE_INVALID');
    await challengeFor(b);
    expect(await refusalOf(subscribe(b, { proof: before }))).toBe('CHALLENGE_INVALID');
    // what a person signs to log in at a counter says nothing to the server
    const login = proofOf(await challengeFor(b), company, 'login');
    expect(await refusalOf(subscribe(b, { proof: login }))).toBe('CHALLENGE_INVALID');
    const elsewhere = { ...(await challengeFor(b)), origin: 'ludeng-server:other' };
    expect(await refusalOf(subscribe(b, { proof: proofOf(elsewhere) }))).toBe('CHALLENGE_INVALID');
  });

  it.each([
    [
      'of an unknown authority',
      'CERTIFICATE_UNTRUSTED',
      () => createTestCompany(createTestAuthority('别的'), owner),
    ],
    [
      'that has expired',
      'CERTIFICATE_EXPIRED',
      () =>
        createTestCompany(authority, {
          ...owner,
          validity: { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2021-01-01T00:00:00.000Z' },
        }),
    ],
    [
      'that names no company',
      'TOKEN_HAS_NO_CERTIFICATE',
      () => createTestCompany(authority, { subject: { companyName: subject.name } }),
    ],
  ])('is refused with a certificate %s', async (_what, code, make) => {
    expect(await refusalOf(subscribe(b, { proof: proofOf(await challengeFor(b), make()) }))).toBe(code);
    expect(await refusalOf(records(b))).toBe('FORBIDDEN');
  });

  it('pushes no record that was entered elsewhere before the subject’s key was there', async () => {
    const record = await send(a);
    const { item, pushId } = makePush((hostile.seq += 1), record.id, 'housing');
    await hostile.line.upload(item);
    await hostile.line.commit(item.commit);
    const changes = await hostile.line.pullUntil((list) => list.length > 0);
    expect(changes[0]?.change).toMatchObject({ kind: 'push-state', pushId, state: 'refused' });
    expect(await queryStore(data.folder, 'select id from case_file')).toEqual([]);
    // neither the owner nor the counter of the record hears of what a stranger wanted
    expect((await a.line.pull()).changes.some(({ change }) => change.kind === 'push-state')).toBe(false);
  });
});
const owner = { subject: { companyName: subject.name, creditCode: subject.creditCode } };

it('a withdrawn key shows nothing, not even by the token that it got before', async () => {
  const list = join(data.folder, 'list.crl');
  writeFileSync(list, await makeRevocationList(authority, data.folder));
  await start({ revocationLists: [list] });
  const { token } = await prove(b);
  for (const { line } of [a, b, hostile]) line.close();
  await server.close();
  const serial = new X509Certificate(company.certificate).serialNumber;
  writeFileSync(list, await makeRevocationList(authority, data.folder, { revoked: [{ serial }] }));
  server = await startTestServer(
    data.folder,
    { trustAnchors: [authorityPem], demo: true, revocationLists: [list] },
    { catalogue },
  );
  for (const counter of [a, b, hostile]) await reconnect(counter);
  expect(await refusalOf(subscribe(b, { token }))).toBe('CERTIFICATE_REVOKED');
  expect(await refusalOf(prove(b))).toBe('CERTIFICATE_REVOKED');
});

describe('items', () => {
  beforeEach(() => start());

  it('may be actions, or what an older station queued: both have their effect', async () => {
    const { record } = await makeSealedSubmission({ catalogue, stationId: a.identity.stationId, seq: 1 });
    const sent = await makeSealedSubmission({ catalogue, stationId: a.identity.stationId, seq: 1 });
    const action = makeAction(sent.item, { record: sent.record.id, action: 'submit' });
    await a.line.upload(action);
    await a.line.commit(action.commit);
    const { item } = makePush(2, sent.record.id, 'housing');
    const push = makeAction(item, { record: sent.record.id, action: 'push' });
    await a.line.upload(push);
    await a.line.commit(push.commit);
    const changes = await a.line.pullUntil((list) =>
      list.some(({ change }) => change.kind === 'push-state' && change.state === 'under-review'),
    );
    expect(changes.map(({ change }) => change.kind)).toContain('record-stored');
    expect(await queryStore(data.folder, 'select kind, state from job order by kind, state')).toEqual([
      { kind: 'push', state: 'done' },
      { kind: 'submission', state: 'done' },
    ]);
    const mixed = makeAction(makePush(3, sent.record.id, 'housing').item, {
      record: record.id,
      action: 'push',
    });
    await a.line.offer(mixed.offer);
    expect(await refusalOf(a.line.commit(mixed.commit))).toBe('BAD_REQUEST');
  });
});
