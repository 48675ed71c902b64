import { createPinia, setActivePinia } from 'pinia';
import { expect, test } from 'vitest';
import { createApp } from 'vue';
import type { LudengRecord } from '#domain/record/schema.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import type { AgentClient } from '../agent/agent-client.ts';
import { provideAgent } from '../agent/provide-agent.ts';
import { useOpenRecord } from './open-record.ts';

const older: LudengRecord = { ...makeRecord(), revision: 7 };
const newer: LudengRecord = { ...older, revision: 8, state: 'stored' };

function openWith(answers: (LudengRecord | Promise<LudengRecord>)[]) {
  const app = createApp({});
  provideAgent(app, { record: async () => answers.shift() } as unknown as AgentClient);
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  return useOpenRecord();
}

test('an answer that comes after newer news of the record does not undo them', async () => {
  const late = Promise.withResolvers<LudengRecord>();
  const open = openWith([older, late.promise]);

  await open.open(older.id);
  const reloaded = open.reload();
  open.take({ type: 'record', record: newer });
  late.resolve(older);
  await reloaded;
  expect(open.record).toEqual(newer);
});
test('after a lost connection the open record is read anew', async () => {
  const open = openWith([older, newer]);
  await open.open(older.id);
  await open.catchUp();
  expect(open.record).toEqual(newer);
});
