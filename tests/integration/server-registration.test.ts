/** Registration of a main account over HTTP, with the sandbox of the outside services, on either database. */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { registrationRoutes } from '#domain/contracts/public/registration.ts';
import { isCreditCode, creditCodeCheck } from '#domain/fields/check-digits.ts';
import { dianchi, people, startRegistrationOffice, stranger } from '#tests/support/registration-office.ts';
import type { RegistrationOffice } from '#tests/support/registration-office.ts';
import { makePerson } from '#tests/support/people.ts';
import { codeOf } from '#tests/support/phone.ts';
import type { Someone } from '#tests/support/phone.ts';
import { waitUntil } from '#tests/support/wait-until.ts';

let office: RegistrationOffice;
let staff: string;
let picture: Uint8Array;
beforeAll(async () => {
  office = await startRegistrationOffice();
  staff = await office.signIn();
  picture = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#fff' } })
    .jpeg()
    .toBuffer();
  for (const person of Object.values(people)) await office.phoneOf(person);
});
afterAll(() => office.close());
afterEach(() => office.sandbox.setBehaviour({ service: 'all', mode: 'normal' }));

interface Told {
  status: number;
  code: unknown;
  body: Record<string, unknown>;
}

/** A browser: it has a cookie of its own. */
function openBrowser(place: { cookie?: string } = {}) {
  let cookie = place.cookie ?? '';
  async function ask(method: string, path: string, body?: unknown): Promise<Told> {
    const isFile = body instanceof Uint8Array;
    const answer = await fetch(`${office.server.url}${path}`, {
      method,
      headers: {
        cookie,
        ...(body === undefined ? {} : { 'content-type': isFile ? 'image/jpeg' : 'application/json' }),
      },
      body: body === undefined ? null : isFile ? Buffer.from(body) : JSON.stringify(body),
    });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('ludeng-registration='));
    if (set !== undefined) cookie = [cookie, set.split(';')[0]].filter(Boolean).join('; ');
    const type = answer.headers.get('content-type') ?? '';
    const told = type.includes('json') ? ((await answer.json()) as Record<string, unknown>) : {};
    return { status: answer.status, code: told['code'], body: told };
  }
  const own = '/api/registrations/own';
  return {
    ask,
    cookie: () => cookie,
    begin: (type: string) => ask('POST', '/api/registrations', { programme: 'yunnan-user-centre', type }),
    save: (type: string, values: Record<string, string>) => ask('PUT', own, { type, values }),
    add: (attachment: string, bytes: Uint8Array = picture) =>
      ask('POST', `${own}/attachments/${attachment}?name=${attachment}.jpg`, bytes),
    file: () => ask('POST', `${own}/filing`),
    own: async () => (await ask('GET', own)).body['registration'] as Record<string, unknown> | undefined,
    withdraw: () => ask('POST', `${own}/withdrawal`),
    reopen: () => ask('POST', `${own}/reopening`),
    remind: () => ask('POST', `${own}/reminder`),
    drop: () => ask('DELETE', own),
  };
}
type TestBrowser = ReturnType<typeof openBrowser>;

const persons = (boss: keyof typeof people, handler: keyof typeof people | Someone) => {
  const one = typeof handler === 'string' ? people[handler] : handler;
  return {
    ...{ representative: people[boss].name, representativeId: people[boss].idNumber },
    ...{ representativeMobile: people[boss].mobile, handler: one.name },
    ...{ handlerId: one.idNumber, handlerMobile: one.mobile },
  };
};
/** Nobody's main handler yet. */
async function newHandler(): Promise<Someone> {
  const person = makePerson('张新');
  await office.phoneOf(person);
  return person;
}

