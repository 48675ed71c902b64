/** Cases about a person and a unit, two bodies, locks: through station and server, on either database. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nobody } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { caseDetailSchema } from '#domain/contracts/desk/case-detail.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { AppError, wireErrorSchema } from '#domain/errors/app-error.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { createCaseOpening } from '../../sync-server/services/cases/case-opening.ts';
import { createDeskCases } from '../../sync-server/services/cases/desk-cases.ts';
import type { DeskCases } from '../../sync-server/services/cases/desk-cases.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { createCaseRows } from '../../sync-server/store/case-rows.ts';
import { createCatalogueRows } from '../../sync-server/store/catalogue-rows.ts';
import { openStore } from '../../sync-server/store/open-store.ts';
import type { OpenStore } from '../../sync-server/store/open-store.ts';
import { createOverruleRows } from '../../sync-server/store/overrule-rows.ts';
import { createRecordRows } from '../../sync-server/store/record-rows.ts';
import { createLogRows } from '../../sync-server/store/log-rows.ts';
import { createNoticeRows, createRegisterRows } from '../../sync-server/store/register-rows.ts';
import { authorityPem, makeCatalogue, makeSealedSubmission } from './server-fixtures.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makePush,
  startTestServer,
} from './server-support.ts';
import type { TestStation } from './server-support.ts';

const approve = { id: 'approve', label: '审核通过', opinion: 'optional', outcome: 'approved' };
const refuse = { id: 'refuse', label: '审核不通过', opinion: 'required', outcome: 'refused' };
const giveBack = { id: 'return', label: '退回补正', opinion: 'required', outcome: 'returned' };
const notLocked = '该人员未被锁定，无需解锁';
const bodies = ['supervisor-of-work', 'authority-of-work'].map((who) => ({
  who,
  work: { lockOf: 'person' },
}));
const field = (id: string) => ({ id, label: id, kind: 'text' });
const rules = [{ post: 'project-manager', title: '项目经理', limit: 1 }];

/** 人员解锁 (YNQ-023 to 033): by a push, or by 上报 itself. */
const unlockingBy = (actions: object) =>
  makeCatalogue({
    byHand: { workflow: 'unlock', form: [field('person')], ...actions },
    programme: { locks: rules },
    more: [
      {
        path: 'programmes/test-programme/workflows/unlock.yaml',
        data: {
          ...{ id: 'unlock', title: '人员解锁申请', about: 'person', aboutField: 'person' },
          steps: [
            {
              ...{ id: 'review', title: '监督机构或主管部门审核', anyOf: bodies, dueDays: 5 },
              decisions: [{ ...approve, guards: ['is-locked'] }, refuse, giveBack],
            },
          ],
          effects: {
            approved: [{ effect: 'release-lock' }, { effect: 'notify', to: 'applicant', text: '人员已解锁' }],
          },
        },
      },
      {
        path: 'programmes/test-programme/guards/is-locked.yaml',
        data: { id: 'is-locked', rule: 'is-locked', text: notLocked },
      },
    ],
  });
const unlocking = unlockingBy({});
const reporting = unlockingBy({
  actions: { submit: { label: '上报', guards: ['is-locked'], opens: 'unlock' } },
});
/** 主账号注册 (YNU-042 to 055). */
const registering = makeCatalogue({
  byHand: { workflow: 'register', form: ['unitName', 'code', 'representative'].map(field) },
  more: [
    {
      path: 'programmes/test-programme/workflows/register.yaml',
      data: {
        ...{ id: 'register', title: '用户注册' },
        steps: [
          {
            ...{ id: 'confirm', title: '法人确认', decisions: [approve, refuse] },
            anyOf: [{ who: 'named-person', field: 'representative', label: '法定代表人' }],
          },
          {
            id: 'review',
            title: '主管部门审核',
            anyOf: [{ who: 'department', name: '住建厅' }],
            decisions: [approve, refuse],
          },
        ],
        effects: {
          approved: [
            { effect: 'register-unit', name: 'unitName', code: 'code', representative: 'representative' },
            { effect: 'notify', to: { form: 'representative' }, text: '注册成功' },
          ],
          refused: [{ effect: 'notify', to: { form: 'representative' }, text: '注册失败' }],
        },
      },
    },
  ],
});

