/** The door of a portal: what it says to whoever comes, and whom it lets in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';

const hunan = 'hunan-unified-registration';
const unit = { id: 'xiang', name: '湘江建设有限公司', code: codeOf('91430100MA4K00001') };
let portal: PortalServer;
beforeAll(async () => {
  portal = await openPortalServer({
    accounts: [
      { id: 'li', name: '李审核', department: '房建处', password: 'kT7-vume-Rado', permissions: [] },
    ],
  });
  await portal.openUnit(unit);
});
afterAll(() => portal.close());

const self = (cookie: string) => portal.ask('GET', `/api/portals/${hunan}/self`, cookie);

describe('a portal', () => {
  it('tells whoever comes which there are, how one gets there and which ways in it takes', async () => {
    const { told } = await portal.ask('GET', '/api/portals');
    expect(told).toContainEqual({ id: hunan, name: '湖南省公共资源交易统一注册系统', region: '湖南省' });
    const whole = await portal.ask('GET', `/api/portals/${hunan}`);
    expect(whole.told).toMatchObject({
      id: hunan,
      loginWays: [
        { way: 'password', assurance: 'password' },
        { way: 'ukey', assurance: 'signed' },
      ],
    });
    expect((await portal.ask('GET', '/api/portals/yunnan-user-centre')).code).toBe('NOT_FOUND');
  });

  it('knows whoever is signed in, for whom, as what and how surely', async () => {
    const { told } = await self(await portal.withPassword(unit));
    expect(told).toEqual({
      account: { id: unit.id, name: unit.name, kind: 'main' },
      subject: { kind: 'organisation', name: unit.name, code: unit.code },
      roles: [{ id: 'unit', name: '单位' }],
      role: 'unit',
      proofs: [{ way: 'password', assurance: 'password' }],
    });
    expect((await self(await portal.withKey(unit))).told['proofs']).toEqual([
      { way: 'ukey', assurance: 'signed' },
    ]);
  });

  it('keeps the chosen subject type in the session, of the same account’s other session none, and takes none that is not there', async () => {
    const liaoning = { id: 'liao', name: '浑河建设有限公司', code: codeOf('91210100MA0K00001') };
    await portal.openUnit(liaoning);
    const selfAt = async (cookie: string) =>
      (await portal.ask('GET', '/api/portals/liaoning-subject-library/self', cookie)).told;
    const choose = (cookie: string, role: string, at = 'liaoning-subject-library') =>
      portal.ask('PUT', `/api/portals/${at}/self/role`, cookie, { role });
    const [one, other] = [await portal.withPassword(liaoning), await portal.withPassword(liaoning)];
    expect(await selfAt(one)).not.toHaveProperty('role');
    expect((await choose(one, 'unit')).code).toBe('FORBIDDEN');
    expect((await choose('', 'bidder')).code).toBe('UNAUTHENTICATED');
    expect((await choose(one, 'tenderer')).told).toMatchObject({ role: 'tenderer' });
    expect(await selfAt(one)).toMatchObject({ role: 'tenderer' });
    expect(await selfAt(other)).not.toHaveProperty('role');
    // of another programme it says nothing
    expect((await choose(one, 'unit', hunan)).told).toMatchObject({ role: 'unit' });
    expect(await selfAt(one)).not.toHaveProperty('role');
  });

  it('begins a draft in the chosen subject type alone: one in another is refused and leaves nothing', async () => {
    const cookie = await portal.withPassword(await portal.openFreshUnit());
    const at = '/api/portals/liaoning-subject-library';
    const begin = (role: string) =>
      portal.ask('POST', `${at}/drafts`, cookie, { kind: 'qualification-grade', role });
    const choose = (role: string) => portal.ask('PUT', `${at}/self/role`, cookie, { role });
    const rows = async () => (await portal.ask('GET', `${at}/records?kind=qualification-grade`, cookie)).told;
    await choose('tenderer');
    const refused = await begin('bidder');
    expect([refused.status, refused.code]).toEqual([403, 'FORBIDDEN']);
    expect(await rows()).toEqual([]);
    await choose('bidder');
    expect((await begin('tenderer')).code).toBe('FORBIDDEN');
    const { told } = await begin('bidder');
    expect(told).toMatchObject({ kind: 'qualification-grade', role: 'bidder' });
    expect(await rows()).toMatchObject([{ summary: { id: told['id'] } }]);
  });

  it('lets nobody in who is not signed in, is of a department, or came by a way that it does not take', async () => {
    expect((await self('')).code).toBe('UNAUTHENTICATED');
    const staff = await portal.ask('POST', '/api/session', '', { account: 'li', password: 'kT7-vume-Rado' });
    expect((await self(staff.cookie)).code).toBe('FORBIDDEN');
    expect((await self(await portal.withProof(unit, 'mobile-sms', 'password'))).code).toBe(
      'LOGIN_WAY_NOT_OFFERED',
    );
  });

  it('sends an account of another system away, and lets it in where its own type stands', async () => {
    const elsewhere = { ...unit, id: 'dian', code: codeOf('91430100MA4K00002') };
    await portal.openUnit(elsewhere);
    const type = (value: string) =>
      portal.units.db.updateTable('account').set({ type: value }).where('id', '=', elsewhere.id).execute();
    await type('enterprise');
    expect((await self(await portal.withPassword(elsewhere))).code).toBe('ACCOUNT_ELSEWHERE');
    await type('hunan-unit');
    expect((await self(await portal.withPassword(elsewhere))).told['roles']).toEqual([
      { id: 'unit', name: '单位' },
    ]);
  });

  it('asks a handler for the tick of its system', async () => {
    const handler = { ...unit, id: 'handler', code: codeOf('91430100MA4K00003') };
    await portal.openUnit(handler);
    await portal.units.db
      .updateTable('account')
      .set({ kind: 'handler' })
      .where('id', '=', handler.id)
      .execute();
    expect((await self(await portal.withPassword(handler))).code).toBe('SYSTEM_NOT_GRANTED');
    await portal.tick(handler.id, hunan);
    expect((await self(await portal.withPassword(handler))).status).toBe(200);
  });
});
