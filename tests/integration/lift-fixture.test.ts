/** What the version of November 2026 left on its disks, with the code of today: nothing of it is lost. */
import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { z } from 'zod';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import { qualificationValues } from '#tests/support/applicant.ts';
import { createDatabase, unpackFixture } from '#tests/support/fixture.ts';
import type { Fixture } from '#tests/support/fixture.ts';
import { startPostgres } from '#tests/support/postgres.ts';
import { shiftDate } from '#tests/support/shift-date.ts';
import { createStationClient } from '#tests/support/station-client.ts';
import type { StationClient } from '#tests/support/station-client.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { startAgent } from '../../scanner-agent/start-agent.ts';
import type { RunningAgent } from '../../scanner-agent/start-agent.ts';
import { readAgentPaths } from '../../scanner-agent/settings.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { openServerKey } from '../../sync-server/keys/server-key.ts';
import { createVerificationCodes } from '../../sync-server/services/credentials/verification-codes.ts';
import { startServer } from '../../sync-server/start-server.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { connectStation } from './server-support.ts';

/** A case that a record opened. */
const ofRecordSchema = caseDetailSchema.required({ record: true, receivedAt: true });

const name = '2026-11';
const slot = 'certificate';
const claims: Values = { ...qualificationValues, validUntil: '2049-12-31' };
const pushField = 'construction-tendering';

let unshift: () => void;
/** The clock stands an hour after the fixture was made, whenever the test runs. */
beforeAll(() => {
  const fixture = unpackFixture(name);
  unshift = shiftDate(new Date(Date.parse(fixture.facts.madeAt) + 3_600_000).toISOString());
  fixture.remove();
});
afterAll(() => unshift());

function settingsOf(fixture: Fixture, change: Partial<ServerSettingsInput> = {}): ServerSettingsInput {
  return {
    dataFolder: fixture.place('server'),
    port: 0,
    logLevel: 'error',
    minFreeBytes: 0,
    trustAnchors: [fixture.trustAnchor],
    // it was one: only a demonstration believes the simulated authority
    demo: true,
    secondReading: { enabled: false },
    ...change,
  };
}

describe('what was sealed', () => {
  let fixture: Fixture;
  beforeAll(() => {
    fixture = unpackFixture(name);
  });
  afterAll(() => fixture.remove());

  const derOf = (file: string): Uint8Array =>
    new Uint8Array(new X509Certificate(readFileSync(fixture.place(...file.split('/')))).raw);

  test('is valid: by each kind of key, by two signers, with a time stamp', async () => {
    const own: Record<string, string> = {
      'key-rsa.pdf': 'sealed/key-rsa.pem',
      'key-ec-low-s.pdf': 'sealed/key-ec.pem',
      'key-ec-high-s.pdf': 'sealed/key-ec.pem',
      'key-sm2.pdf': 'sealed/key-sm2.pem',
    };
    const files = readdirSync(fixture.place('sealed')).filter((file) => file.endsWith('.pdf'));
    expect(files).toHaveLength(15);
    const found: Record<string, unknown> = {};
    for (const file of files) {
      const { valid, problems, signatures } = await verifySeal(
        new Uint8Array(readFileSync(fixture.place('sealed', file))),
        {
          trustAnchors: [derOf(own[file] ?? 'authority.pem')],
          timestampAnchors: [derOf('time-authority.pem')],
          at: new Date().toISOString(),
        },
      );
      found[file] = { valid, problems, signatures: signatures.length };
    }
    const expected = files.map((file) => [
      file,
      { valid: true, problems: [], signatures: file === 'sealedTwice.pdf' ? 2 : 1 },
    ]);
    expect(found).toEqual(Object.fromEntries(expected));
  });
});

