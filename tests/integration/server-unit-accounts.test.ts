/** 账号管理 of a unit: who may do what to which account, and what becomes of it, on either database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlerListSchema, mainHandlerSchema } from '#domain/contracts/unit/handlers.ts';
import { creditCodeCheck, idNumberCheck } from '#domain/fields/check-digits.ts';
import { listenTo } from '#tests/support/event-stream.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { openUnits, programme } from '#tests/support/units.ts';
import type { TestPerson, TestUnit, TestUnits } from '#tests/support/units.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, queryStore, startTestServer } from './server-support.ts';

const codeOf = (body: string): string => `${body}${creditCodeCheck(body)}`;
let people = 0;
function person(name: string): TestPerson {
  people += 1;
  const body = `53010219900101${String(people).padStart(3, '0')}`;
  return {
    name,
    idNumber: `${body}${idNumberCheck(body)}`,
    mobile: `1380000${String(people).padStart(4, '0')}`,
  };
}
const unit = (name: string, body: string): TestUnit => ({
  ...{ name, code: codeOf(body) },
  ...{ boss: person('王建国'), handler: person('李小红') },
});
const jia = unit('昆明春城建设有限公司', '91530100MA6K00001');
const yi = unit('大理苍山建筑有限公司', '91530100MA6K00002');
const bing = unit('曲靖珠江源建设有限公司', '91530100MA6K00003');
/** A unit where nothing happens, which would be heard by its pages. */
const ding = unit('玉溪红塔建设有限公司', '91530100MA6K00004');
const quality = 'yunnan-quality-safety';

const data = makeDataFolder();
let outside: TestOutsideServices;
let server: RunningServer;
let units: TestUnits;
/** Cookies. */
let main: string;
let other: string;
let crowd: string;
let boss: string;
let staff: string;
let mainId: string;
beforeAll(async () => {
  outside = await startOutsideServices();
  const password = 'a long password of the test';
  const keeper = { id: 'keeper', name: '管理员', department: '', permissions: ['accounts'], password };
  server = await startTestServer(data.folder, { services: outside.settings, accounts: [keeper] });
  units = await openUnits(data.folder);
  const bossId = await units.addPerson(jia.boss);
  for (const one of [jia.handler, yi.boss, yi.handler, bing.boss, bing.handler, ding.boss, ding.handler])
    await units.addPerson(one);
  mainId = await units.addUnit(jia);
  main = await units.scanIn(mainId, jia.handler);
  other = await units.scanIn(await units.addUnit(yi), yi.handler);
  crowd = await units.scanIn(await units.addUnit(bing), bing.handler);
  boss = await units.scanIn(bossId, jia.boss);
  staff = await units.signIn('keeper', []);
});
afterAll(async () => {
  await units?.close();
  await server?.close();
  await outside?.close();
  data.remove();
});

async function ask(method: string, path: string, cookie: string, body?: unknown) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const told = (await answer.json()) as Record<string, unknown>;
  const details = (told['details'] ?? {}) as { text?: string };
  const next = answer.headers.get('set-cookie')?.split(';')[0];
  return { status: answer.status, told, code: told['code'], text: details.text, next };
}
const mobileOf = ({ mobile }: TestPerson): string => `${mobile.slice(0, 3)}****${mobile.slice(-4)}`;
const listOf = async (cookie: string) =>
  handlerListSchema.parse((await ask('GET', '/api/unit/handlers', cookie)).told);
const add = (cookie: string, who: TestPerson, type = 'ordinary') =>
  ask('POST', '/api/unit/handlers', cookie, { type, ...who });

