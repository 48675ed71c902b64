/** A person's own entry on the phone, with the sandbox's services, on either database: how one comes in, and who may do what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobileRoutes } from '#domain/contracts/mobile/routes.ts';
import { operatorRoutes } from '#domain/contracts/desk/operators.ts';
import { openCaseFiler } from '#tests/support/filed-cases.ts';
import type { CaseFiler, Filing } from '#tests/support/filed-cases.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import { makePerson } from '#tests/support/people.ts';
import {
  agreements,
  codeOf,
  createPhone,
  faceConsent,
  RefusedByServer,
  userCentre,
} from '#tests/support/phone.ts';
import type { Phone, Someone } from '#tests/support/phone.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeDataFolder, startTestServer } from './server-support.ts';

const data = makeDataFolder();
const password = 'a long password of the test';
let server: RunningServer;
let services: TestOutsideServices;
let filer: CaseFiler;

beforeAll(async () => {
  services = await startOutsideServices();
  server = await startTestServer(data.folder, {
    services: services.settings,
    // each test comes from addresses of its own
    trustedProxies: ['127.0.0.1'],
    accounts: [
      {
        id: 'reviewer',
        name: '张科长',
        department: '主管部门',
        permissions: ['registrations', 'accounts'],
        password,
      },
    ],
  });
  filer = await openCaseFiler(data.folder);
});
afterAll(async () => {
  await filer?.close();
  await server?.close();
  await services?.close();
  data.remove();
});

const phoneOf = (someone: Someone): Phone => createPhone(server.url, services, someone);
const refusalOf = async (work: Promise<unknown>): Promise<RefusedByServer> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof RefusedByServer) return error;
    throw error;
  }
  throw new Error('it was not refused');
};
/** The minute between two messages is over. */
const forgetHolds = () => filer.db.deleteFrom('tally').execute();
const normal = () => services.setBehaviour({ service: 'all', mode: 'normal' });

