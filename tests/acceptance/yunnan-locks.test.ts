/** 锁定/解锁 (YNQ-015 to YNQ-033, YNQ-084) at the server's routes: who is locked, who may be unlocked by whom, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bodies, contractor, newPerson, openQuality, supervision } from '#tests/support/quality-portal.ts';
import type { Quality } from '#tests/support/quality-portal.ts';

let quality: Quality;
beforeAll(async () => {
  quality = await openQuality();
});
afterAll(() => quality?.close());

test('YNQ-015 YNQ-017 YNQ-020 a project manager is locked by his one work, by the system itself, and by none that is finished', async () => {
  const one = newPerson('经理甲');
  await quality.person(one);
  expect(await quality.locksOf(one)).toEqual([]);
  await quality.appoint(one, 'project-manager', await quality.work('L1'));
  expect(await quality.locksOf(one)).toMatchObject([{ post: 'project-manager', work: 'L1' }]);
  await quality.work('L1', { state: 'finished' });
  expect(await quality.locksOf(one)).toEqual([]);
});

test('YNQ-018 a safety officer is locked by one work', async () => {
  const [one, other] = [newPerson('安全甲'), newPerson('安全乙')];
  await quality.appoint(one, 'safety-officer', await quality.work('L2'));
  // another post locks nobody
  await quality.appoint(other, 'technical-director', 'L2');
  expect(await quality.locksOf(one)).toMatchObject([{ post: 'safety-officer', work: 'L2' }]);
  expect(await quality.locksOf(other)).toEqual([]);
});

test('YNQ-019 a chief supervisor is locked by the third work, not by the second', async () => {
  const one = newPerson('总监甲');
  for (const id of ['L3', 'L4', 'L5']) await quality.work(id);
  await quality.appoint(one, 'chief-supervisor', 'L3', 'L4');
  expect(await quality.locksOf(one)).toEqual([]);
  await quality.appoint(one, 'chief-supervisor', 'L5');
  expect(await quality.locksOf(one)).toMatchObject([{ post: 'chief-supervisor', work: 'L5' }]);
});

test('YNQ-022 works of one contract count once, also where its number was typed with spaces or full-width digits', async () => {
  const one = newPerson('总监乙');
  await quality.work('L6', { contract: 'HT-2026-001' });
  await quality.work('L7', { contract: ' ht－２０２６ 001'.replace(' 001', '-001') });
  await quality.work('L8', { contract: 'HT-2026-００１ ' });
  await quality.work('L9', { contract: 'HT-2026-002' });
  await quality.appoint(one, 'chief-supervisor', 'L6', 'L7', 'L8', 'L9');
  expect(await quality.locksOf(one)).toEqual([]);
  await quality.appoint(one, 'chief-supervisor', await quality.work('L10'));
  expect(await quality.locksOf(one)).toMatchObject([
    { counted: expect.arrayContaining(['HT-2026-001']) as unknown },
  ]);
});

test('YNQ-016 YNQ-021 whom one work locks takes on no other anywhere in the province; whoever is free does', async () => {
  const [before, locked, free] = [newPerson('经理乙'), newPerson('经理丙'), newPerson('经理丁')];
  for (const one of [before, locked, free]) {
    await quality.person(one);
    await quality.qualify(one, 'registered-constructor', 'safety-certificate-b');
  }
  await quality.appoint(before, 'project-manager', await quality.work('L11'));
  // locked as a safety officer by a work of other bodies, at the other end of the province
  const far = { supervisor: '西双版纳州质量监督站', authority: '西双版纳州住房和城乡建设局' };
  await quality.appoint(locked, 'safety-officer', await quality.work('L12', far));
  const refused = await quality.report('contractor', await quality.changeOf('contractor', before, locked));
  expect(refused).toMatchObject({ status: 422, told: { message: '变更后人员已被锁定，请重新选择' } });
  const taken = await quality.report('contractor', await quality.changeOf('contractor', before, free));
  expect(taken.told).toMatchObject({ problems: {} });
});

test('YNQ-023 YNQ-027 only locked persons of the own unit can be chosen, each by the role that looks after his post', async () => {
  const [own, free, other, chief] = [
    newPerson('己方锁定'),
    newPerson('己方自由'),
    newPerson('他方锁定'),
    newPerson('己方总监'),
  ];
  await quality.person(own);
  await quality.person(free);
  await quality.person(chief);
  await quality.person(other, supervision);
  for (const id of ['L13', 'L14', 'L15', 'L16']) await quality.work(id);
  await quality.appoint(own, 'project-manager', 'L13');
  await quality.appoint(other, 'project-manager', 'L14');
  await quality.appoint(chief, 'chief-supervisor', 'L14', 'L15', 'L16');
  const names = async (role: 'contractor' | 'supervision') => {
    const { told } = await quality.candidates('person-unlock', 'locked', role);
    return (told['candidates'] as { name: string }[]).map(({ name }) => name);
  };
  const listed = await names('contractor');
  expect(listed).toContain('己方锁定');
  for (const name of ['己方自由', '他方锁定', '己方总监']) expect(listed).not.toContain(name);
  const { told } = await quality.candidates('person-unlock', 'locked', 'contractor');
  expect(JSON.stringify(told)).not.toContain(own.id);
  // by hand, past the dialog: neither another's person nor one whom nobody chose
  const choice = { pick: 'locked', candidate: 'f'.repeat(32), name: other.name };
  expect((await quality.begin('person-unlock', 'contractor', choice)).code).toBe('CANDIDATE_GONE');
  expect((await quality.begin('person-unlock', 'contractor')).code).toBe('BAD_REQUEST');
  const draft = await quality.begin(
    'person-unlock',
    'contractor',
    await quality.choiceOf('person-unlock', 'locked', 'contractor', own),
  );
  expect(draft.told).toMatchObject({
    form: { person: own.id, personName: own.name, post: 'project-manager', workName: 'L13号工程' },
  });
  // what a choice fills nobody types over
  const typed = await quality.fill('contractor', String(draft.told['id']), {
    person: other.id,
    personName: other.name,
  });
  expect(typed.told).toMatchObject({ form: { person: own.id, personName: own.name } });
});

test('YNQ-024 YNQ-029 without 建设工程项目人员解锁申请表 an application is not reported, and with it it is', async () => {
  const one = newPerson('解锁甲');
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work('L20'));
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
  const one = newPerson('解锁乙');
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work('L21'));
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
  await quality.appoint(one, 'project-manager', await quality.work('L22'));
  expect(await quality.locksOf(one)).toMatchObject([{ work: 'L22' }]);
});

test('a rejection gives the application back with its opinion, and leaves the lock', async () => {
  const one = newPerson('解锁丙');
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work('L23'));
  const record = await quality.unlockOf('contractor', one);
  await quality.report('contractor', record);
  expect((await quality.decide('authority', record, 'return', '')).code).toBe('OPINION_REQUIRED');
  expect((await quality.decide('authority', record, 'return', '申请表未盖章')).status).toBe(200);
  expect(await quality.locksOf(one)).toHaveLength(1);
});

test('somebody who was unlocked meanwhile is not reported, nor approved a second time', async () => {
  const one = newPerson('解锁丁');
  await quality.person(one);
  await quality.appoint(one, 'project-manager', await quality.work('L24'));
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
  const { told } = await quality.list('person-unlock', 'contractor');
  const rows = told as unknown as {
    isDraft: boolean;
    summary: { form: Record<string, string>; state: string };
  }[];
  const find = (name: string) => rows.filter(({ summary }) => summary.form['personName'] === name);
  expect(find('己方锁定')).toMatchObject([{ isDraft: true }]);
  expect(find('解锁乙')).toMatchObject([
    { isDraft: false, summary: { cases: [{ text: '业务办结' }], form: { applicant: contractor.name } } },
  ]);
  expect(find('解锁甲')).toMatchObject([{ summary: { cases: [{ text: '监督机构或主管部门审核' }] } }]);
  expect(bodies.supervisor).not.toBe(bodies.authority);
});
