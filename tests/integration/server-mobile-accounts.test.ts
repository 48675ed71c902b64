/** 点击注册: accounts that are mobile numbers, on either database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { makePerson } from '#tests/support/people.ts';
import { openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';

const programme = 'liaoning-subject-library';
const path = `/api/portals/${programme}/mobile-accounts`;
const password = 'kT7-vume-Rado';

let services: TestOutsideServices;
let portal: PortalServer;
beforeAll(async () => {
  services = await startOutsideServices();
  portal = await openPortalServer({ services: services.settings });
});
afterAll(async () => {
  await portal?.close();
  await services?.close();
});

/** The minute between two messages is over. */
const forgetHolds = () => portal.units.db.deleteFrom('tally').execute();
const send = (mobile: string) => portal.ask('POST', `${path}/code`, '', { mobile });
const open = (body: Record<string, string>) => portal.ask('POST', path, '', { password, ...body });
async function codeFor(mobile: string): Promise<string> {
  await forgetHolds();
  expect((await send(mobile)).status).toBe(200);
  return (await services.sms.last(mobile))?.code ?? '';
}
const signIn = (account: string) => portal.ask('POST', '/api/session', '', { account, password });

/** A number that has an account, and what signs it in. */
async function registered(family: string): Promise<{ mobile: string; cookie: string }> {
  const { name, mobile } = makePerson(family);
  await open({ name, mobile, code: await codeFor(mobile) });
  return { mobile, cookie: (await signIn(mobile)).cookie };
}
async function passwordCodeFor(mobile: string): Promise<string> {
  await forgetHolds();
  expect((await portal.ask('POST', `${path}/password-code`, '', { mobile })).status).toBe(200);
  return (await services.sms.last(mobile))?.code ?? '';
}
const nextPassword = 'Zw4-nimo-Kela';
const choose = (body: Record<string, string>) =>
  portal.ask('PUT', `${path}/password`, '', { password: nextPassword, ...body });
const signInWith = (account: string, said: string) =>
  portal.ask('POST', '/api/session', '', { account, password: said });

describe('忘记密码', () => {
  it('takes a new password for the code that came to the number, and ends every session', async () => {
    const { mobile, cookie } = await registered('张忘');
    const code = await passwordCodeFor(mobile);
    expect((await services.sms.last(mobile))?.text).toMatch(/^【辽宁主体云库】找回密码验证码：\d{6}，/u);
    expect((await choose({ mobile, code })).told).toEqual({ account: mobile });
    expect((await portal.ask('GET', `/api/portals/${programme}/self`, cookie)).code).toBe('UNAUTHENTICATED');
    expect((await signInWith(mobile, password)).code).toBe('SIGN_IN_FAILED');
    expect((await signInWith(mobile, nextPassword)).status).toBe(200);
    expect((await choose({ mobile, code })).code).toBe('SMS_CODE_WRONG');
  });

  it('takes neither a wrong code, nor one for 点击注册, nor a simple password, and leaves the present one', async () => {
    const { mobile } = await registered('张错');
    const opening = await codeFor(mobile);
    expect((await choose({ mobile, code: opening })).code).toBe('SMS_CODE_WRONG');
    const code = await passwordCodeFor(mobile);
    const other = code === '123456' ? '123457' : '123456';
    expect((await choose({ mobile, code: other })).code).toBe('SMS_CODE_WRONG');
    expect((await choose({ mobile, code, password: `x${mobile}x` })).code).toBe('PASSWORD_TOO_WEAK');
    expect((await signIn(mobile)).status).toBe(200);
  });

  it('says of a number that has no account what it says of one that has, and writes to nobody', async () => {
    const { mobile } = makePerson('张无');
    const { mobile: known } = await registered('张有');
    await forgetHolds();
    const ask = (to: string) => portal.ask('POST', `${path}/password-code`, '', { mobile: to });
    expect((await ask(mobile)).told).toEqual((await ask(known)).told);
    expect(await services.sms.last(mobile)).toBeUndefined();
    expect((await choose({ mobile, code: '123456' })).code).toBe('SMS_CODE_WRONG');
  });

  it('tells the holder of a frozen account why, and changes nothing', async () => {
    const { mobile } = await registered('张冻');
    const code = await passwordCodeFor(mobile);
    const frozen = { frozen_at: new Date().toISOString(), frozen_reason: '冒用他人手机号' };
    const held = () =>
      portal.units.db.selectFrom('identity').select('account_id').where('value', '=', mobile);
    await portal.units.db.updateTable('account').set(frozen).where('id', 'in', held()).execute();
    expect((await choose({ mobile, code })).told).toMatchObject({
      ...{ code: 'ACCOUNT_FROZEN', details: { reason: '冒用他人手机号' } },
    });
    await portal.units.db
      .updateTable('account')
      .set({ frozen_at: null, frozen_reason: null })
      .where('id', 'in', held())
      .execute();
    expect((await signIn(mobile)).status).toBe(200);
  });
});

