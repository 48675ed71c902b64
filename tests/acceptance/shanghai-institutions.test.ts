/** Institutions at Shanghai's platform (SHW-013 to SHW-022, SHW-042) by its routes: who is let in, registered, bound, refused. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  asPriceAssessor,
  authority,
  information,
  issueKey,
  makeAuthority,
  openBrowserAt,
  startDoor,
} from '#tests/support/institution-door.ts';
import type { DoorBrowser, UnitKey } from '#tests/support/institution-door.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';

const programme = 'shanghai-maintenance-fund';
const pujiang = { companyName: '上海浦江工程造价咨询有限公司', creditCode: '91310101MA1FL3K022' };
/** The same organisation code under another credit code. */
const pujiangBefore = { ...pujiang, creditCode: '93310101MA1FL3K02U' };
const chenghai = { companyName: '上海澄海会计师事务所有限公司', creditCode: '91310101MA1FL4C71M' };
const lingang = { companyName: '上海临港代理记账有限公司', creditCode: '91310115MA1H8Q2D8T' };
const exists = '维修资金系统已经存在统一社会信用代码(含组织机构代码)相同的审价单位,申请失败!';
let services: TestOutsideServices;
let door: Awaited<ReturnType<typeof startDoor>>;
beforeAll(async () => {
  services = await startOutsideServices();
  door = await startDoor(authority, services);
});
afterEach(() => services.setBehaviour({ service: 'all', mode: 'normal' }));
afterAll(async () => {
  await door?.close();
  await services?.close();
});

const browser = (): DoorBrowser => openBrowserAt(door.origin, programme);
async function inside(unit: Parameters<typeof issueKey>[1], key: UnitKey = issueKey(authority, unit)) {
  const opened = browser();
  expect(await opened.showKey(key)).toMatchObject({ status: 200 });
  return opened;
}
const rowsOf = ({ creditCode }: { creditCode: string }) => door.institutionsOf(creditCode);
const shownCode = async (account: string): Promise<string> =>
  (await services.institutionAccounts()).find((one) => one.account === account)?.shown ?? '';

describe('whose key is let in', () => {
  test('SHW-017 SHW-006 SHW-019: a valid key of a unit is, and what it says is told; no other key is, nor no key', async () => {
    const key = issueKey(authority, chenghai);
    const opened = browser();
    expect(await opened.keyEntry()).toMatchObject({ code: 'KEY_ENTRY_GONE' });
    const entered = await opened.showKey(key);
    expect(entered.told).toMatchObject({
      ...{ holderName: chenghai.companyName, creditCode: chenghai.creditCode, organisationCode: 'MA1FL4C71' },
      ...{ serial: key.serial, issuer: '上海市数字证书认证中心（模拟）', identities: [] },
    });
    expect((await opened.keyEntry()).told).toEqual(entered.told);

    const yesterday = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2024-01-01T00:00:00.000Z' };
    const refusals: [string, UnitKey][] = [
      ['CERTIFICATE_EXPIRED', issueKey(authority, { ...chenghai, validity: yesterday })],
      ['CERTIFICATE_UNTRUSTED', issueKey(makeAuthority('别的认证中心'), chenghai)],
      ['UNIT_KEY_REQUIRED', issueKey(authority, { companyName: '周敏' })],
    ];
    for (const [code, wrong] of refusals) {
      const other = browser();
      expect([code, await other.showKey(wrong)]).toMatchObject([code, { code }]);
      expect(await other.keyEntry()).toMatchObject({ code: 'KEY_ENTRY_GONE' });
    }
  });

  test('the statement is good once, in its own browser, and its entry at its own platform', async () => {
    const first = browser();
    const statement = await first.signed(issueKey(authority, chenghai));
    const path = `/api/portals/${programme}/key-entry`;
    expect(await browser().ask('POST', path, statement)).toMatchObject({ code: 'CHALLENGE_INVALID' });
    expect(await first.ask('POST', path, statement)).toMatchObject({ status: 200 });
    expect(await first.ask('POST', path, statement)).toMatchObject({ code: 'CHALLENGE_INVALID' });
    expect(await first.ask('GET', '/api/portals/hunan-unified-registration/key-entry')).toMatchObject({
      code: 'NOT_FOUND',
    });
    await first.ask('DELETE', path);
    expect(await first.keyEntry()).toMatchObject({ code: 'KEY_ENTRY_GONE' });
    expect(await first.register(asPriceAssessor)).toMatchObject({ code: 'KEY_ENTRY_GONE' });
  });
});

