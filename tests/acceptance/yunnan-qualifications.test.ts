/** Where qualifications come from (YNQ-044, YNQ-045, YNQ-050, YNQ-055): papers at the counter that were found green, and no others. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Values } from '#domain/primitives.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import { createApplicant } from '#tests/support/applicant.ts';
import { demoIdCard, demoLicence, drawLabelledPaper } from '#tests/support/documents.ts';
import { signInAtDesk } from '#tests/support/desk-client.ts';
import { photograph } from '#tests/support/photograph.ts';
import { queryStore } from '#tests/support/server-stores.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const programme = 'yunnan-quality-safety';
const company = demoLicence.companyName;
const person = { personName: demoIdCard.name, personIdNumber: demoIdCard.idNumber };
let whole: WholeStation;
const applicant = createApplicant(() => whole);

beforeAll(async () => {
  whole = await startWholeStation({ profile: { programme } });
  await applicant.login('contractor');
});
afterAll(() => whole?.close());

interface Paper {
  title: string;
  lines: (readonly [label: string, value: string])[];
  authority: string;
}
const practice = (title: string, number: string): Paper => ({
  title,
  lines: [
    ['姓名', person.personName],
    ['证书名称', title],
    ['聘用企业', company],
    ['注册编号', number],
    ['注册专业', '建筑工程'],
    ['有效期至', '2030年06月30日'],
    ['签发日期', '2024年07月01日'],
  ],
  authority: '云南省住房和城乡建设厅',
});
const practiceValues = (title: string, number: string): Values => ({
  ...{ name: person.personName, companyName: company, practiceName: title, certificateNumber: number },
  ...{ speciality: '建筑工程', validUntil: '2030-06-30', issuedOn: '2024-07-01' },
});

const post = (title: string, number: string): Paper => ({
  title: '安全生产考核合格证书',
  lines: [
    ['姓名', person.personName],
    ['身份证号', person.personIdNumber],
    ['企业名称', company],
    ['岗位名称', title],
    ['证书编号', number],
    ['有效期至', '2029年05月20日'],
    ['发证机关', '云南省住房和城乡建设厅'],
    ['发证日期', '2026年05月21日'],
  ],
  authority: '云南省住房和城乡建设厅',
});
const postValues = (title: string, number: string): Values => ({
  ...{ name: person.personName, idNumber: person.personIdNumber, companyName: company, post: title },
  ...{ certificateNumber: number, validUntil: '2029-05-20', issuingAuthority: '云南省住房和城乡建设厅' },
  issuedOn: '2026-05-21',
});

const heldBy = async (kind: string) =>
  queryStore<{ kind: string; number: string; source: string; valid_until: string | null }>(
    join(whole.folder, 'server'),
    'select kind, number, source, valid_until from qualification where person = ? and kind = ?',
    ...[person.personIdNumber, kind],
  );

/** Card read, paper photographed, everything confirmed, sealed and checked. */
async function checkedRecord(
  kind: string,
  qualification: string,
  paper: Paper,
  values: Values,
): Promise<LudengRecord> {
  const { id } = await whole.station.call('createRecord', {
    body: { kind, answers: { ...person, qualification } },
  });
  await whole.station.finished(await whole.station.call('readCard', { params: { id, slot: 'id-card' } }));
  const read = await applicant.record(id);
  const card = read.materials.find(({ slot }) => slot === 'id-card');
  await applicant.fill(id, 'id-card', card?.values ?? {});
  const photo = await photograph(await drawLabelledPaper(paper), { seed: 7 });
  await applicant.upload(id, 'certificate', photo.jpeg);
  await applicant.fill(id, 'certificate', values);
  for (const slot of ['id-card', 'certificate']) {
    await applicant.seal(id, slot);
    await applicant.save(id, slot);
  }
  return applicant.record(id);
}

const kinds = [
  {
    ...{ row: 'YNQ-044', kind: 'registered-practice', id: 'registered-constructor' },
    ...{ paper: practice, values: practiceValues, title: '一级建造师注册证书', until: '2030-06-30' },
  },
  {
    ...{ row: 'YNQ-045', kind: 'safety-certificate', id: 'safety-certificate-b' },
    ...{ paper: post, values: postValues, title: '项目负责人', until: '2029-05-20' },
  },
  {
    ...{ row: 'YNQ-050', kind: 'safety-certificate', id: 'safety-certificate-c' },
    ...{ paper: post, values: postValues, title: '专职安全生产管理人员', until: '2029-05-20' },
  },
  {
    ...{ row: 'YNQ-055', kind: 'registered-practice', id: 'registered-supervising-engineer' },
    ...{ paper: practice, values: practiceValues, title: '监理工程师注册证书', until: '2030-06-30' },
  },
];
let numbers = 0;
const newNumber = (): string => {
  numbers += 1;
  return `云15320152016001${10 + numbers}`;
};

test.each(kinds)('$row a green paper is the qualification $id as soon as the server has it', async (one) => {
  const number = newNumber();
  const record = await checkedRecord(
    one.kind,
    one.id,
    one.paper(one.title, number),
    one.values(one.title, number),
  );
  expect(record.light).toBe('green');
  const known = async () => (await heldBy(one.id)).find((row) => row.number === number);
  expect(await known()).toBeUndefined();
  await applicant.submit(record.id);
  expect(await eventually('the qualification in the register', known)).toEqual({
    ...{ kind: one.id, number, source: 'paper', valid_until: one.until },
  });
});

test('a paper that is not green is nobody’s qualification, whoever should approve it', async () => {
  const number = newNumber();
  const title = '一级建造师注册证书';
  const values = { ...practiceValues(title, number), speciality: '市政公用工程' };
  const record = await checkedRecord(
    'registered-practice',
    'registered-constructor',
    practice(title, number),
    values,
  );
  expect(record.light).toBe('yellow');
  await applicant.submit(record.id);
  const desk = await signInAtDesk(whole.serverUrl());
  const waiting = await eventually('a case at the desk', () => desk.caseOf(record.id).catch(() => undefined));
  await expect(desk.decide(waiting, 'approve', '同意')).rejects.toThrow('证书核验不是绿灯，不能登记');
  expect((await heldBy('registered-constructor')).map((row) => row.number)).not.toContain(number);
  await desk.decide(waiting, 'refuse', '注册专业与证书不符');
  expect((await heldBy('registered-constructor')).map((row) => row.number)).not.toContain(number);
});

test('a paper of another kind than was chosen, or of somebody else, is red and cannot be handed in', async () => {
  const title = '监理工程师注册证书';
  const number = newNumber();
  const record = await checkedRecord(
    'registered-practice',
    'registered-constructor',
    practice(title, number),
    practiceValues(title, number),
  );
  expect(record.light).toBe('red');
  await expect(applicant.submit(record.id)).rejects.toMatchObject({ code: 'RED_LIGHT' });
});
