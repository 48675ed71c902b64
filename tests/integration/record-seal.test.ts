/** The record as a whole is sealed: its form and its materials together, by its own subject, and nobody leaves that out. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LudengRecord, RecordSeal } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import { createTestCompany, sealRecordAs } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authority, authorityPem, company, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import type { Submission, SubmissionOptions } from './server-fixtures.ts';
import { connectStation, enrol, makeDataFolder, makeIdentity, startTestServer } from './server-support.ts';
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

async function submit(
  options: Partial<SubmissionOptions> = {},
): Promise<Submission & { answer: Record<string, unknown> }> {
  const submission = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: (seq += 1) },
    ...{ form: { projectName: '滇池大桥', amount: '1200000' } },
    ...options,
  });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { id } = submission.record;
  const isOf = (change: Change) =>
    'recordId' in change && change.recordId === id && change.kind.startsWith('record-');
  const changes = await station.pullUntil((list) => list.some(({ change }) => isOf(change)));
  return { ...submission, answer: { ...changes.find(({ change }) => isOf(change))?.change } };
}

const without = ({ recordSeal: _seal, ...record }: LudengRecord): LudengRecord => record;

it('a record that is as it was sealed is stored with its form', async () => {
  const { answer } = await submit();
  expect(answer).toMatchObject({ kind: 'record-stored' });
});

describe('a record is refused', () => {
  const another = (record: LudengRecord): LudengRecord => ({ ...record, id: '01K00000000000000000000000' });
  const stranger = createTestCompany(authority);
  const namesake = createTestCompany(authority, {
    subject: { companyName: '辽宁沈北建设工程集团有限公司', creditCode: '91210113MA0P4XU82N' },
  });
  const cases: [string, string, (record: LudengRecord) => LudengRecord][] = [
    [
      'whose form was altered',
      'SIGNATURE_INVALID',
      (r) => ({ ...r, form: { ...r.form, amount: '9200000' } }),
    ],
    ['whose form has one field more', 'SIGNATURE_INVALID', (r) => ({ ...r, form: { ...r.form, more: '' } })],
    ['whose form is gone', 'SIGNATURE_INVALID', (r) => ({ ...r, form: {} })],
    ['that is sent in another role', 'BAD_REQUEST', (r) => ({ ...r, role: 'agency' })],
    ['whose answers were altered', 'SIGNATURE_INVALID', (r) => ({ ...r, answers: { nature: 'x' } })],
    [
      'whose configuration was exchanged',
      'CATALOGUE_UNKNOWN',
      (r) => ({ ...r, recordSeal: r.recordSeal && { ...r.recordSeal, catalogueHash: 'f'.repeat(64) } }),
    ],
    ['without the seal', 'RECORD_NOT_SEALED', without],
    [
      'with the seal of another record',
      'SIGNATURE_INVALID',
      (r) => ({ ...r, recordSeal: sealRecordAs(company, another(r), catalogue.hash) }),
    ],
    [
      'with the seal of another company',
      'CERTIFICATE_OF_OTHER_SUBJECT',
      (r) => ({ ...r, recordSeal: sealRecordAs(stranger, r, catalogue.hash) }),
    ],
    [
      'with the seal of the same code in another name',
      'CERTIFICATE_OF_OTHER_SUBJECT',
      (r) => ({ ...r, recordSeal: sealRecordAs(namesake, r, catalogue.hash) }),
    ],
    [
      'whose seal is written in base64 in another way',
      'SIGNATURE_INVALID',
      (r) => ({ ...r, recordSeal: looselyWritten(r) }),
    ],
    [
      'whose seal is none',
      'SIGNATURE_INVALID',
      (r) => ({ ...r, recordSeal: r.recordSeal && { ...r.recordSeal, cms: 'AAAA' } }),
    ],
  ];
  it.each(cases)('%s', async (_name, code, spoilSealed) => {
    const { answer } = await submit({ spoilSealed });
    expect(answer).toMatchObject({ kind: 'record-rejected', code });
    expect(String(answer['message'])).toMatch(/[\u4e00-\u9fff]/);
  });

  it('whose material was exchanged for another sealed one of the same company', async () => {
    const first = await makeSealedSubmission({ catalogue, stationId: identity.stationId, seq: 99 });
    const { answer } = await submit({
      spoilSealed: (record) => ({ ...record, materials: first.record.materials }),
    });
    expect(answer).toMatchObject({ kind: 'record-rejected', code: 'SIGNATURE_INVALID' });
  });
});

describe('a record of the first format', () => {
  /** As the migration leaves a station that was enrolled before. */
  const since = (value: string | null): void => {
    const db = new Database(join(data.folder, 'server.sqlite'));
    db.prepare('update station set record_seals_since = ? where id = ?').run(value, identity.stationId);
    db.close();
  };

  it('is taken from a station that was here before, until it has sealed one', async () => {
    since(null);
    expect((await submit({ spoilSealed: without })).answer['kind']).toBe('record-stored');
    expect((await submit({ spoilSealed: without })).answer['kind']).toBe('record-stored');
    expect((await submit()).answer['kind']).toBe('record-stored');
    expect((await submit({ spoilSealed: without })).answer).toMatchObject({ code: 'RECORD_NOT_SEALED' });
  });

  it('is not brought back by a seal that does not hold', async () => {
    since(null);
    const forged = (r: LudengRecord): LudengRecord => ({ ...r, form: { amount: '1' } });
    expect((await submit({ spoilSealed: forged })).answer).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  it('is judged by the moment at which the server had it', async () => {
    since(new Date(Date.now() + 3_600_000).toISOString());
    expect((await submit({ spoilSealed: without })).answer['kind']).toBe('record-stored');
    since(new Date(Date.now() - 1000).toISOString());
    expect((await submit({ spoilSealed: without })).answer).toMatchObject({ code: 'RECORD_NOT_SEALED' });
  });
});

/** The last character before the filling carries bits that mean nothing. */
function looselyWritten(record: LudengRecord): RecordSeal {
  const seal = sealRecordAs(company, record, catalogue.hash);
  const { cms } = seal;
  const end = cms.replace(/=+$/, '').length - 1;
  // signatures differ in length: another one has filling
  if (end === cms.length - 1) return looselyWritten(record);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const next = alphabet[alphabet.indexOf(cms[end] ?? 'A') + 1] ?? 'B';
  return { ...seal, cms: `${cms.slice(0, end)}${next}${cms.slice(end + 1)}` };
}
