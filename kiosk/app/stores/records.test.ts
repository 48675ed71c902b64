import { createPinia, setActivePinia } from 'pinia';
import { expect, test } from 'vitest';
import { createApp } from 'vue';
import type { LudengRecord } from '#domain/record/schema.ts';
import { summarise } from '#domain/record/summary.ts';
import type { RecordSummary } from '#domain/record/summary.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import type { AgentClient } from '../agent/agent-client.ts';
import { provideAgent } from '../agent/provide-agent.ts';
import { useRecords } from './records.ts';

const record = makeRecord();
const waiting: LudengRecord = { ...record, state: 'submitted' };
const stored: LudengRecord = { ...record, state: 'stored' };

/** The list, whose every answer comes when the test gives it. */
function openList() {
  const asked: PromiseWithResolvers<RecordSummary[]>[] = [];
  const app = createApp({});
  provideAgent(app, {
    records: () => {
      const answer = Promise.withResolvers<RecordSummary[]>();
      asked.push(answer);
      return answer.promise;
    },
  } as unknown as AgentClient);
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  const list = useRecords();
  return {
    list,
    states: () => list.records.map(({ state }) => state),
    answer: (turn: number, ...records: LudengRecord[]) => asked[turn]?.resolve(records.map(summarise)),
    asked: () => asked.length,
  };
}

test('what becomes of a record is seen in the list without asking for it again', async () => {
  const { list, states, answer } = openList();
  const read = list.refresh();
  answer(0, waiting);
  await read;
  list.take({ type: 'record', record: stored });
  expect(states()).toEqual(['stored']);
});
test('a list that was on its way does not undo the news that came meanwhile', async () => {
  const { list, states, answer } = openList();
  const read = list.refresh();
  list.take({ type: 'record', record: stored });
  answer(0, waiting);
  await read;
  expect(states()).toEqual(['stored']);
});
test('an answer that a later one has overtaken is not shown', async () => {
  const { list, states, answer } = openList();
  const [first, second] = [list.refresh(), list.refresh()];
  answer(1, stored);
  await second;
  answer(0, waiting);
  await first;
  expect(states()).toEqual(['stored']);
});
test('a list that comes after its reader has left stays away', async () => {
  const { list, states, answer } = openList();
  const read = list.refresh();
  list.clear();
  answer(0, waiting);
  await read;
  expect(states()).toEqual([]);
  expect(list.isLoaded).toBe(false);
});
test('news of what the list does not have, or of what was released, change nothing', async () => {
  const { list, states, answer } = openList();
  const read = list.refresh();
  answer(0, waiting);
  await read;
  list.take({ type: 'record', record: { ...stored, id: '01K0000000000000000000000Z' } });
  list.take({ type: 'record', record: { ...stored, released: { at: stored.createdAt, by: '单位' } } });
  expect(states()).toEqual(['submitted']);
});
test('after a lost connection a list that was read is read anew, and no other', async () => {
  const { list, states, answer, asked } = openList();
  await list.catchUp();
  expect(asked()).toBe(0);
  const read = list.refresh();
  answer(0, waiting);
  await read;
  const again = list.catchUp();
  answer(1, stored);
  await again;
  expect(states()).toEqual(['stored']);
});
