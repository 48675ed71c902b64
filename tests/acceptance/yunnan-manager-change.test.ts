/** 项目主要管理人员变更 (YNQ-034 to YNQ-062) at the server's routes: every guard refuses in its words, and lets through what it should. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newPerson, openQuality, supervision } from '#tests/support/quality-portal.ts';
import type { Quality, RegisteredOne } from '#tests/support/quality-portal.ts';

let quality: Quality;
beforeAll(async () => {
  quality = await openQuality();
});
afterAll(() => quality?.close());

const managers = ['registered-constructor', 'safety-certificate-b'];
const officers = ['safety-certificate-c'];
const chiefs = ['registered-supervising-engineer'];
let works = 0;
const newWork = (rest: Parameters<Quality['work']>[1] = {}): Promise<string> => {
  works += 1;
  return quality.work(`C${works}`, rest);
};

/** Somebody of the unit who holds the post at so many works of his own. */
async function holder(
  name: string,
  { post, count = 1, unit }: { post: string; count?: number; unit?: typeof supervision },
): Promise<RegisteredOne> {
  const one = newPerson(name);
  await quality.person(one, unit);
  for (let index = 0; index < count; index += 1) await quality.appoint(one, post, await newWork());
  return one;
}
async function qualified(name: string, kinds: string[], unit?: typeof supervision): Promise<RegisteredOne> {
  const one = newPerson(name);
  await quality.person(one, unit);
  await quality.qualify(one, ...kinds);
  return one;
}
type Role = 'contractor' | 'supervision';
/** What 上报 says. */
async function report(role: Role, before: RegisteredOne, after: RegisteredOne) {
  const record = await quality.changeOf(role, before, after);
  const { status, told } = await quality.report(role, record);
  return { record, status, text: told['message'], problems: told['problems'] };
}
const refusal = (text: string) => ({ status: 422, text });
const allowed = { status: 200, problems: {} };
const manager = (name: string) => holder(name, { post: 'project-manager' });
const officer = (name: string) => holder(name, { post: 'safety-officer' });
const chief = (name: string) => holder(name, { post: 'chief-supervisor', count: 3, unit: supervision });

test('YNQ-034 YNQ-038 persons of the three posts who have works under construction are chosen among the own unit alone', async () => {
  const [own, finished, other, chosen] = [
    await manager('变更甲'),
    newPerson('变更已竣工'),
    newPerson('变更他方'),
    await chief('变更总监'),
  ];
  await quality.person(finished);
  await quality.appoint(finished, 'project-manager', await newWork({ state: 'finished' }));
  await quality.person(other, supervision);
  await quality.appoint(other, 'project-manager', await newWork());
  const names = async (role: Role) => {
    const { told } = await quality.candidates('manager-change', 'changed', role);
    return (told['candidates'] as { name: string }[]).map(({ name }) => name);
  };
  const [ofContractor, ofSupervision] = [await names('contractor'), await names('supervision')];
  expect(ofContractor).toContain(own.name);
  for (const name of [finished.name, other.name, chosen.name]) expect(ofContractor).not.toContain(name);
  expect(ofSupervision.filter((name) => name === chosen.name)).toHaveLength(3);
  expect(ofSupervision).not.toContain(own.name);
});

test('YNQ-034 somebody who left the unit, or whose work was finished, after he was chosen is not reported', async () => {
  const after = await qualified('新经理离开', managers);
  const left = await manager('离开单位');
  const ofLeft = await quality.changeOf('contractor', left, after);
  await quality.person(left, supervision);
  const told = async (record: string) => (await quality.report('contractor', record)).told['message'];
  expect(await told(ofLeft)).toBe('变更前人员不属于本单位，只能变更本单位人员');
  const ofDone = await quality.changeOf('contractor', await manager('工程竣工'), after);
  await quality.work(`C${works}`, { state: 'finished' });
  expect(await told(ofDone)).toContain('变更前人员未在该在建工程担任该岗位');
});

test('YNQ-034 somebody who was replaced meanwhile, or whose work was finished, is neither reported nor approved', async () => {
  const notThere = '变更前人员未在该在建工程担任该岗位';
  const [one, first] = [await manager('先已变更'), await qualified('接任先', managers)];
  const [second, third] = [await qualified('接任后', managers), await qualified('接任再', managers)];
  const [done, late] = [
    await report('contractor', one, first),
    await report('contractor', one, second),
  ] as const;
  const draft = await quality.changeOf('contractor', one, third);
  const finished = await report('contractor', await manager('先已竣工'), third);
  await quality.work(`C${works}`, { state: 'finished' });
  for (const { status } of [done, late, finished]) expect(status).toBe(200);
  expect(await quality.decide('supervisor', done.record, 'approve')).toMatchObject({ status: 200 });
  for (const { record } of [late, finished])
    expect(await quality.decide('authority', record, 'approve')).toMatchObject({
      ...{ status: 422, told: { message: notThere } },
    });
  expect((await quality.report('contractor', draft)).told['message']).toContain(notThere);
  expect(await quality.locksOf(second)).toEqual([]);
});