describe('注册', () => {
  test('SHW-013: what is filled in is kept, the business system opens the account, and a missing line is named', async () => {
    const opened = await inside(chenghai);
    const auditor = { ...asPriceAssessor, role: 'auditor' };
    const missing = await opened.register({ ...auditor, information: { ...information, contactName: ' ' } });
    expect(missing).toMatchObject({ code: 'FIELD_INVALID' });
    expect(missing.message).toContain('联系人');
    expect(await rowsOf(chenghai)).toEqual([]);
    const registered = await opened.register(auditor);
    const [row] = await rowsOf(chenghai);
    expect(registered.told['identities']).toEqual([
      { role: 'auditor', businessAccount: row?.business_account, origin: 'registered' },
    ]);
    expect((await services.institutionAccounts())[0]).toMatchObject({
      ...{ system: programme, account: row?.business_account, name: chenghai.companyName },
      ...{ kind: '审计单位', code: chenghai.creditCode },
    });
    const lines = door.db
      .selectFrom('log_line')
      .select('action')
      .where('ref', '=', row?.account_id ?? '');
    expect(await lines.execute()).toEqual([{ action: 'account-institution-registered' }]);
  });

  test('SHW-014: 维修资金系统 alone can be registered at, another platform is refused and nothing is kept', async () => {
    const opened = await inside(lingang);
    for (const platform of ['property-management', 'anything'])
      expect(await opened.register({ ...asPriceAssessor, platform })).toMatchObject({
        code: 'PLATFORM_NOT_OPEN',
      });
    expect(await rowsOf(lingang)).toEqual([]);
    expect(await opened.register({ ...asPriceAssessor, role: 'bookkeeper' })).toMatchObject({ status: 200 });
  });

  test('SHW-015: with an account from before the answer is the manual’s text, and nothing is kept', async () => {
    const refused = await (await inside(pujiang)).register(asPriceAssessor);
    expect(refused).toMatchObject({ status: 409, code: 'INSTITUTION_EXISTS', message: exists });
    expect(await rowsOf(pujiang)).toEqual([]);
  });

  test('SHW-016: it is held against the code, the organisation code in it, and the kind of unit', async () => {
    // known by the nine characters alone, and by another credit code that contains them
    for (const unit of [pujiang, pujiangBefore])
      expect(await (await inside(unit)).register(asPriceAssessor)).toMatchObject({ message: exists });
    // it is this platform's own look that refuses: nothing was asked to be opened
    const asked = (await services.requests('institutionAccounts')).slice(0, 2);
    expect(asked.map(({ operation }) => operation)).toEqual(['find', 'find']);
    const other = await (await inside(pujiang)).register({ ...asPriceAssessor, role: 'bookkeeper' });
    expect(other).toMatchObject({ status: 200 });
    // and now against what was registered here
    const again = await (await inside(pujiangBefore)).register({ ...asPriceAssessor, role: 'bookkeeper' });
    expect(again.message).toBe(exists.replace('审价单位', '代理记账公司'));
    expect(await rowsOf(pujiangBefore)).toEqual([]);
  });
});

describe('企业绑定', () => {
  const account = 'ZX310100027';

  test('SHW-042: by OTP the account of before becomes the unit’s; a wrong code says so and binds nothing', async () => {
    const opened = await inside(pujiang);
    expect((await opened.accounts('price-assessor')).list).toEqual([{ account, name: pujiang.companyName }]);
    expect((await opened.accounts('auditor')).list).toEqual([]);
    const right = await shownCode(account);
    const wrong = right === '000000' ? '000001' : '000000';
    const failed = await opened.bindByCode('price-assessor', account, wrong);
    expect(failed).toMatchObject({ status: 422, code: 'BINDING_FAILED' });
    expect(failed.message).toContain('绑定失败');
    // the account of another unit, with the code that its own token shows, and as another kind
    const others = await shownCode('SJ310100012');
    expect(await opened.bindByCode('price-assessor', 'SJ310100012', others)).toMatchObject({
      code: 'BINDING_FAILED',
    });
    expect(await opened.bindByCode('auditor', account, right)).toMatchObject({ code: 'BINDING_FAILED' });
    expect((await rowsOf(pujiang)).map(({ role }) => role)).toEqual(['bookkeeper']);

    const bound = await opened.bindByCode('price-assessor', account, await shownCode(account));
    expect(bound).toMatchObject({ status: 200 });
    expect((await rowsOf(pujiang)).at(-1)).toMatchObject({
      ...{ role: 'price-assessor', business_account: account, origin: 'bound-by-otp' },
    });
    expect(await opened.bindByCode('price-assessor', account, '123456')).toMatchObject({
      code: 'INSTITUTION_HELD',
    });
  });

  test('SHW-042: by the key that the business system knows, and by no other', async () => {
    const unit = { companyName: '上海静安审计有限公司', creditCode: '91310115742109857Q' };
    const known = issueKey(authority, unit);
    await services.addInstitutionAccount({
      ...{ system: programme, account: 'SJ-KEY', name: unit.companyName, kind: '审计单位' },
      ...{ code: unit.creditCode, keySerials: [known.serial] },
    });
    const opened = await inside(unit);
    expect(await opened.bindByKey('auditor', 'SJ-KEY', issueKey(authority, unit))).toMatchObject({
      code: 'BINDING_FAILED',
    });
    expect(await opened.bindByKey('auditor', 'SJ-KEY', issueKey(authority, chenghai))).toMatchObject({
      code: 'BINDING_FAILED',
    });
    expect(await rowsOf(unit)).toEqual([]);
    expect(await opened.bindByKey('auditor', 'SJ-KEY', known)).toMatchObject({ status: 200 });
    expect((await rowsOf(unit))[0]).toMatchObject({ origin: 'bound-by-key', business_account: 'SJ-KEY' });
  });

  test('codes are not guessed: after five the next one waits, also the right one; a failing service counts none', async () => {
    const unit = { companyName: '上海猜测造价有限公司', creditCode: '91310115MA1FL4C71Y' };
    const own = 'ZX-GUESS';
    await services.addInstitutionAccount({
      ...{ system: programme, account: own, name: unit.companyName, kind: '审价单位' },
      ...{ code: unit.creditCode, otpSecret: '3132333435363738393031323334353637383930' },
    });
    const opened = await inside(unit);
    await services.setBehaviour({ service: 'institutionAccounts', mode: 'fail' });
    for (let n = 0; n < 7; n += 1)
      expect(await opened.bindByCode('price-assessor', own, '000000')).toMatchObject({
        code: 'SERVICE_UNREACHABLE',
      });
    await services.setBehaviour({ service: 'institutionAccounts', mode: 'normal' });
    const codes: (string | undefined)[] = [];
    for (let n = 0; n < 6; n += 1)
      codes.push((await opened.bindByCode('price-assessor', own, `00000${n}`)).code);
    expect(codes).toEqual([...Array<string>(5).fill('BINDING_FAILED'), 'TOO_MANY_ATTEMPTS']);
    expect(await opened.bindByCode('price-assessor', own, await shownCode(own))).toMatchObject({
      code: 'TOO_MANY_ATTEMPTS',
    });
    expect(await rowsOf(unit)).toEqual([]);
  });
});

