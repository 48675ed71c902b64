/** Numbers of persons leave masked; whoever needs one whole says why, and the log has it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseListSchema } from '#domain/contracts/desk/cases.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { createDirectoryRows } from '../../sync-server/store/directory-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
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

const idNumber = '530102199001011231';
const mobile = '13812345678';
const principalNumber = '530102197003031253';
const otherMobile = '13900001111';
const catalogue = makeCatalogue({
  byHand: {
    form: [
      { id: 'idNumber', label: '身份证号', kind: 'id-number', required: true },
      { id: 'mobile', label: '手机号码', kind: 'phone', required: true },
      { id: 'reason', label: '事由', kind: 'text', required: true },
    ],
  },
});
const data = makeDataFolder();
const identity = makeIdentity();
const password = 'kT7-vume-Rado';
let server: RunningServer;
let station: TestStation;
let caseId: string;

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  const told: unknown = JSON.parse(text);
  return { status: answer.status, text, told, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
const signIn = async (account: string) =>
  (await ask('POST', '/api/session', '', { account, password })).cookie;

beforeAll(async () => {
  const account = { password, permissions: ['review'] };
  server = await startTestServer(
    data.folder,
    {
      trustAnchors: [authorityPem],
      accounts: [
        { ...account, id: 'housing', name: '李审核', department: '房建处' },
        { ...account, id: 'water', name: '赵审核', department: '水利处' },
        { ...account, id: 'chief', name: '王处', department: '', permissions: ['accounts'] },
      ],
    },
    { catalogue },
  );
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
  const submission = await makeSealedSubmission({
    ...{ catalogue, stationId: identity.stationId, seq: 1 },
    form: { idNumber, mobile, reason: `为 ${idNumber} 办理` },
    spoilRecord: (record) => ({
      ...record,
      // of persons whom no field of the form names
      handedIn: {
        by: '赵帮办（代孙委托）',
        onBehalfOf: { kind: 'person', scheme: 'id-number', value: principalNumber, name: '孙委托' },
        assurance: [
          {
            ...{ way: 'mobile-sms', level: 'password', at: record.createdAt },
            identity: { kind: 'person', scheme: 'mobile', value: otherMobile, name: '孙委托' },
          },
        ],
      },
      operations: [
        ...record.operations,
        { at: record.createdAt, by: '经办人', action: '核对', detail: `本人 ${idNumber}` },
      ],
    }),
  });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { item, pushId } = makePush(2, submission.record.id, 'housing');
  await station.commit(item.commit);
  await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  const [row] = await queryStore<{ id: string }>(
    data.folder,
    `select id from case_file where push_id = ?`,
    pushId,
  );
  caseId = row?.id ?? '';
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

describe('a case', () => {
  it('has the numbers of persons masked in its answer, wherever they stand', async () => {
    const housing = await signIn('housing');
    const { told, text } = await ask('GET', `/api/cases/${caseId}`, housing);
    const { record, stationLog } = caseDetailSchema.parse(told);
    expect(record?.form).toEqual({
      idNumber: '530102********1231',
      mobile: '138****5678',
      reason: '为 530102********1231 办理',
    });
    expect(stationLog.map(({ detail }) => detail)).toContain('本人 530102********1231');
    for (const secret of [idNumber, mobile, principalNumber, otherMobile]) expect(text).not.toContain(secret);
    expect(record?.handedIn?.onBehalfOf?.value).toBe('530102********1253');
    const list = await ask('GET', '/api/cases', housing);
    expect(caseListSchema.parse(list.told).cases).toHaveLength(1);
    for (const secret of [idNumber, mobile]) expect(list.text).not.toContain(secret);
    const claimed = await ask('POST', `/api/cases/${caseId}/claim`, housing, { step: 'first' });
    expect(claimed.status).toBe(200);
    expect(claimed.text).not.toContain(idNumber);
  });

  it('gives one of them whole to whoever says why, and the log has it', async () => {
    const housing = await signIn('housing');
    const unmask = (body: unknown, cookie = housing) =>
      ask('POST', `/api/cases/${caseId}/unmask`, cookie, body);
    expect((await unmask({ field: 'idNumber', reason: ' ' })).status).toBe(400);
    expect((await unmask({ field: 'reason', reason: '核对' })).told).toMatchObject({ code: 'NOT_FOUND' });
    expect((await unmask({ field: 'mobile', slot: 'other', reason: '核对' })).told).toMatchObject({
      code: 'NOT_FOUND',
    });
    const before = await queryStore(data.folder, `select number from log_line where kind = 'unmask'`);
    expect(before).toEqual([]);
    expect((await unmask({ field: 'idNumber', reason: '与证件核对' })).told).toEqual({ value: idNumber });
    const lines = await queryStore(
      data.folder,
      `select account, name, action, ref, detail, place from log_line where kind = 'unmask'`,
    );
    expect(lines).toEqual([
      {
        ...{ account: 'housing', name: '李审核', action: 'case-unmasked', ref: caseId },
        ...{ detail: 'idNumber：与证件核对', place: '127.0.0.1' },
      },
    ]);
    // a case of another department is not there, and whoever looks after accounts sees no cases
    for (const other of ['water', 'chief'])
      expect((await unmask({ field: 'idNumber', reason: '核对' }, await signIn(other))).told).toMatchObject({
        code: 'NOT_FOUND',
      });
  });
});

describe('an account', () => {
  it('has its person’s numbers masked, and gives one whole to whoever says why', async () => {
    const { database } = await storeSettings(data.folder);
    const { db, close } = await openStore({ folder: data.folder, database, beside: true });
    await db
      .updateTable('person')
      .set({ id_number: idNumber, mobile })
      .where('id', 'in', (eb) =>
        eb.selectFrom('account').select('person_id').where('account.id', '=', 'water'),
      )
      .execute();
    expect(await createDirectoryRows(db).find('water')).toMatchObject({ idNumber });
    await close();
    const chief = await signIn('chief');
    const { told, text } = await ask('GET', '/api/directory?search=5678', chief);
    expect(told).toMatchObject({
      accounts: [{ id: 'water', idNumber: '530102********1231', mobile: '138****5678' }],
    });
    for (const secret of [idNumber, mobile]) expect(text).not.toContain(secret);
    const unmask = (body: unknown, cookie = chief) =>
      ask('POST', '/api/directory/water/unmask', cookie, body);
    expect((await unmask({ field: 'mobile', reason: '' })).status).toBe(400);
    expect((await unmask({ field: 'mobile', reason: '电话回访' }, await signIn('housing'))).status).toBe(403);
    expect((await unmask({ field: 'mobile', reason: '电话回访' })).told).toEqual({ value: mobile });
    const none = await ask('POST', '/api/directory/housing/unmask', chief, {
      field: 'mobile',
      reason: '回访',
    });
    expect(none.told).toMatchObject({ code: 'NOT_FOUND' });
    const lines = await queryStore(
      data.folder,
      `select account, action, ref, detail from log_line where kind = 'unmask' and ref = 'water'`,
    );
    expect(lines).toEqual([
      { account: 'chief', action: 'account-mobile-unmasked', ref: 'water', detail: '电话回访' },
    ]);
  });
});
