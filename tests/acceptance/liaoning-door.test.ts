/** Liaoning's CA login at its portal by its routes: a unit's key opens the unit's account, and nobody registers before. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDoor } from '#tests/support/portal-door.ts';
import { codeOf, openPortalServer } from '#tests/support/portal-pages.ts';
import type { PortalServer } from '#tests/support/portal-pages.ts';
import { createTestAuthority, createTestCompany } from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import { authority, authorityPem } from '../integration/server-fixtures.ts';

const programme = 'liaoning-subject-library';
const unit = { companyName: '沈阳浑河建设有限公司', creditCode: codeOf('91210100MA0XQ1HR4') };

let portal: PortalServer;
beforeAll(async () => {
  portal = await openPortalServer({ trustAnchors: [authorityPem] });
});
afterAll(() => portal?.close());

const door = (id = programme) => openDoor(portal.server.url, id);
const keyOf = (subject: { companyName: string; creditCode: string }, from = authority): TestCompany =>
  createTestCompany(from, { subject });
const selfOf = async (here: ReturnType<typeof door>) =>
  (await here.ask('GET', `/api/portals/${programme}/self`)).body;
const accountsOf = ({ creditCode }: { creditCode: string }) =>
  portal.units.db
    .selectFrom('account')
    .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
    .select(['account.id', 'account.type', 'account.kind'])
    .where('organisation.credit_code', '=', creditCode)
    .execute();

test('LNC-012 the key of a unit that nobody knows opens its account, whose proof is its signature, and the same one again', async () => {
  const here = door();
  expect((await here.signInByKey(keyOf(unit))).body).toEqual({ isPasswordDue: false });
  expect(await selfOf(here)).toMatchObject({
    account: { name: unit.companyName, kind: 'main' },
    subject: { name: unit.companyName, code: unit.creditCode },
    proofs: [{ way: 'ukey', assurance: 'signed' }],
    roles: [{ name: '投标人' }, { name: '招标人' }, { name: '代理机构' }],
  });
  expect((await door().signInByKey(keyOf(unit))).status).toBe(200);
  expect(await accountsOf(unit)).toMatchObject([{ type: 'liaoning-unit', kind: 'main' }]);
});

test('LNC-012 of many that come with one unit’s key at one moment all are let in, to one account', async () => {
  const busy = { companyName: '沈阳棋盘山监理有限公司', creditCode: codeOf('91210100MA0XQ2HT5') };
  const answers = await Promise.all(Array.from({ length: 6 }, () => door().signInByKey(keyOf(busy))));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  expect(await accountsOf(busy)).toHaveLength(1);
});

test('LNC-012 a key of another CA and one of a frozen account open nothing, and the second says why', async () => {
  const stranger = keyOf(unit, createTestAuthority('别家电子认证'));
  expect((await door().signInByKey(stranger)).code).toBe('CERTIFICATE_UNTRUSTED');
  const [own] = await accountsOf(unit);
  const frozen = { frozen_at: new Date().toISOString(), frozen_reason: '经核查暂停使用' };
  await portal.units.db
    .updateTable('account')
    .set(frozen)
    .where('id', '=', own?.id ?? '')
    .execute();
  const refused = await door().signInByKey(keyOf(unit));
  expect(refused).toMatchObject({ code: 'ACCOUNT_FROZEN', details: { reason: '经核查暂停使用' } });
});

test('LNC-012 a unit whose account another system registered is told so, and no key opens a portal that takes none', async () => {
  const elsewhere = { companyName: '昆明盘龙建设有限公司', creditCode: codeOf('91530100MA6XQ3HU6') };
  await portal.openUnit({ id: 'panlong', name: elsewhere.companyName, code: elsewhere.creditCode });
  await portal.units.db
    .updateTable('account')
    .set({ type: 'construction-enterprise' })
    .where('id', '=', 'panlong')
    .execute();
  expect((await door().signInByKey(keyOf(elsewhere))).code).toBe('ACCOUNT_ELSEWHERE');
  expect((await door('yunnan-quality-safety').signInByKey(keyOf(elsewhere))).code).toBe('NOT_FOUND');
});