describe.each(['SQLite', 'PostgreSQL'] as const)('station and server on %s', (database) => {
  let fixture: Fixture;
  let server: RunningServer;
  let agent: RunningAgent;
  let station: StationClient;
  let before: {
    certificates: { unique_code: string; body: string; signature: string }[];
    receipts: { id: string; server_seq: number; signature: string }[];
  };
  const close: (() => Promise<void> | void)[] = [];
  const errors: unknown[] = [];

  beforeAll(async () => {
    fixture = unpackFixture(name);
    close.push(() => fixture.remove());
    before = {
      certificates: fixture.oldRows('select unique_code, body, signature from digital_certificate'),
      receipts: fixture.oldRows('select id, server_seq, signature from item order by server_seq'),
    };
    const change: Partial<ServerSettingsInput> = {};
    if (database === 'PostgreSQL') {
      const postgres = await startPostgres();
      close.push(() => postgres.stop());
      change.database = await createDatabase(postgres.url, 'lifted');
      fixture.fillPostgres(change.database);
    }
    server = await startServer(settingsOf(fixture, change));
    close.push(() => server.close());
    const { profileFile, dataFolder } = await fixture.prepareStation(server.url);
    agent = await startAgent({
      ...readAgentPaths({
        ...process.env,
        LUDENG_DATA: dataFolder,
        LUDENG_STATION_PROFILE: profileFile,
      }),
      logError: (error) => errors.push(error),
      logWarning: () => undefined,
    });
    close.push(() => agent.close());
    station = createStationClient(agent);
    await waitUntil(async () => (await station.call('tokens')).length === 3, {
      what: 'the keys',
      timeoutMs: 30_000,
    });
    await logIn('subject');
  });
  afterAll(async () => {
    for (const one of close.toReversed()) await one();
  });

  let key = { tokenId: '', certificateId: '' };
  async function logIn(company: 'subject' | 'otherCompany'): Promise<void> {
    const { creditCode } = fixture.facts.companies[company];
    const found = (await station.call('tokens')).flatMap(({ id: tokenId, certificates }) =>
      certificates
        .filter((one) => one.creditCode === creditCode && one.personName === undefined)
        .map(({ id: certificateId }) => ({ tokenId, certificateId })),
    )[0];
    if (!found) throw new Error(`no key of ${company}`);
    key = found;
    await station.call('login', { body: { ...key, pin: fixture.facts.pin } });
    await station.call('role', { body: { role: 'bidder' } });
  }
  const idOf = (what: string): string => fixture.facts.records[what] ?? '';
  const record = (id: string): Promise<LudengRecord> => station.call('record', { params: { id } });
  const revision = async (id: string): Promise<number> => (await record(id)).revision;
  const stored = (id: string): Promise<LudengRecord> =>
    waitUntil(
      async () => {
        const now = await record(id);
        if (now.state === 'rejected') throw new Error(JSON.stringify(now.rejection));
        return now.state === 'stored' ? now : undefined;
      },
      { what: `the record ${id} is stored`, timeoutMs: 60_000 },
    );
  const seal = async (id: string): Promise<unknown> =>
    station.finished(
      await station.call('seal', {
        params: { id, slot },
        body: { revision: await revision(id), ...key, pin: fixture.facts.pin },
      }),
    );
  const save = async (id: string): Promise<unknown> =>
    station.finished(
      await station.call('save', { params: { id, slot }, body: { revision: await revision(id) } }),
    );
  const submit = async (id: string): Promise<LudengRecord> => {
    await station.call('submit', { params: { id }, body: { revision: await revision(id) } });
    return stored(id);
  };
  async function desk(account: string) {
    const json = { 'content-type': 'application/json', origin: server.url };
    const body = JSON.stringify({ account, password: fixture.facts.accounts[account] ?? 'some password' });
    const answer = await fetch(`${server.url}/api/session`, { method: 'POST', headers: json, body });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    return {
      status: answer.status,
      ask: async (path: string): Promise<Response> => fetch(`${server.url}${path}`, { headers: { cookie } }),
    };
  }

  test('every record on the station is as it was', async () => {
    const moves = new Set([...fixture.facts.queued, ...fixture.facts.inHand]);
    const now = await station.call('records');
    const states = Object.fromEntries(now.map(({ id, state }) => [id, state]));
    expect(Object.keys(states).toSorted()).toEqual(Object.keys(fixture.facts.states).toSorted());
    for (const [id, state] of Object.entries(fixture.facts.states))
      if (!moves.has(id)) expect([id, states[id]]).toEqual([id, state]);
    expect((await record(idOf('approved'))).pushes[0]).toMatchObject({ state: 'approved' });
    expect((await record(idOf('refused'))).pushes[0]).toMatchObject({
      state: 'refused',
      opinion: '发证机关与原件不符，请补充完善',
    });
    expect((await record(idOf('rejected'))).rejection?.code).toBeTruthy();
    expect((await record(idOf('withForm'))).form).toMatchObject({ happenedOn: '2025-05-06' });
    const basic = await record(idOf('basic'));
    expect(basic.form).toMatchObject({ contactName: '李经办', postcode: '110000' });
    expect(basic.materials[0]?.seal?.signerName).toBe(fixture.facts.companies.subject.companyName);
  });

  test('what waited in the outbox, and what the server had in hand, is stored once', async () => {
    const { queued, inHand } = fixture.facts;
    const codes = [];
    for (const id of [...queued, ...inHand]) codes.push((await stored(id)).uniqueCode);
    const known = fixture.facts.server.flatMap(({ unique_code }) => unique_code ?? []);
    expect(new Set([...codes, ...known]).size).toBe(
      codes.length + known.length - fixture.facts.server.filter(({ id }) => inHand.includes(id)).length,
    );
    const pushed = await waitUntil(
      async () => {
        const [push] = (await record(queued[0] ?? '')).pushes;
        return push?.state === 'queued' ? undefined : push;
      },
      { what: 'the push has arrived', timeoutMs: 30_000 },
    );
    expect(pushed).toMatchObject({ field: pushField, state: 'under-review' });
    expect((await station.call('station')).line).toMatchObject({ state: 'online' });
    expect(errors).toEqual([]);
  });

  test('drafts and saved records can be opened, completed and submitted', async () => {
    for (const what of ['read', 'confirmed', 'sealed', 'red', 'saved']) {
      const params = { id: idOf(what), slot, page: 0 };
      const page = await station.call('page', { params });
      expect([what, page.status, page.headers.get('content-type')]).toEqual([what, 200, 'image/jpeg']);
    }
    expect((await record(idOf('confirmed'))).materials[0]).toMatchObject({
      values: claims,
      confirmed: true,
    });
    expect(Object.keys((await record(idOf('confirmed'))).materials[0]?.marks ?? {})).toContain('companyName');
    expect((await record(idOf('red'))).materials[0]?.checked?.verdict.light).toBe('red');

    await seal(idOf('confirmed'));
    await save(idOf('confirmed'));
    await save(idOf('sealed'));
    for (const what of ['read', 'red']) {
      await station.call('editValues', {
        params: { id: idOf(what), slot },
        body: { revision: await revision(idOf(what)), values: claims, confirmed: true },
      });
      await seal(idOf(what));
      await save(idOf(what));
    }
    for (const what of ['confirmed', 'sealed', 'read', 'red', 'saved', 'savedYellow'])
      expect((await submit(idOf(what))).uniqueCode).toBeTruthy();
  });

  test('a stored record is pushed, and a refused push is supplemented', async () => {
    await station.call('push', { params: { id: idOf('stillThere') }, body: { field: pushField } });
    const { id } = await station.call('createRecord', {
      body: {
        kind: 'qualification-grade',
        answers: (await record(idOf('refused'))).answers,
        supersedes: idOf('refused'),
      },
    });
    expect((await record(id)).supersedes).toBe(idOf('refused'));
    await waitUntil(async () => (await record(idOf('stillThere'))).pushes[0]?.state === 'under-review', {
      what: 'the push is under review',
      timeoutMs: 30_000,
    });
  });

  test('stacks are there with their pages', async () => {
    const [full = '', empty = ''] = fixture.facts.stacks;
    expect((await station.call('batches')).map(({ id }) => id).toSorted()).toEqual([full, empty].toSorted());
    const { pages } = await station.call('batch', { params: { batch: full } });
    expect(pages.map(({ kinds }) => kinds?.[0]?.documentType)).toEqual([
      'business-licence',
      'construction-qualification',
    ]);
    const params = { batch: full, page: pages[0]?.id ?? '' };
    expect((await station.call('batchPage', { params })).status).toBe(200);
  });

  test('accounts sign in as before, and one that was disabled does not', async () => {
    expect((await desk('lead')).status).toBe(200);
    expect((await desk('clerk')).status).toBe(200);
    expect((await desk('gone')).status).toBe(401);
  });

  test('reviewers see cases, decisions, seals, and the very files that were sealed', async () => {
    const { ask } = await desk('lead');
    const { cases } = caseListSchema.parse(await (await ask('/api/cases?state=all')).json());
    const detailOf = async (what: string) => {
      const found = cases.find(({ recordId }) => recordId === idOf(what));
      return ofRecordSchema.parse(await (await ask(`/api/cases/${found?.id}`)).json());
    };
    const approved = await detailOf('approved');
    expect(approved.case).toMatchObject({ state: 'approved' });
    expect(approved.seals.map(({ valid }) => valid)).toEqual([true]);
    expect(approved.record.materials[0]?.values).toEqual(claims);
    expect((await detailOf('refused')).case).toMatchObject({ state: 'refused' });
    expect((await detailOf('underReview')).case).toMatchObject({ state: 'open' });
    for (const what of ['approved', 'refused', 'underReview']) {
      const pdf = await ask(`/api/records/${idOf(what)}/materials/${slot}/pdf`);
      expect(Buffer.from(await pdf.arrayBuffer())).toEqual(
        readFileSync(fixture.place('sealed', fixture.facts.pdfs[what] ?? '')),
      );
      const report = await ask(`/api/records/${idOf(what)}/materials/${slot}/seal-report`);
      expect(await report.text()).toContain(fixture.facts.companies.subject.companyName);
    }
  });

  test('digital certificates are answered word for word, and their signature holds', async () => {
    expect(before.certificates.length).toBeGreaterThan(3);
    await credentialsAreAsBefore(server.url, before.certificates, fixture.place('server'));
  });

  test('the station hears the 查验码 of what was issued before, and each record shows its own', async () => {
    const told = await waitUntil(
      async () => {
        const records = await Promise.all(Object.keys(fixture.facts.states).map(record));
        const issued = records.flatMap(({ digitalCertificate }) => digitalCertificate ?? []);
        return issued.length > 3 && issued.every(({ verificationCode }) => verificationCode)
          ? issued
          : undefined;
      },
      { what: 'the codes have arrived', timeoutMs: 30_000 },
    );
    const codeOf = codesOf(fixture.place('server'));
    for (const { uniqueCode, verificationCode } of told) expect(verificationCode).toBe(codeOf(uniqueCode));
  });

  test('the second station is still enrolled, and receipts are still those that were given', async () => {
    const privateKey = createPrivateKey(fixture.facts.station2);
    const identity = {
      stationId: 'station-2',
      installId: ulid(),
      bootId: ulid(),
      publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
      sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64'),
    };
    const line = await connectStation(server.url, identity);
    line.close();
    expect(before.receipts.length).toBeGreaterThan(10);
  });

  test('the other company finds its record and its draft', async () => {
    await station.call('logout');
    await logIn('otherCompany');
    const states = Object.fromEntries((await station.call('records')).map(({ id, state }) => [id, state]));
    expect(states).toEqual({ [idOf('ofOther')]: 'stored', [idOf('draftOfOther')]: 'draft' });
  });
});

