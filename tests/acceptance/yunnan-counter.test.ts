/** Registration of a unit at the counter by a person without any key: by card, by hand of the staff, without a connection. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPin } from '#tests/emulators/counter.ts';
import {
  cardHolder,
  createCounterApplicant,
  mainHandler,
  makeCounterUnit,
  proveNames,
  registerUnit,
  registrationForm,
  registrationProgramme as programme,
} from '#tests/support/counter-registration.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { listenTo } from '#tests/support/event-stream.ts';
import { once } from '#tests/support/once.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const office = { companyName: '昆明市政务服务中心', creditCode: '12530100431204567A' };
let services: TestOutsideServices;
let whole: WholeStation;
const applicant = createCounterApplicant(() => whole);

beforeAll(async () => {
  services = await startOutsideServices();
  whole = await startWholeStation({
    otherHolders: [{ ...office, personName: '赵帮办', label: '帮办UKey', pin: demoPin }],
    profile: { programme, assistants: [{ creditCode: office.creditCode }] },
    serverSettings: { services: services.settings },
  });
});
afterAll(async () => {
  await whole?.close();
  await services?.close();
});

/** Whoever is signed in goes, and nobody is an answer too. */
async function leave(): Promise<void> {
  if ((await whole.station.call('station')).session !== undefined) await whole.station.call('logout');
}
async function signInByCard() {
  await leave();
  await whole.station.call('loginByCard', { body: {} });
  return whole.station.call('role', { body: { role: 'enterprise' } });
}
const lineIsGone = () =>
  eventually('there is no connection', async () =>
    (await whole.station.call('station')).line.state === 'online' ? undefined : true,
  );
async function keyOf(holder: string) {
  const tokens = await whole.station.call('tokens');
  for (const token of tokens)
    for (const certificate of token.certificates)
      if (certificate.use === 'sign' && certificate.holderName === holder)
        return { tokenId: token.id, certificateId: certificate.id, pin: demoPin };
  throw new Error(`no key of ${holder}`);
}
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a card signs its holder in, who sees the record kinds of a person and no other’s records', async () => {
  const session = await signInByCard();
  expect(session).toMatchObject({
    subject: { kind: 'person', name: cardHolder.name, creditCode: cardHolder.idNumber },
    assurance: [
      { way: 'id-card-chip', level: 'password', identity: { kind: 'person', scheme: 'id-number' } },
    ],
  });
  expect(session).not.toHaveProperty('tokenId');
  expect(await whole.station.call('records')).toEqual([]);
  // what a type of account does not have is not begun in its name
  expect(await failureOf(applicant.begin('group-registration'))).toMatchObject({ code: 'BAD_REQUEST' });
});

/** Filled in and handed in without a connection, and refused when the line was back. */
const refused = once(async () => {
  await signInByCard();
  await whole.stopServer();
  const { id } = await applicant.begin();
  expect(await failureOf(applicant.submit(id))).toMatchObject({ code: 'FIELD_INVALID' });
  await applicant.fill(id, registrationForm);
  expect(await failureOf(applicant.submit(id))).toMatchObject({
    code: 'ATTACHMENT_MISSING',
    details: { missing: ['营业执照', '授权委托书', '承诺书'] },
  });
  await applicant.attachAll(id);
  const queued = await applicant.submit(id);
  expect(queued).toMatchObject({
    state: 'submitted',
    subject: { name: demoLicence.companyName, creditCode: demoLicence.creditCode },
    applicant: { kind: 'person', creditCode: cardHolder.idNumber },
    handedIn: { by: cardHolder.name },
  });
  expect(queued.recordSeal).toBeUndefined();
  // the applicant finds it again, though it is the unit's by now
  expect(await whole.station.call('records')).toMatchObject([{ id, state: 'submitted' }]);
  await whole.startServer();
  const { rejection } = await applicant.until(id, 'it comes back', ({ state }) => state === 'rejected');
  return { id, message: rejection?.message };
});
test('without a connection the registration is filled in and queued, and comes back in the guard’s words', async () => {
  expect((await refused()).message).toBe(
    '法定代表人尚未在云南建管小程序完成实名认证；主经办人尚未在云南建管小程序完成实名认证',
  );
});

