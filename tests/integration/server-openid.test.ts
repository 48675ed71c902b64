/** 统一身份认证登录 at a portal: the server, a real provider, the browser that began, and those who would like to end it instead. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signInAtProvider } from '#tests/support/openid-browser.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { codeOf, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';

const programme = 'liaoning-subject-library';
const paths = { begin: `/api/portals/${programme}/openid`, end: `/api/portals/${programme}/openid/session` };
const shenbei = { name: '辽宁沈北建设工程有限公司', code: '91210113MA0P4XU88E' };

let services: TestOutsideServices;
let portal: PortalServer;
beforeAll(async () => {
  services = await startOutsideServices();
  portal = await openPortalServer({ services: services.settings });
  const redirectUri = `${portal.server.url}/portal/${programme}/login/openid`;
  await services.openid.setRedirectUris([redirectUri]);
});
afterEach(() => services.openid.setBehaviour({}));
afterAll(async () => {
  await portal?.close();
  await services?.close();
});

async function begin(cookie = '') {
  const begun = await portal.ask('POST', paths.begin, cookie);
  const { url } = begun.told;
  return { ...begun, url: typeof url === 'string' ? url : '' };
}
const end = (cookie: string, query: string) => portal.ask('POST', paths.end, cookie, { query });
async function goIn(login: string | undefined = 'shenbei') {
  const { cookie, url } = await begin();
  return end(cookie, await signInAtProvider(url, login));
}
const self = (cookie: string) => portal.ask('GET', `/api/portals/${programme}/self`, cookie);
const accountsOf = (code: string) =>
  portal.units.db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select(['account.id', 'account.kind', 'account.type'])
    .where('organisation.credit_code', '=', code)
    .execute();

describe('辽易通 signs a unit in', () => {
  it('opens its account at the first time, once for all who come at that moment, and finds it again', async () => {
    const entered = await Promise.all(Array.from({ length: 8 }, () => goIn()));
    expect(entered.map(({ status }) => status)).toEqual(entered.map(() => 200));
    const accounts = await accountsOf(shenbei.code);
    expect(accounts).toMatchObject([{ kind: 'main', type: 'liaoning-unit' }]);
    const { told } = await self((await goIn()).cookie);
    expect(told).toEqual({
      account: { id: accounts[0]?.id, name: shenbei.name, kind: 'main' },
      subject: { kind: 'organisation', name: shenbei.name, code: shenbei.code },
      roles: [
        { id: 'bidder', name: '投标人' },
        { id: 'tenderer', name: '招标人' },
        { id: 'agency', name: '代理机构' },
      ],
      proofs: [{ way: 'openid', assurance: 'two-factors' }],
    });
    expect(await accountsOf(shenbei.code)).toHaveLength(1);
  });

  it('into the account that an administrator has opened for it, and into none of another system', async () => {
    const known = { id: 'known', name: '大连湾建设有限公司', code: codeOf('91210200MA0QX0011') };
    await portal.openUnit(known);
    await services.openid.addUser({ login: 'known', unitName: known.name, creditCode: known.code });
    const { cookie } = await goIn('known');
    expect((await self(cookie)).told['account']).toMatchObject({ id: known.id });
    const set = (type: string) =>
      portal.units.db.updateTable('account').set({ type }).where('id', '=', known.id).execute();
    await set('hunan-unit');
    expect((await goIn('known')).code).toBe('ACCOUNT_ELSEWHERE');
    await set('');
  });

  it('a person alone finds the accounts through which he acts, or words that say that there are none', async () => {
    const refused = await goIn('wang');
    expect(refused.told).toMatchObject({ code: 'OPENID_ACCOUNT_UNKNOWN' });
    expect(String(refused.told['message'])).toContain('没有您可以使用的账号');
    const li = { name: '李晓东', idNumber: '210105198803120034' };
    await services.openid.addUser({ login: 'li', ...li });
    await portal.units.db
      .insertInto('person')
      .values({ id: 'li', name: li.name, id_number: li.idNumber, mobile: null, created_at: '2026-01-01' })
      .execute();
    const [account] = await accountsOf(shenbei.code);
    const held = (person: string | null) =>
      portal.units.db
        .updateTable('account')
        .set({ person_id: person })
        .where('id', '=', account?.id ?? '')
        .execute();
    await held('li');
    const { cookie } = await goIn('li');
    expect((await self(cookie)).told['account']).toMatchObject({ id: account?.id });
    await held(null);
  });

  it('not into an account that is frozen, with the reason', async () => {
    const [account] = await accountsOf(shenbei.code);
    const freeze = (at: string | null) =>
      portal.units.db
        .updateTable('account')
        .set({ frozen_at: at, frozen_reason: '资料核查' })
        .where('id', '=', account?.id ?? '')
        .execute();
    await freeze(new Date().toISOString());
    const refused = await goIn();
    expect(refused.told).toMatchObject({ code: 'ACCOUNT_FROZEN' });
    expect(String(refused.told['message'])).toContain('资料核查');
    await freeze(null);
  });
});

describe('nobody ends what another browser began', () => {
  it('a state that came back before, or in another browser, or in none', async () => {
    const { cookie, url } = await begin();
    const query = await signInAtProvider(url, 'shenbei');
    for (const other of ['', (await begin()).cookie])
      expect((await end(other, query)).code).toBe('OPENID_ATTEMPT_INVALID');
    expect((await end(cookie, query)).status).toBe(200);
    const replayed = await end(cookie, query);
    expect(replayed.told).toMatchObject({ code: 'OPENID_ATTEMPT_INVALID' });
    expect(String(replayed.told['action'])).toContain('重新点击登录');
  });

  it('a state that nobody was given, of another programme, or none at all', async () => {
    const { cookie, url } = await begin();
    const query = await signInAtProvider(url, 'shenbei');
    const elsewhere = `/api/portals/hunan-unified-registration/openid/session`;
    expect((await portal.ask('POST', elsewhere, cookie, { query })).code).toBe('NOT_FOUND');
    for (const forged of [
      query.replace(/state=[^&]{8}/, 'state=AAAAAAAA'),
      '?code=1',
      '?error=access_denied',
    ])
      expect((await end(cookie, forged)).code, forged).toBe('OPENID_ATTEMPT_INVALID');
  });

  it('several windows of one browser each end their own', async () => {
    const first = await begin();
    const second = await begin(first.cookie);
    const [one, two] = [
      await signInAtProvider(first.url, 'shenbei'),
      await signInAtProvider(second.url, 'shenbei'),
    ];
    expect((await end(first.cookie, one)).status).toBe(200);
    expect((await end(second.cookie, two)).status).toBe(200);
  });
});

describe('what goes wrong is said in words', () => {
  it.each([['wrong-nonce'], ['wrong-issuer'], ['wrong-audience'], ['unsigned']] as const)(
    'an answer that is %s signs nobody in',
    async (forgery) => {
      await services.openid.setBehaviour({ forgery });
      const refused = await goIn();
      expect(refused.told).toMatchObject({ code: 'OPENID_ANSWER_REFUSED' });
      expect(refused.cookie).toBe('');
    },
  );

  it('the person says no, is not named, or the provider is away', async () => {
    const { cookie, url } = await begin();
    const denied = await end(cookie, await signInAtProvider(url, undefined));
    expect(denied.told).toMatchObject({ code: 'OPENID_DENIED' });
    expect(String(denied.told['message'])).toContain('取消了登录');
    expect((await goIn('zhou')).code).toBe('OPENID_SUBJECT_UNNAMED');
    await services.openid.setBehaviour({ mode: 'fail' });
    const again = await begin();
    await services.openid.setBehaviour({ mode: 'normal' });
    const query = await signInAtProvider(again.url, 'shenbei');
    await services.openid.setBehaviour({ mode: 'fail' });
    const away = await end(again.cookie, query);
    expect(away.told).toMatchObject({ code: 'SERVICE_UNREACHABLE' });
    expect(String(away.told['message'])).toContain('辽易通');
  });
});
