/** 锁定/解锁 (YNQ-015 to YNQ-033, YNQ-084) at the server's routes: who is locked, who may be unlocked by whom, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contractor, newPerson, openQuality, supervision } from '#tests/support/quality-portal.ts';
import type { Quality, RegisteredOne } from '#tests/support/quality-portal.ts';

let quality: Quality;
beforeAll(async () => {
  quality = await openQuality();
});
afterAll(() => quality?.close());

let works = 0;
const nextId = (): string => {
  works += 1;
  return `L${works}`;
};
const newWork = (rest: Parameters<Quality['work']>[1] = {}): Promise<string> => quality.work(nextId(), rest);
const titleOf = (id: string): string => `${id}号工程`;
async function registered(name: string, unit = contractor): Promise<RegisteredOne> {
  const one = newPerson(name);
  await quality.person(one, unit);
  return one;
}
async function lockedManager(name: string, unit = contractor): Promise<RegisteredOne & { work: string }> {
  const [one, work] = [await registered(name, unit), await newWork()];
  await quality.appoint(one, 'project-manager', work);
  return { ...one, work };
}

const managers = {
  ...{ row: 'YNQ-017', title: '项目经理', post: 'project-manager', limit: 1 },
  role: 'contractor',
  unit: contractor,
} as const;
const officers = { ...managers, row: 'YNQ-018', title: '安全员', post: 'safety-officer' } as const;
const chiefs = {
  ...{ row: 'YNQ-019', title: '项目总监', post: 'chief-supervisor', limit: 3 },
  role: 'supervision',
  unit: supervision,
} as const;
const kinds = [managers, officers, chiefs];
const accepted = { status: 200, body: { result: 'accepted' } };
const lockedText = '已被锁定，不能参与新的在建工程';
const isRefused = (words: string) => ({
  ...{
    status: 422,
    body: { code: 'WORK_PUSH_REFUSED', details: { problems: [expect.stringContaining(words)] } },
  },
});
/** Pushed into a work of his own; its name. */
async function takesOn(post: string, one: RegisteredOne, contract?: string): Promise<string> {
  const id = nextId();
  const pushed = { post, people: [one], ...(contract === undefined ? {} : { contract }) };
  expect(await quality.push(id, pushed)).toMatchObject(accepted);
  return titleOf(id);
}

test('YNQ-015 whom a lock stands on is let into no other work, as 项目经理, 项目总监 or 安全员; whoever is free is, and other posts lock nobody', async () => {
  for (const { post, limit, unit } of kinds) {
    const [one, free] = [await registered('准入锁定', unit), await registered('准入自由', unit)];
    for (let count = 0; count < limit; count += 1) await takesOn(post, one);
    expect(await quality.push(nextId(), { post, people: [one] })).toMatchObject(isRefused(lockedText));
    const work = await newWork();
    const ask = ({ id: person, name: personName }: RegisteredOne) =>
      quality.change('work-personnel', work, { post, personName, person, reason: '增补' });
    expect(await ask(one)).toMatchObject({
      ...{ status: 422, told: { message: '该人员已被锁定，不能参与新的在建工程' } },
    });
    expect(await ask(free)).toMatchObject({ status: 200, told: { problems: {} } });
  }
  const other = await registered('准入技术');
  for (let count = 0; count < 4; count += 1) await takesOn('technical-director', other);
});

for (const { row, title, post, limit, role, unit } of kinds)
  test(`${row} a ${title} holds ${limit} under construction; that one locks him, and none before`, async () => {
    const one = await registered('上限', unit);
    let last = '';
    for (let count = 0; count < limit; count += 1) {
      expect(await quality.shownLocks(role, one)).toEqual([]);
      last = await takesOn(post, one);
    }
    expect(await quality.shownLocks(role, one)).toEqual([{ post: title, workName: last }]);
    expect(await quality.push(nextId(), { post, people: [one] })).toMatchObject(isRefused(lockedText));
  });

test('YNQ-020 the system locks by itself, at once and however the post was come by: by 工改系统, by 变更工程人员, by an approved change', async () => {
  const { post, title } = managers;
  const pushed = await registered('自动推送');
  const workName = await takesOn(post, pushed);
  expect(await quality.shownLocks('contractor', pushed)).toEqual([{ post: title, workName }]);

  const [named, work] = [await registered('自动变更工程人员'), await newWork()];
  const form = { post, personName: named.name, person: named.id, reason: '增补' };
  expect(await quality.change('work-personnel', work, form)).toMatchObject({ status: 200 });
  await expect
    .poll(() => quality.shownLocks('contractor', named))
    .toEqual([{ post: title, workName: titleOf(work) }]);

  const [before, after] = [await lockedManager('自动变更前'), await registered('自动变更后')];
  await quality.qualify(after, 'registered-constructor', 'safety-certificate-b');
  const record = await quality.changeOf('contractor', before, after);
  expect((await quality.report('contractor', record)).told).toMatchObject({ problems: {} });
  expect(await quality.shownLocks('contractor', after)).toEqual([]);
  expect(await quality.decide('supervisor', record, 'approve')).toMatchObject({ status: 200 });
  expect(await quality.shownLocks('contractor', after)).toEqual([
    { post: title, workName: titleOf(before.work) },
  ]);
});