/** A change as it was reported, and what happens before it is decided. */
interface Reported {
  before: RegisteredOne;
  after: RegisteredOne;
  work: string;
}
const takesWorks =
  (post: string, count: number) =>
  async ({ after }: Reported) => {
    for (let index = 0; index < count; index += 1) await quality.appoint(after, post, await newWork());
  };
const meanwhile: { text: string; post?: string; happens: (reported: Reported) => Promise<unknown> }[] = [
  {
    text: '变更前人员不属于本单位，只能变更本单位人员',
    happens: ({ before }) => quality.person(before, supervision),
  },
  {
    text: '变更后人员不属于本单位，请重新选择',
    happens: ({ after }) => quality.person(after, supervision),
  },
  {
    text: '变更后人员已在本工程任职，不能重复任职',
    happens: ({ after, work }) => quality.appoint(after, 'technical-director', work),
  },
  { text: '该项目经理已有项目管理工作，请重新选择', happens: takesWorks('project-manager', 1) },
  {
    text: '该安全员已有项目管理工作，请重新选择',
    post: 'safety-officer',
    happens: takesWorks('safety-officer', 1),
  },
  {
    text: '该项目总监已有 3 个及以上项目请重新选择',
    post: 'chief-supervisor',
    happens: takesWorks('chief-supervisor', 3),
  },
  // locked in another post than the one that he is to take
  { text: '变更后人员已被锁定，请重新选择', happens: takesWorks('safety-officer', 1) },
];
for (const { text, post = 'project-manager', happens } of meanwhile)
  test(`YNQ-034 what came true between 上报 and the decision is refused as it is approved: ${text}`, async () => {
    const isChief = post === 'chief-supervisor';
    const before = await (isChief ? chief('其间甲') : holder('其间甲', { post }));
    const work = `C${works}`;
    const kinds = [...managers, ...officers, ...chiefs];
    const after = await qualified('其间乙', kinds, isChief ? supervision : undefined);
    const { record, status } = await report(isChief ? 'supervision' : 'contractor', before, after);
    expect(status).toBe(200);
    await happens({ before, after, work });
    const decided = await quality.decide('supervisor', record, 'approve');
    expect([decided.status, decided.code]).toEqual([422, 'GUARD_REFUSED']);
    expect(decided.told['message']).toContain(text);
    // a body may give it back all the same
    expect(await quality.decide('supervisor', record, 'return', '情况已变化')).toMatchObject({ status: 200 });
  });

test('YNQ-041 a contractor changes its own locked project manager, and none that is not locked', async () => {
  const after = await qualified('新经理甲', managers);
  const one = await manager('旧经理甲');
  const unlock = await quality.unlockOf('contractor', one);
  await quality.report('contractor', unlock);
  await quality.decide('supervisor', unlock, 'approve');
  expect(await report('contractor', one, after)).toMatchObject(refusal('变更前人员未被锁定，不能申请变更'));
  expect(await report('contractor', await manager('旧经理乙'), after)).toMatchObject(allowed);
});

test('YNQ-047 a contractor changes its own locked safety officer, and none that is not locked', async () => {
  const after = await qualified('新安全甲', officers);
  const one = await officer('旧安全甲');
  const unlock = await quality.unlockOf('contractor', one);
  await quality.report('contractor', unlock);
  await quality.decide('authority', unlock, 'approve');
  expect(await report('contractor', one, after)).toMatchObject(refusal('变更前人员未被锁定，不能申请变更'));
  expect(await report('contractor', await officer('旧安全乙'), after)).toMatchObject(allowed);
});

test('YNQ-052 a supervising unit changes its own locked chief supervisor, and none that is not locked', async () => {
  const after = await qualified('新总监甲', chiefs, supervision);
  const two = await holder('旧总监甲', { post: 'chief-supervisor', count: 2, unit: supervision });
  expect(await report('supervision', two, after)).toMatchObject(refusal('变更前人员未被锁定，不能申请变更'));
  expect(await report('supervision', await chief('旧总监乙'), after)).toMatchObject(allowed);
});