describe('the code', () => {
  it('opens an account, but only with both documents ticked in their present versions', async () => {
    const phone = phoneOf(makePerson('和丽'));
    await phone.sendCode();
    const code = await phone.newestCode();
    expect(code).toMatch(/^\d{6}$/);
    for (const ticked of [
      [],
      agreements.slice(0, 1),
      agreements.map((one) => ({ ...one, version: '2020-01' })),
    ])
      expect(await codeOf(phone.signInWith(code, ticked))).toBe('AGREEMENT_REQUIRED');
    const me = await phone.signInWith(code);
    expect(me).toMatchObject({ realName: 'none', due: [], hasFaceConsent: false, todos: 0, unread: 0 });
    expect(me.mobile).toMatch(/^139\*{4}\d{4}$/);
    expect(
      me.consents.map(({ document, version, isCurrent }) => [document, version, isCurrent]).sort(),
    ).toEqual([
      ['privacy', '2026-11', true],
      ['terms', '2026-11', true],
    ]);
  });

  it('is the newest alone, once, and not sent again before a minute is over', async () => {
    const phone = phoneOf(makePerson('和美'));
    await phone.sendCode();
    const first = await phone.newestCode();
    const soon = await refusalOf(phone.sendCode());
    expect(soon.code).toBe('SMS_TOO_SOON');
    expect(Number(soon.details['retryAfterMs'])).toBeGreaterThan(50_000);
    await forgetHolds();
    await phone.sendCode();
    const second = await phone.newestCode();
    expect(second === first || (await codeOf(phone.signInWith(first))) === 'SMS_CODE_WRONG').toBe(true);
    expect(await codeOf(phone.signInWith(second))).toBe('done');
    expect(await codeOf(phone.signInWith(second))).toBe('SMS_CODE_WRONG');
  });

  it('is used by one of fifty at once, and they make one account', async () => {
    const someone = makePerson('和平');
    const phone = phoneOf(someone);
    await phone.sendCode();
    const code = await phone.newestCode();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        codeOf(
          phoneOf(someone).ask(mobileRoutes.mobileSignIn, {
            body: { programme: userCentre, mobile: someone.mobile, code, agreements },
            from: `198.51.100.${n}`,
          }),
        ),
      ),
    );
    expect(answers.filter((one) => one === 'done')).toHaveLength(1);
    const known = await filer.db
      .selectFrom('identity')
      .select('account_id')
      .where('value', '=', someone.mobile)
      .execute();
    expect(known).toHaveLength(1);
  });

  it('cannot be guessed: after five from one place it waits, and nothing more is sent meanwhile', async () => {
    const someone = makePerson('和顺');
    const phone = phoneOf(someone);
    const from = '192.0.2.44';
    await phone.sendCode(from);
    const code = await phone.newestCode();
    const guess = (given: string) =>
      codeOf(
        phone.ask(mobileRoutes.mobileSignIn, {
          body: { programme: userCentre, mobile: someone.mobile, code: given, agreements },
          from,
        }),
      );
    const wrong = code === '000000' ? '111111' : '000000';
    for (let n = 0; n < 5; n += 1) expect(await guess(wrong)).toBe('SMS_CODE_WRONG');
    expect(await guess(code)).toBe('TOO_MANY_ATTEMPTS');
    await filer.db.deleteFrom('tally').where('name', 'like', 'sms-hold %').execute();
    const before = (await services.sms.all()).length;
    expect(await codeOf(phone.sendCode(from))).toBe('TOO_MANY_ATTEMPTS');
    expect(await services.sms.all()).toHaveLength(before);
  });

  it('counts and replaces nothing where the service did not take it', async () => {
    const phone = phoneOf(makePerson('和风'));
    await phone.sendCode();
    const code = await phone.newestCode();
    await forgetHolds();
    await services.setBehaviour({ service: 'sms', mode: 'fail' });
    for (let n = 0; n < 8; n += 1) expect(await codeOf(phone.sendCode())).toBe('SERVICE_UNREACHABLE');
    await normal();
    expect(await codeOf(phone.signInWith(code))).toBe('done');
    expect(await codeOf(phone.sendCode())).toBe('done');
  });

  it('is answered alike for a number that is known, unknown or frozen, and the frozen one is not written to', async () => {
    const frozen = makePerson('和气');
    await phoneOf(frozen).signIn();
    await filer.db
      .updateTable('account')
      .set({ frozen_at: new Date().toISOString(), frozen_reason: '材料待核' })
      .where('id', 'in', (eb) =>
        eb.selectFrom('identity').select('account_id').where('value', '=', frozen.mobile),
      )
      .execute();
    const known = makePerson('和声');
    await phoneOf(known).signIn();
    await forgetHolds();
    const before = await services.sms.all();
    const answers = [];
    for (const one of [frozen, known, makePerson('和尚')]) answers.push(await phoneOf(one).sendCode());
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    const sent = (await services.sms.all()).slice(0, -before.length || undefined).map(({ mobile }) => mobile);
    expect(sent).toHaveLength(2);
    expect(sent).not.toContain(frozen.mobile);
  });
});