let units = 0;
/** A company of its own in the register, with the form that agrees with it. */
async function makeCompany(change: Record<string, string> = {}) {
  units += 1;
  const body = `91530100MA6K2X${String(units).padStart(3, '0')}`;
  const creditCode = `${body}${creditCodeCheck(body)}`;
  expect(isCreditCode(creditCode)).toBe(true);
  const unitName = `昆明第${units}建设工程有限公司`;
  const { unitType, address, registeredCapital, establishedOn, businessScope } = dianchi;
  await office.sandbox.addBusiness({
    ...{ creditCode, name: unitName, legalRepresentative: people.yang.name, type: unitType, address },
    ...{ registeredCapital, establishedOn, businessScope, state: 'active' },
  });
  return { ...dianchi, unitName, creditCode, ...persons('yang', 'zhang'), ...change };
}

async function attachAll(browser: TestBrowser, slots: readonly string[]): Promise<void> {
  for (const slot of slots) expect((await browser.add(slot)).status).toBe(200);
}
const enterpriseSlots = ['licence', 'authorisation', 'commitment'];

async function enterprise(values: Record<string, string>): Promise<TestBrowser> {
  const browser = openBrowser();
  await browser.begin('enterprise');
  await browser.save('enterprise', values);
  await attachAll(browser, enterpriseSlots);
  return browser;
}
const problemsOf = ({ body }: Told): Record<string, string> =>
  (body['problems'] ?? {}) as Record<string, string>;

async function confirm(unitName: string, boss: keyof typeof people = 'yang', decision = 'confirm') {
  const { id, recordId } = await office.caseOf(unitName);
  await (await office.phoneOf(people[boss])).confirm(id, decision);
  return { id, recordId };
}

describe('a draft', () => {
  it('is known by its cookie alone, whose token is stored nowhere, and stays over a reload', async () => {
    const browser = openBrowser();
    await browser.begin('enterprise');
    const typed = { unitName: '昆明某某公司', representative: '阿依·木呷', handlerId: '11' };
    expect((await browser.save('enterprise', typed)).status).toBe(200);
    expect((await browser.own())?.['values']).toEqual(typed);
    expect(await openBrowser().own()).toBeUndefined();
    expect((await openBrowser({ cookie: 'ludeng-registration=guessed' }).save('enterprise', {})).code).toBe(
      'REGISTRATION_GONE',
    );
    const token = browser.cookie().split('=')[1] ?? '';
    const rows = await office.accounts.db.selectFrom('registration').selectAll().execute();
    expect(token.length).toBe(43);
    expect(JSON.stringify(rows)).not.toContain(token);
  });

  it('changes its type and keeps what both types have', async () => {
    const browser = openBrowser();
    await browser.begin('enterprise');
    await browser.save('enterprise', { ...dianchi, ...persons('yang', 'zhang') });
    const { body } = await browser.save('public-body', {
      ...{ unitName: dianchi.unitName, creditCode: dianchi.creditCode },
      ...persons('yang', 'zhang'),
    });
    expect(body['type']).toBe('public-body');
    expect(body['values']).toMatchObject({ unitName: dianchi.unitName, handler: people.zhang.name });
    const back = await browser.save('enterprise', body['values'] as Record<string, string>);
    expect(back.body['values']).toMatchObject({ businessScope: dianchi.businessScope });
  });

  it('takes pictures by what they are, not by their names, and as many as it has room for', async () => {
    const browser = openBrowser();
    await browser.begin('enterprise');
    const pdf = new TextEncoder().encode('%PDF-1.7 授权委托书');
    const gif = new TextEncoder().encode('GIF89a');
    for (const slot of ['authorisation', 'commitment', 'licence'])
      for (const bytes of [pdf, gif]) {
        const refused = await browser.add(slot, bytes);
        expect(refused.code).toBe('ATTACHMENT_NOT_PICTURE');
        expect(refused.body['message']).toContain('只能以图片格式上传');
      }
    expect((await browser.add('licence')).status).toBe(200);
    expect((await browser.add('licence', new Uint8Array([...picture, 0]))).code).toBe('ATTACHMENT_FULL');
    expect((await browser.add('other')).code).toBe('NOT_FOUND');
    const [file] = (await browser.own())?.['files'] as { sha: string }[];
    const path = `/api/registrations/own/attachments/licence/${file?.sha}`;
    expect((await browser.ask('GET', path)).status).toBe(200);
    expect((await openBrowser().ask('GET', path)).code).toBe('REGISTRATION_GONE');
    expect((await browser.ask('DELETE', path)).body['files']).toEqual([]);
  });

  it('has its pictures under keys of their own, and is gone with them when it is dropped or runs out', async () => {
    const browser = openBrowser();
    const { body } = await browser.begin('enterprise');
    await browser.add('licence');
    const { db } = office.accounts;
    const row = await db
      .selectFrom('registration')
      .select('body')
      .where('id', '=', String(body['id']))
      .executeTakeFirstOrThrow();
    const { blob } = (JSON.parse(row.body) as { files: { blob: string }[] }).files[0] ?? { blob: '' };
    if (process.env['VITEST_PROJECT'] !== 'province') {
      const stored = readBlob(blob);
      if (stored) expect(stored.includes(picture.subarray(0, 64) as Buffer)).toBe(false);
    }
    expect((await browser.drop()).status).toBe(200);
    expect(readBlob(blob)).toBeUndefined();
    expect(await browser.own()).toBeUndefined();

    const late = openBrowser();
    const begun = await late.begin('enterprise');
    await db
      .updateTable('registration')
      .set({ expires_at_ms: 1 })
      .where('id', '=', String(begun.body['id']))
      .execute();
    expect(await late.own()).toBeUndefined();
    const told = await late.file();
    expect(told.code).toBe('REGISTRATION_GONE');
    expect(told.body['action']).toContain('已过期');
  });
});

