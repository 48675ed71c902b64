/** Works from 工改系统 on either database: sent twice, out of order, half, with persons whom nobody knows, and at one moment. */
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  builder,
  inPost,
  openQualityOffice,
  otherBuilder,
  people,
  workOf,
} from '#tests/support/quality-office.ts';
import type { QualityOffice } from '#tests/support/quality-office.ts';
import { makePerson } from '#tests/support/people.ts';
import { queryStore } from './server-support.ts';

let office: QualityOffice;
beforeAll(async () => {
  office = await openQualityOffice();
});
afterAll(() => office?.close());

/** Of this try alone. */
const newId = (): string => ulid();
const resultOf = ({ body }: { body: Record<string, unknown> }): unknown => body['result'] ?? body['code'];
const rowsOf = (table: 'registered_work' | 'appointment' | 'person_lock' | 'work_change', id: string) => {
  const column = { registered_work: 'id', appointment: 'work', person_lock: 'person', work_change: 'work' };
  return queryStore<Record<string, unknown>>(
    office.data.folder,
    `select * from ${table} where ${column[table]} = ?`,
    id,
  );
};
async function newPerson(name: string): Promise<{ name: string; idNumber: string }> {
  const person = makePerson(name);
  const row = { id: person.idNumber, name, unit: builder.code };
  await office.registers.put({ persons: [row], works: [], appointments: [] });
  return person;
}

it('sent five times at one moment, a work and whoever is there are taken once', async () => {
  const [id, manager] = [newId(), await newPerson('钱经理')];
  const push = workOf(id, {}, [inPost(manager, 'project-manager')]);
  const answers = await Promise.all(Array.from({ length: 5 }, () => office.push(push)));
  expect(answers.map(resultOf).toSorted()).toEqual([
    'accepted',
    ...Array.from({ length: 4 }, () => 'repeated'),
  ]);
  expect(await rowsOf('appointment', id)).toHaveLength(1);
  expect(await rowsOf('person_lock', manager.idNumber)).toMatchObject([{ post: 'project-manager' }]);
});

it('sent out of order at one moment, the latest state stands', async () => {
  const id = newId();
  const versions = [3, 1, 4, 2, 5];
  const answers = await Promise.all(
    versions.map((version) => office.push(workOf(id, { name: `第${version}版` }, [], version))),
  );
  for (const answer of answers) expect(['accepted', 'superseded']).toContain(resultOf(answer));
  expect(resultOf(answers[4] ?? { body: {} })).toBe('accepted');
  expect(await rowsOf('registered_work', id)).toMatchObject([{ name: '第5版' }]);
  expect(resultOf(await office.push(workOf(id, { name: '又一版' }, [], 5)))).toBe('WORK_PUSH_DIFFERS');
  expect(await rowsOf('registered_work', id)).toMatchObject([{ name: '第5版' }]);
});

it('half a work, and one with somebody unknown among those who are known, leave nothing behind', async () => {
  const [id, officer] = [newId(), await newPerson('孙安全')];
  const { supervisor: _left, ...half } = workOf(id).work;
  expect(await office.push({ ...workOf(id), work: half })).toMatchObject({ status: 400 });
  const staff = [inPost(officer, 'safety-officer'), inPost(people.stranger, 'project-manager')];
  expect(resultOf(await office.push(workOf(id, {}, staff)))).toBe('WORK_PUSH_REFUSED');
  for (const table of ['registered_work', 'appointment', 'work_change'] as const)
    expect([table, await rowsOf(table, id)]).toEqual([table, []]);
  expect(await rowsOf('person_lock', officer.idNumber)).toEqual([]);
  // and the same sender may send it whole afterwards, under the same number
  expect(resultOf(await office.push(workOf(id, {}, staff.slice(0, 1))))).toBe('accepted');
});

it('of two works that want one person at one moment, or one permit, one is taken', async () => {
  const [left, right, wanted] = [newId(), newId(), await newPerson('李抢手')];
  const staff = [inPost(wanted, 'project-manager')];
  const both = await Promise.all([
    office.push(workOf(left, {}, staff)),
    office.push(workOf(right, {}, staff)),
  ]);
  expect(both.map(resultOf).toSorted()).toEqual(['WORK_PUSH_REFUSED', 'accepted']);
  expect([...(await rowsOf('appointment', left)), ...(await rowsOf('appointment', right))]).toHaveLength(1);

  const permitNumber = newId();
  const [third, fourth] = [newId(), newId()];
  const sent = [workOf(third, { permitNumber }), workOf(fourth, { permitNumber, unit: otherBuilder.code })];
  const permits = await Promise.all(sent.map((push) => office.push(push)));
  expect(permits.map(resultOf).toSorted()).toEqual(['WORK_PERMIT_TAKEN', 'accepted']);
});

it('two works that exchange their people at one moment are both answered, and nobody is there twice', async () => {
  const [left, right, first, second] = [newId(), newId(), await newPerson('周甲'), await newPerson('周乙')];
  // one contract, so that what they hold locks nobody out
  const contractNumber = newId();
  const at = (id: string, staff: (typeof first)[], version: number) =>
    office.push(
      workOf(
        id,
        { contractNumber },
        staff.map((one) => inPost(one, 'chief-supervisor')),
        version,
      ),
    );
  await at(left, [first], 1);
  await at(right, [second], 1);
  const answers = await Promise.all([at(left, [second, first], 2), at(right, [first, second], 2)]);
  expect(answers.map(resultOf)).toEqual(['accepted', 'accepted']);
  for (const id of [left, right]) expect(await rowsOf('appointment', id)).toHaveLength(2);
});