describe('the real name', () => {
  it('needs a right number, the own mobile, a consent of its own, and the face', async () => {
    const someone = makePerson('段䶮');
    const phone = phoneOf(someone);
    await services.addPerson(someone);
    await phone.signIn();
    const wrongDigit = `${someone.idNumber.slice(0, 17)}${someone.idNumber.endsWith('1') ? '2' : '1'}`;
    for (const [given, part] of [
      [{ idNumber: wrongDigit }, '校验'],
      [{ idNumber: '530102198002301235' }, '日期'],
      [{ idNumber: '' }, '必填'],
      [{ name: '  ' }, '必填'],
    ] as const) {
      const refused = await refusalOf(phone.checkName(given));
      expect([refused.code, refused.told]).toEqual(['FIELD_INVALID', expect.stringContaining(part)]);
    }
    expect(await codeOf(phone.beginFace({ purpose: 'real-name', programme: userCentre }))).toBe(
      'REAL_NAME_MISSING',
    );
    const other = makePerson('段誉');
    await services.addPerson(other);
    expect(await codeOf(phone.checkName({ name: other.name, idNumber: other.idNumber }))).toBe(
      'REAL_NAME_MISMATCH',
    );
    const checked = await phone.checkName({ idNumber: ` ${someone.idNumber.toLowerCase()} ` });
    expect(checked).toMatchObject({ realName: 'checked', name: someone.name });
    expect(checked.idNumber).toMatch(/^530102\*{8}/);
    const wanted = { purpose: 'real-name', programme: userCentre } as const;
    expect(await codeOf(phone.beginFace(wanted))).toBe('FACE_CONSENT_REQUIRED');
    await phone.consentToFace();
    expect(await codeOf(phone.face(wanted, false))).toBe('FACE_FAILED');
    expect((await phone.me()).realName).toBe('checked');
    const begun = await phone.beginFace(wanted);
    expect(await phone.finishFace(begun.id)).toEqual({ state: 'pending' });
    await services.answerFace(phone.checkIn(begun), true);
    expect(await phone.finishFace(begun.id)).toEqual({ state: 'real-name' });
    expect(await codeOf(phone.finishFace(begun.id))).toBe('FACE_RESULT_USED');
    expect(await phone.me()).toMatchObject({ realName: 'done', name: someone.name });
    expect(await codeOf(phone.checkName())).toBe('REAL_NAME_DONE');
  });

  it('takes a name with a point, and loses nothing while a service is down', async () => {
    const someone = makePerson('阿依·木呷');
    const phone = phoneOf(someone);
    await services.addPerson(someone);
    await phone.signIn();
    const down = (service: 'realName' | 'face') => services.setBehaviour({ service, mode: 'fail' });
    await down('realName');
    for (let n = 0; n < 6; n += 1) expect(await codeOf(phone.checkName())).toBe('SERVICE_UNREACHABLE');
    await normal();
    await phone.checkName();
    await phone.consentToFace();
    await down('face');
    const wanted = { purpose: 'real-name', programme: userCentre } as const;
    expect(await codeOf(phone.beginFace(wanted))).toBe('SERVICE_UNREACHABLE');
    await normal();
    const begun = await phone.beginFace(wanted);
    await services.answerFace(phone.checkIn(begun), true);
    await down('face');
    expect(await codeOf(phone.finishFace(begun.id))).toBe('SERVICE_UNREACHABLE');
    await normal();
    expect(await phone.finishFace(begun.id)).toEqual({ state: 'real-name' });
  });

  it('takes no result that is forged, replayed, old or of somebody else', async () => {
    const someone = makePerson('冯假');
    const phone = phoneOf(someone);
    await services.addPerson(someone);
    await phone.signIn();
    await phone.checkName();
    await phone.consentToFace();
    const wanted = { purpose: 'real-name', programme: userCentre } as const;
    for (const forgery of [
      'unsigned',
      'wrong-key',
      'tampered',
      'other-person',
      'other-about',
      'other-nonce',
      'other-check',
      'replayed',
      'old',
    ] as const) {
      const begun = await phone.beginFace(wanted);
      await services.setBehaviour({ service: 'face', mode: 'normal', forgery });
      expect([forgery, await codeOf(phone.finishFace(begun.id))]).toEqual([forgery, 'FACE_RESULT_REFUSED']);
      await normal();
    }
    expect((await phone.me()).realName).toBe('checked');
    const begun = await phone.beginFace(wanted);
    await services.answerFace(phone.checkIn(begun), true);
    const stranger = phoneOf(makePerson('路人'));
    await stranger.signIn();
    expect(await codeOf(stranger.finishFace(begun.id))).toBe('NOT_FOUND');
    expect((await stranger.me()).realName).toBe('none');
  });

  it('of somebody who was here under another number moves with the face, and the old sessions end', async () => {
    const someone = makePerson('搬家人');
    const old = phoneOf(someone);
    await old.proveName();
    const moved = { ...someone, mobile: makePerson('').mobile };
    await services.addPerson(moved);
    const phone = phoneOf(moved);
    await phone.signIn();
    const checked = await phone.checkName();
    expect(checked.takesOver).toBe(`${someone.mobile.slice(0, 3)}****${someone.mobile.slice(7)}`);
    expect((await old.me()).realName).toBe('done');
    await phone.consentToFace();
    await phone.face({ purpose: 'real-name', programme: userCentre });
    expect(await codeOf(old.me())).toBe('UNAUTHENTICATED');
    expect((await phone.me()).realName).toBe('done');
    const rows = await filer.db
      .selectFrom('person')
      .selectAll()
      .where('id_number', '=', someone.idNumber)
      .execute();
    expect(rows.map(({ mobile }) => mobile)).toEqual([moved.mobile]);
  });
});