test('YNQ-042 YNQ-043 a new project manager has no work yet, but for one of the same contract', async () => {
  const text = '该项目经理已有项目管理工作，请重新选择';
  const after = await qualified('新经理丙', managers);
  const contract = 'HT-C-1';
  await quality.appoint(after, 'project-manager', await newWork({ contract }));
  // released, so that it is the work that stands in the way and not the lock
  const unlock = await quality.unlockOf('contractor', after);
  await quality.report('contractor', unlock);
  await quality.decide('supervisor', unlock, 'approve');
  expect(await report('contractor', await manager('旧经理丙'), after)).toMatchObject(refusal(text));
  const before = newPerson('旧经理丁');
  await quality.person(before);
  await quality.appoint(before, 'project-manager', await newWork({ contract: 'ｈｔ-c-1 ' }));
  expect(await report('contractor', before, after)).toMatchObject(allowed);
});

test('YNQ-048 YNQ-049 a new safety officer has no work yet', async () => {
  const after = await qualified('新安全丙', officers);
  await quality.appoint(after, 'safety-officer', await newWork());
  const unlock = await quality.unlockOf('contractor', after);
  await quality.report('contractor', unlock);
  await quality.decide('supervisor', unlock, 'approve');
  const before = await officer('旧安全丙');
  expect(await report('contractor', before, after)).toMatchObject(
    refusal('该安全员已有项目管理工作，请重新选择'),
  );
  expect(await report('contractor', before, await qualified('新安全丁', officers))).toMatchObject(allowed);
});

test('YNQ-053 YNQ-054 a new chief supervisor has fewer than three works', async () => {
  const after = await qualified('新总监丙', chiefs, supervision);
  for (let count = 0; count < 2; count += 1)
    await quality.appoint(after, 'chief-supervisor', await newWork());
  const before = await chief('旧总监丙');
  expect(await report('supervision', before, after)).toMatchObject(allowed);
  await quality.appoint(after, 'chief-supervisor', await newWork());
  const unlock = await quality.unlockOf('supervision', after);
  await quality.report('supervision', unlock);
  await quality.decide('supervisor', unlock, 'approve');
  expect(await report('supervision', before, after)).toMatchObject(
    refusal('该项目总监已有 3 个及以上项目请重新选择'),
  );
});

test('YNQ-044 YNQ-045 a new project manager holds the registration of a constructor and the certificate B', async () => {
  const before = await manager('旧经理戊');
  const ask = async (kinds: string[]) => report('contractor', before, await qualified('新经理戊', kinds));
  expect(await ask(['safety-certificate-b'])).toMatchObject(
    refusal('变更后的项目经理须有注册建造师注册证书'),
  );
  expect(
    await report('contractor', before, await qualified('新经理己', ['registered-constructor'])),
  ).toMatchObject(refusal('变更后的项目经理须有安全生产考核合格证书（B证）'));
  expect(await report('contractor', before, await qualified('新经理庚', managers))).toMatchObject(allowed);
});

test('YNQ-050 a new safety officer holds the certificate C', async () => {
  const before = await officer('旧安全戊');
  expect(await report('contractor', before, await qualified('新安全戊', managers))).toMatchObject(
    refusal('变更后的安全员须有安全生产考核合格证书（C证）'),
  );
  expect(await report('contractor', before, await qualified('新安全己', officers))).toMatchObject(allowed);
});

test('YNQ-055 a new chief supervisor is a registered supervising engineer or a supervising clerk', async () => {
  const before = await chief('旧总监戊');
  const ask = async (name: string, kinds: string[]) =>
    report('supervision', before, await qualified(name, kinds, supervision));
  expect(await ask('新总监戊', officers)).toMatchObject(
    refusal('变更后的项目总监须有注册监理工程师证书或监理员证书'),
  );
  expect(await ask('新总监己', chiefs)).toMatchObject(allowed);
  expect(await ask('新总监庚', ['supervising-clerk'])).toMatchObject(allowed);
});

test('what the register of qualifications has never said of somebody is unknown, and never allowed', async () => {
  const one = newPerson('新经理未知');
  await quality.person(one);
  await quality.qualify(one, ...managers);
  await quality.outside.setBehaviour({ service: 'qualificationRegister', mode: 'fail' });
  const said = await report('contractor', await manager('旧经理辛'), one).finally(() =>
    quality.outside.setBehaviour({ service: 'qualificationRegister', mode: 'normal' }),
  );
  expect(said).toMatchObject(
    refusal('变更后的项目经理须有注册建造师注册证书；变更后的项目经理须有安全生产考核合格证书（B证）'),
  );
});

