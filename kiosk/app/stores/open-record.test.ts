import { createPinia, setActivePinia } from 'pinia';
import { expect, test } from 'vitest';
import { createApp } from 'vue';
import type { LudengRecord } from '#domain/record/schema.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import type { AgentClient } from '../agent/agent-client.ts';
import { provideAgent } from '../agent/provide-agent.ts';
import { useOpenRecord } from './open-record.ts';

test('an answer that comes after newer news of the record does not undo them', async () => {
  const older: LudengRecord = { ...makeRecord(), revision: 7 };
  const newer: LudengRecord = { ...older, revision: 8, state: 'stored' };
  const late = Promise.withResolvers<LudengRecord>();
  const answers = [Promise.resolve(older), late.promise];
  const app = createApp({});
  provideAgent(app, { record: () => answers.shift() } as unknown as AgentClient);
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
  const open = useOpenRecord();

  await open.open(older.id);
  const reloaded = open.reload();
  open.take({ type: 'record', record: newer });
  late.resolve(older);
  await reloaded;
  expect(open.record).toEqual(newer);
});
