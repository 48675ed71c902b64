/** Institutions that register at one moment, and while the business system is down: on both databases. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  asPriceAssessor,
  authority,
  issueKey,
  openBrowserAt,
  startDoor,
} from '#tests/support/institution-door.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';

const programme = 'shanghai-maintenance-fund';
const jinshan = { companyName: '上海金山审价有限公司', creditCode: '91310101631045176J' };
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

async function inside(unit: Parameters<typeof issueKey>[1]) {
  const opened = openBrowserAt(door.origin, programme);
  expect(await opened.showKey(issueKey(authority, unit))).toMatchObject({ status: 200 });
  return opened;
}
const rowsOf = ({ creditCode }: { creditCode: string }) => door.institutionsOf(creditCode);

test('of many that register one company at once one wins, and it has one account', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => inside(jinshan)));
  const answers = await Promise.all(all.map((one) => one.register(asPriceAssessor)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  expect(answers.filter(({ status }) => status === 409).every(({ message }) => message === exists)).toBe(
    true,
  );
  expect(await rowsOf(jinshan)).toHaveLength(1);
  const ofUnit = (await services.institutionAccounts()).filter(({ code }) => code === jinshan.creditCode);
  expect(ofUnit).toHaveLength(1);
  const kinds = await Promise.all(
    ['auditor', 'bookkeeper'].map(async (role, n) => all[n]?.register({ ...asPriceAssessor, role })),
  );
  for (const answer of kinds) expect(answer?.status).toBe(200);
  expect(new Set((await rowsOf(jinshan)).map((row) => row.account_id)).size).toBe(1);
});

test('a business system that is down in the middle leaves nothing behind, and the same goes through afterwards', async () => {
  const unit = { companyName: '上海中断工程咨询有限公司', creditCode: '91310101MA1GK5T6XW' };
  const opened = await inside(unit);
  for (const mode of ['fail', 'garbage'] as const) {
    await services.setBehaviour({ service: 'institutionAccounts', mode });
    const down = await opened.register(asPriceAssessor);
    expect(down).toMatchObject({ status: 503, code: 'SERVICE_UNREACHABLE' });
    expect(down.message).toContain('业务系统账号');
    expect(await rowsOf(unit)).toEqual([]);
  }
  await services.setBehaviour({ service: 'institutionAccounts', mode: 'normal' });
  expect(await opened.register(asPriceAssessor)).toMatchObject({ status: 200 });
  // as if the answer had been lost after the account was opened: asked again, it is the same one
  const [row] = await rowsOf(unit);
  await door.db
    .deleteFrom('institution')
    .where('business_account', '=', row?.business_account ?? '')
    .execute();
  expect(await opened.register(asPriceAssessor)).toMatchObject({ status: 200 });
  expect((await rowsOf(unit))[0]?.business_account).toBe(row?.business_account);
});