/** The id of the account, once its case is open. */
async function openedFor(who: TestPerson, cookie = main, type = 'ordinary'): Promise<string> {
  const found = await waitUntil(async () => {
    const rows = await queryStore<{ id: string }>(
      data.folder,
      `select account.id from account join person on person.id = account.person_id
        where person.id_number = '${who.idNumber}' and account.kind = 'handler' and account.type = '${type}'`,
    );
    return rows[0]?.id;
  });
  expect((await listOf(cookie)).handlers.map(({ id }) => id)).toContain(found);
  return found;
}
const caseAbout = (account: string): Promise<string> =>
  waitUntil(async () => {
    const [row] = await queryStore<{ id: string }>(
      data.folder,
      `select case_file.id from case_file join account on account.record_id = case_file.record_id where account.id = '${account}'`,
    );
    return row?.id;
  });
/** What the phone's pages do, by the engine. */
const confirm = async (caseId: string, decision: 'confirm' | 'refuse' = 'confirm') => {
  await units.decide(caseId, jia.boss, decision);
};

/** An account of jia that is 启用. */
async function addEnabled(name: string, type = 'ordinary'): Promise<{ id: string; who: TestPerson }> {
  const who = person(name);
  await units.addPerson(who);
  expect((await add(main, who, type)).status).toBe(200);
  const id = await openedFor(who, main, type);
  await confirm(await caseAbout(id));
  return { id, who };
}

describe('adding a handler', () => {
  it('waits for the person who answers for the unit, and for nobody else', async () => {
    const who = person('赵一');
    await units.addPerson(who);
    expect((await add(main, who)).status).toBe(200);
    const [filed] = (await listOf(main)).handlers;
    expect(filed).toMatchObject({ name: '赵一', state: 'pending', mobile: mobileOf(who) });
    expect(filed?.idNumber).toMatch(/^530102\*{8}\d{3}[\dX]$/);
    const id = await openedFor(who);
    const caseId = await caseAbout(id);
    await expect(units.decide(caseId, yi.boss, 'confirm')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // pending: whoever had a session for it has none
    const early = await units.scanIn(id, who);
    expect((await ask('GET', '/api/unit/account', early)).code).toBe('UNAUTHENTICATED');
    for (const [path, body] of [
      ['freeze', { reason: '离职' }],
      ['systems', { systems: [quality] }],
    ] as const)
      expect(
        (await ask(path === 'systems' ? 'PUT' : 'POST', `/api/unit/handlers/${id}/${path}`, main, body)).code,
      ).toBe('ACCOUNT_NOT_ENABLED');
    await confirm(caseId);
    expect((await listOf(main)).handlers.find((one) => one.id === id)?.state).toBe('enabled');
  });

  it('is refused in the guards’ own words', async () => {
    const unknown = person('钱二');
    expect((await add(main, unknown)).text).toBe('经办人尚未在云南建管小程序完成实名认证');
    expect((await add(main, jia.handler)).text).toBe('主经办人账号不可注册经办人账号');
    await units.addPerson(unknown);
    expect((await add(main, { ...unknown, name: '钱三' })).text).toBe(
      '经办人尚未在云南建管小程序完成实名认证',
    );
    expect((await add(main, unknown)).status).toBe(200);
    // one type is one account, whichever unit asks, also before its case is open; another type is another account
    expect((await add(main, unknown)).text).toBe('同一人在同一账号类型下只能绑定一个经办人账号');
    expect((await add(other, unknown)).text).toBe('同一人在同一账号类型下只能绑定一个经办人账号');
    expect((await add(main, unknown, 'builder')).status).toBe(200);
    for (const wrong of [{ type: 'king' }, { idNumber: '530102199002301234' }])
      expect(
        (await ask('POST', '/api/unit/handlers', main, { type: 'ordinary', ...unknown, ...wrong })).code,
      ).toBe('FIELD_INVALID');
    for (const wrong of [{ mobile: '123' }, { confirmer: unknown.idNumber }, { name: '' }])
      expect(
        (await ask('POST', '/api/unit/handlers', main, { type: 'ordinary', ...unknown, ...wrong })).status,
      ).toBe(400);
  });

  it('is gone when it is not agreed to, and may be added again', async () => {
    const who = person('孙三');
    await units.addPerson(who);
    await add(main, who);
    const id = await openedFor(who);
    await confirm(await caseAbout(id), 'refuse');
    expect((await listOf(main)).handlers.map(({ name }) => name)).not.toContain('孙三');
    expect((await add(main, who)).status).toBe(200);
  });

  it('may be put right while nobody has confirmed it: the to-do before is void, and another one waits', async () => {
    const [typed, right] = [person('钱误'), person('钱悟')];
    for (const one of [typed, right]) await units.addPerson(one);
    expect((await add(main, typed)).status).toBe(200);
    const id = await openedFor(typed);
    const first = await caseAbout(id);
    const holder = { type: 'builder', name: right.name, idNumber: right.idNumber };
    const change = (account: string, cookie: string, body: object) =>
      ask('PUT', `/api/unit/handlers/${account}`, cookie, body);
    expect((await change(id, other, { mobile: right.mobile, holder })).status).toBe(404);
    const stranger = { ...holder, name: '周未认证', idNumber: person('周未认证').idNumber };
    // what the guards refuse leaves what was asked for, waiting again
    expect((await change(id, main, { mobile: right.mobile, holder: stranger })).code).toBe('GUARD_REFUSED');
    const again = await openedFor(typed);
    expect(await caseAbout(again)).not.toBe(first);
    const corrected = await change(again, main, { mobile: right.mobile, holder });
    expect(corrected.told).toMatchObject({ name: '钱悟', type: 'builder', state: 'pending' });
    const next = await openedFor(right, main, 'builder');
    expect((await listOf(main)).handlers.map(({ name }) => name)).not.toContain('钱误');
    await expect(confirm(first)).rejects.toMatchObject({ code: 'CASE_CLOSED' });
    await confirm(await caseAbout(next));
    expect((await listOf(main)).handlers.find((one) => one.id === next)?.state).toBe('enabled');
    // of one in use the holder is another person's
    expect((await change(next, main, { mobile: typed.mobile, holder })).code).toBe('CASE_CLOSED');
    expect((await change(next, main, { mobile: typed.mobile })).told).toMatchObject({
      mobile: mobileOf(typed),
    });
  });

  it('once, of fifty who add the same one at one moment', async () => {
    const who = person('周四');
    await units.addPerson(who);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => add(n % 5 ? crowd : other, who)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { code } of answers.filter(({ status }) => status !== 200))
      expect(['GUARD_REFUSED', 'TOO_MANY_ATTEMPTS']).toContain(code);
    const filed = await queryStore<{ id: string }>(
      data.folder,
      `select id from record where body like '%${who.idNumber}%' and kind = 'handler-account'`,
    );
    expect(filed).toHaveLength(1);
  });
});