/** As the folder of the server has it; undefined where it is gone, or where the store is another one. */
function readBlob(sha: string): Buffer | undefined {
  try {
    return readFileSync(`${office.dataFolder}/blobs/${sha.slice(0, 2)}/${sha}`);
  } catch {
    return undefined;
  }
}

describe('提交', () => {
  it('names every field that is missing or wrong: check digits, days that are none, papers', async () => {
    const browser = openBrowser();
    await browser.begin('enterprise');
    await browser.save('enterprise', {
      ...{ unitName: dianchi.unitName, creditCode: '91530100MA6K1A0170', ...persons('yang', 'zhang') },
      ...{ representativeId: '530102198502302019', handlerId: '530102199005108070' },
    });
    const problems = problemsOf(await browser.file());
    expect(problems['creditCode']).toContain('校验位不正确');
    expect(problems['representativeId']).toContain('出生日期不是有效日期');
    expect(problems['handlerId']).toContain('校验位不正确');
    expect(problems['licence']).toBe('请上传营业执照');
    expect(problems['address']).toBe('请填写住所');
    expect(problems['registeredCapital']).toBeUndefined();
    expect(problems['unitName']).toBeUndefined();
  });

  it('takes names with · and rare hanzi', async () => {
    const form = await makeCompany({ ...persons('yang', 'ayi') });
    const browser = await enterprise({ ...form, handler: '阿依•木呷' });
    const told = await browser.file();
    expect(told.code ?? problemsOf(told)).toEqual({});
    const other = await makeCompany();
    await office.sandbox.addBusiness({
      ...{ creditCode: other.creditCode, name: other.unitName, legalRepresentative: people.duan.name },
      ...{ type: other.unitType, address: other.address, registeredCapital: other.registeredCapital },
      ...{ establishedOn: other.establishedOn, businessScope: other.businessScope, state: 'active' },
    });
    const rare = await enterprise({ ...other, ...persons('duan', 'li') });
    expect(problemsOf(await rare.file())).toEqual({});
  });

  it('YNU-020 YNU-035 marks each field that disagrees with the business register, and never says what the register has', async () => {
    const form = await makeCompany();
    const wrong = {
      ...{ unitName: '昆明别的公司', unitType: '个人独资企业', address: '云南省昆明市盘龙区某路1号' },
      ...{ registeredCapital: '9999万元', establishedOn: '2001-01-01', businessScope: '餐饮服务' },
      representative: people.li.name,
    };
    for (const [field, value] of Object.entries(wrong)) {
      const browser = await enterprise({ ...form, [field]: value });
      const told = await browser.file();
      expect(Object.keys(problemsOf(told))).toEqual([field]);
      expect(problemsOf(told)[field]).toContain('与工商备案不一致');
      expect(JSON.stringify(problemsOf(told))).not.toContain(form[field as keyof typeof form]);
      expect((await browser.own())?.['state']).toBe('draft');
    }
    const right = await enterprise(form);
    expect(problemsOf(await right.file())).toEqual({});
    expect((await right.own())?.['state']).toBe('filed');
  });

  it('tells an unknown code, a unit that is gone, and a renamed one', async () => {
    const form = await makeCompany();
    const body = '91530100MA6KXX999';
    const unknown = await enterprise({ ...form, creditCode: `${body}${creditCodeCheck(body)}` });
    expect(problemsOf(await unknown.file())['creditCode']).toContain('工商备案中没有');
    const gone = {
      ...{ unitName: '昆明金马装饰有限公司', creditCode: '91530100MA6K1D058K', unitType: '有限责任公司' },
      ...{ address: '云南省昆明市官渡区吴井路300号', registeredCapital: '壹佰万元整' },
      ...{ establishedOn: '2009-03-16', businessScope: '室内外装饰装修工程设计与施工。' },
    };
    const cancelled = await enterprise({ ...form, ...gone, ...persons('duan', 'zhang') });
    expect(problemsOf(await cancelled.file())['creditCode']).toContain('已注销');
    const renamed = await enterprise({ ...form, unitName: '昆明旧名建设工程有限公司' });
    expect(problemsOf(await renamed.file())['unitName']).toContain('已更名');
  });

  it('tells two companies of one name apart by their codes', async () => {
    const other = { ...dianchi, creditCode: '91530400MA6K1B036C', ...persons('yang', 'zhang') };
    const problems = problemsOf(await (await enterprise(other)).file());
    expect(Object.keys(problems)).toContain('address');
    expect(problems['unitName']).toBeUndefined();
  });

  it('lets nobody guess at what the register says: a unit is asked about a few times, from whatever address', async () => {
    const form = await makeCompany();
    let code: unknown;
    let tries = 0;
    while (code === undefined && tries < 40) {
      tries += 1;
      const browser = await enterprise({ ...form, registeredCapital: `${tries}万元` });
      code = (await browser.file()).code;
    }
    expect(code).toBe('REGISTER_ASKED_TOO_OFTEN');
    expect(tries).toBeLessThan(20);
    const elsewhere = await makeCompany();
    expect(problemsOf(await (await enterprise(elsewhere)).file())).toEqual({});
  });

  it('keeps the draft while the register is down, and goes on when it is back', async () => {
    const form = await makeCompany();
    const browser = await enterprise(form);
    await office.sandbox.setBehaviour({ service: 'businessRegister', mode: 'fail' });
    const down = await browser.file();
    expect(down.code).toBe('SERVICE_UNREACHABLE');
    expect((await browser.own())?.['state']).toBe('draft');
    await office.sandbox.setBehaviour({ service: 'businessRegister', mode: 'normal' });
    expect(problemsOf(await browser.file())).toEqual({});
  });

  it('YNU-033 YNU-034 needs the real-name authentication of the legal person and of the main handler', async () => {
    const unproved = { name: '赵国强', idNumber: '53062119760101605X', mobile: '13900000015' };
    const form = await makeCompany();
    const handler = await enterprise({
      ...form,
      ...{ handler: unproved.name, handlerId: unproved.idNumber, handlerMobile: unproved.mobile },
    });
    const refused = await handler.file();
    expect([refused.code, refused.body['message']]).toEqual([
      'GUARD_REFUSED',
      '主经办人尚未在云南建管小程序完成实名认证',
    ]);
    await office.sandbox.addBusiness({
      ...{ creditCode: form.creditCode, name: form.unitName, legalRepresentative: unproved.name },
      ...{ type: form.unitType, address: form.address, registeredCapital: form.registeredCapital },
      ...{ establishedOn: form.establishedOn, businessScope: form.businessScope, state: 'active' },
    });
    const boss = await enterprise({
      ...form,
      ...{ representative: unproved.name, representativeId: unproved.idNumber },
    });
    expect((await boss.file()).body['message']).toBe('法定代表人尚未在云南建管小程序完成实名认证');
    expect((await boss.own())?.['state']).toBe('draft');
  });

  it('of two that press at once files one', async () => {
    const browser = await enterprise(await makeCompany());
    const told = await Promise.all([browser.file(), browser.file(), browser.file()]);
    expect(told.filter(({ code }) => code === undefined).length).toBe(1);
    expect(told.filter(({ code }) => code === 'REGISTRATION_FILED').length).toBe(2);
    expect((await browser.save('enterprise', {})).code).toBe('REGISTRATION_FILED');
    expect((await browser.add('licence')).code).toBe('REGISTRATION_FILED');
  });
});

