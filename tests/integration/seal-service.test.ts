/** Sealing as the station does it: real store, real token driver behind the simulated key, several papers, one PIN. */
import { X509Certificate } from 'node:crypto';
import sharp from 'sharp';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isAssured } from '#domain/accounts/assurance.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { loadSigningTokens } from '#config/load-table.ts';
import { documentTypeOfSlot, getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import { createRecord } from '#domain/record/rules.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Values } from '#domain/primitives.ts';
import type { Marks, Quad } from '#domain/reading/schema.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { RevocationState } from '#sealing/chain.ts';
import { requestTimestamp } from '#sealing/request-timestamp.ts';
import { prepareSimulatedTokens } from '#tests/emulators/signing-token/simulated-token.ts';
import type { SimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import { startTimeAuthority } from '#tests/support/openssl-authority.ts';
import type { TimeAuthority } from '#tests/support/openssl-authority.ts';
import { makePage } from '#tests/support/record-fixtures.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import { loadSealFonts } from '#sealing/seal-fonts.ts';
import { createSigningTokens } from '../../scanner-agent/devices/signing-tokens.ts';
import type { CombinedTokens } from '../../scanner-agent/devices/token-host/combine-tokens.ts';
import type { StationTrust } from '../../scanner-agent/services/sealing/apply-seal.ts';
import { createRecordFiles } from '../../scanner-agent/services/records/record-files.ts';
import { createKeyHold } from '../../scanner-agent/services/sealing/key-hold.ts';
import { createJobs } from '../../scanner-agent/services/jobs.ts';
import { createRecordService } from '../../scanner-agent/services/records/record-service.ts';
import { createSealing } from '../../scanner-agent/services/sealing/seal.ts';
import type { SealDeps, Sealing } from '../../scanner-agent/services/sealing/seal.ts';
import { createSessions } from '../../scanner-agent/services/login/session.ts';
import type { Sessions } from '../../scanner-agent/services/login/session.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';
import { createPdfSeals } from '../../sync-server/seals/pdf-seals.ts';

const pin = '13579246';
const company = { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' };
const signal = new AbortController().signal;
const clock = { now: () => new Date().toISOString(), today: () => new Date().toISOString().slice(0, 10) };
const catalogue = loadCatalogue();
const programmeId = 'liaoning-subject-library';
const programme = getProgramme(catalogue, programmeId);
const kind = getRecordKind(catalogue, programmeId, 'basic-info');
const slots = kind.materials.slice(0, 3).map(({ id }) => id);

const folder = makeFolder();
let simulated: SimulatedToken;
let time: TimeAuthority;
let tokens: CombinedTokens;
let station: OpenedStore;
let sessions: Sessions;
let revoked: boolean;
let jpeg: Uint8Array;
const ended = new Map<string, Job>();

beforeAll(async () => {
  const key = { ...company, pin };
  simulated = await prepareSimulatedTokens({
    folder: folder.folder,
    holders: [
      key,
      { ...key, personName: '李明远', label: '法人UKey' },
      { ...key, companyName: `${company.companyName}第一分公司`, label: '分公司UKey' },
    ],
  });
  tokens = createSigningTokens({ drivers: [simulated.driver] });
  time = await startTimeAuthority(folder.folder);
  station = openStation(folder.folder);
  jpeg = await sharp({ create: { width: 400, height: 566, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
});
afterAll(async () => {
  await tokens.close();
  await time.close();
  station.store.close();
  folder.remove();
});
beforeEach(() => {
  revoked = false;
});
afterEach(async () => {
  await simulated.setFault();
  await simulated.unlock();
  time.mode = 'answer';
});

const trust = (): StationTrust => ({
  anchors: () => [simulated.caCertificateDer],
  timestampAnchors: [time.certificateDer],
  revocation: (): RevocationState =>
    revoked ? { kind: 'revoked', since: clock.now() } : { kind: 'unknown' },
  mustKnowRevocation: false,
});

async function keyOf(
  person: boolean,
  companyName = company.companyName,
): Promise<{ tokenId: string; certificateId: string }> {
  const listed = await sessions.tokens(signal);
  for (const token of listed) {
    const certificate = token.certificates.find(
      ({ personName, holderName }) => (personName !== undefined) === person && holderName === companyName,
    );
    if (certificate) return { tokenId: token.id, certificateId: certificate.id };
  }
  throw new Error('no such key');
}

/** A station whose applicant is logged in, and a record with two pages under each of three materials. */
async function open(
  change: Partial<SealDeps> = {},
  companyName = company.companyName,
): Promise<{ sealing: Sealing; record: () => LudengRecord }> {
  sessions = createSessions({
    ...{ tokens, trust: trust(), origin: 'http://127.0.0.1', programmes: [programme], clock },
    ...{ createId: () => ulid(), idleEndMs: 600_000, onEnded: () => undefined },
  });
  await sessions.login({ ...(await keyOf(false)), pin, signal });
  const desk = createRecordService({
    store: station.store,
    blobs: station.blobs,
    sessions,
    catalogue,
    clock,
    createId: () => ulid(),
  });
  const kept = await station.blobs.put(jpeg, 'image/jpeg');
  const page = { ...makePage(kept.sha, kept.size), widthMm: 210, heightMm: 297 };
  const draft = createRecord({
    ...{ id: ulid(), catalogue, programme: programmeId, kind, role: 'bidder', answers: {} },
    subject: { name: companyName, creditCode: company.creditCode },
    ...{ at: clock.now(), by: '经办人' },
  });
  const filled = (slot: string): Values =>
    Object.fromEntries(documentTypeOfSlot(catalogue, kind, slot).fields.map(({ id }) => [id, '有']));
  const mark = {
    page: 0,
    box: [
      [10, 10],
      [90, 10],
      [90, 40],
      [10, 40],
    ] as Quad,
  };
  const marked = (slot: string): Marks =>
    Object.fromEntries(documentTypeOfSlot(catalogue, kind, slot).fields.map(({ id }) => [id, [mark]]));
  station.store.insertRecord({
    ...draft,
    materials: draft.materials.map((material) =>
      slots.includes(material.slot)
        ? { ...material, pages: [page, page], values: filled(material.slot), marks: marked(material.slot) }
        : material,
    ),
  });
  const sealing = createSealing({
    ...{ desk, sessions, tokens, catalogue, clock, blobs: station.blobs, trust: trust(), keywords: [] },
    jobs: createJobs({
      createId: () => ulid(),
      sessions,
      announce: (job) => {
        if (job.state !== 'running') ended.set(job.id, job);
      },
      logError: (error) => expect.fail(String(error)),
    }),
    files: createRecordFiles({
      ...{ blobs: station.blobs, store: station.store },
      feed: { fetchFile: () => Promise.reject(new Error('not asked')) },
    }),
    keyHold: createKeyHold(),
    fonts: loadSealFonts(loadSigningTokens().sealFonts),
    reader: { readPage: () => Promise.reject(new Error('not asked')) },
    stampTime: (signature, until) =>
      requestTimestamp(signature, { url: time.url, signal: until, timeoutMs: 3_000 }),
    logError: () => undefined,
    ...change,
  });
  return { sealing, record: () => desk.get(draft.id) };
}

const end = (job: Job | undefined): Promise<Job> => {
  if (!job) return expect.fail('no job');
  return expect
    .poll(() => ended.get(job.id), { timeout: 30_000 })
    .toBeDefined()
    .then(() => ended.get(job.id) ?? job);
};
const sealOf = (record: LudengRecord, slot = slots[0]) =>
  record.materials.find((one) => one.slot === slot)?.seal;

describe('sealing at the station', () => {
  it('sets seam, time stamp and the legal person’s seal, and the server takes the company for the signer', async () => {
    const { sealing, record } = await open();
    const slot = slots[0] ?? '';
    const at = { recordId: record().id, slot };
    const seal = { ...at, ...(await keyOf(false)), pin, seam: { at: 0.5 } };
    expect((await end(sealing.seal({ ...seal, revision: record().revision }))).error).toBeUndefined();
    expect(sealOf(record())).toMatchObject({ seam: true, timestamp: { state: 'stamped' } });
    const person = { ...at, ...(await keyOf(true)), pin, by: 'legal-person' as const };
    expect((await end(sealing.seal({ ...person, revision: record().revision }))).error).toBeUndefined();
    expect(sealOf(record())).toMatchObject({ seam: true, legalPerson: { signerName: '李明远' } });
    const server = createPdfSeals({
      trustAnchors: [new X509Certificate(simulated.caCertificateDer).toString()],
    });
    const { report } = await server.verify(await sealing.pdf(record().id, slot), { at: clock.now() });
    expect(report).toMatchObject({
      valid: true,
      signerName: company.companyName,
      creditCode: company.creditCode,
    });
  });

  it('seals without a stamp, and says so, when the time authority is out of order', async () => {
    time.mode = 'fail';
    const { sealing, record } = await open();
    const seal = { recordId: record().id, slot: slots[0] ?? '', ...(await keyOf(false)), pin };
    expect((await end(sealing.seal({ ...seal, revision: record().revision }))).state).toBe('done');
    expect(sealOf(record())?.timestamp).toEqual({ state: 'unavailable' });
  });

  it('refuses a revoked certificate before any PIN reaches the token', async () => {
    const { sealing, record } = await open();
    const seal = { recordId: record().id, slot: slots[0] ?? '', ...(await keyOf(false)), pin: '00000000' };
    revoked = true;
    const job = await end(sealing.seal({ ...seal, revision: record().revision }));
    expect(job.error?.code).toBe('CERTIFICATE_REVOKED');
    revoked = false;
    expect((await sessions.tokens(signal)).every(({ pin: state }) => !state.countLow)).toBe(true);
  });
});

describe('the name in the certificate', () => {
  it('must be the record’s: a key of the same code in another name is refused before any PIN', async () => {
    const { sealing, record } = await open();
    const key = await keyOf(false, `${company.companyName}第一分公司`);
    const seal = { recordId: record().id, slot: slots[0] ?? '', ...key, pin: '00000000' };
    const job = await end(sealing.seal({ ...seal, revision: record().revision }));
    expect(job.error?.code).toBe('CERTIFICATE_OF_OTHER_SUBJECT');
    expect((await sessions.tokens(signal)).every(({ pin: state }) => !state.countLow)).toBe(true);
    expect(sealOf(record())).toBeUndefined();
  });

  it('goes into a draft that was begun under an older one', async () => {
    const { sealing, record } = await open({}, '昆明滇池建筑工程公司');
    const seal = { recordId: record().id, slot: slots[0] ?? '', ...(await keyOf(false)), pin };
    expect((await end(sealing.seal({ ...seal, revision: record().revision }))).error).toBeUndefined();
    expect(record().subject.name).toBe(company.companyName);
    expect(sealOf(record())?.signerName).toBe(company.companyName);
  });
});

describe('several materials under one PIN', () => {
  const batch = async (record: LudengRecord, own = pin) => ({
    ...(await keyOf(false)),
    ...{ pin: own, seam: true },
    items: slots.map((slot) => ({ recordId: record.id, slot, revision: record.revision })),
  });
  const codes = async (answers: { job?: Job | undefined; error?: { code: string } | undefined }[]) => {
    const found = [];
    for (const { job, error } of answers) found.push(error?.code ?? (await end(job)).error?.code ?? 'done');
    return found;
  };

  it('are sealed one after another', async () => {
    const { sealing, record } = await open();
    expect(await codes(sealing.sealBatch(await batch(record())))).toEqual(['done', 'done', 'done']);
    expect(slots.map((slot) => sealOf(record(), slot)?.seam)).toEqual([true, true, true]);
  });

  it('lose nothing when one of them cannot be sealed', async () => {
    const { sealing, record } = await open();
    const request = await batch(record());
    const items = request.items.map((item, index) => (index === 1 ? { ...item, revision: 99 } : item));
    expect(await codes(sealing.sealBatch({ ...request, items }))).toEqual(['done', 'CONFLICT', 'done']);
  });

  it('cost one try, not one each, when the PIN is wrong', async () => {
    const { sealing, record } = await open();
    const answers = sealing.sealBatch(await batch(record(), '99999999'));
    expect(await codes(answers)).toEqual(['PIN_INCORRECT', 'PIN_FORGOTTEN', 'PIN_FORGOTTEN']);
  });

  it('stop when the key is pulled out, and keep what was sealed', async () => {
    const { sealing, record } = await open();
    await simulated.setFault({ trouble: 'remove-at-sign' });
    expect(await codes(sealing.sealBatch(await batch(record())))).toEqual([
      'TOKEN_REMOVED',
      'PIN_FORGOTTEN',
      'PIN_FORGOTTEN',
    ]);
    expect(record().materials.filter(({ pages }) => pages.length === 2)).toHaveLength(3);
  });

  it('stop when the time for the PIN is over', async () => {
    const { sealing, record } = await open({ pinLimitMs: 1 });
    const answers = await codes(sealing.sealBatch(await batch(record())));
    expect(answers.slice(1)).toEqual(['PIN_FORGOTTEN', 'PIN_FORGOTTEN']);
  });
});

describe('whoever logs in at the counter by a UKey', () => {
  const open = (change: Partial<Parameters<typeof createSessions>[0]> = {}) =>
    (sessions = createSessions({
      ...{ tokens, trust: trust(), origin: 'http://127.0.0.1', programmes: [programme], clock },
      ...{ createId: () => ulid(), idleEndMs: 600_000, onEnded: () => undefined, ...change },
    }));

  it('is proved to be the company, and no person; refused before any PIN where other ways are offered', async () => {
    const { assurance } = await open().login({ ...(await keyOf(false)), pin, signal });
    const identity = { kind: 'organisation', scheme: 'credit-code', value: company.creditCode } as const;
    expect(assurance).toMatchObject([{ way: 'ukey', level: 'signed', identity }]);
    expect(isAssured(assurance, { level: 'password', kind: 'person' })).toBe(false);
    const other: typeof programme = { ...programme, loginWays: [{ way: 'phone-scan', assurance: 'face' }] };
    const login = open({ programmes: [other] }).login({ ...(await keyOf(false)), pin: 'wrong', signal });
    await expect(login).rejects.toMatchObject({ code: 'LOGIN_WAY_NOT_OFFERED' });
  });

  it('is logged out by the clock, unless the station has stopped by then', async () => {
    const ends: string[] = [];
    const [stopped, running] = ['stopped', 'running'].map((name) =>
      open({ idleEndMs: 20, onEnded: () => void ends.push(name) }),
    );
    await stopped?.login({ ...(await keyOf(false)), pin, signal });
    stopped?.close();
    await running?.login({ ...(await keyOf(false)), pin, signal });
    await expect.poll(() => ends).toContain('running');
    expect(ends).toEqual(['running']);
  });
});