const password = 'a-long-password';
const account = (id: string, department: string, permissions = ['review']) => ({
  ...{ id, name: `${id}经办`, department, permissions, password },
});
const accounts = [
  account('supervisor', '市质监站'),
  account('colleague', '市质监站'),
  account('trainee', '市质监站', []),
  account('authority', '市住建局'),
  account('stranger', '水利处'),
  account('province', '住建厅'),
];

async function begin(catalogue: typeof unlocking) {
  const data = makeDataFolder();
  const server = await startTestServer(
    data.folder,
    { trustAnchors: [authorityPem], accounts },
    { catalogue },
  );
  const stations: { station: TestStation; stationId: string; seq: number }[] = [];
  for (const identity of [makeIdentity(), makeIdentity()]) {
    await enrol(server.url, identity);
    const station = await connectStation(server.url, identity);
    stations.push({ station, stationId: identity.stationId, seq: 0 });
  }
  const store = await openStore({ ...(await storeSettings(data.folder)), folder: data.folder, beside: true });
  return { data, server, stations, store, catalogue };
}
type Place = Awaited<ReturnType<typeof begin>>;
async function end({ data, server, stations, store }: Place): Promise<void> {
  for (const { station } of stations) station.close();
  await store.close();
  await server.close();
  data.remove();
}

/** Submits and pushes at one of the stations; answers the id of the case, or the words in which the push was refused. */
async function apply(
  place: Place,
  form: Record<string, string>,
  at = 0,
): Promise<{ id?: string; refusal?: string }> {
  const here = place.stations[at];
  if (!here) throw new Error('no such station');
  const { station, stationId } = here;
  const given = { catalogue: place.catalogue, stationId, form, light: 'yellow' as const };
  const submission = await makeSealedSubmission({ ...given, seq: (here.seq += 1) });
  await station.upload(submission.item);
  await station.commit(submission.item.commit);
  const { item, pushId } = makePush((here.seq += 1), submission.record.id, 'housing');
  await station.commit(item.commit);
  const changes = await station.pullUntil((list) =>
    list.some(({ change }) => change.kind === 'push-state' && change.pushId === pushId),
  );
  const told = changes
    .map(({ change }) => change)
    .find((one) => one.kind === 'push-state' && one.pushId === pushId);
  const row = await place.store.db
    .selectFrom('case_file')
    .select('id')
    .where('push_id', '=', pushId)
    .executeTakeFirst();
  return {
    ...(row ? { id: row.id } : {}),
    ...(told?.kind === 'push-state' && told.state === 'refused' ? { refusal: told.opinion ?? '' } : {}),
  };
}

async function signIn(server: RunningServer, id: string) {
  const post = (path: string, body: unknown, cookie = '') =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    });
  const answer = await post('/api/session', { account: id, password });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const outcome = async (response: Response) =>
    response.ok ? 'done' : wireErrorSchema.parse(await response.json()).code;
  return {
    see: async (caseId: string): Promise<CaseDetail> =>
      caseDetailSchema.parse(
        await (await fetch(`${server.url}/api/cases/${caseId}`, { headers: { cookie } })).json(),
      ),
    list: async (): Promise<number> =>
      (
        (await (await fetch(`${server.url}/api/cases?state=all`, { headers: { cookie } })).json()) as {
          total: number;
        }
      ).total,
    act: async (caseId: string, what: 'claim' | 'release') =>
      outcome(await post(`/api/cases/${caseId}/${what}`, { step: 'review' }, cookie)),
    decide: async (caseId: string, decision: string, opinion = '理由') =>
      outcome(await post(`/api/cases/${caseId}/decisions`, { step: 'review', decision, opinion }, cookie)),
    wordsOf: async (caseId: string, decision: string) =>
      wireErrorSchema.parse(
        await (
          await post(`/api/cases/${caseId}/decisions`, { step: 'review', decision, opinion: '' }, cookie)
        ).json(),
      ).message,
  };
}
const countOf = async ({ store }: Place, kind: string, caseId: string): Promise<number> =>
  (
    await store.db
      .selectFrom('effect')
      .select('id')
      .where('kind', '=', kind)
      .where('ref_id', '=', caseId)
      .execute()
  ).length;

