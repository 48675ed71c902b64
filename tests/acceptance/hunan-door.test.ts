/** Hunan's door by its routes: who registers himself, by what he signs in, and who is kept out. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { portalDraftSchema } from '#domain/contracts/portal/records.ts';
import { getProgramme } from '#domain/catalogue/lookup.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { onePixel } from '#tests/support/portal-forms.ts';
import { openDoor } from '#tests/support/portal-door.ts';
import { openRegistrants } from '#tests/support/registrants.ts';
import type { TestRegistrants } from '#tests/support/registrants.ts';
import { createTestAuthority, createTestCompany } from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { authority, authorityPem } from '../integration/server-fixtures.ts';
import { makeDataFolder, startTestServer } from '../integration/server-support.ts';

const programme = 'hunan-unified-registration';
const { portal } = getProgramme(loadCatalogue(), programme);
const password = 'kT7-vume-Rado';
const another = 'Zw4-nimo-Kela';
const units = {
  first: { name: '湖南湘江建设有限公司', number: '91430100MA4L1A2B3F' },
  second: { name: '长沙岳麓招标代理有限公司', number: '91430100MA4Q2C3D4T' },
  third: { name: '湖南（洞庭）水利工程有限公司', number: '91430102MA4R5E6F7C' },
  fourth: { name: '株洲芦淞测绘有限公司', number: '91430103MA4T8G9H1K' },
  sixth: { name: '岳阳君山市政工程有限公司', number: '91430105MA4W2K3L47' },
  fifth: { name: '衡阳雁峰监理有限公司', number: '91430104MA4U1J2K3D' },
};
const person = { name: '龙晓燕', number: '430102199003071234' };

const data = makeDataFolder();
let outside: TestOutsideServices;
let server: RunningServer;
let registrants: TestRegistrants;
beforeAll(async () => {
  outside = await startOutsideServices();
  server = await startTestServer(data.folder, {
    ...{ trustAnchors: [authorityPem], services: outside.settings, demo: true },
  });
  registrants = await openRegistrants(data.folder);
});
afterAll(async () => {
  await registrants?.close();
  await server?.close();
  await outside?.close();
  data.remove();
});

const door = () => openDoor(server.url, programme);
const asUnit = (unit: { name: string; number: string }) => ({ kind: 'hunan-unit', ...unit, password });
const keyOf = (
  { name, number }: { name: string; number: string },
  more: { from?: typeof authority; notAfter?: string; serialNumber?: Uint8Array } = {},
): TestCompany =>
  createTestCompany(more.from ?? authority, {
    subject: { companyName: name, creditCode: number },
    ...(more.serialNumber ? { serialNumber: more.serialNumber } : {}),
    ...(more.notAfter
      ? { validity: { notBefore: '2025-01-01T00:00:00.000Z', notAfter: more.notAfter } }
      : {}),
  });
/** As the server says who is signed in. */
const selfOf = async (here: ReturnType<typeof door>) =>
  (await here.ask('GET', `/api/portals/${programme}/self`)).body;