test('YNQ-022 works of one contract count once, also where its number was typed with spaces or full-width digits', async () => {
  const contract = `HT-2026-${nextId()}`;
  const asTyped = [
    contract,
    ` ${contract.toLowerCase().replace('2026', '２０２６')} `,
    contract.replace('-', '－'),
  ];
  const chief = await registered('同合同总监', supervision);
  for (const typed of asTyped) await takesOn(chiefs.post, chief, typed);
  await takesOn(chiefs.post, chief, `${contract}-2`);
  expect(await quality.shownLocks('supervision', chief)).toEqual([]);
  const third = await takesOn(chiefs.post, chief, `${contract}-3`);
  expect(await quality.shownLocks('supervision', chief)).toEqual([{ post: '项目总监', workName: third }]);

  // whom one contract locks still takes on its other works, and none of another's
  const manager = await registered('同合同经理');
  const first = await takesOn(managers.post, manager, contract);
  await takesOn(managers.post, manager, asTyped[1]);
  expect(await quality.shownLocks('contractor', manager)).toEqual([{ post: '项目经理', workName: first }]);
  const other = { post: managers.post, people: [manager] };
  expect(await quality.push(nextId(), { ...other, contract: `${contract}-2` })).toMatchObject(
    isRefused(lockedText),
  );
  const take = async (contractNumber: string) =>
    quality.change('work-personnel', await newWork({ contract: contractNumber }), {
      ...{ post: managers.post, personName: manager.name, person: manager.id, reason: '增补' },
    });
  expect(await take(`${contract}-2`)).toMatchObject({ status: 422 });
  expect(await take(contract)).toMatchObject({ status: 200, told: { problems: {} } });
});

test('YNQ-016 YNQ-021 whom one work locks takes on no other anywhere in the province; whoever is free does', async () => {
  const [before, locked, free] = [
    await lockedManager('全省经理'),
    await registered('全省锁定'),
    await registered('全省自由'),
  ];
  for (const one of [locked, free])
    await quality.qualify(one, 'registered-constructor', 'safety-certificate-b');
  // locked as a safety officer by a work of other bodies, at the other end of the province
  const far = { supervisor: '西双版纳州质量监督站', authority: '西双版纳州住房和城乡建设局' };
  await quality.appoint(locked, 'safety-officer', await newWork(far));
  const refused = await quality.report('contractor', await quality.changeOf('contractor', before, locked));
  expect(refused).toMatchObject({ status: 422, told: { message: '变更后人员已被锁定，请重新选择' } });
  expect(await quality.push(nextId(), { post: 'project-manager', people: [locked] })).toMatchObject(
    isRefused(lockedText),
  );
  const taken = await quality.report('contractor', await quality.changeOf('contractor', before, free));
  expect(taken.told).toMatchObject({ problems: {} });
});

test('YNQ-023 YNQ-027 only locked persons of the own unit can be chosen, each by the role that looks after his post', async () => {
  const [own, free, other, chief] = [
    await lockedManager('己方锁定'),
    await registered('己方自由'),
    await lockedManager('他方锁定', supervision),
    await registered('己方总监'),
  ];
  await quality.appoint(chief, 'chief-supervisor', await newWork(), await newWork(), await newWork());
  const shown = async (role: 'contractor' | 'supervision') =>
    (await Promise.all([own, free, other, chief].map((one) => quality.shownLocks(role, one)))).map(
      (locks) => locks.length,
    );
  expect(await shown('contractor')).toEqual([1, 0, 0, 0]);
  expect(await shown('supervision')).toEqual([0, 0, 0, 0]);
  const { told } = await quality.candidates('person-unlock', 'locked', 'contractor', own.name);
  expect(JSON.stringify(told)).not.toContain(own.id);
  // by hand, past the dialog: neither another's person nor one whom nobody chose
  const begin = (choice?: object) => quality.begin('person-unlock', 'contractor', choice);
  const guess = { pick: 'locked', candidate: 'f'.repeat(32), name: other.name };
  expect((await begin(guess)).code).toBe('CANDIDATE_GONE');
  expect((await begin()).code).toBe('BAD_REQUEST');
  const draft = await begin(await quality.choiceOf('person-unlock', 'locked', 'contractor', own));
  expect(draft.told).toMatchObject({
    ...{
      form: { person: own.id, personName: own.name, post: 'project-manager', workName: titleOf(own.work) },
    },
  });
  // what a choice fills nobody types over
  const typed = await quality.fill('contractor', String(draft.told['id']), {
    person: other.id,
    personName: other.name,
  });
  expect(typed.told).toMatchObject({ form: { person: own.id, personName: own.name } });
});