describe('解锁: two bodies of the work, either of them', () => {
  let place: Place;
  beforeAll(async () => {
    place = await begin(unlocking);
    await createRegisterRows(place.store.db, rules).put({
      persons: ['p1', 'p2', 'p3'].map((id) => ({ id, name: `人${id}`, unit: '91' })),
      works: ['w1', 'w2', 'w3'].map((id) => ({
        ...{ id, name: `工程${id}`, state: 'under-construction', unit: '91' },
        ...{ authority: '市住建局', supervisor: '市质监站' },
      })),
      appointments: ['1', '2', '3'].map((n) => ({
        ...{
          id: n,
          person: `p${n}`,
          work: `w${n}`,
          post: 'project-manager',
          from: '2026-01-01T00:00:00.000Z',
        },
      })),
    });
  }, 60_000);
  afterAll(() => end(place));

  it('shows what it is about to both, to nobody else, and is closed by the first approval with its effect', async () => {
    const { id = '' } = await apply(place, { person: 'p1' });
    const [supervisor, colleague, trainee, authority, stranger] = await Promise.all(
      ['supervisor', 'colleague', 'trainee', 'authority', 'stranger'].map((who) => signIn(place.server, who)),
    );
    const seen = await supervisor?.see(id);
    expect(seen).toMatchObject({
      title: '人员解锁申请',
      case: { about: { kind: 'person', id: 'p1' }, state: 'open', step: 'review' },
      step: {
        ...{ title: '监督机构或主管部门审核', mode: 'one', dueDays: 5 },
        // opened today, which does not count
        deadline: { daysLeft: 5 },
      },
      party: 'department:市质监站',
    });
    expect(seen?.about.facts).toContainEqual({ label: '锁定状态', value: '锁定：项目经理（工程w1）' });
    expect([await supervisor?.list(), await authority?.list(), await stranger?.list()]).toEqual([1, 1, 0]);
    expect(await stranger?.decide(id, 'approve')).toBe('NOT_FOUND');
    expect(await trainee?.decide(id, 'approve')).toBe('FORBIDDEN');

    // 认领 keeps a colleague off, and the other body not
    expect(await supervisor?.act(id, 'claim')).toBe('done');
    expect(await colleague?.act(id, 'claim')).toBe('CASE_CLAIMED');
    expect(await colleague?.decide(id, 'approve')).toBe('CASE_CLAIMED');
    expect(await colleague?.act(id, 'release')).toBe('CASE_CLAIMED');
    expect(await authority?.decide(id, 'approve')).toBe('done');
    expect(await supervisor?.decide(id, 'refuse')).toBe('CASE_CLOSED');
    const after = await supervisor?.see(id);
    expect(after?.case.state).toBe('approved');
    expect(after?.about.facts).toContainEqual({ label: '锁定状态', value: '未锁定' });
    expect(after?.notices).toMatchObject([{ text: '人员已解锁' }]);
    expect(await countOf(place, 'release-lock', id)).toBe(1);
    // nobody is left who could decide on an unlock: the applicant reads why
    expect((await apply(place, { person: 'p1' }, 1)).refusal).toContain('没有找到应审核此事项的部门或人员');
  }, 60_000);

  it('is decided once when two decide at one moment, from another station too', async () => {
    const { id = '' } = await apply(place, { person: 'p2' }, 1);
    const both = await Promise.all(['supervisor', 'authority'].map((who) => signIn(place.server, who)));
    const outcomes = await Promise.all(both.map(({ decide }) => decide(id, 'approve')));
    expect(outcomes.toSorted()).toEqual(['CASE_CLOSED', 'done']);
    expect(await countOf(place, 'release-lock', id)).toBe(1);
    expect(await countOf(place, 'notify', id)).toBe(1);
  }, 60_000);

  it('refuses in the guard’s own words what has become groundless, and goes back with a reason', async () => {
    const { id = '' } = await apply(place, { person: 'p3' });
    const [work] = await createRegisterRows(place.store.db, rules)
      .about(['p3', 'w3'], '2026-11-30T00:00:00.000Z')
      .then(({ works }) => works?.rows ?? []);
    if (!work) throw new Error('the work is not in the register');
    const put = (state: 'finished' | 'under-construction') =>
      createRegisterRows(place.store.db, rules).put({
        persons: [],
        works: [{ ...work, state }],
        appointments: [],
      });
    await put('finished');
    const supervisor = await signIn(place.server, 'supervisor');
    expect(await supervisor.wordsOf(id, 'approve')).toBe(notLocked);
    expect((await supervisor.see(id)).case.decisions).toEqual([]);
    expect(await supervisor.decide(id, 'return', ' ')).toBe('OPINION_REQUIRED');
    expect(await supervisor.decide(id, 'return', '请补充说明材料')).toBe('done');
    expect((await supervisor.see(id)).case).toMatchObject({
      state: 'returned',
      decisions: [{ opinion: '请补充说明材料' }],
    });
    expect(await supervisor.decide(id, 'approve')).toBe('CASE_CLOSED');
  }, 60_000);
});