describe('the department', () => {
  it.each(['enterprise', 'public-body', 'group-or-person'] as const)(
    'YNU-050 YNU-128 YNU-129 reviews %s only after the person named has confirmed',
    async (type) => {
      const { browser, subject, boss } = await filed(type);
      const { id } = await office.caseOf(subject);
      const early = await office.decide(staff, id, { step: 'review', decision: 'approve' });
      expect([early.status, early.body['code']]).toEqual([409, 'CONFIRMATION_MISSING']);
      await confirm(subject, boss);
      expect((await browser.own())?.['state']).toBe('under-review');
      const approved = await office.decide(staff, id, { step: 'review', decision: 'approve' });
      expect(approved.status).toBe(200);
      expect((await browser.own())?.['state']).toBe('approved');
      const main = await office.accounts.db
        .selectFrom('account')
        .innerJoin('organisation', 'organisation.id', 'account.organisation_id')
        .select(['account.kind', 'account.type', 'account.is_pending'])
        .where('organisation.name', '=', subject)
        .execute();
      expect(main).toEqual([{ kind: 'main', type, is_pending: 0 }]);
    },
  );

  it('of another department, and whoever lacks the permission, sees and decides nothing', async () => {
    const { subject } = await filed('enterprise');
    const { id, recordId } = await confirm(subject);
    const other = await office.signIn(stranger);
    expect((await office.decide(other, id, { step: 'review', decision: 'approve' })).body['code']).toBe(
      'NOT_FOUND',
    );
    const answer = await fetch(`${office.server.url}/api/records/${recordId}/register-comparison`, {
      headers: { cookie: other },
    });
    expect(answer.status).toBe(404);
  });

  it('sees what the register said beside each field, and the pictures', async () => {
    const { subject, form } = await filed('enterprise');
    const { id, recordId } = await confirm(subject);
    const { fields, askedAt } = await office.comparison(staff, recordId);
    expect(askedAt).toBeDefined();
    expect(fields.find(({ field }) => field === 'address')).toEqual({
      ...{ field: 'address', registered: form['address'], agrees: true },
    });
    expect(fields.length).toBe(8);
    const detail = await fetch(`${office.server.url}/api/cases/${id}`, { headers: { cookie: staff } });
    const { record } = (await detail.json()) as {
      record: { attachments: { attachment: string; sha: string }[] };
    };
    expect(record.attachments.map(({ attachment }) => attachment)).toEqual(enterpriseSlots);
    const [first] = record.attachments;
    const path = `/api/records/${recordId}/attachments/${first?.attachment}/${first?.sha}`;
    const bytes = await fetch(`${office.server.url}${path}`, { headers: { cookie: staff } });
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array(picture));
    expect((await fetch(`${office.server.url}${path}`)).status).toBe(401);
  });

  it('refuses with its opinion, and everything is there for another try, of another type too', async () => {
    const { browser, subject, form } = await filed('enterprise');
    const { id } = await confirm(subject);
    const silent = await office.decide(staff, id, { step: 'review', decision: 'refuse' });
    expect(silent.body['code']).toBe('OPINION_REQUIRED');
    const opinion = '授权委托书没有盖章';
    await office.decide(staff, id, { step: 'review', decision: 'refuse', opinion });
    expect(await browser.own()).toMatchObject({ state: 'refused', refusedBy: 'department', opinion });
    const { body } = await browser.reopen();
    expect(body).toMatchObject({ state: 'draft', values: form });
    expect((body['files'] as unknown[]).length).toBe(3);
    expect(problemsOf(await browser.file())).toEqual({});
    await confirm(subject);
    expect((await browser.own())?.['state']).toBe('under-review');
  });

  it('refuses the second of two who register one company, with its text', async () => {
    const first = await filed('enterprise');
    const second = await enterprise({ ...first.form, ...persons('yang', 'li') });
    expect(problemsOf(await second.file())).toEqual({});
    const cases = () =>
      office.accounts.db
        .selectFrom('case_file')
        .select('id')
        .where('subject_name', '=', first.subject)
        .execute();
    await vi.waitUntil(async () => (await cases()).length === 2);
    const { id: later } = await confirm(first.subject);
    const all = await cases();
    const earlier = all.find(({ id }) => id !== later)?.id ?? '';
    await (await office.phoneOf(people.yang)).confirm(earlier);
    expect((await office.decide(staff, earlier, { step: 'review', decision: 'approve' })).status).toBe(200);
    const refused = await office.decide(staff, later, { step: 'review', decision: 'approve' });
    expect(refused.body['message']).toBe('该单位已经注册，一个单位只有一个主账号');
    const third = await (await enterprise(first.form)).file();
    expect(third.body['message']).toContain('该单位已经注册，一个单位只有一个主账号');
  });

  it('gives one person no second main account of one type', async () => {
    const taken = await filed('enterprise', 'ayi');
    const { id } = await confirm(taken.subject);
    await office.decide(staff, id, { step: 'review', decision: 'approve' });
    const again = await (await enterprise(await makeCompany(persons('yang', 'ayi')))).file();
    expect(again.body['message']).toBe('该主经办人已有同一类型的主账号');
  });
});