const lockedText = '变更后人员已被锁定，请重新选择';
/** In another post than the one that is changed: the lock alone stands in the way. */
test('YNQ-046 a new project manager is not locked', async () => {
  const [before, after] = [await manager('旧经理壬'), await qualified('新经理壬', managers)];
  await quality.appoint(after, 'safety-officer', await newWork());
  expect(await report('contractor', before, after)).toMatchObject(refusal(lockedText));
  expect(await report('contractor', before, await qualified('新经理癸', managers))).toMatchObject(allowed);
});
test('YNQ-051 a new safety officer is not locked', async () => {
  const [before, after] = [await officer('旧安全庚'), await qualified('新安全庚', officers)];
  await quality.appoint(after, 'project-manager', await newWork());
  expect(await report('contractor', before, after)).toMatchObject(refusal(lockedText));
  expect(await report('contractor', before, await qualified('新安全辛', officers))).toMatchObject(allowed);
});
test('YNQ-056 a new chief supervisor is not locked', async () => {
  const [before, after] = [await chief('旧总监辛'), await qualified('新总监辛', chiefs, supervision)];
  await quality.appoint(after, 'project-manager', await newWork());
  expect(await report('supervision', before, after)).toMatchObject(refusal(lockedText));
  expect(await report('supervision', before, await qualified('新总监壬', chiefs, supervision))).toMatchObject(
    allowed,
  );
});

test('nobody is named twice in one work, and nobody follows himself', async () => {
  const [before, after] = [await manager('旧经理重复'), await qualified('新经理重复', managers)];
  const work = `C${works}`;
  await quality.appoint(after, 'technical-director', work);
  const text = '变更后人员已在本工程任职，不能重复任职';
  expect(await report('contractor', before, after)).toMatchObject(refusal(text));
  expect((await report('contractor', before, before)).text).toContain(text);
});

test('YNQ-035 YNQ-036 YNQ-059 YNQ-060 both bodies receive it, the first approval closes it: the new person is locked, the count of the replaced one falls', async () => {
  const [before, after] = [await manager('交接前'), await qualified('交接后', managers)];
  const work = `C${works}`;
  const { record } = await report('contractor', before, after);
  const { id } = await quality.caseOf('supervisor', record);
  expect((await quality.caseOf('authority', record)).id).toBe(id);
  expect(await quality.findCase('stranger', record)).toBeUndefined();
  // nothing has happened yet
  expect(await quality.locksOf(before)).toMatchObject([{ work }]);
  expect(await quality.locksOf(after)).toEqual([]);
  const answers = await Promise.all([
    quality.decideCase('authority', id, 'approve', '同意'),
    quality.decideCase('supervisor', id, 'approve', '同意'),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(await quality.locksOf(before)).toEqual([]);
  expect(await quality.locksOf(after)).toMatchObject([{ post: 'project-manager', work }]);
  const { told } = await quality.read('contractor', record);
  expect(told).toMatchObject({
    summary: { cases: [{ text: '业务办结' }], form: { personName: '交接前', newPersonName: '交接后' } },
  });
});

test('YNQ-057 the log of a record tells when who did what with which words, oldest first', async () => {
  const { record } = await report('contractor', await manager('日志前'), await qualified('日志后', managers));
  await quality.decide('supervisor', record, 'return', '申请表未盖章');
  const { told } = await quality.read('contractor', record);
  expect(told['log']).toMatchObject([
    { action: '上报', opinion: '' },
    { action: '审核不通过', opinion: '申请表未盖章', by: '昆明市质量监督站经办' },
  ]);
});

test('who was locked, replaced or given a work between 上报 and the decision is judged again, and two at one moment are not both let in', async () => {
  const after = await qualified('两处争', managers);
  const [one, other] = [await manager('两处甲'), await manager('两处乙')];
  const records = [await report('contractor', one, after), await report('contractor', other, after)];
  const ids = await Promise.all(
    records.map(async ({ record }) => (await quality.caseOf('supervisor', record)).id),
  );
  const answers = await Promise.all(ids.map((id) => quality.decideCase('supervisor', id, 'approve')));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409 || status === 422)).toHaveLength(1);
  expect(await quality.locksOf(after)).toHaveLength(1);
});

test('a chain A to B to C while the unlock of A is open: A is free by the change, and the unlock finds nothing to do', async () => {
  const [a, b, c] = [
    await manager('链甲'),
    await qualified('链乙', managers),
    await qualified('链丙', managers),
  ];
  const unlock = await quality.unlockOf('contractor', a);
  await quality.report('contractor', unlock);
  const first = await report('contractor', a, b);
  await quality.decide('authority', first.record, 'approve');
  const second = await report('contractor', b, c);
  expect(second).toMatchObject(allowed);
  await quality.decide('supervisor', second.record, 'approve');
  expect(await quality.locksOf(a)).toEqual([]);
  expect(await quality.locksOf(b)).toEqual([]);
  expect(await quality.locksOf(c)).toHaveLength(1);
  expect(await quality.decide('supervisor', unlock, 'approve')).toMatchObject({
    ...{ status: 422, told: { message: '该人员未被锁定，无需解锁' } },
  });
});