describe('点击注册', () => {
  it('opens an account by the code that came to the number, and the number signs in with the password', async () => {
    const { name, mobile } = makePerson('王志');
    const code = await codeFor(mobile);
    expect((await services.sms.last(mobile))?.text).toMatch(/^【辽宁主体云库】注册验证码：\d{6}，/u);
    expect((await signIn(mobile)).code).toBe('SIGN_IN_FAILED');
    expect((await open({ name, mobile, code })).told).toEqual({ account: mobile });
    const { cookie, status } = await signIn(mobile);
    expect(status).toBe(200);
    const { told } = await portal.ask('GET', `/api/portals/${programme}/self`, cookie);
    expect(told).toMatchObject({
      account: { name, kind: 'person' },
      proofs: [{ way: 'password', assurance: 'password' }],
    });
    // for which unit its holder works nobody has proved
    expect(told).not.toHaveProperty('subject');
    const named = await portal.units.db.selectFrom('account').select('id').where('id', '=', mobile).execute();
    expect(named).toEqual([]);
  });

  it('refuses another code, a code for the second time and a simple password, which uses no code up', async () => {
    const { name, mobile } = makePerson('王新');
    const code = await codeFor(mobile);
    const other = code === '123456' ? '123457' : '123456';
    expect((await open({ name, mobile, code: other })).code).toBe('SMS_CODE_WRONG');
    for (const simple of ['1234567890', `x${mobile}x`, 'short', `${name}${name}${name}${name}`])
      expect((await open({ name, mobile, code, password: simple })).code).toBe('PASSWORD_TOO_WEAK');
    expect((await open({ name, mobile, code })).status).toBe(200);
    expect((await open({ name, mobile, code })).code).toBe('SMS_CODE_WRONG');
  });

  it('tells whoever has the number in hand that it has an account, and whoever has not nothing', async () => {
    const { name, mobile } = makePerson('王玉');
    await open({ name, mobile, code: await codeFor(mobile) });
    await forgetHolds();
    const known = await send(mobile);
    expect(known.told).toEqual((await send(makePerson('王宝').mobile)).told);
    const taken = await open({ name, mobile, code: (await services.sms.last(mobile))?.code ?? '' });
    expect(taken.told).toMatchObject({ code: 'MOBILE_REGISTERED' });
    expect(String(taken.told['action'])).toContain('直接用手机号码和密码登录');
  });

  it('is opened by one of many who register one number at one moment', async () => {
    const { name, mobile } = makePerson('王海');
    const code = await codeFor(mobile);
    const answers = await Promise.all(Array.from({ length: 10 }, () => open({ name, mobile, code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const held = await portal.units.db
      .selectFrom('identity')
      .select('id')
      .where('value', '=', mobile)
      .execute();
    expect(held).toHaveLength(1);
  });

  it('counts no message that was not carried, and says which service is away', async () => {
    const { mobile } = makePerson('王山');
    await forgetHolds();
    await services.setBehaviour({ service: 'sms', mode: 'fail' });
    for (let tries = 0; tries < 7; tries += 1)
      expect((await send(mobile)).told).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    await services.setBehaviour({ service: 'sms', mode: 'normal' });
    expect((await send(mobile)).status).toBe(200);
    expect((await send(mobile)).code).toBe('SMS_TOO_SOON');
  });

  it('takes no number, name or code that cannot be one, and is not there where the programme has none', async () => {
    for (const body of [{ mobile: '123' }, { mobile: '13900000001', more: 'x' }])
      expect((await portal.ask('POST', `${path}/code`, '', body)).code).toBe('BAD_REQUEST');
    const elsewhere = '/api/portals/hunan-unified-registration/mobile-accounts/code';
    expect((await portal.ask('POST', elsewhere, '', { mobile: '13900000001' })).code).toBe('NOT_FOUND');
  });
});