it('tells the pages of the unit, and of no other, what came and went on there', async () => {
  const events = `${server.url}/api/unit/events`;
  const stranger = await units.scanIn(await units.addUnit(ding), ding.handler);
  const [own, others] = [await listenTo(events, main), await listenTo(events, stranger)];
  expect((await listenTo(events, boss)).status).toBe(403);
  const heard = (): number => own.text().split('event: unit-changed').length - 1;
  const hearsMore = async (act: () => Promise<unknown>): Promise<void> => {
    const before = heard();
    await act();
    await expect.poll(heard).toBeGreaterThan(before);
  };
  const who = person('蒋四');
  await units.addPerson(who);
  await hearsMore(() => add(main, who));
  const id = await openedFor(who);
  const caseId = await caseAbout(id);
  await expect.poll(async () => (await listOf(main)).handlers.some((one) => one.id === id)).toBe(true);
  const agreements = ['terms', 'privacy'].map((document) => ({ document, version: '2026-11' }));
  await ask('POST', '/api/mobile/agreements', boss, { programme, agreements });
  const { told } = await ask('GET', `/api/mobile/todos/${caseId}`, boss);
  const refusal = { step: told['step'], decision: 'refuse', opinion: '不认识' };
  await hearsMore(async () => {
    expect((await ask('POST', `/api/mobile/todos/${caseId}/decisions`, boss, refusal)).status).toBe(200);
  });
  const { id: enabled } = await addEnabled('沈五');
  await hearsMore(() => ask('POST', `/api/directory/${enabled}/freeze`, staff, { reason: '核查', note: '' }));
  expect(others.text()).not.toContain('unit-changed');
  own.close();
  others.close();
});