describe('待办事项', () => {
  let boss: Phone;
  let clerk: Phone;
  let stranger: Phone;
  let filing: Filing;
  beforeAll(async () => {
    const [representative, handler] = [makePerson('杨法人'), makePerson('李经办')];
    filing = { unitName: '云南测试建设有限公司', creditCode: '91530100MA6K1A017N', representative, handler };
    [boss, clerk, stranger] = [phoneOf(representative), phoneOf(handler), phoneOf(makePerson('赵旁人'))];
    for (const one of [boss, clerk, stranger]) await one.proveName();
  });

  it('is seen and decided by the person named alone, with a face for that one to-do, once', async () => {
    const { caseId } = await filer.registration(filing);
    const other = await filer.registration({ ...filing, creditCode: '91530400MA6K1B036C' });
    expect(await stranger.todos()).toEqual([]);
    expect(await clerk.todos()).toEqual([]);
    for (const nobodyNamed of [stranger, clerk])
      for (const work of [
        () => nobodyNamed.todo(caseId),
        () => nobodyNamed.ask(mobileRoutes.todoAttachment, { params: { id: caseId, index: 0 } }),
        () =>
          nobodyNamed.beginFace({
            ...{ purpose: 'decision', todo: caseId, step: 'confirm', decision: 'confirm', opinion: '' },
          }),
        () =>
          nobodyNamed.ask(mobileRoutes.decideTodo, {
            params: { id: caseId },
            body: { step: 'confirm', decision: 'refuse', opinion: '' },
          }),
      ])
        expect(await codeOf(work())).toBe('TODO_UNKNOWN');
    expect((await refusalOf(stranger.todo('01K00000000000000000000000'))).code).toBe('TODO_UNKNOWN');

    const todo = await boss.todo(caseId);
    expect(todo).toMatchObject({
      ...{ title: '统一用户中心用户注册确认', stepTitle: '待法人确认', isWaiting: true },
      submitted: { place: '203.0.113.7', device: 'Windows 10/11 电脑，谷歌浏览器', isStation: false },
    });
    const shown = JSON.stringify(todo);
    expect(shown).toContain(filing.unitName);
    for (const secret of [filing.handler.idNumber, filing.handler.mobile, filing.representative.idNumber])
      expect(shown).not.toContain(secret);
    expect(todo.attachments.map(({ title }) => title)).toEqual(['营业执照', '授权委托书', '承诺书']);
    const file = await boss.ask(mobileRoutes.todoAttachment, { params: { id: caseId, index: 0 } });
    expect((await file.arrayBuffer()).byteLength).toBe(8);

    const wanted = { step: 'confirm', decision: 'confirm', opinion: '' };
    expect(await codeOf(boss.ask(mobileRoutes.decideTodo, { params: { id: caseId }, body: wanted }))).toBe(
      'ASSURANCE_TOO_LOW',
    );
    expect(await codeOf(boss.face({ purpose: 'decision', todo: caseId, ...wanted }, false))).toBe(
      'FACE_FAILED',
    );
    expect((await boss.todo(caseId)).isWaiting).toBe(true);
    await services.setBehaviour({ service: 'face', mode: 'normal', forgery: 'other-about' });
    const forged = await boss.beginFace({ purpose: 'decision', todo: caseId, ...wanted });
    expect(await codeOf(boss.finishFace(forged.id))).toBe('FACE_RESULT_REFUSED');
    await normal();

    const begun = await boss.beginFace({ purpose: 'decision', todo: caseId, ...wanted });
    await services.answerFace(boss.checkIn(begun), true);
    expect(await codeOf(stranger.finishFace(begun.id))).toBe('NOT_FOUND');
    const both = await Promise.all([codeOf(boss.finishFace(begun.id)), codeOf(boss.finishFace(begun.id))]);
    expect(both.sort()).toEqual(['FACE_RESULT_USED', 'done']);
    expect(await boss.todo(caseId)).toMatchObject({
      stepTitle: '待主管部门审核',
      isWaiting: false,
      decisions: [],
    });
    // one face, one to-do: the other one still waits, and the session's face opens nothing
    expect((await boss.todos()).map(({ id }) => id)).toEqual([other.caseId]);
    expect(
      await codeOf(boss.ask(mobileRoutes.decideTodo, { params: { id: other.caseId }, body: wanted })),
    ).toBe('ASSURANCE_TOO_LOW');
    expect(await codeOf(boss.beginFace({ purpose: 'decision', todo: caseId, ...wanted }))).toBe('TODO_DONE');
    expect((await boss.todos('done')).map(({ id }) => id)).toEqual([caseId]);
  });

  it('of two faces for one to-do at one moment one decides, and the other hears that it is done', async () => {
    const { caseId } = await filer.registration({ ...filing, creditCode: '91530300MA6K1C047J' });
    const wanted = {
      purpose: 'decision',
      todo: caseId,
      step: 'confirm',
      decision: 'confirm',
      opinion: '',
    } as const;
    const begun = [await boss.beginFace(wanted), await boss.beginFace(wanted)];
    for (const one of begun) await services.answerFace(boss.checkIn(one), true);
    const answers = await Promise.all(begun.map(({ id }) => codeOf(boss.finishFace(id))));
    expect(answers).toContain('done');
    expect(['CASE_CLOSED', 'TODO_DONE']).toContain(answers.find((one) => one !== 'done'));
    const rows = await filer.db
      .selectFrom('case_decision')
      .select('ord')
      .where('case_id', '=', caseId)
      .execute();
    expect(rows).toHaveLength(1);
  });

  it('may be refused with a reason and no face, and both are told', async () => {
    const { caseId } = await filer.registration({ ...filing, creditCode: '91530100MA6K1D058K' });
    const refused = await boss.ask(mobileRoutes.decideTodo, {
      params: { id: caseId },
      body: { step: 'confirm', decision: 'refuse', opinion: '不是本单位申请的' },
    });
    expect(refused).toMatchObject({ state: 'refused', isWaiting: false });
    for (const one of [boss, clerk]) {
      const [notice] = await one.notices();
      expect(notice).toMatchObject({ text: '注册失败', isRead: false, opinion: '不是本单位申请的' });
    }
    const [own] = await clerk.notices();
    expect(await codeOf(stranger.ask(mobileRoutes.readNotice, { params: { id: own?.id ?? '' } }))).toBe(
      'NOT_FOUND',
    );
    expect((await clerk.me()).unread).toBe(1);
    await clerk.ask(mobileRoutes.readNotice, { params: { id: own?.id ?? '' } });
    expect((await clerk.me()).unread).toBe(0);
    expect(await stranger.notices()).toEqual([]);
  });

  it('demands the present documents anew where they have changed since', async () => {
    const { caseId } = await filer.registration(
      { ...filing, creditCode: '125300004312000635' },
      'public-body',
    );
    const outdate = (version: string) =>
      filer.db.updateTable('consent').set({ version }).where('document', '=', 'terms').execute();
    await outdate('2020-01');
    expect((await boss.me()).due).toEqual(['terms']);
    const wanted = {
      purpose: 'decision',
      todo: caseId,
      step: 'confirm',
      decision: 'confirm',
      opinion: '',
    } as const;
    expect(await codeOf(boss.beginFace(wanted))).toBe('AGREEMENT_REQUIRED');
    await boss.ask(mobileRoutes.agree, { body: { programme: userCentre, agreements } });
    expect((await boss.me()).due).toEqual([]);
    expect(await codeOf(boss.beginFace(wanted))).toBe('done');
    expect(
      (await boss.ask(mobileRoutes.withdrawFaceConsent, { query: { programme: userCentre } })).hasFaceConsent,
    ).toBe(false);
    expect(await codeOf(boss.beginFace(wanted))).toBe('FACE_CONSENT_REQUIRED');
    await boss.ask(mobileRoutes.agree, { body: { programme: userCentre, agreements: [faceConsent] } });
    await outdate('2026-11');
  });

  it('comes to the page by itself', async () => {
    const { caseId } = await filer.registration(
      { ...filing, creditCode: '53530000MJ0000085T' },
      'public-body',
    );
    await boss.confirm(caseId);
    const ended = new AbortController();
    const stream = await fetch(`${server.url}${mobileRoutes.mobileEvents.path}`, {
      headers: { cookie: clerk.cookie },
      signal: ended.signal,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    const heard = (async () => {
      for (let text = ''; ; text += (await reader?.read())?.value ?? '')
        if (text.includes('event: todos-changed')) return true;
    })();
    await decideAsStaff(caseId, 'approve');
    expect(await heard).toBe(true);
    ended.abort();
    expect((await clerk.notices())[0]).toMatchObject({ text: '注册成功' });
  });
});

async function decideAsStaff(caseId: string, decision: string, opinion = ''): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const signedIn = await fetch(`${server.url}/api/session`, {
    ...{ method: 'POST', headers, body: JSON.stringify({ account: 'reviewer', password }) },
  });
  const answer = await fetch(`${server.url}/api/cases/${caseId}/decisions`, {
    method: 'POST',
    headers: { ...headers, cookie: signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '' },
    body: JSON.stringify({ step: 'review', decision, opinion }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

describe('我的', () => {
  it('gives a copy of what is kept, and it alone shows the numbers', async () => {
    const someone = makePerson('抄本人');
    const phone = phoneOf(someone);
    await phone.proveName();
    expect(JSON.stringify(await phone.me())).not.toContain(someone.idNumber);
    const copy = await phone.ask(mobileRoutes.ownData, { query: { programme: userCentre } });
    expect(JSON.parse(await copy.text())).toMatchObject({
      person: { name: someone.name, idNumber: someone.idNumber, mobile: someone.mobile },
      agreements: [{ document: 'face' }, {}, {}],
      sessions: [{ way: 'mobile-sms', isOwn: true }],
    });
  });

  it('lists the sessions and ends one', async () => {
    const someone = makePerson('多机人');
    const [one, two] = [phoneOf(someone), phoneOf(someone)];
    await one.signIn();
    await forgetHolds();
    await two.signIn();
    const list = await two.ask(operatorRoutes.sessions, {});
    const first = list.find(({ isOwn }) => !isOwn);
    await two.ask(operatorRoutes.endSession, { params: { id: first?.id ?? '' } });
    expect(await codeOf(one.me())).toBe('UNAUTHENTICATED');
    expect(await codeOf(two.me())).toBe('done');
  });

  it('lets a person leave with a code of its own, unless a to-do waits or a unit counts on the person', async () => {
    const [representative, handler] = [makePerson('走法人'), makePerson('走经办')];
    const [boss, clerk] = [phoneOf(representative), phoneOf(handler)];
    for (const one of [boss, clerk]) await one.proveName();
    const filing = { unitName: '告别公司', creditCode: '91530100MA6K1A017N', representative, handler };
    const { caseId } = await filer.registration(filing, 'group');
    const leave = (phone: Phone) =>
      phone.ask(mobileRoutes.sendErasureCode, { body: { programme: userCentre } });
    const waiting = await refusalOf(leave(boss));
    expect([waiting.code, waiting.told]).toEqual([
      'ERASURE_REFUSED',
      expect.stringContaining('还有 1 条待办事项'),
    ]);
    await boss.confirm(caseId);
    await decideAsStaff(caseId, 'approve');
    const needed = await refusalOf(leave(clerk));
    expect(needed.told).toContain('您是告别公司的主经办人');

    // by the face, where there is a real name: no code is sent, and none is good
    await forgetHolds();
    await boss.sendCode();
    const signInCode = await boss.newestCode();
    expect(await codeOf(leave(boss))).toBe('ASSURANCE_TOO_LOW');
    expect(await boss.newestCode()).toBe(signInCode);
    const erase = (phone: Phone, given: string) =>
      codeOf(phone.ask(mobileRoutes.eraseAccount, { body: { code: given } }));
    expect(await erase(boss, signInCode)).toBe('ASSURANCE_TOO_LOW');
    const byFace = { purpose: 'erasure', programme: userCentre } as const;
    expect((await refusalOf(clerk.face(byFace))).told).toContain('您是告别公司的主经办人');
    expect(await codeOf(boss.face(byFace, false))).toBe('FACE_FAILED');
    expect((await boss.me()).realName).toBe('done');
    // a face for a to-do or a real name opens no leaving: what it was asked for is kept with it
    expect(await boss.face(byFace)).toEqual({ state: 'erased' });
    expect(await codeOf(boss.me())).toBe('UNAUTHENTICATED');
    const left = JSON.stringify(
      await Promise.all([
        filer.db.selectFrom('person').selectAll().execute(),
        filer.db.selectFrom('identity').selectAll().execute(),
        filer.db.selectFrom('face_request').selectAll().execute(),
      ]),
    );
    for (const gone of [representative.idNumber, representative.mobile]) expect(left).not.toContain(gone);
    // what was decided stays, and the number may begin anew
    const decided = await filer.db
      .selectFrom('case_decision')
      .select('body')
      .where('case_id', '=', caseId)
      .execute();
    expect(decided).toHaveLength(2);
    await forgetHolds();
    expect((await boss.signIn()).realName).toBe('none');
    // without a real name there is no face to ask for, and the code is one of its own
    expect(await codeOf(boss.beginFace(byFace))).toBe('REAL_NAME_MISSING');
    const earlier = await boss.newestCode();
    await forgetHolds();
    await leave(boss);
    const code = await boss.newestCode();
    if (earlier !== code) expect(await erase(boss, earlier)).toBe('SMS_CODE_WRONG');
    expect(await erase(boss, code)).toBe('done');
    expect(await codeOf(boss.me())).toBe('UNAUTHENTICATED');
  });
});