describe('上报 opens the case by itself', () => {
  let place: Place;
  beforeAll(async () => {
    place = await begin(reporting);
    await createRegisterRows(place.store.db, rules).put({
      persons: [{ id: 'p1', name: '人', unit: '91' }],
      works: [
        {
          ...{ id: 'w1', name: '工程', state: 'under-construction', unit: '91' },
          ...{ authority: '市住建局', supervisor: '市质监站' },
        },
      ],
      appointments: [
        { id: '1', person: 'p1', work: 'w1', post: 'project-manager', from: '2026-01-01T00:00:00.000Z' },
      ],
    });
  }, 60_000);
  afterAll(() => end(place));

  async function report(form: Record<string, string>) {
    const [here] = place.stations;
    if (!here) throw new Error('no station');
    const { station, stationId } = here;
    const given = { catalogue: reporting, stationId, form, light: 'yellow' as const };
    const { item, record } = await makeSealedSubmission({ ...given, seq: (here.seq += 1) });
    await station.upload(item);
    await station.commit(item.commit);
    const changes = await station.pullUntil((list) =>
      list.some(
        ({ change }) =>
          (change.kind === 'record-stored' || change.kind === 'record-rejected') &&
          change.recordId === record.id,
      ),
    );
    const told = changes
      .map(({ change }) => change)
      .find((one) => 'recordId' in one && one.recordId === record.id);
    return { recordId: record.id, told };
  }

  it('where its guard holds here, and is refused in the guard’s words where it does not', async () => {
    const { told: refused } = await report({ person: 'p9' });
    expect(refused).toMatchObject({ kind: 'record-rejected', code: 'GUARD_REFUSED', message: notLocked });
    const { recordId, told } = await report({ person: 'p1' });
    expect(told).toMatchObject({ kind: 'record-stored' });
    const row = await vi.waitFor(
      () =>
        place.store.db
          .selectFrom('case_file')
          .select(['id', 'push_id', 'about_id'])
          .where('record_id', '=', recordId)
          .executeTakeFirstOrThrow(),
      { timeout: 20_000, interval: 100 },
    );
    expect(row).toMatchObject({ push_id: null, about_id: 'p1' });
    const authority = await signIn(place.server, 'authority');
    expect(await authority.decide(row.id, 'approve')).toBe('done');
    const { about } = await authority.see(row.id);
    expect(about.facts).toContainEqual({ label: '锁定状态', value: '未锁定' });
  }, 60_000);
});