describe('what a handler may do', () => {
  it('is what it is ticked for, and changes in mid-session with another token', async () => {
    const { id, who } = await addEnabled('吴五');
    let cookie = await units.scanIn(id, who);
    const enter = (system: string) => ask('GET', `/api/own-systems/${system}`, cookie);
    expect((await ask('GET', '/api/unit/account', cookie)).told).toMatchObject({
      account: { kind: 'handler', typeTitle: '普通经办人' },
      unit: { name: jia.name },
    });
    for (const system of [quality, programme]) expect((await enter(system)).code).toBe('SYSTEM_NOT_GRANTED');
    expect((await ask('GET', '/api/unit/home', cookie)).code).toBe('SYSTEM_NOT_GRANTED');
    const ticked = await ask('PUT', `/api/unit/handlers/${id}/systems`, main, { systems: [quality] });
    expect(ticked.told).toMatchObject({ systems: [quality] });
    const entered = await enter(quality);
    expect(entered.told).toMatchObject({ title: '质量安全' });
    expect(entered.next).toMatch(/^ludeng-desk=/);
    cookie = entered.next ?? '';
    expect((await enter(programme)).code).toBe('SYSTEM_NOT_GRANTED');
    await ask('PUT', `/api/unit/handlers/${id}/systems`, main, { systems: [programme] });
    expect((await enter(quality)).code).toBe('SYSTEM_NOT_GRANTED');
    expect((await ask('GET', '/api/unit/home', cookie)).status).toBe(200);
    const strange = await ask('PUT', `/api/unit/handlers/${id}/systems`, main, {
      systems: ['liaoning-subject-library'],
    });
    expect(strange.code).toBe('BAD_REQUEST');
    expect((await ask('GET', '/api/own-systems/liaoning-subject-library', main)).status).toBe(404);
  });

  it('ends with the freezing of its account, and begins with the thawing', async () => {
    const { id, who } = await addEnabled('郑六');
    await ask('PUT', `/api/unit/handlers/${id}/systems`, main, { systems: [programme] });
    const cookie = await units.scanIn(id, who);
    expect((await ask('GET', '/api/unit/home', cookie)).status).toBe(200);
    expect((await ask('POST', `/api/unit/handlers/${id}/freeze`, main, { reason: ' ' })).status).toBe(400);
    const frozen = await ask('POST', `/api/unit/handlers/${id}/freeze`, main, { reason: '离职' });
    expect(frozen.told).toMatchObject({ state: 'frozen', frozen: { reason: '离职', isByStaff: false } });
    expect((await ask('GET', '/api/unit/home', cookie)).code).toBe('UNAUTHENTICATED');
    await expect(units.scanIn(id, who)).rejects.toMatchObject({ code: 'ACCOUNT_FROZEN' });
    const thawed = await ask('POST', `/api/unit/handlers/${id}/thaw`, main, { reason: '回岗' });
    expect(thawed.told).toMatchObject({ state: 'enabled' });
    expect((await ask('GET', '/api/unit/home', await units.scanIn(id, who))).status).toBe(200);
    // what the department froze, the unit does not thaw
    expect(
      (await ask('POST', `/api/directory/${id}/freeze`, staff, { reason: '核查', note: '' })).status,
    ).toBe(200);
    expect((await ask('POST', `/api/unit/handlers/${id}/thaw`, main, { reason: '回岗' })).code).toBe(
      'ACCOUNT_FROZEN_BY_STAFF',
    );
  });

  it('is nothing of what the main account does, and no other unit reaches it', async () => {
    const { id, who } = await addEnabled('冯七');
    await ask('PUT', `/api/unit/handlers/${id}/systems`, main, { systems: [programme, quality] });
    const cookie = await units.scanIn(id, who);
    const acts: [string, string, unknown?][] = [
      ['PUT', `/api/unit/handlers/${id}`, { mobile: '13900000000' }],
      ['PUT', `/api/unit/handlers/${id}/systems`, { systems: [] }],
      ['POST', `/api/unit/handlers/${id}/freeze`, { reason: '离职' }],
      ['POST', `/api/unit/handlers/${id}/thaw`, { reason: '回岗' }],
    ];
    const general: [string, string, unknown?][] = [
      ['GET', '/api/unit/handlers'],
      ['POST', '/api/unit/handlers', { type: 'builder', ...who }],
      ['POST', '/api/unit/keys', {}],
      ['GET', '/api/unit/main-handler'],
      ['POST', '/api/unit/main-handler', { ...who, reason: '变更' }],
    ];
    for (const [method, path, body] of [...acts, ...general]) {
      expect([path, (await ask(method, path, cookie, body)).status]).toEqual([path, 403]);
      expect([path, (await ask(method, path, boss, body)).status]).toEqual([path, 403]);
      expect([path, (await ask(method, path, '', body)).status]).toEqual([path, 401]);
    }
    for (const [method, path, body] of acts)
      expect([path, (await ask(method, path, other, body)).status]).toEqual([path, 404]);
    // the main account of the unit is none of its handlers
    expect((await ask('POST', `/api/unit/handlers/${mainId}/freeze`, main, { reason: '离职' })).status).toBe(
      404,
    );
    expect(
      (await ask('PUT', `/api/unit/handlers/${id}`, main, { mobile: '13900000000' })).told,
    ).toMatchObject({ mobile: '139****0000' });
    // the number that signs the person in is not the unit's to change
    const [own] = await queryStore<{ mobile: string }>(
      data.folder,
      `select mobile from person where id_number = '${who.idNumber}'`,
    );
    expect(own?.mobile).toBe(who.mobile);
  });

  it('has the rights of the role that comes with its type', async () => {
    const path = `/api/own-systems/${programme}/sections/bidding-projects`;
    const seen: unknown[] = [];
    for (const type of ['ordinary', 'bidding-manager']) {
      const { id, who } = await addEnabled('陈八', type);
      await ask('PUT', `/api/unit/handlers/${id}/systems`, main, { systems: [programme] });
      const { code, told } = await ask('GET', path, await units.scanIn(id, who));
      seen.push(code ?? told['title']);
    }
    expect(seen).toEqual(['SYSTEM_NOT_GRANTED', '招标代理项目']);
    expect((await ask('GET', path, main)).code).toBe('SYSTEM_NOT_GRANTED');
  });
});

