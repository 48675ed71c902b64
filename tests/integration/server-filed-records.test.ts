/** Records that come about in a browser, and what their cases do to accounts: on either database, with the real configuration. */
import { createHash, hash } from 'node:crypto';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { AttachedFile } from '#domain/record/schema.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { createAnnouncements } from '../../sync-server/services/announcements.ts';
import { createCaseOpening } from '../../sync-server/services/cases/case-opening.ts';
import { createDeskCases } from '../../sync-server/services/cases/desk-cases.ts';
import { createOpenCase } from '../../sync-server/services/cases/open-case.ts';
import { createFileRecord } from '../../sync-server/services/records/file-record.ts';
import { createCaseRows } from '../../sync-server/store/case-rows.ts';
import { createCatalogueRows } from '../../sync-server/store/catalogue-rows.ts';
import { createFiledRecordRows } from '../../sync-server/store/filed-record-rows.ts';
import { createJobRows } from '../../sync-server/store/job-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createOverruleRows } from '../../sync-server/store/overrule-rows.ts';
import { createRecordRows } from '../../sync-server/store/record-rows.ts';
import { createLogRows } from '../../sync-server/store/log-rows.ts';
import { createNoticeRows, createRegisterRows } from '../../sync-server/store/register-rows.ts';
import { createStationRows } from '../../sync-server/store/station-rows.ts';
import { makeDataFolder } from './server-support.ts';

const catalogue = loadCatalogue();
const programme = 'yunnan-user-centre';
const data = makeDataFolder();
let store: OpenStore;
let office: ReturnType<typeof openOffice>;
beforeAll(async () => {
  store = await openStore({ ...(await storeSettings(data.folder)), folder: data.folder });
  office = openOffice();
  await createCatalogueRows(store.db).add(catalogue, now());
});
afterAll(async () => {
  await store.close();
  data.remove();
});

const now = (): string => new Date().toISOString();
const clock = { now, nowMs: () => Date.now() };
const log = { info() {}, warn() {}, error() {}, debug() {} };
const people = {
  boss: { name: '王建国', idNumber: '530102197503071235', mobile: '13800000001' },
  handler: { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' },
  clerk: { name: '阿依古丽·买买提', idNumber: '530102198812122344', mobile: '13800000003' },
};
const creditCode = '91530100MA6K3T5A1W';

function openOffice() {
  const { db } = store;
  const registers = createRegisterRows(db, []);
  const opening = createCaseOpening({ registers });
  const records = createRecordRows(db);
  const cases = createCaseRows(db, []);
  const catalogues = createCatalogueRows(db);
  const announcements = createAnnouncements();
  const openCase = createOpenCase({
    ...{ opening, records, cases, catalogues, catalogue, announcements, clock, log },
    makeId: ulid,
  });
  const desk = createDeskCases({
    ...{ cases, records, catalogues, catalogue, registers, opening, announcements, clock, log },
    notices: createNoticeRows(db),
    overrules: createOverruleRows(db),
    logRows: createLogRows(db),
    verificationCodes: { of: () => 'ABCDEFGH' },
    calendar: { years: {} },
    makeId: ulid,
  });
  const fileRecord = createFileRecord({
    rows: createFiledRecordRows(db),
    ...{ catalogue, opening, clock, log },
    serverKey: { sign: (text) => createHash('sha256').update(text).digest('base64') },
    makeId: ulid,
    onFiled: () => {},
  });
  return { fileRecord, desk, openCase, cases, registers };
}

async function proveName({ name, idNumber, mobile }: (typeof people)['boss']): Promise<void> {
  await store.db
    .insertInto('person')
    .values({ id: ulid(), name, id_number: idNumber, mobile, real_name_at: now(), created_at: now() })
    .execute();
}

/** Opens the cases that stored records ask for, as the jobs do. */
async function openCases(): Promise<void> {
  const rows = await store.db
    .selectFrom('job')
    .selectAll()
    .where('kind', '=', 'case')
    .where('state', '=', 'ready')
    .execute();
  const jobs = createJobRows(store.db);
  for (const row of rows) {
    const claim = { owner: 'test', nowMs: Date.now(), leaseMs: 60_000, againMs: () => 60_000 };
    const job = await jobs.claim(claim);
    if (!job) throw new Error(`no job is due, but ${row.id}`);
    const outcome = await office.openCase(job);
    if (outcome.type !== 'done') throw new Error(JSON.stringify(outcome));
  }
}

const picture = (attachment: string): AttachedFile => ({
  attachment,
  sha: hash('sha256', attachment),
  ...{ size: 1000, mime: 'image/jpeg', name: `${attachment}.jpg`, addedAt: now() },
});
const applicant: Actor = { ...nobody, name: people.handler.name };
const registration = (form: Record<string, string> = {}) => ({
  ...{ programme, kind: 'enterprise-registration', role: 'enterprise', actor: applicant },
  subject: { name: '昆明春城建设有限公司', creditCode },
  form: {
    ...{ unitName: '昆明春城建设有限公司', creditCode, unitType: '有限责任公司', address: '昆明市五华区1号' },
    ...{ establishedOn: '2017-03-01', businessScope: '建筑工程施工' },
    ...{ representative: people.boss.name, representativeId: people.boss.idNumber },
    ...{ representativeMobile: people.boss.mobile, handler: people.handler.name },
    ...{ handlerId: people.handler.idNumber, handlerMobile: people.handler.mobile },
    ...form,
  },
  attachments: ['licence', 'authorisation', 'commitment'].map(picture),
});
const reviewer: Actor = {
  ...{ ...nobody, kind: 'staff', account: 'reviewer', name: '张科长' },
  ...{ department: '主管部门', permissions: ['registrations'] },
};
/** As somebody whose face was told from others'. */
const withFace = ({ name, idNumber }: (typeof people)['boss'], kind: Actor['kind'] = 'person'): Actor => ({
  ...{ ...nobody, kind, account: idNumber, name },
  assurance: [
    {
      ...{ way: 'face', level: 'face', at: now() },
      identity: { kind: 'person', scheme: 'id-number', value: idNumber, name },
    },
  ],
});
const failure = async (work: Promise<unknown>): Promise<[string, unknown]> =>
  work.then(
    () => ['done', undefined],
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error;
      return [error.code, error.details['text'] ?? error.details['fields'] ?? error.details['attachments']];
    },
  );