describe('on its way', () => {
  it('is not confirmed by another person', async () => {
    const { browser, subject } = await filed('enterprise');
    const { id } = await office.caseOf(subject);
    expect(await codeOf((await office.phoneOf(people.li)).confirm(id))).toBe('TODO_UNKNOWN');
    expect((await browser.own())?.['state']).toBe('filed');
  });

  it('is withdrawn while nobody has confirmed, and no longer', async () => {
    const { browser, subject } = await filed('enterprise');
    const { id } = await office.caseOf(subject);
    await waitUntil(async () => (await browser.own())?.['mayWithdraw'] === true);
    expect((await browser.withdraw()).body['state']).toBe('draft');
    const phone = await office.phoneOf(people.yang);
    const late = {
      purpose: 'decision',
      todo: id,
      step: 'confirm',
      decision: 'confirm',
      opinion: '',
    } as const;
    expect(await codeOf(phone.face(late))).toBe('CASE_CLOSED');
    expect(problemsOf(await browser.file())).toEqual({});
    await waitUntil(async () => (await browser.own())?.['mayWithdraw'] === true);
    await confirm(subject);
    expect((await browser.withdraw()).code).toBe('CASE_CLOSED');
    expect((await browser.reopen()).code).toBe('REGISTRATION_FILED');
  });

  it('says that the person named refused, and can be handed in anew', async () => {
    const { browser, subject } = await filed('enterprise');
    await confirm(subject, 'yang', 'refuse');
    expect(await browser.own()).toMatchObject({ state: 'refused', refusedBy: 'confirmer' });
    expect((await browser.reopen()).body['state']).toBe('draft');
  });

  it('reminds the person named, not too often, and counts nothing that was not sent', async () => {
    const company = await makeCompany();
    const { creditCode, unitName, unitType, ...rest } = company;
    await office.sandbox.addBusiness({
      ...{ creditCode, name: unitName, legalRepresentative: people.duan.name, type: unitType },
      ...{ address: rest.address, registeredCapital: rest.registeredCapital, state: 'active' },
      ...{ establishedOn: rest.establishedOn, businessScope: rest.businessScope },
    });
    const browser = await enterprise({ ...company, ...persons('duan', 'li') });
    await browser.file();
    await office.caseOf(unitName);
    await office.sandbox.setBehaviour({ service: 'sms', mode: 'fail' });
    expect((await browser.remind()).code).toBe('SERVICE_UNREACHABLE');
    await office.sandbox.setBehaviour({ service: 'sms', mode: 'normal' });
    expect((await browser.remind()).status).toBe(200);
    const message = await office.sandbox.sms.last(people.duan.mobile);
    expect(message?.text).toContain(unitName);
    expect((await browser.remind()).code).toBe('REMINDED_ALREADY');
  });

  it('is taken up by its main handler elsewhere, and by nobody else; the browser before has it no more', async () => {
    const { browser } = await filed('enterprise', 'dao');
    const { id } = (await browser.own()) ?? {};
    const list = async (cookie: string) =>
      (await openBrowser({ cookie }).ask('GET', '/api/registrations/of-person')).body;
    const handler = (await office.phoneOf(people.dao)).cookie;
    expect(Object.values(await list(handler)).map((one) => (one as { id: string }).id)).toEqual([id]);
    const other = openBrowser({ cookie: (await office.phoneOf(people.li)).cookie });
    expect((await other.ask('POST', `/api/registrations/${String(id)}/taking-up`)).code).toBe('NOT_FOUND');
    expect((await openBrowser().ask('POST', `/api/registrations/${String(id)}/taking-up`)).code).toBe(
      'UNAUTHENTICATED',
    );
    const elsewhere = openBrowser({ cookie: handler });
    const taken = await elsewhere.ask('POST', `/api/registrations/${String(id)}/taking-up`);
    expect(taken.body).toMatchObject({ id, state: 'filed' });
    expect((await elsewhere.own())?.['id']).toBe(id);
    expect(await browser.own()).toBeUndefined();
  });

  it('tells the browser that waits as it goes on', async () => {
    const { browser, subject } = await filed('enterprise');
    const stop = new AbortController();
    const stream = await fetch(`${office.server.url}${registrationRoutes.registrationEvents.path}`, {
      headers: { cookie: browser.cookie() },
      signal: stop.signal,
    });
    const reader = stream.body?.getReader();
    let heard = '';
    const listening = (async () => {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return;
        heard += new TextDecoder().decode(part.value);
      }
    })().catch(() => undefined);
    await confirm(subject);
    await waitUntil(() => heard.includes('registration-changed'), { what: 'a hint' });
    stop.abort();
    await listening;
    expect((await fetch(`${office.server.url}${registrationRoutes.registrationEvents.path}`)).status).toBe(
      404,
    );
  });
});