describe('keys of the CA company', () => {
  const key = (serial: string, change: object = {}) => ({
    ...{ creditCode: jia.code, serial, holderName: '卫九', state: 'valid' as const },
    ...{ validFrom: '2026-01-01T00:00:00.000Z', validUntil: '2030-01-01T00:00:00.000Z' },
    ...change,
  });

  it('are taken over with the unit’s key in the computer alone, and tied to an account once it is confirmed', async () => {
    await outside.addKey(key('4A01'));
    await outside.addKey(key('4A02', { state: 'revoked' }));
    await outside.addKey(key('4A03', { validUntil: '2026-02-01T00:00:00.000Z' }));
    expect((await ask('POST', '/api/unit/keys', main)).code).toBe('KEY_NOT_INSERTED');
    const late = await units.signInWithKey(mainId, jia, 11);
    expect((await ask('POST', '/api/unit/keys', late)).code).toBe('KEY_NOT_INSERTED');
    const foreign = await units.signInWithKey(mainId, yi);
    expect((await ask('POST', '/api/unit/keys', foreign)).code).toBe('KEY_NOT_INSERTED');
    const own = await units.signInWithKey(mainId, jia);
    expect((await ask('POST', '/api/unit/keys', own)).told).toEqual({ known: 3, added: 3 });
    expect((await ask('POST', '/api/unit/keys', own)).told).toEqual({ known: 3, added: 0 });
    const { keys } = await listOf(main);
    expect(keys.map(({ serial, isRevoked }) => [serial, isRevoked])).toEqual([
      ['4A01', false],
      ['4A02', true],
      ['4A03', false],
    ]);
    const [good, revoked, over] = keys.map(({ id }) => id);
    const who = person('卫九');
    await units.addPerson(who);
    const complete = (id: string | undefined, cookie = main) =>
      ask('POST', `/api/unit/keys/${id}/holder`, cookie, { type: 'ordinary', ...who });
    expect((await complete(revoked)).code).toBe('KEY_NOT_USABLE');
    expect((await complete(over)).code).toBe('KEY_NOT_USABLE');
    expect((await complete(good, other)).status).toBe(404);
    expect((await complete(good)).status).toBe(200);
    const id = await openedFor(who);
    const tied = await listOf(main);
    expect(tied.handlers.find((one) => one.id === id)).toMatchObject({ keySerial: '4A01', state: 'pending' });
    expect(tied.keys.map(({ serial }) => serial)).toEqual(['4A02', '4A03']);
    expect((await complete(good)).code).toBe('KEY_NOT_USABLE');
    await confirm(await caseAbout(id));
    expect((await listOf(main)).handlers.find((one) => one.id === id)?.state).toBe('enabled');
  });

  it('are nothing while the company does not answer, and nothing is lost', async () => {
    const own = await units.signInWithKey(mainId, jia);
    const before = (await listOf(main)).keys;
    await outside.stop();
    expect((await ask('POST', '/api/unit/keys', own)).code).toBe('SERVICE_UNREACHABLE');
    expect((await listOf(main)).keys).toEqual(before);
    await outside.start();
    expect((await ask('POST', '/api/unit/keys', own)).told).toMatchObject({ added: 0 });
  });
});