const caseOf = async (recordId: string) => {
  const [only] = await office.cases.ofRecord(recordId);
  if (!only) throw new Error('no case was opened');
  return only.case;
};
const decideAs = (actor: Actor, id: string, step: string, decision: string) =>
  office.desk.decide(actor, id, { step, decision, opinion: '理由' });
const accounts = () =>
  store.db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select([
      'account.name',
      'account.kind',
      'account.type',
      'account.is_pending',
      'organisation.credit_code',
    ])
    .orderBy('account.created_at')
    .execute();

it('refuses what is not filled in, not attached, or not allowed, in the words of the guards', async () => {
  const { fileRecord } = office;
  expect(await failure(fileRecord(registration({ unitName: '', creditCode: '91530100MA6K3T5A1F' })))).toEqual(
    ['FIELD_INVALID', { unitName: '必填', creditCode: expect.any(String) as string }],
  );
  expect(await failure(fileRecord(registration({ stranger: 'x' })))).toEqual([
    'FIELD_INVALID',
    { stranger: '没有这一项' },
  ]);
  const loose = registration();
  expect(await failure(fileRecord({ ...loose, attachments: loose.attachments.slice(1) }))).toEqual([
    'ATTACHMENT_MISSING',
    ['licence'],
  ]);
  expect(await failure(fileRecord(registration()))).toEqual([
    'GUARD_REFUSED',
    '法定代表人尚未在云南建管小程序完成实名认证；主经办人尚未在云南建管小程序完成实名认证',
  ]);
  await proveName(people.boss);
  expect(await failure(fileRecord(registration()))).toEqual([
    'GUARD_REFUSED',
    '主经办人尚未在云南建管小程序完成实名认证',
  ]);
  await proveName(people.handler);
  // proved, but under another name
  expect(await failure(fileRecord(registration({ handler: '李小明' })))).toEqual([
    'GUARD_REFUSED',
    '主经办人尚未在云南建管小程序完成实名认证',
  ]);
});