describe('into the system', () => {
  test('SHW-020 SHW-021: one identity goes in by itself, several only once one of them is chosen, none not at all', async () => {
    const none = await inside({ companyName: '上海无名有限公司', creditCode: '91310101742109857F' });
    const system = programme;
    expect(await none.enter({ system })).toMatchObject({ code: 'INSTITUTION_MISSING' });

    const one = await inside(chenghai);
    expect(await one.enter({ system: 'yunnan-user-centre' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await one.enter({ system, role: 'bookkeeper' })).toMatchObject({ code: 'INSTITUTION_MISSING' });
    expect(await one.enter({ system })).toMatchObject({ status: 200, told: { role: 'auditor' } });
    expect((await one.self()).told).toMatchObject({
      account: { kind: 'main', name: chenghai.companyName },
      subject: { kind: 'organisation', name: chenghai.companyName, code: chenghai.creditCode },
      roles: [{ id: 'auditor', name: '审计单位' }],
      proofs: [{ way: 'ukey', assurance: 'signed' }],
    });
    // the key was shown for this one entrance
    expect(await one.keyEntry()).toMatchObject({ code: 'KEY_ENTRY_GONE' });

    const several = await inside(pujiang);
    expect(await several.enter({ system })).toMatchObject({ code: 'INSTITUTION_ROLE_REQUIRED' });
    expect(await several.self()).toMatchObject({ status: 401 });
    expect(await several.enter({ system, role: 'price-assessor' })).toMatchObject({ status: 200 });
    const { roles, role } = (await several.self()).told;
    expect(roles).toMatchObject([{ id: 'price-assessor' }, { id: 'bookkeeper' }]);
    expect(role).toBe('price-assessor');
  });

  test('SHW-021: the session keeps the role, another identity of the unit is chosen in its place, and none that it has not', async () => {
    const opened = await inside(pujiang);
    await opened.enter({ system: programme, role: 'bookkeeper' });
    const choose = (role: string) => opened.ask('PUT', `/api/portals/${programme}/self/role`, { role });
    expect(await choose('auditor')).toMatchObject({ code: 'FORBIDDEN' });
    expect((await opened.self()).told).toMatchObject({ role: 'bookkeeper' });
    expect(await choose('price-assessor')).toMatchObject({ status: 200, told: { role: 'price-assessor' } });
    expect((await opened.self()).told).toMatchObject({ role: 'price-assessor' });
  });

  test('SHW-022: it is the unit’s administrator, who may look after operators', async () => {
    const opened = await inside(chenghai);
    expect(await opened.ask('GET', '/api/operators')).toMatchObject({ status: 401 });
    await opened.enter({ system: programme });
    expect(await opened.ask('GET', '/api/operators')).toMatchObject({ status: 200, list: [] });
  });

  test('an account that was disabled is not entered', async () => {
    const [row] = await rowsOf(lingang);
    await door.db
      .updateTable('account')
      .set({ disabled_at: new Date().toISOString() })
      .where('id', '=', row?.account_id ?? '')
      .execute();
    expect(await (await inside(lingang)).enter({ system: programme })).toMatchObject({
      code: 'ACCOUNT_DISABLED',
    });
    const refused = door.db.selectFrom('log_line').select('result').where('result', '=', 'ACCOUNT_DISABLED');
    await expect.poll(() => refused.execute()).toHaveLength(1);
  });
});