describe('another main handler', () => {
  it('is there once it is confirmed, not before, and the one before is signed in no more', async () => {
    const { id: handlerId, who } = await addEnabled('蒋十');
    const change = (cookie: string, next: TestPerson) =>
      ask('POST', '/api/unit/main-handler', cookie, { ...next, reason: '岗位调整' });
    expect((await change(main, person('没有'))).text).toBe('主经办人尚未在云南建管小程序完成实名认证');
    expect((await change(main, jia.handler)).text).toContain('该人已经是本单位的主经办人');
    expect((await change(main, yi.handler)).text).toBe('该人已有同一类型的主账号');
    expect((await change(main, who)).status).toBe(200);
    expect((await change(main, who)).code).toBe('CHANGE_WAITING');
    const told = mainHandlerSchema.parse((await ask('GET', '/api/unit/main-handler', main)).told);
    expect(told).toMatchObject({ current: { name: '李小红' }, last: { name: '蒋十', outcome: 'waiting' } });
    const caseId = await waitUntil(async () => {
      const rows = await queryStore<{ id: string }>(
        data.folder,
        `select id from case_file where kind_title = '主经办人账号信息变更' and state = 'open'`,
      );
      return rows[0]?.id;
    });
    const asHandler = await units.scanIn(handlerId, who);
    await confirm(caseId);
    expect((await ask('GET', '/api/unit/account', main)).code).toBe('UNAUTHENTICATED');
    // what the person was before is closed: a main handler is no handler of the own unit
    expect((await ask('GET', '/api/unit/account', asHandler)).code).toBe('UNAUTHENTICATED');
    const next = await units.scanIn(mainId, who);
    expect((await ask('GET', '/api/unit/account', next)).told).toMatchObject({
      account: { name: '蒋十', kind: 'main' },
    });
    expect((await listOf(next)).handlers.map(({ id }) => id)).not.toContain(handlerId);
    expect((await ask('GET', '/api/unit/information', next)).told).toMatchObject({ typeTitle: '企业' });
    expect(JSON.stringify((await ask('GET', '/api/unit/information', next)).told)).toContain('蒋十');
  });
});