describe('注册: the named person confirms, then the department decides', () => {
  let place: Place;
  let desk: DeskCases;
  beforeAll(async () => {
    place = await begin(registering);
    desk = deskOn(place.store);
  }, 60_000);
  afterAll(() => end(place));

  function deskOn({ db }: OpenStore): DeskCases {
    const registers = createRegisterRows(db, []);
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
    return createDeskCases({
      ...{ cases: createCaseRows(db, []), overrules: createOverruleRows(db), records: createRecordRows(db) },
      ...{ catalogues: createCatalogueRows(db), catalogue: registering, registers, log },
      ...{ notices: createNoticeRows(db), opening: createCaseOpening({ registers }) },
      logRows: createLogRows(db),
      verificationCodes: { of: () => '' },
      calendar: { years: {} },
      announcements: {
        ...{ announce: () => undefined, announceFeed: () => undefined, hear: () => undefined },
        ...{ listen: () => () => true, relayTo: () => undefined },
      },
      clock: { now: () => new Date().toISOString(), nowMs: Date.now },
      makeId: () => '01K00000000000000000000001',
    });
  }
  const personOf = (value: string, way: 'face' | 'password' = 'face'): Actor => ({
    ...nobody,
    ...{ kind: 'person', account: `account of ${value}`, name: '王法人' },
    assurance: [
      {
        ...{ way, level: way, at: '2026-11-30T00:00:00.000Z' },
        identity: { kind: 'person', scheme: 'id-number', value, name: '王法人' },
      },
    ],
  });
  const codeOf = async (work: Promise<unknown>): Promise<string> => {
    try {
      await work;
      return 'done';
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  };
  const unit = { unitName: '某新公司', code: '91530100MA6K999999', representative: '530102197001011234' };
  const confirm = (actor: Actor, id: string) =>
    codeOf(desk.decide(actor, id, { step: 'confirm', decision: 'approve', opinion: '' }));

  it('skips no face, takes nobody else’s, and makes the unit a subject once', async () => {
    const { id = '' } = await apply(place, unit);
    const { id: second = '' } = await apply(place, unit, 1);
    const province = await signIn(place.server, 'province');
    // YNU-050: the department decides only after the confirmation
    expect(await province.decide(id, 'approve')).toBe('CONFIRMATION_MISSING');
    expect(await confirm(personOf('530102197001019999'), id)).toBe('NOT_FOUND');
    expect(await confirm(personOf(unit.representative, 'password'), id)).toBe('NOT_FOUND');
    expect(await confirm(personOf(unit.representative), id)).toBe('done');
    expect(await confirm(personOf(unit.representative), second)).toBe('done');
    expect((await province.see(id)).step?.title).toBe('主管部门审核');
    expect(await createRegisterRows(place.store.db, []).findUnit(unit.code)).toBeUndefined();
    expect(await province.decide(id, 'approve')).toBe('done');
    expect(await createRegisterRows(place.store.db, []).findUnit(unit.code)).toMatchObject({
      name: '某新公司',
    });
    expect((await province.see(id)).notices).toMatchObject([{ text: '注册成功' }]);

    // the second of one company: the decision falls with its effect, whole
    expect(await province.decide(second, 'approve')).toBe('UNIT_REGISTERED');
    const open = await province.see(second);
    expect(open.case).toMatchObject({ state: 'open', step: 'review' });
    expect(open.case.decisions).toHaveLength(1);
    expect(open.notices).toEqual([]);
    expect(await countOf(place, 'notify', second)).toBe(0);
    expect(await province.decide(second, 'refuse')).toBe('done');
    expect((await province.see(second)).notices).toMatchObject([{ text: '注册失败' }]);
  }, 60_000);
});
