/** Records without papers at the server: exactly what the kind's needs say is demanded of a station, honest or not. */
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AttachedFile, LudengRecord } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import { sealRecordAs } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authorityPem, company, makeCatalogue, subject } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeBlob,
  makeDataFolder,
  makeIdentity,
  makeItem,
  sha256,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const catalogue = makeCatalogue();
const data = makeDataFolder();
const identity = makeIdentity();
let server: RunningServer;
let station: TestStation;
let seq = 0;
beforeAll(async () => {
  server = await startTestServer(data.folder, { trustAnchors: [authorityPem] }, { catalogue });
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

/** What a station says of whoever handed in, where nothing is sealed. */
const handedIn: LudengRecord['handedIn'] = {
  by: subject.name,
  assurance: [
    {
      ...{ way: 'ukey', level: 'signed', at: '2026-11-21T07:59:00.000Z' },
      identity: {
        kind: 'organisation',
        scheme: 'credit-code',
        value: subject.creditCode,
        name: subject.name,
      },
    },
  ],
};
const pdf = new TextEncoder().encode('%PDF-1.7 解锁申请表');
const at = '2026-11-21T08:00:00.000Z';

interface Options {
  kind?: 'form-record' | 'form-none';
  bytes?: Uint8Array;
  file?: Partial<AttachedFile>;
  /** Before the record is sealed, and afterwards. */
  change?: (record: LudengRecord) => LudengRecord;
  spoil?: (record: LudengRecord) => LudengRecord;
  isSealed?: boolean;
  sendsFile?: boolean;
}

async function submit(options: Options = {}): Promise<Record<string, unknown>> {
  const { kind = 'form-record', bytes = pdf, isSealed = kind === 'form-record', sendsFile = true } = options;
  const file: AttachedFile = {
    ...{ attachment: 'application', sha: sha256(bytes), size: bytes.length, mime: 'application/pdf' },
    ...{ name: '申请表.pdf', addedAt: at },
    ...options.file,
  };
  const entered = makeRecord({
    ...{ id: ulid(), programme: 'test-programme', kind, subject, state: 'submitted', submittedAt: at },
    ...{ form: { reason: '项目竣工' }, attachments: [file], catalogueHash: catalogue.hash },
  });
  const changed = options.change?.(entered) ?? entered;
  const sealed = isSealed
    ? { ...changed, recordSeal: sealRecordAs(company, changed, catalogue.hash) }
    : changed;
  const sent = options.spoil?.(sealed) ?? sealed;
  const payload = JSON.stringify({ record: sent, stationId: identity.stationId });
  const item = makeItem('submission', (seq += 1), payload, sendsFile ? [makeBlob(bytes, 'attachment')] : []);
  await station.upload(item);
  await station.commit(item.commit);
  const isOf = (change: Change) =>
    'recordId' in change && change.recordId === sent.id && change.kind.startsWith('record-');
  const changes = await station.pullUntil((list) => list.some(({ change }) => isOf(change)));
  return { ...changes.find(({ change }) => isOf(change))?.change };
}

it('stores a form with its file: sealed as a whole, or unsealed where the kind says so, without light or credential', async () => {
  for (const kind of ['form-record', 'form-none'] as const) {
    const answer = await submit({ kind, change: (record) => ({ ...record, handedIn }) });
    expect(answer).toMatchObject({ kind: 'record-stored' });
    expect(answer).not.toHaveProperty('light');
    expect(answer).not.toHaveProperty('digitalCertificate');
  }
});

it('refuses what nothing seals where the station does not say by whose proof it was handed in', async () => {
  const weaker = {
    ...handedIn,
    assurance: handedIn?.assurance.map((proof) => ({ ...proof, level: 'password' })),
  };
  for (const said of [{}, { handedIn: weaker as typeof handedIn }])
    expect(await submit({ kind: 'form-none', change: (record) => ({ ...record, ...said }) })).toMatchObject({
      ...{ kind: 'record-rejected', code: 'ASSURANCE_TOO_LOW' },
    });
});

const without = (record: LudengRecord): LudengRecord => ({ ...record, attachments: [] });
const other = new TextEncoder().encode('%PDF-1.7 另一份');
it.each<[string, Options, string]>([
  ['drops the seal that the kind demands', { isSealed: false }, 'RECORD_NOT_SEALED'],
  ['leaves out what is required', { change: without }, 'ATTACHMENT_MISSING'],
  [
    'takes the file out after sealing and puts another in',
    {
      spoil: (record) => ({
        ...record,
        attachments:
          record.attachments?.map((one) => ({ ...one, sha: sha256(other), size: other.length })) ?? [],
      }),
      bytes: pdf,
    },
    'SIGNATURE_INVALID',
  ],
  [
    'renames the file after sealing',
    {
      spoil: (record) => ({
        ...record,
        attachments: record.attachments?.map((one) => ({ ...one, name: '别的.pdf' })) ?? [],
      }),
    },
    'SIGNATURE_INVALID',
  ],
  [
    'changes the form after sealing',
    { spoil: (record) => ({ ...record, form: { reason: '其他' } }) },
    'SIGNATURE_INVALID',
  ],
  ['does not send the file', { sendsFile: false }, 'HASH_MISMATCH'],
  ['sends something that is no PDF', { bytes: new TextEncoder().encode('MZ program') }, 'FILE_UNSUPPORTED'],
  ['attaches to what the kind does not have', { file: { attachment: 'other' } }, 'ATTACHMENT_MISSING'],
  [
    'attaches one too many',
    {
      change: (record) => ({
        ...record,
        attachments: [...(record.attachments ?? []), ...(record.attachments ?? [])],
      }),
    },
    'BAD_REQUEST',
  ],
  [
    'says a light that nobody gave',
    { change: (record) => ({ ...record, light: 'green' }) },
    'VERDICT_MISMATCH',
  ],
  [
    'names no configuration',
    { kind: 'form-none', change: ({ catalogueHash: _hash, ...record }) => record },
    'NOT_CHECKED',
  ],
  [
    'names a configuration that nobody has',
    { kind: 'form-none', change: (record) => ({ ...record, catalogueHash: 'x' }) },
    'CATALOGUE_UNKNOWN',
  ],
])('refuses a station that %s', async (_, options, code) => {
  expect(await submit(options)).toMatchObject({ kind: 'record-rejected', code });
});