/** Compared with the business register until it agrees, and a case of the department. */
const stored = once(async () => {
  const { id } = await refused();
  await proveNames(whole, [cardHolder, mainHandler]);
  // a unit mistyped, and corrected after the refusal: the record goes on under the right one
  await applicant.fill(id, { creditCode: '91530100MA6K3T5A1W' });
  await applicant.submit(id);
  const unknown = await applicant.until(
    id,
    'the unit is unknown',
    ({ rejection, state }) => state === 'rejected' && rejection?.message.includes('工商备案') === true,
  );
  expect(unknown.rejection?.message).toBe('工商备案中没有这个统一社会信用代码，请对照证件逐位核对');
  await registerUnit(services, { name: '另一家公司' });
  await applicant.fill(id, registrationForm);
  await applicant.submit(id);
  await applicant.until(
    id,
    'the name differs',
    ({ rejection, state }) =>
      state === 'rejected' && rejection?.message.startsWith('企业名称与工商备案不一致') === true,
  );
  await registerUnit(services);
  await applicant.submit(id);
  await applicant.until(id, 'it is stored', ({ state }) => state === 'stored');
  const { cases } = await applicant.until(id, 'its case is told', ({ cases: told }) => told !== undefined);
  return { id, cases };
});
test('YNU-020 what differs from the business register comes back field by field, and agreeing it is stored', async () => {
  expect((await stored()).cases).toMatchObject([
    { title: '统一用户中心用户注册确认', state: 'open', text: '待法人确认', mayWithdraw: true },
  ]);
});

test('撤回 while nobody has decided: the case ends, and the station hears it; a second time is too late', async () => {
  const { id, cases: told } = await stored();
  const [open] = told ?? [];
  const params = { id, case: open?.id ?? '' };
  await whole.station.call('withdraw', { params });
  const { cases, operations } = await applicant.until(
    id,
    'it is withdrawn',
    ({ cases: now }) => now?.[0]?.state === 'withdrawn',
  );
  expect(cases).toMatchObject([{ text: '已撤回', by: cardHolder.name, mayWithdraw: false }]);
  expect(operations.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['提交入库', '入库', '待法人确认', '申请撤回', '已撤回']),
  );
  expect(await failureOf(whole.station.call('withdraw', { params }))).toMatchObject({ code: 'CASE_CLOSED' });
  expect(
    await failureOf(whole.station.call('withdraw', { params: { id, case: '01JZZZZZZZZZZZZZZZZZZZZZZZ' } })),
  ).toMatchObject({ code: 'NOT_FOUND' });
});

test('帮办代办 begins by a key of the staff and the consent of whoever is acted for, stands everywhere, and ends', async () => {
  await leave();
  const company = await keyOf(demoLicence.companyName);
  expect(await failureOf(whole.station.call('presentAssistant', { body: company }))).toMatchObject({
    code: 'ASSISTANT_UNKNOWN',
  });
  const key = await keyOf(office.companyName);
  const { ticket, ...who } = await whole.station.call('presentAssistant', { body: key });
  expect(who).toEqual({ name: '赵帮办', office: office.companyName });
  // the key alone signs nobody in
  expect((await whole.station.call('station')).session).toBeUndefined();
  expect(
    await failureOf(whole.station.call('loginAssisted', { body: { ticket: 'of another' } })),
  ).toMatchObject({ code: 'CONSENT_EXPIRED' });
  const session = await whole.station.call('loginAssisted', { body: { ticket } });
  expect(session).toMatchObject({
    holderName: '赵帮办',
    subject: { kind: 'person', name: cardHolder.name },
    onBehalfOf: { kind: 'person', scheme: 'id-number', value: cardHolder.idNumber },
  });
  expect(await failureOf(whole.station.call('loginAssisted', { body: { ticket } }))).toMatchObject({
    code: 'CONSENT_EXPIRED',
  });
  await whole.station.call('role', { body: { role: 'enterprise' } });
  // a unit that no other test hands in
  const { form, handler } = await makeCounterUnit(services);
  await proveNames(whole, [cardHolder, handler]);
  const begun = await applicant.begin();
  await applicant.fill(begun.id, form);
  await applicant.attachAll(begun.id);
  const handedIn = await applicant.submit(begun.id);
  const by = `赵帮办（代${cardHolder.name}）`;
  expect(handedIn).toMatchObject({ handedIn: { by, onBehalfOf: { value: cardHolder.idNumber } } });
  expect(handedIn.operations.at(-1)).toMatchObject({ by, action: '提交入库', detail: by });
  const desk = await signInAtDesk(whole.serverUrl());
  const detail = await eventually('the case', () => desk.caseOf(begun.id).catch(() => undefined));
  expect(detail.record?.handedIn).toMatchObject({ by });
  expect(detail.stationLog.map(({ by: actor }) => actor)).toContain(by);
  expect((await signInByCard()).onBehalfOf).toBeUndefined();
});