test('a backup that was made then is restored', async () => {
  const fixture = unpackFixture(name);
  try {
    const certificates = fixture.oldRows<{ unique_code: string; body: string; signature: string }>(
      'select unique_code, body, signature from digital_certificate',
    );
    const settings = settingsOf(fixture, { dataFolder: fixture.place('restored') });
    expect(
      await administer(serverSettingsSchema.parse(settings), ['restore', fixture.place('server.backup')]),
    ).toContain('已恢复');
    const server = await startServer(settings);
    try {
      await credentialsAreAsBefore(server.url, certificates, fixture.place('restored'));
    } finally {
      await server.close();
    }
  } finally {
    fixture.remove();
  }
});

/** Of the server whose key lies in this folder. */
const codesOf = (serverFolder: string): ((uniqueCode: string) => string) =>
  createVerificationCodes({ serverKey: openServerKey(join(serverFolder, 'server-key.pem'), undefined) }).of;

async function credentialsAreAsBefore(
  url: string,
  certificates: readonly { unique_code: string; body: string; signature: string }[],
  serverFolder: string,
): Promise<void> {
  const codeOf = codesOf(serverFolder);
  for (const { unique_code, body, signature } of certificates) {
    expect((await fetch(`${url}/api/certificates/${unique_code}`)).status).toBe(404);
    const answer = z
      .object({ body: z.string(), signature: z.string(), serverPublicKey: z.string() })
      .parse(
        await (
          await fetch(`${url}/api/certificates/${unique_code}?verificationCode=${codeOf(unique_code)}`)
        ).json(),
      );
    expect(answer).toMatchObject({ body, signature });
    expect(
      verify(
        null,
        Buffer.from(body),
        createPublicKey(answer.serverPublicKey),
        Buffer.from(signature, 'base64'),
      ),
    ).toBe(true);
  }
}