/** A registration of its own, filed. */
async function filed(
  type: 'enterprise' | 'public-body' | 'group-or-person',
  given?: keyof typeof people,
): Promise<{
  browser: TestBrowser;
  subject: string;
  form: Record<string, string>;
  boss: keyof typeof people;
}> {
  const company = await makeCompany();
  const browser = openBrowser();
  await browser.begin(type);
  const boss = type === 'group-or-person' ? 'dao' : 'yang';
  const handler = given ?? (await newHandler());
  const all = { ...company, ...persons(boss, handler) };
  const { unitName, address, creditCode } = company;
  const common = { unitName, address, ...persons(boss, handler) };
  const form = {
    enterprise: { ...all, unitType: dianchi.unitType },
    'public-body': { ...common, creditCode },
    'group-or-person': common,
  }[type];
  await browser.save(type, form);
  const papers = {
    enterprise: enterpriseSlots,
    'public-body': ['unit-certificate', 'authorisation', 'commitment'],
    'group-or-person': ['id-card-front', 'id-card-back', 'authorisation', 'commitment'],
  }[type];
  await attachAll(browser, papers);
  const told = await browser.file();
  expect(told.code ?? problemsOf(told)).toEqual({});
  await office.caseOf(unitName);
  return { browser, subject: unitName, form, boss };
}