describe('registration', () => {
  test('HNR-007 a number is looked up: unknown before the registration, known after it, by whatever letters it is typed', async () => {
    const here = door();
    expect((await here.isKnown('hunan-unit', units.first.number)).body).toEqual({ isKnown: false });
    expect((await here.register(asUnit(units.first))).status).toBe(200);
    expect((await here.isKnown('hunan-unit', units.first.number)).body).toEqual({ isKnown: true });
    expect((await here.isKnown('hunan-unit', ` ${units.first.number.toLowerCase()}`)).body).toEqual({
      isKnown: true,
    });
    expect((await here.register(asUnit(units.first))).code).toBe('NUMBER_REGISTERED');
  });

  test('a number with a wrong check digit is told of, for units and for persons', async () => {
    const here = door();
    const wrong = await here.isKnown('hunan-unit', '91430100MA4L1A2B3C');
    expect(wrong.code).toBe('FIELD_INVALID');
    expect(JSON.stringify(wrong.details)).toMatch(/"number":"[^"]*校验/u);
    expect((await here.isKnown('hunan-person', '430102199003071235')).code).toBe('FIELD_INVALID');
    expect((await here.register({ ...asUnit(units.second), number: '91430100MA4L1A2B3C' })).code).toBe(
      'FIELD_INVALID',
    );
  });

  test('HNR-013 a unit signs in by its full name and by nothing else, a person by the number', async () => {
    const here = door();
    expect((await here.register(asUnit(units.second))).body).toEqual({ loginName: units.second.name });
    here.forget();
    expect((await here.signIn(units.second.number, password)).code).toBe('SIGN_IN_FAILED');
    expect((await here.signIn(units.second.name, password)).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({
      subject: { kind: 'organisation', name: units.second.name, code: units.second.number },
      roles: [{ id: 'unit' }],
      proofs: [{ way: 'password', assurance: 'password' }],
    });
    here.forget();
    const registered = await here.register({ kind: 'hunan-person', ...person, password });
    expect(registered.body).toEqual({ loginName: person.number });
    here.forget();
    expect((await here.signIn(person.name, password)).code).toBe('SIGN_IN_FAILED');
    expect((await here.signIn(person.number, password)).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({
      subject: { kind: 'person', name: person.name, code: '430102********1234' },
      roles: [{ id: 'natural-person' }],
    });
  });

  test('a natural person hands in the basic information with both sides of the card, and finds it again', async () => {
    const here = door();
    const own = { name: '彭湘云', number: '430102198506170045' };
    await here.register({ kind: 'hunan-person', ...own, password });
    const at = `/api/portals/${programme}`;
    const begun = await here.ask('POST', `${at}/drafts`, { kind: 'personal-info', role: 'natural-person' });
    const { id, answers, papers, form, revision } = portalDraftSchema.parse(begun.body);
    expect(form).toMatchObject({ name: own.name, idNumber: own.number });
    const entered = { ...form, phone: '13807310000', address: '长沙市岳麓区潇湘中路1号' };
    await here.ask('PUT', `${at}/drafts/${id}`, { answers, papers, revision, form: entered });
    const handIn = () => here.ask('POST', `${at}/drafts/${id}/handing-in`);
    const { problems } = z
      .object({ problems: z.record(z.string(), z.string()) })
      .parse((await handIn()).body);
    expect(Object.keys(problems).toSorted()).toEqual(['files.id-card-back', 'files.id-card-front']);
    for (const slot of ['id-card-front', 'id-card-back']) await here.attach(id, slot, onePixel);
    expect((await handIn()).body).toEqual({ problems: {}, record: id });
    here.forget();
    await here.signIn(own.number, password);
    expect((await here.ask('GET', `${at}/records?kind=personal-info`)).body).toMatchObject([
      { summary: { id, state: 'stored', form: { address: '长沙市岳麓区潇湘中路1号' } } },
    ]);
  });

  test('a password that is too simple is refused with what is wanted, and the account is not opened', async () => {
    const here = door();
    for (const [simple, fault] of [
      ['123456789012', 'simple'],
      ['Ab1!', 'short'],
      [`${person.number}x`, 'name'],
      ['password2026', 'common'],
    ] as const) {
      const refused = await here.register({
        ...{ kind: 'hunan-person', name: person.name, number: person.number, password: simple },
      });
      expect([refused.code, refused.details]).toEqual(['PASSWORD_TOO_WEAK', { fault }]);
    }
    expect((await here.ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
  });

  test('the name of another unit is told of, and two units of one name can both register', async () => {
    const here = door();
    const same = { ...asUnit(units.third), name: units.second.name };
    const refused = await here.register(same);
    expect([refused.code, refused.details]).toEqual(['LOGIN_NAME_TAKEN', { name: units.second.name }]);
    expect((await here.isKnown('hunan-unit', units.third.number)).body).toEqual({ isKnown: false });
    const registered = await here.register({ ...same, signsInByNumber: true });
    expect(registered.body).toEqual({ loginName: units.third.number });
    here.forget();
    expect((await here.signIn(units.third.number, password)).status).toBe(200);
    here.forget();
    // the first one's account is still the first one's
    expect((await here.signIn(units.second.name, password)).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({ subject: { code: units.second.number } });
  });

  test('whoever asks for number after number waits, and a registration wants the silent work', async () => {
    const here = door();
    const tries = await Promise.all(
      Array.from({ length: 40 }, () => here.isKnown('hunan-unit', units.fourth.number)),
    );
    expect(tries.filter(({ code }) => code === 'TOO_MANY_ATTEMPTS').length).toBeGreaterThan(5);
    const done = await here.captcha();
    const body = {
      ...asUnit(units.fourth),
      signsInByNumber: false,
      captcha: { id: done.id, answer: '0000' },
    };
    expect((await here.ask('POST', `/api/portals/${programme}/registrations`, body)).code).toBe(
      'CAPTCHA_WRONG',
    );
  });

  test('of fifty that register one number at one moment one does', async () => {
    const outcomes = await registrants.raceFor({ programme, ...units.fifth }, 50);
    expect(outcomes.filter((one) => 'loginName' in one)).toHaveLength(1);
    expect(await registrants.count(units.fifth.number)).toBe(1);
  });
});

describe('signing in', () => {
  test('HNR-018 account and password go in, a wrong one does not, and whoever is of the desk has no business here', async () => {
    const here = door();
    expect((await here.signIn(units.first.name, 'wrong-password-1')).code).toBe('SIGN_IN_FAILED');
    await here.signIn('demo', 'ludeng-demo');
    expect(await selfOf(here)).toMatchObject({ code: 'FORBIDDEN' });
    // by the name as others type it
    expect((await here.signIn(` ${units.first.name} `, password)).body).toEqual({ isPasswordDue: false });
    expect(await selfOf(here)).toMatchObject({ account: { kind: 'registrant', name: units.first.name } });
  });

  test('HNR-017 CA login needs a key that a trusted CA issued for a unit that is registered', async () => {
    const here = door();
    expect((await here.signInByKey(keyOf(units.fourth))).code).toBe('UNIT_NOT_REGISTERED');
    const stranger = keyOf(units.first, { from: createTestAuthority('别家认证中心') });
    expect((await here.signInByKey(stranger)).code).toBe('CERTIFICATE_UNTRUSTED');
    const expired = keyOf(units.first, { notAfter: '2026-01-01T00:00:00.000Z' });
    expect((await here.signInByKey(expired)).code).toBe('CERTIFICATE_EXPIRED');
    expect((await here.signInByKey(keyOf(units.first))).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({
      subject: { name: units.first.name },
      proofs: [{ way: 'ukey', assurance: 'signed' }],
    });
    // the first proof ended the password; the tests below want one
    expect((await here.ask('PUT', '/api/portal-account/password', { password })).status).toBe(200);
  });

  test('whoever registered the number before its key came is out once the key has signed in', async () => {
    const [impostor, holder] = [door(), door()];
    expect((await impostor.register(asUnit(units.sixth))).status).toBe(200);
    expect((await impostor.ask('GET', '/api/portal-account')).body).toMatchObject({ hasPassword: true });
    expect((await holder.signInByKey(keyOf(units.sixth))).status).toBe(200);
    expect((await impostor.ask('GET', '/api/portal-account')).code).toBe('UNAUTHENTICATED');
    expect((await impostor.signIn(units.sixth.name, password)).code).toBe('SIGN_IN_FAILED');
    expect((await holder.ask('GET', '/api/portal-account')).body).toMatchObject({ hasPassword: false });
    expect((await holder.ask('PUT', '/api/portal-account/password', { password: another })).status).toBe(200);
    expect((await holder.ask('GET', '/api/portal-account')).body).toMatchObject({ hasPassword: true });
    // the key that signs in again ends nothing more
    expect((await holder.signInByKey(keyOf(units.sixth))).status).toBe(200);
    holder.forget();
    expect((await holder.signIn(units.sixth.name, another)).status).toBe(200);
  });

  test('a key whose name is not the account’s is refused with both names', async () => {
    const here = door();
    const renamed = keyOf({ ...units.first, name: '湖南湘江控股集团有限公司' });
    const refused = await here.signInByKey(renamed);
    expect([refused.code, refused.details]).toEqual([
      'KEY_NAME_DIFFERS',
      { onKey: '湖南湘江控股集团有限公司', ofAccount: units.first.name },
    ]);
    expect((await here.ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
  });

  test('a renamed unit signs in by its new name, the old one says so to whoever knows the password', async () => {
    const here = door();
    const name = '长沙岳麓咨询集团有限公司';
    await registrants.fileForm(units.second, { unitName: name });
    expect((await here.signIn(units.second.name, 'wrong-password-1')).code).toBe('SIGN_IN_FAILED');
    const told = await here.signIn(units.second.name, password);
    expect([told.code, told.details]).toEqual(['LOGIN_NAME_CHANGED', { loginName: name }]);
    expect((await here.ask('GET', '/api/session')).code).toBe('UNAUTHENTICATED');
    expect((await here.signIn(name, password)).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({ subject: { name, code: units.second.number } });
    // and no unit takes the name of another by saying that it is called so
    await expect(registrants.fileForm(units.first, { unitName: name })).rejects.toThrow('LOGIN_NAME_TAKEN');
    expect((await here.signIn(units.first.name, password)).status).toBe(200);
  });

  test('what somebody handed in at a counter with its key is opened by that key alone', async () => {
    const here = door();
    await registrants.handedInAtCounter(units.fourth);
    expect((await here.register(asUnit(units.fourth))).code).toBe('NUMBER_NEEDS_KEY');
    expect((await here.signInByKey(keyOf(units.fourth))).status).toBe(200);
    expect(await selfOf(here)).toMatchObject({ subject: { name: units.fourth.name } });
  });

  test('it opens nothing of another programme, another unit or the desk', async () => {
    const here = door();
    await here.signIn(units.first.name, password);
    for (const path of ['/api/directory', '/api/unit/handlers', '/api/operators', '/api/mobile/todos'])
      expect([path, (await here.ask('GET', path)).status]).toEqual([path, expect.toBeOneOf([403, 404])]);
    const elsewhere = await here.ask('GET', '/api/portals/liaoning-subject-library/self');
    expect(elsewhere.status).toBeOneOf([403, 404]);
  });
});

describe('a forgotten password', () => {
  test('is chosen anew with the key in the computer, and with nothing less', async () => {
    const here = door();
    const choose = () => here.ask('PUT', '/api/portal-account/password', { password: another });
    await here.signIn(units.first.name, password);
    expect((await choose()).code).toBe('KEY_NOT_INSERTED');
    await here.signInByKey(keyOf(units.first));
    const weak = await here.ask('PUT', '/api/portal-account/password', { password: '1234567890' });
    expect(weak.code).toBe('PASSWORD_TOO_WEAK');
    const elsewhere = door();
    await elsewhere.signIn(units.first.name, password);
    expect((await choose()).status).toBe(200);
    expect((await elsewhere.ask('GET', '/api/portal-account')).code).toBe('UNAUTHENTICATED');
    expect((await here.ask('GET', '/api/portal-account')).status).toBe(200);
    here.forget();
    expect((await here.signIn(units.first.name, password)).code).toBe('SIGN_IN_FAILED');
    expect((await here.signIn(units.first.name, another)).status).toBe(200);
  });

  test('is reset by the desk after a look at the papers, and must be replaced before anything else', async () => {
    const desk = openDoor(server.url, programme);
    await desk.ask('POST', '/api/session', { account: 'demo', password: 'ludeng-demo' });
    const account = await registrants.accountOf(person.number);
    const reset = (id: string) => desk.ask('POST', `/api/directory/${id}/password`, { reason: '身份证原件' });
    expect((await reset('demo')).code).toBe('ACCOUNT_UNKNOWN');
    const { password: issued } = z.object({ password: z.string() }).parse((await reset(account)).body);
    const here = door();
    expect((await here.signIn(person.number, password)).code).toBe('SIGN_IN_FAILED');
    expect((await here.signIn(person.number, issued)).body).toEqual({ isPasswordDue: true });
    expect((await here.ask('GET', '/api/portal-account/certificates')).code).toBe('PASSWORD_CHANGE_REQUIRED');
    const changed = await here.ask('PUT', '/api/session/password', { current: issued, next: another });
    expect(changed.status).toBe(200);
    expect((await here.ask('GET', '/api/portal-account/certificates')).body).toEqual([]);
  });
});

describe('the key', () => {
  const application = '/api/portal-account/key-application';
  test('HNR-032 is asked for only once the basic information is complete', async () => {
    const here = door();
    await here.signIn('长沙岳麓咨询集团有限公司', password);
    await registrants.fileForm(units.second, { legalRepresentative: '' });
    expect((await here.ask('GET', application)).body).toEqual({
      missing: ['法定代表人', '法定代表人身份证号码'],
    });
    const refused = await here.ask('POST', application, {});
    expect([refused.code, refused.details]).toEqual([
      'KEY_APPLICATION_INCOMPLETE',
      { missing: ['法定代表人', '法定代表人身份证号码'] },
    ]);
    expect(await outside.requests('caCompany')).toEqual([]);
    await registrants.fileForm(units.second, registrants.wholeForm);
    expect((await here.ask('GET', application)).body).toEqual({ missing: [] });
    const sent = await here.ask('POST', application, {});
    expect(sent.body).toMatchObject({ last: { isAccepted: true } });
    expect(JSON.stringify(sent.body)).toMatch(/"reference":"CA-/u);
    const [request] = await outside.requests('caCompany');
    expect(request?.body).toMatchObject({
      ...{ creditCode: units.second.number, legalRepresentative: '周建军', contactPhone: '13973112233' },
    });
  });

  test('is not pretended where the CA company says no or does not answer', async () => {
    const here = door();
    await here.signIn('长沙岳麓咨询集团有限公司', password);
    await outside.setBehaviour({ service: 'caCompany', mode: 'fail' });
    expect((await here.ask('POST', application, {})).code).toBe('SERVICE_UNREACHABLE');
    await outside.setBehaviour({ service: 'caCompany', mode: 'normal' });
    await outside.addBusiness({
      ...{ creditCode: units.second.number, name: units.second.name, legalRepresentative: '周建军' },
      ...{ type: '有限责任公司', address: '长沙市', registeredCapital: '100万元人民币' },
      ...{ establishedOn: '2019-01-01', businessScope: '招标代理', state: 'revoked' },
    });
    const refused = await here.ask('POST', application, {});
    expect(refused.body).toMatchObject({
      last: { isAccepted: false, reason: '工商登记显示该单位已吊销或注销' },
    });
    expect(await registrants.applications(units.second.number)).toEqual([1, 0]);
  });

  test('HNR-065 is listed with every other that signed in to this account, and with none of another', async () => {
    const here = door();
    const newer = keyOf(units.first, { serialNumber: Uint8Array.of(0x1f, 0x2e) });
    await here.signInByKey(newer);
    const list = await here.ask('GET', '/api/portal-account/certificates');
    const rows = z
      .array(
        z.looseObject({ serial: z.string(), holderName: z.string(), issuer: z.string(), state: z.string() }),
      )
      .parse(list.body);
    expect(rows.map(({ serial, holderName, state }) => [serial, holderName, state])).toEqual([
      ['11F2E', units.first.name, 'valid'],
      ['107', units.first.name, 'valid'],
    ]);
    expect(rows[0]?.issuer).toContain('测试认证中心');
    await here.signIn(units.third.number, password);
    expect((await here.ask('GET', '/api/portal-account/certificates')).body).toEqual([]);
  });
});

test('the texts of the manual are the programme’s', () => {
  expect(portal?.keyApplication?.refused).toContain('0731-82210013/82210016');
});
