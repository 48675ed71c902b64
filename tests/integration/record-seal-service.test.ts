/** 提交 at the station: the key seals the record as a whole, held from the last seal or entered once more; nothing is lost. */
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { sealedRecord } from '#domain/record/sealed-record.ts';
import { verifyRecordSeal } from '#sealing/record-seal.ts';
import { prepareSimulatedTokens } from '#tests/emulators/signing-token/simulated-token.ts';
import type { SimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import { createSigningTokens } from '../../scanner-agent/devices/signing-tokens.ts';
import type { CombinedTokens } from '../../scanner-agent/devices/token-host/combine-tokens.ts';
import type { StationTrust } from '../../scanner-agent/services/sealing/apply-seal.ts';
import { createKeyHold } from '../../scanner-agent/services/sealing/key-hold.ts';
import type { KeyHold } from '../../scanner-agent/services/sealing/key-hold.ts';
import { createRecordService } from '../../scanner-agent/services/records/record-service.ts';
import { createSessions } from '../../scanner-agent/services/login/session.ts';
import type { Sessions } from '../../scanner-agent/services/login/session.ts';
import { createSubmitting } from '../../scanner-agent/services/delivery/submit.ts';
import type { Submitting } from '../../scanner-agent/services/delivery/submit.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';

const pin = '13579246';
const company = { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' };
const other = { companyName: '大理洱海建筑工程有限公司', creditCode: '91530100MA6K1234X7' };
const signal = new AbortController().signal;
const clock = { now: () => new Date().toISOString(), today: () => new Date().toISOString().slice(0, 10) };
const loaded = loadCatalogue();
const programmeId = 'liaoning-subject-library';
const programme = getProgramme(loaded, programmeId);
/** A kind whose form is all there is. */
const kindId = 'form-alone';
const catalogue = {
  ...loaded,
  programmes: loaded.programmes.map((one) =>
    one.id === programmeId
      ? {
          ...one,
          recordKinds: [
            ...one.recordKinds,
            { ...one.recordKinds[0], id: kindId, form: [], asked: [], materials: [] },
          ],
        }
      : one,
  ),
} as typeof loaded;

const folder = makeFolder();
let simulated: SimulatedToken;
let tokens: CombinedTokens;
let station: OpenedStore;
let sessions: Sessions;
let keyHold: KeyHold;
let submitting: Submitting;
let record: LudengRecord;

beforeAll(async () => {
  simulated = await prepareSimulatedTokens({
    folder: folder.folder,
    holders: [
      { ...company, pin, keyKind: 'ec' },
      { ...other, pin, label: '别的UKey' },
    ],
  });
  tokens = createSigningTokens({ drivers: [simulated.driver] });
  station = openStation(folder.folder);
});
afterAll(async () => {
  await tokens.close();
  station.store.close();
  folder.remove();
});

const trust = (): StationTrust => ({
  anchors: () => [simulated.caCertificateDer],
  timestampAnchors: [],
  revocation: () => ({ kind: 'unknown' }),
  mustKnowRevocation: false,
});

async function keyOf({ companyName }: { companyName: string }): Promise<{
  tokenId: string;
  certificateId: string;
}> {
  for (const token of await sessions.tokens(signal)) {
    const certificate = token.certificates.find(({ holderName }) => holderName === companyName);
    if (certificate) return { tokenId: token.id, certificateId: certificate.id };
  }
  throw new Error('no such key');
}

beforeEach(async () => {
  keyHold = createKeyHold();
  sessions = createSessions({
    ...{ tokens, trust: trust(), origin: 'http://127.0.0.1', programmes: [programme], clock },
    ...{ createId: () => ulid(), idleEndMs: 600_000, onEnded: () => keyHold.forget() },
  });
  await sessions.login({ ...(await keyOf(company)), pin, signal });
  const desk = createRecordService({
    store: station.store,
    blobs: station.blobs,
    sessions,
    catalogue,
    clock,
    createId: () => ulid(),
  });
  submitting = createSubmitting({
    ...{ desk, sessions, store: station.store, keyHold, tokens, trust: trust(), catalogue, clock },
    ...{ createId: () => ulid(), stationId: 'station-1' },
  });
  const at = clock.now();
  record = {
    ...{ id: ulid(), programme: programmeId, kind: kindId, role: 'bidder', answers: {} },
    subject: { name: company.companyName, creditCode: company.creditCode },
    ...{ form: { projectName: '滇池大桥' }, materials: [], state: 'saved', revision: 3 },
    ...{ createdAt: at, updatedAt: at, operations: [], pushes: [] },
  };
  station.store.insertRecord(record);
});
afterEach(async () => {
  await simulated.setFault();
  await simulated.unlock();
});

const submit = (key?: { tokenId: string; certificateId: string; pin: string }): Promise<LudengRecord> =>
  submitting.submit({ recordId: record.id, revision: record.revision, key, signal });
const kept = (): LudengRecord | undefined => station.store.getRecord(record.id);

function holds({ recordSeal, ...rest }: LudengRecord): boolean {
  if (!recordSeal) return false;
  const content = sealedRecord(rest, recordSeal.catalogueHash);
  const question = { trustAnchors: [simulated.caCertificateDer], at: clock.now() };
  return verifyRecordSeal(Buffer.from(recordSeal.cms, 'base64'), content, question).valid;
}

describe('提交', () => {
  it('seals form and materials together with the key that is entered', async () => {
    const submitted = await submit({ ...(await keyOf(company)), pin });
    expect(submitted).toMatchObject({ state: 'submitted', recordSeal: { signerName: company.companyName } });
    expect(holds(submitted)).toBe(true);
    expect(holds({ ...submitted, form: { projectName: '洱海大桥' } })).toBe(false);
    expect(holds(kept() ?? submitted)).toBe(true);
  });

  it('takes the key that sealed a material a little while ago, and no other time', async () => {
    await expect(submit()).rejects.toMatchObject({ code: 'RECORD_NOT_SEALED' });
    expect(kept()).toEqual(record);
    keyHold.keep({ ...(await keyOf(company)), pin });
    expect(holds(await submit())).toBe(true);
  });

  it('forgets that key when its time is over and when the person leaves', async () => {
    const short = createKeyHold(20);
    short.keep({ tokenId: 't', certificateId: 'c', pin });
    expect(short.find()).toMatchObject({ pin });
    await expect.poll(() => short.find(), { timeout: 2_000 }).toBeUndefined();
    keyHold.keep({ ...(await keyOf(company)), pin });
    sessions.logout('logout');
    expect(keyHold.find()).toBeUndefined();
  });

  it('loses nothing over a wrong PIN, a key that is gone or another company’s key', async () => {
    const key = await keyOf(company);
    keyHold.keep({ ...key, pin: '00000000' });
    await expect(submit()).rejects.toMatchObject({ code: 'PIN_INCORRECT' });
    // tried once, never by itself again
    await expect(submit()).rejects.toMatchObject({ code: 'RECORD_NOT_SEALED' });
    await expect(submit({ ...(await keyOf(other)), pin })).rejects.toMatchObject({
      code: 'CERTIFICATE_OF_OTHER_SUBJECT',
    });
    await simulated.setFault({ trouble: 'removed' });
    await expect(submit({ ...key, pin })).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
    expect(kept()).toEqual(record);
    await simulated.setFault();
    expect((await submit({ ...key, pin })).state).toBe('submitted');
  });

  it('refuses a record that is larger than the line takes before any key is asked for, and keeps all of it', async () => {
    const form = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`part-${n}`, '长'.repeat(5000)]));
    const large = { ...record, form, revision: 4 };
    station.store.updateRecord(large);
    const refused = submitting.submit({ recordId: record.id, revision: 4, signal });
    await expect(refused).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE' });
    expect(kept()).toEqual(large);
    expect(station.store.itemsOfRecord(record.id)).toEqual([]);
    // made smaller, it goes
    const small = { ...large, form: { projectName: '滇池大桥' }, revision: 5 };
    station.store.updateRecord(small);
    const key = { ...(await keyOf(company)), pin };
    expect((await submitting.submit({ recordId: record.id, revision: 5, key, signal })).state).toBe(
      'submitted',
    );
  });

  it('pressed twice is one submission', async () => {
    const key = { ...(await keyOf(company)), pin };
    const [first, second] = await Promise.all([submit(key), submit(key)]);
    expect(second.recordSeal).toEqual(first.recordSeal);
    expect(second.operations).toHaveLength(1);
  });

  it('does not send what was changed while the token signed', async () => {
    const under = submit({ ...(await keyOf(company)), pin });
    station.store.updateRecord({ ...record, form: { projectName: '洱海大桥' }, revision: 4 });
    await expect(under).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(kept()?.state).toBe('saved');
  });
});