test('a card is no way in for a programme that this station does not serve', async () => {
  await leave();
  const elsewhere = whole.station.call('loginByCard', { body: { programme: 'liaoning-subject-library' } });
  expect(await failureOf(elsewhere)).toMatchObject({ code: 'BAD_REQUEST' });
  expect((await whole.station.call('station')).session).toBeUndefined();
});

/** The company's key, which the server has judged and the station remembers. */
const acceptedKey = once(async () => {
  await leave();
  const key = await keyOf(demoLicence.companyName);
  expect(await whole.station.call('login', { body: key })).toMatchObject({ key: { by: 'server' } });
  await eventually('the server has judged the key', async () =>
    (await whole.station.call('station')).subjectRecords?.state === 'complete' ? true : undefined,
  );
  await whole.station.call('logout');
  return key;
});
test('a key that the server has accepted here signs in without a connection, marked so; an unknown one says so too', async () => {
  const key = await acceptedKey();
  await whole.stopServer();
  await lineIsGone();
  const cached = await whole.station.call('login', { body: key });
  expect(cached.key).toMatchObject({ by: 'cached', acceptedAt: expect.any(String) as unknown });
  await whole.station.call('logout');
  const other = await whole.station.call('login', { body: await keyOf(office.companyName) });
  expect(other.key).toMatchObject({ by: 'unknown' });
  expect(other.key).not.toHaveProperty('acceptedAt');
  await whole.station.call('logout');
  await whole.startServer();
});

test('an account that was frozen meanwhile ends the session of its key when the line is back, with the reason', async () => {
  const key = await acceptedKey();
  const accounts = await openUnitAccounts(join(whole.folder, 'server'));
  const unit = { name: demoLicence.companyName, creditCode: demoLicence.creditCode };
  const account = await accounts.open({ unit, person: mainHandler, kind: 'main', type: 'enterprise' });
  await accounts.set(account, { frozen_at: new Date().toISOString(), frozen_reason: '投诉核查' });
  await accounts.close();
  await whole.stopServer();
  await lineIsGone();
  const events = await listenTo(
    new URL('/api/events', whole.agent.url).href,
    (await whole.station.headers())['cookie'] ?? '',
  );
  expect((await whole.station.call('login', { body: key })).key).toMatchObject({ by: 'cached' });
  await whole.startServer();
  await eventually('the session has ended', async () =>
    (await whole.station.call('station')).session === undefined ? true : undefined,
  );
  await expect.poll(() => events.text()).toMatch(/"reason":"refused".*投诉核查/);
  events.close();
  // and without a connection it is no way in any more
  await whole.stopServer();
  await lineIsGone();
  expect(await failureOf(whole.station.call('login', { body: key }))).toMatchObject({
    code: 'ACCOUNT_FROZEN',
  });
  await whole.startServer();
});