test('YNQ-023 somebody who left the unit between the choice and 上报 is another unit’s, and is not reported', async () => {
  const one = await lockedManager('已离开');
  const record = await quality.unlockOf('contractor', one);
  await quality.person(one, supervision);
  expect(await quality.report('contractor', record)).toMatchObject({
    ...{ status: 422, told: { message: '该人员不属于本单位，只能为本单位人员申请解锁' } },
  });
  await quality.person(one, contractor);
  expect((await quality.report('contractor', record)).told).toMatchObject({ problems: {} });
});

test('YNQ-024 YNQ-029 without 建设工程项目人员解锁申请表 an application is not reported, and with it it is', async () => {
  const one = await lockedManager('解锁甲');
  const draft = await quality.begin(
    'person-unlock',
    'contractor',
    await quality.choiceOf('person-unlock', 'locked', 'contractor', one),
  );
  const id = String(draft.told['id']);
  await quality.fill('contractor', id, { reason: '已完工' });
  const { told } = await quality.report('contractor', id);
  expect(told['problems']).toMatchObject({
    'files.application': expect.stringContaining('建设工程项目人员解锁申请表') as unknown,
  });
  expect(await quality.attach('contractor', id)).toBe(200);
  expect((await quality.report('contractor', id)).told).toEqual({ problems: {}, record: id });
});

test('YNQ-025 YNQ-032 YNQ-033 both bodies of the work receive it and no other; the first approval closes it and unlocks by itself', async () => {
  const one = await lockedManager('解锁乙');
  const record = await quality.unlockOf('contractor', one);
  expect((await quality.report('contractor', record)).told).toMatchObject({ problems: {} });
  const { id } = await quality.caseOf('supervisor', record);
  expect((await quality.caseOf('authority', record)).id).toBe(id);
  expect(await quality.findCase('stranger', record)).toBeUndefined();
  expect((await quality.decideCase('stranger', id, 'approve')).status).toBe(404);
  expect(await quality.locksOf(one)).toHaveLength(1);
  // both in the same second: one of them is first
  const answers = await Promise.all([
    quality.decideCase('supervisor', id, 'approve'),
    quality.decideCase('authority', id, 'approve'),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect(answers.find(({ status }) => status === 409)?.code).toBe('CASE_CLOSED');
  expect(await quality.locksOf(one)).toEqual([]);
  const { told } = await quality.read('contractor', record);
  expect(told).toMatchObject({ summary: { cases: [{ state: 'approved', text: '业务办结' }] } });
  // what was released locks no more, the next work does
  const work = await newWork();
  await quality.appoint(one, 'project-manager', work);
  expect(await quality.locksOf(one)).toMatchObject([{ work }]);
});

test('a rejection gives the application back with its opinion, and leaves the lock', async () => {
  const one = await lockedManager('解锁丙');
  const record = await quality.unlockOf('contractor', one);
  await quality.report('contractor', record);
  expect((await quality.decide('authority', record, 'return', '')).code).toBe('OPINION_REQUIRED');
  expect((await quality.decide('authority', record, 'return', '申请表未盖章')).status).toBe(200);
  expect(await quality.locksOf(one)).toHaveLength(1);
});

test('somebody who was unlocked meanwhile is not reported, nor approved a second time', async () => {
  const one = await lockedManager('解锁丁');
  const [first, second] = [
    await quality.unlockOf('contractor', one),
    await quality.unlockOf('contractor', one),
  ];
  const late = await quality.unlockOf('contractor', one);
  for (const record of [first, second]) await quality.report('contractor', record);
  await quality.decide('supervisor', first, 'approve');
  expect(await quality.decide('supervisor', second, 'approve')).toMatchObject({
    ...{ status: 422, told: { message: '该人员未被锁定，无需解锁' } },
  });
  expect((await quality.report('contractor', late)).told['message']).toBe('该人员未被锁定，无需解锁');
});

test('YNQ-084 the list tells of each application its person, reason and state, drafts first', async () => {
  const [draft, reported, closed] = [
    await quality.unlockOf('contractor', await lockedManager('列表草稿')),
    await quality.unlockOf('contractor', await lockedManager('列表上报')),
    await quality.unlockOf('contractor', await lockedManager('列表办结')),
  ];
  for (const record of [reported, closed]) {
    await quality.report('contractor', record);
    await quality.caseOf('supervisor', record);
  }
  await quality.decide('supervisor', closed, 'approve');
  const { told } = await quality.list('person-unlock', 'contractor');
  const rows = told as unknown as { isDraft: boolean; summary: { id: string } }[];
  const row = (record: string) => rows.find(({ summary }) => summary.id === record);
  expect(row(draft)).toMatchObject({ isDraft: true, summary: { form: { personName: '列表草稿' } } });
  expect(row(reported)).toMatchObject({
    ...{ isDraft: false, summary: { cases: [{ text: '监督机构或主管部门审核' }] } },
  });
  expect(row(closed)).toMatchObject({
    ...{ isDraft: false },
    summary: {
      ...{ cases: [{ text: '业务办结' }] },
      form: { applicant: contractor.name, personName: '列表办结', reason: '工程已完工' },
    },
  });
  expect(rows.findLastIndex(({ isDraft }) => isDraft)).toBeLessThan(
    rows.findIndex(({ isDraft }) => !isDraft),
  );
});
