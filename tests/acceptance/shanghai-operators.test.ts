/** 操作员管理, 用户审核 and the sign-in of operators (SHW-023 to SHW-045) at the server's routes: what is let through, and what is not. */
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nameApplicationRoutes } from '#domain/contracts/unit/name-applications.ts';
import type { ApplicationDetail, OwnApplication } from '#domain/contracts/unit/name-applications.ts';
import { codeOf, idNumberOf, openCompanies, ownPassword, shanghai } from '#tests/support/companies.ts';
import type { Companies } from '#tests/support/companies.ts';
import { listenTo } from '#tests/support/event-stream.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { queryStore, readStoredBlob, storeSettings } from '#tests/support/server-stores.ts';
import { openUnits } from '#tests/support/units.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer, testSettings } from '../integration/server-support.ts';

let data: ReturnType<typeof makeDataFolder>;
let server: RunningServer;
let outside: TestOutsideServices;
let companies: Companies;
/** Administrators of two companies. */
let jia: string;
let yi: string;
let picture: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const drawn = await sharp({ create: { width: 400, height: 250, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  picture = new Uint8Array(drawn);
  outside = await startOutsideServices();
  data = makeDataFolder();
  const { mobileCheck, sms } = outside.settings;
  server = await startTestServer(data.folder, { services: { mobileCheck, sms } });
  companies = await openCompanies({
    ...{ folder: data.folder, url: () => server.url, services: outside },
    settings: testSettings(data.folder, await storeSettings(data.folder)),
  });
  jia = await companies.openCompany('jia', '甲造价咨询公司', codeOf('91310000MA1K00001'));
  yi = await companies.openCompany('yi', '乙造价咨询公司', codeOf('91310000MA1K00002'));
});
afterAll(async () => {
  await companies?.close();
  await server?.close();
  await outside?.close();
  data?.remove();
});

const ask: Companies['ask'] = (...args) => companies.ask(...args);
const add = (name: string, mobile: string) =>
  ask('POST', '/api/operators', jia, companies.newOperator(name, mobile));
const accounts = (mobile: string) =>
  queryStore(data.folder, `select id from identity where value = '${mobile}'`);

test('SHW-028 SHW-030 SHW-032 SHW-033 保存 asks whether name and number belong together; without that nothing is saved and no account made', async () => {
  const [right, wrong] = ['13810000001', '13810000002'];
  await companies.knowPerson(right, '张三');
  await companies.knowPerson(wrong, '李四');
  const refused = await add('张三', wrong);
  expect(refused).toMatchObject({
    status: 422,
    told: { message: '您填写的身份信息与手机号认证失败, 请确认信息是否填写正确。' },
  });
  expect(await outside.requests('mobileCheck')).toMatchObject([{ body: { name: '张三', mobile: wrong } }]);
  expect((await ask('GET', '/api/operators', jia)).told).toEqual([]);
  expect(await accounts(wrong)).toEqual([]);
  expect(await outside.sms.last(wrong)).toBeUndefined();
  expect((await companies.askForCode(wrong, ownPassword)).code).toBe('SIGN_IN_FAILED');

  expect((await add('张三', right)).told).toMatchObject({ name: '张三', mobile: right, state: 'usable' });
  expect(await accounts(right)).toHaveLength(1);
});

test('SHW-031 the first password comes by short message, is shown to nobody and opens the account', async () => {
  const mobile = '13810000003';
  await companies.knowPerson(mobile, '王五');
  const added = await add('王五', mobile);
  const password = await companies.firstPassword(mobile);
  expect(password).not.toBe('');
  expect(JSON.stringify(added.told)).not.toContain(password);
  const entered = await companies.operatorSignIn(mobile, password);
  expect(entered.told['mustChangePassword']).toMatchObject({ by: '甲造价咨询公司', isReset: false });

  await companies.knowPerson('13810000004', '赵六');
  await outside.setBehaviour({ service: 'sms', mode: 'fail' });
  expect((await add('赵六', '13810000004')).code).toBe('PASSWORD_NOT_SENT');
  await outside.setBehaviour({ service: 'sms', mode: 'normal' });
  expect(await accounts('13810000004')).toEqual([]);
});

test('SHW-035 修改 takes number and state, the number checked as the first one was, and nothing else', async () => {
  const { id } = await companies.addOperator(jia, '孙七', '13810000005');
  const change = (what: Record<string, unknown>, cookie = jia) =>
    ask('PUT', `/api/operators/${id}`, cookie, what);
  for (const what of [{ name: '孙八' }, { systems: [] }, { mobile: '13810000006', name: '孙八' }])
    expect((await change(what)).status).toBe(400);
  await companies.knowPerson('13810000006', '周八');
  expect((await change({ mobile: '13810000006' })).code).toBe('MOBILE_MISMATCH');
  expect((await change({ mobile: '13810000003' })).code).toBe('MOBILE_MISMATCH');
  await companies.knowPerson('13810000006', '孙七');
  expect((await change({ mobile: '13810000006' }, yi)).status).toBe(404);
  expect((await change({ mobile: '13810000006' })).told).toMatchObject({ mobile: '13810000006' });
  expect((await change({ state: 'unusable' })).told).toMatchObject({ state: 'unusable', name: '孙七' });
  expect((await change({ state: 'usable' })).told).toMatchObject({ state: 'usable' });
  // the number of another operator, also where the name is the same
  await companies.addOperator(jia, '孙七', '13810000007');
  expect((await change({ mobile: '13810000007' })).code).toBe('MOBILE_TAKEN');
});

test('SHW-036 SHW-045 删除 succeeds and makes the account unusable: the record stays, sessions end, signing in is refused in words', async () => {
  const mobile = '13810000008';
  const { id, password } = await companies.addOperator(jia, '吴九', mobile);
  const cookie = await companies.enterAsOperator(mobile, password);
  expect((await ask('GET', '/api/session', cookie)).status).toBe(200);
  expect((await ask('DELETE', `/api/operators/${id}`, yi)).status).toBe(404);
  expect((await ask('DELETE', `/api/operators/${id}`, jia)).status).toBe(200);
  expect((await ask('GET', `/api/operators/${id}`, jia)).told).toMatchObject({
    ...{ name: '吴九', state: 'unusable' },
  });
  expect((await ask('GET', '/api/session', cookie)).code).toBe('UNAUTHENTICATED');
  const before = (await outside.sms.all()).length;
  expect((await companies.askForCode(mobile, ownPassword)).told).toMatchObject({
    code: 'ACCOUNT_DISABLED',
    message: '该账号已被删除或停用，不可使用',
  });
  expect(await outside.sms.all()).toHaveLength(before);
  expect((await companies.signInWith(mobile, ownPassword, '123456')).code).toBe('ACCOUNT_DISABLED');
});

test('SHW-037 number, password and code together let an operator in, no two of them do', async () => {
  const mobile = '13810000009';
  const { password } = await companies.addOperator(jia, '郑十', mobile);
  expect((await companies.askForCode(mobile, 'another password')).code).toBe('SIGN_IN_FAILED');
  await companies.askForCode(mobile, password);
  const code = await companies.newestCode(mobile);
  const wrong = code === '000000' ? '111111' : '000000';
  expect((await companies.signInWith(mobile, password, wrong)).code).toBe('SMS_CODE_WRONG');
  expect((await companies.signInWith(mobile, 'another password', code)).code).toBe('SIGN_IN_FAILED');
  expect((await companies.signIn(mobile, password)).code).toBe('LOGIN_WAY_NOT_OFFERED');
  expect((await companies.signInWith(mobile, password, code)).status).toBe(200);
});

test('SHW-038 whoever came with the first password may do nothing but choose another', async () => {
  const mobile = '13810000010';
  const { password } = await companies.addOperator(jia, '冯一', mobile);
  const { cookie } = await companies.operatorSignIn(mobile, password);
  const portal = `/api/portals/${shanghai}/self`;
  const own = `${nameApplicationRoutes.ownNameApplication.path}?programme=${shanghai}`;
  for (const path of [portal, own])
    expect([path, (await ask('GET', path, cookie)).code]).toEqual([path, 'PASSWORD_CHANGE_REQUIRED']);
  const next = (word: string) =>
    ask('PUT', '/api/session/password', cookie, { current: password, next: word });
  expect((await next('13810000010')).code).toBe('PASSWORD_TOO_WEAK');
  const changed = await next(ownPassword);
  expect(changed.status).toBe(200);
  expect((await ask('GET', own, changed.cookie)).status).toBe(200);
  expect((await companies.operatorSignIn(mobile, password)).code).toBe('SIGN_IN_FAILED');
});

/** What an operator and an administrator do with an application. */
const upload = async (cookie: string, attachment: string, body: Uint8Array<ArrayBuffer> = picture) => {
  const path = nameApplicationRoutes.addApplicationPicture.path.replace(':attachment', attachment);
  const answer = await fetch(`${server.url}${path}?programme=${shanghai}&name=card.jpg`, {
    ...{ method: 'POST', headers: { cookie, 'content-type': 'application/octet-stream' }, body },
  });
  return { status: answer.status, told: (await answer.json()) as Record<string, unknown> };
};
const own = async (cookie: string): Promise<OwnApplication> =>
  (await ask('GET', `/api/name-applications/own?programme=${shanghai}`, cookie))
    .told as unknown as OwnApplication;
const handIn = (cookie: string, idNumber: string) =>
  ask('POST', nameApplicationRoutes.handInNameApplication.path, cookie, {
    ...{ programme: shanghai, values: { idNumber } },
  });
const listed = async (cookie: string) =>
  (await ask('GET', '/api/name-applications', cookie)).told as unknown as {
    applications: { id: string; name: string; isWaiting: boolean; stateText: string; opinion?: string }[];
    notices: { text: string }[];
  };
const waitingOf = (name: string) =>
  waitUntil(async () => (await listed(jia)).applications.find((one) => one.name === name && one.isWaiting), {
    what: `the application of ${name}`,
  });
const decide = (cookie: string, id: string, decision: string, opinion = '') =>
  ask('POST', `/api/name-applications/${id}/decisions`, cookie, { step: 'review', decision, opinion });

test('SHW-024 SHW-040 SHW-041 an operator hands in 实名认证申请, the own administrator alone decides it, both hear of either result', async () => {
  const mobile = '13810000011';
  const { id: account, password } = await companies.addOperator(jia, '陈二', mobile);
  const cookie = await companies.enterAsOperator(mobile, password);
  expect(await own(cookie)).toMatchObject({ name: '陈二', state: 'none', mobile: '138****0011' });

  // nothing is handed in that is not whole
  const empty = await handIn(cookie, '110101199001011');
  expect(Object.keys(empty.told['problems'] as object).sort()).toEqual([
    ...['id-card-back', 'id-card-front', 'idNumber'],
  ]);
  expect((await upload(cookie, 'id-card-front', new Uint8Array([1, 2, 3]))).told).toMatchObject({
    code: 'ATTACHMENT_NOT_PICTURE',
  });
  for (const slot of ['id-card-front', 'id-card-front', 'id-card-back'])
    expect((await upload(cookie, slot)).status).toBe(200);
  expect((await own(cookie)).files).toHaveLength(2);
  const idNumber = idNumberOf(mobile);
  expect((await handIn(cookie, idNumber)).told).toMatchObject({
    problems: {},
    application: { state: 'waits' },
  });
  expect((await handIn(cookie, idNumber)).code).toBe('APPLICATION_WAITS');
  expect((await upload(cookie, 'id-card-back')).told).toMatchObject({ code: 'APPLICATION_WAITS' });

  const first = await waitingOf('陈二');
  expect((await listed(yi)).applications).toEqual([]);
  expect((await listed(jia)).notices[0]?.text).toBe('收到操作员的实名认证申请，请审核');
  for (const [other, status] of [
    [yi, 404],
    [cookie, 403],
    ['', 401],
  ] as const) {
    expect((await ask('GET', `/api/name-applications/${first.id}`, other)).status).toBe(status);
    expect((await decide(other, first.id, 'approve')).status).toBe(status);
    const answer = await fetch(`${server.url}/api/name-applications/${first.id}/attachments/0`, {
      headers: { cookie: other },
    });
    expect(answer.status).toBe(status);
  }
  const detail = (await ask('GET', `/api/name-applications/${first.id}`, jia))
    .told as unknown as ApplicationDetail;
  expect(detail.fields.map(({ label, value }) => [label, value])).toEqual(
    expect.arrayContaining([
      ['姓名', '陈二'],
      ['身份证号码', `${idNumber.slice(0, 6)}********${idNumber.slice(-4)}`],
    ]),
  );
  expect(detail.attachments.map(({ title }) => title)).toEqual(['身份证（人像面）', '身份证（国徽面）']);
  const shown = await fetch(`${server.url}/api/name-applications/${first.id}/attachments/1`, {
    headers: { cookie: jia },
  });
  expect(new Uint8Array(await shown.arrayBuffer())).toEqual(picture);

  // refused with a reason: both hear of it, and it may be handed in again
  expect((await decide(jia, first.id, 'refuse')).code).toBe('OPINION_REQUIRED');
  expect((await decide(jia, first.id, 'refuse', '照片看不清')).told).toMatchObject({ isWaiting: false });
  expect((await decide(jia, first.id, 'approve')).status).toBe(409);
  expect(await own(cookie)).toMatchObject({ state: 'refused', opinion: '照片看不清' });
  expect((await own(cookie)).notices[0]?.text).toContain('未通过审核');
  expect(await listed(jia)).toMatchObject({
    applications: [{ stateText: '实名认证未通过', opinion: '照片看不清' }],
    notices: [{ text: '操作员的实名认证申请未通过审核' }, {}],
  });
  expect((await ask('GET', `/api/operators/${account}`, jia)).told['realNameAt']).toBeUndefined();

  expect((await handIn(cookie, idNumber)).status).toBe(200);
  const second = await waitingOf('陈二');
  expect((await decide(jia, second.id, 'approve')).status).toBe(200);
  expect(await own(cookie)).toMatchObject({ state: 'approved' });
  expect((await own(cookie)).notices[0]?.text).toBe('您的实名认证申请已通过审核');
  expect((await listed(jia)).notices[0]?.text).toBe('操作员的实名认证申请已通过审核');
  expect((await ask('GET', `/api/operators/${account}`, jia)).told).toHaveProperty('realNameAt');
  expect((await handIn(cookie, idNumber)).code).toBe('APPLICATION_WAITS');
});

test('SHW-041 the application comes to the administrator’s page live, the decision to the operator’s, and to no other company’s', async () => {
  const mobile = '13810000013';
  const { password } = await companies.addOperator(jia, '蒋十三', mobile);
  const cookie = await companies.enterAsOperator(mobile, password);
  for (const slot of ['id-card-front', 'id-card-back']) await upload(cookie, slot);
  const address = `${server.url}/api/portals/${shanghai}/events`;
  const hint = 'event: portal-changed';
  // the platform takes an administrator by the company's key
  expect((await listenTo(address, jia)).status).toBe(403);
  const units = await openUnits(data.folder);
  const administrator = (id: string, name: string, body: string) =>
    units.signInWithKey(id, { name, code: codeOf(body) });
  const keyOfJia = await administrator('jia', '甲造价咨询公司', '91310000MA1K00001');
  const keyOfYi = await administrator('yi', '乙造价咨询公司', '91310000MA1K00002');
  const [ofJia, ofYi] = [await listenTo(address, keyOfJia), await listenTo(address, keyOfYi)];
  expect((await handIn(cookie, idNumberOf(mobile))).status).toBe(200);
  await expect.poll(ofJia.text).toContain(hint);
  const ofOperator = await listenTo(address, cookie);
  const { id } = await waitingOf('蒋十三');
  expect((await decide(jia, id, 'approve')).status).toBe(200);
  await expect.poll(ofOperator.text).toContain(hint);
  expect(ofYi.text()).not.toContain(hint);
  for (const stream of [ofJia, ofYi, ofOperator]) stream.close();
  await units.close();
  expect((await listenTo(address, '')).status).toBe(401);
});

test('SHW-024 an administrator has no application of the own, and pictures of a draft lie under keys of their own', async () => {
  const path = `/api/name-applications/own?programme=${shanghai}`;
  expect((await ask('GET', path, jia)).code).toBe('FORBIDDEN');
  const mobile = '13810000012';
  const { password } = await companies.addOperator(jia, '褚三', mobile);
  const cookie = await companies.enterAsOperator(mobile, password);
  await upload(cookie, 'id-card-front');
  const [row] = await queryStore<{ body: string }>(
    data.folder,
    'select body from name_application where record_id is null order by updated_at desc limit 1',
  );
  const [file] = (JSON.parse(row?.body ?? '') as { files: { blob: string }[] }).files;
  const stored = await readStoredBlob(data.folder, file?.blob ?? '');
  expect(Buffer.from(stored).includes(Buffer.from(picture.subarray(0, 64)))).toBe(false);
});
