import type { z } from 'zod';
/** A station writes no history: what it sends in the server's place reaches neither the database nor a reviewer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import { recordSchema } from '#domain/record/schema.ts';
import type { LudengRecord, Material } from '#domain/record/schema.ts';
import type { Change } from '#domain/sync/change.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { createTestCompany } from '#tests/support/sealed-material.ts';
import { authority, authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import type { Submission, SubmissionOptions } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  queryStore,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestStation } from './server-support.ts';

/** A case that a record opened. */
const ofRecordSchema = caseDetailSchema.required({ record: true, receivedAt: true });
type CaseDetail = z.infer<typeof ofRecordSchema>;

const catalogue = makeCatalogue();
const data = makeDataFolder();
const password = 'a-long-password';
let server: RunningServer;
let cookie = '';

interface Here {
  identity: StationIdentity;
  station: TestStation;
  seq: number;
}
let own: Here;
let other: Here;

async function join(): Promise<Here> {
  const identity = makeIdentity();
  await enrol(server.url, identity);
  return { identity, station: await connectStation(server.url, identity), seq: 0 };
}

beforeAll(async () => {
  server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      accounts: [
        { id: 'chief', name: '处长', department: '房建处', permissions: ['review', 'approve'], password },
      ],
    },
    { catalogue },
  );
  own = await join();
  other = await join();
  const signedIn = await fetch(`${server.url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'chief', password }),
  });
  cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
});
afterAll(async () => {
  own.station.close();
  other.station.close();
  await server.close();
  data.remove();
});

async function send(here: Here, options: Partial<SubmissionOptions> = {}): Promise<Submission> {
  const { stationId } = here.identity;
  const submission = await makeSealedSubmission({ catalogue, stationId, seq: (here.seq += 1), ...options });
  await here.station.upload(submission.item);
  await here.station.commit(submission.item.commit);
  return submission;
}

async function answered(here: Here, recordId: string, times = 1): Promise<Record<string, unknown>> {
  const isOf = (change: Change) =>
    'recordId' in change && change.recordId === recordId && change.kind.startsWith('record-');
  const changes = await here.station.pullUntil(
    (list) => list.filter(({ change }) => isOf(change)).length >= times,
  );
  return { ...changes.filter(({ change }) => isOf(change)).at(-1)?.change };
}

async function seenAtTheDesk(here: Here, recordId: string): Promise<CaseDetail> {
  const { item, pushId } = makePush((here.seq += 1), recordId, 'housing');
  await here.station.commit(item.commit);
  await here.station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  const [row] = await queryStore<{ id: string }>(
    data.folder,
    'select id from case_file where push_id = ?',
    pushId,
  );
  const answer = await fetch(`${server.url}/api/cases/${row?.id}`, { headers: { cookie } });
  return ofRecordSchema.parse(await answer.json());
}

async function storedBody(recordId: string): Promise<LudengRecord> {
  const [row] = await queryStore<{ body: string }>(
    data.folder,
    'select body from record where id = ?',
    recordId,
  );
  return recordSchema.parse(JSON.parse(row?.body ?? '{}'));
}

const withMaterial = (
  record: LudengRecord,
  change: (material: Material) => Partial<Material>,
): LudengRecord => ({
  ...record,
  materials: record.materials.map((material) => ({ ...material, ...change(material) })),
});

const past = '2026-01-02T03:04:05.000Z';
const forged: Partial<LudengRecord> & Pick<LudengRecord, 'pushes'> = {
  uniqueCode: 'LNZT202600000001F',
  digitalCertificate: { uniqueCode: 'LNZT202600000001F', issuedAt: past, signature: 'forged' },
  rejection: { code: 'RED_LIGHT', message: '伪造的退回', at: past },
  overrules: [
    {
      ...{ id: ulid(), slot: 'paper', field: 'address', label: '住所', from: 'yellow', to: 'green' },
      ...{ reason: '伪造的改判', at: past, by: '处长' },
    },
  ],
  pushes: [
    {
      ...{ id: ulid(), field: 'water', fieldName: '伪造的领域', pushedAt: past, state: 'approved' },
      ...{ decidedAt: past, opinion: '伪造的意见', decidedBy: '处长' },
    },
  ],
};

describe('what a station writes in the place of the server', () => {
  it('is dropped at the door: code, certificate, refusal, overrules, pushes with their decisions, second look', async () => {
    const { record } = await send(own, {
      light: 'yellow',
      spoilRecord: (one) =>
        withMaterial(
          {
            ...one,
            ...forged,
            operations: [{ at: past, by: '服务器', action: '审核通过', detail: '伪造的记录' }],
          },
          ({ checked }) => (checked ? { rechecked: { state: 'done', checked, differences: [] } } : {}),
        ),
    });
    const answer = await answered(own, record.id);
    expect(answer['kind']).toBe('record-stored');
    expect(answer['uniqueCode']).not.toBe(forged.uniqueCode);

    const detail = await seenAtTheDesk(own, record.id);
    expect(detail.record.uniqueCode).toBe(answer['uniqueCode']);
    expect(detail.record.state).toBe('stored');
    for (const part of ['digitalCertificate', 'rejection', 'overrules'] as const)
      expect(detail.record[part]).toBeUndefined();
    expect(detail.record.materials[0]?.rechecked).toEqual({ state: 'off' });
    expect(detail.overrules).toEqual([]);
    expect(detail.case.decisions).toEqual([]);
    // its own push is the server's word; the station's log stands apart, and nowhere else
    expect(detail.pushes.map(({ id, fieldName, state }) => [id, fieldName, state])).toEqual([
      [detail.case.pushId, '房建领域', 'under-review'],
    ]);
    expect(detail.record.operations).toEqual([]);
    expect(detail.stationLog.map(({ detail: text }) => text)).toEqual(['伪造的记录']);
    expect(JSON.stringify({ ...detail, stationLog: [] })).not.toContain('伪造');

    const body = await storedBody(record.id);
    expect(JSON.stringify({ ...body, operations: [] })).not.toMatch(/伪造|forged/);
    expect(await (await fetch(`${server.url}/api/certificates/${forged.uniqueCode}`)).json()).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is not believed in the texts of a check whose lights are right', async () => {
    const { record } = await send(own, {
      light: 'yellow',
      spoilRecord: (one) =>
        withMaterial(one, ({ checked }) =>
          checked
            ? {
                checked: {
                  ...checked,
                  verdict: {
                    ...checked.verdict,
                    fields: checked.verdict.fields.map((field) => ({
                      ...field,
                      label: '伪造的名称',
                      claimed: '伪造的填写',
                      recognised: '伪造的识别',
                      reasons: [{ code: 'agrees' as const, text: '伪造的理由' }],
                    })),
                  },
                },
              }
            : {},
        ),
    });
    expect((await answered(own, record.id))['kind']).toBe('record-stored');
    const detail = await seenAtTheDesk(own, record.id);
    expect(detail.record.materials[0]?.checked?.verdict.fields.map(({ label }) => label)).toEqual([
      '企业名称',
      '住所',
    ]);
    expect(JSON.stringify(detail)).not.toContain('伪造');
  });

  it('is nothing that lies in the future', async () => {
    const future = '2099-01-01T00:00:00.000Z';
    const { record } = await send(own, {
      spoilRecord: (one) =>
        withMaterial(
          {
            ...one,
            ...{ createdAt: future, updatedAt: future, submittedAt: future },
            operations: [{ at: future, by: '经办人', action: '提交入库' }],
          },
          ({ checked, seal, pages }) => ({
            pages: pages.map((page) => ({ ...page, capturedAt: future })),
            ...(checked ? { checked: { ...checked, at: future, day: '2099-01-01' } } : {}),
            ...(seal ? { seal: { ...seal, sealedAt: future } } : {}),
          }),
        ),
    });
    expect((await answered(own, record.id))['kind']).toBe('record-stored');
    const detail = await seenAtTheDesk(own, record.id);
    expect(JSON.stringify(detail)).not.toContain('2099');
    expect(JSON.stringify(await storedBody(record.id))).not.toContain('2099');
  });
});

describe('what belongs to others', () => {
  it('is not taken over by a station that sends a refused record of another one under its id', async () => {
    const { record } = await send(own, { spoilPdf: () => Buffer.from('no PDF') });
    expect((await answered(own, record.id))['kind']).toBe('record-rejected');
    const theft = await send(other, {
      spoilContent: (content) => ({ ...content, recordId: record.id }),
      spoilRecord: (one) => ({ ...one, id: record.id }),
    });
    expect(await answered(other, theft.record.id)).toMatchObject({
      kind: 'record-rejected',
      code: 'CONFLICT',
    });
    expect(
      await queryStore(data.folder, 'select station_id, state from record where id = ?', record.id),
    ).toEqual([{ station_id: own.identity.stationId, state: 'rejected' }]);
    await send(own, {
      spoilContent: (content) => ({ ...content, recordId: record.id }),
      spoilRecord: (one) => ({ ...one, id: record.id }),
    });
    expect((await answered(own, record.id, 2))['kind']).toBe('record-stored');
  });

  it('is not overwritten by the record of another subject from the same station', async () => {
    const { record } = await send(own, { spoilPdf: () => Buffer.from('no PDF') });
    await answered(own, record.id);
    const stranger = { name: '大连海纳建设工程有限公司', creditCode: '91210200MA0YB8C43R' };
    await send(own, {
      signer: createTestCompany(authority, {
        subject: { companyName: stranger.name, creditCode: stranger.creditCode },
      }),
      spoilRecord: (one) => ({ ...one, id: record.id, subject: stranger }),
    });
    expect(await answered(own, record.id, 2)).toMatchObject({ kind: 'record-rejected', code: 'CONFLICT' });
    expect((await storedBody(record.id)).subject).toEqual(record.subject);
  });

  it.each([
    [
      'another subject',
      'FORBIDDEN',
      (one: LudengRecord) => ({ ...one, subject: { ...one.subject, creditCode: '91210200MA0YB8C43R' } }),
    ],
    ['another kind', 'BAD_REQUEST', (one: LudengRecord) => ({ ...one, kind: 'by-machine' })],
  ])('is not replaced by a supplement of %s', async (_name, code, change) => {
    const first = await send(own, { light: 'yellow' });
    expect((await answered(own, first.record.id))['kind']).toBe('record-stored');
    const second = await send(own, { supersedes: first.record.id, spoilRecord: change });
    expect(await answered(own, second.record.id)).toMatchObject({ kind: 'record-rejected', code });
    expect(await queryStore(data.folder, 'select state from record where id = ?', first.record.id)).toEqual([
      { state: 'stored' },
    ]);
  });

  it('is waited for: a supplement of a record that nobody knows is not stored before that', async () => {
    const before = ulid();
    const { item } = await send(own, { supersedes: before });
    await expect
      .poll(
        () => queryStore(data.folder, 'select state, waits_for from job where ref_id = ?', item.commit.id),
        {
          timeout: 10_000,
        },
      )
      .toEqual([{ state: 'ready', waits_for: before }]);
  });

  it('is no role that the programme does not have', async () => {
    const { record } = await send(own, { spoilRecord: (one) => ({ ...one, role: 'minister' }) });
    expect(await answered(own, record.id)).toMatchObject({ kind: 'record-rejected', code: 'BAD_REQUEST' });
  });
});