it('opens the account when the person named has confirmed and the department has agreed, in that order', async () => {
  const { fileRecord } = office;
  const { recordId, uniqueCode } = await fileRecord(registration());
  expect(uniqueCode).toMatch(/^YNYH20\d{2}\d{8}[0-9A-Z]$/);
  await openCases();
  const opened = await caseOf(recordId);
  expect([opened.state, opened.step]).toEqual(['open', 'confirm']);
  // the department waits for the confirmation, and nobody else confirms
  expect(await failure(decideAs(reviewer, opened.id, 'review', 'approve'))).not.toContain('done');
  expect((await failure(decideAs(withFace(people.handler), opened.id, 'confirm', 'confirm')))[0]).not.toBe(
    'done',
  );
  await decideAs(withFace(people.boss), opened.id, 'confirm', 'confirm');
  expect((await caseOf(recordId)).step).toBe('review');
  expect(await accounts()).toEqual([]);
  await decideAs(reviewer, opened.id, 'review', 'approve');
  expect(await accounts()).toEqual([
    {
      ...{ name: people.handler.name, kind: 'main', type: 'enterprise', is_pending: 0 },
      credit_code: creditCode,
    },
  ]);
  const told = await createNoticeRows(store.db).ofCase(opened.id);
  expect(told.map(({ to, text }) => `${to} ${text}`).sort()).toEqual(
    [people.boss, people.handler].map(({ idNumber }) => `person:${idNumber} 注册成功`).sort(),
  );
  expect(await failure(fileRecord(registration()))).toEqual([
    'GUARD_REFUSED',
    '该单位已经注册，一个单位只有一个主账号；该主经办人已有同一类型的主账号',
  ]);
  // what a browser filed hangs on no station that anybody could see
  expect(await createStationRows(store.db).list()).toEqual([]);
});

const handlerRecord = (form: Record<string, string> = {}) => ({
  ...{ programme, kind: 'handler-account', role: 'enterprise', actor: applicant },
  subject: { name: '昆明春城建设有限公司', creditCode },
  form: {
    ...{ type: 'ordinary', person: people.clerk.name, personId: people.clerk.idNumber },
    ...{ personMobile: people.clerk.mobile, confirmer: people.boss.idNumber },
    ...form,
  },
});

it('opens a handler account that waits for the confirmation, and one for each person and type', async () => {
  const { fileRecord } = office;
  expect(await failure(fileRecord(handlerRecord()))).toEqual([
    'GUARD_REFUSED',
    '经办人尚未在云南建管小程序完成实名认证',
  ]);
  await proveName(people.clerk);
  const main = { person: people.handler.name, personId: people.handler.idNumber };
  expect(await failure(fileRecord(handlerRecord(main)))).toEqual([
    'GUARD_REFUSED',
    '主经办人账号不可注册经办人账号',
  ]);
  const { recordId } = await fileRecord(handlerRecord());
  await openCases();
  const handler = { name: people.clerk.name, kind: 'handler', type: 'ordinary', credit_code: creditCode };
  expect((await accounts()).at(-1)).toEqual({ ...handler, is_pending: 1 });
  expect(await failure(fileRecord(handlerRecord()))).toEqual([
    'GUARD_REFUSED',
    '同一人在同一账号类型下只能绑定一个经办人账号',
  ]);
  const { id } = await caseOf(recordId);
  await decideAs(withFace(people.boss), id, 'confirm', 'confirm');
  expect((await accounts()).at(-1)).toEqual({ ...handler, is_pending: 0 });

  const second = await fileRecord(handlerRecord({ type: 'builder' }));
  await openCases();
  await decideAs(withFace(people.boss), (await caseOf(second.recordId)).id, 'confirm', 'refuse');
  expect((await accounts()).map(({ type }) => type)).toEqual(['enterprise', 'ordinary']);
});

it('puts another person in the main handler’s place', async () => {
  const { fileRecord } = office;
  const { recordId } = await fileRecord({
    ...handlerRecord(),
    kind: 'main-handler-change',
    form: {
      ...{ handler: people.clerk.name, handlerId: people.clerk.idNumber },
      ...{ handlerMobile: people.clerk.mobile, reason: '原主经办人离职', confirmer: people.boss.idNumber },
      accountType: 'enterprise',
    },
  });
  await openCases();
  expect((await accounts())[0]?.name).toBe(people.handler.name);
  await decideAs(withFace(people.boss), (await caseOf(recordId)).id, 'confirm', 'confirm');
  expect((await accounts())[0]).toMatchObject({ name: people.clerk.name, kind: 'main' });
});
