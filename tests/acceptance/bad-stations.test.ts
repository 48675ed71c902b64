/** A killed agent, a changed record, two stations with one name: told in Chinese with what to do, and the draft is still there. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LudengRecord } from '#domain/record/schema.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { agentThatEnds, startAgentProcess } from '#tests/support/agent-process.ts';
import {
  expectWords,
  lineState,
  online,
  refused,
  slot,
  useCounterWithDraft,
} from '#tests/support/bad-input.ts';
import { demoQualification } from '#tests/support/documents.ts';
import { eventually } from '#tests/support/whole-station.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';

const counter = useCounterWithDraft();
const { applicant, copyOfDraft, draftStands } = counter;

describe('from the seal to the server', () => {
  let id: string;
  let sealed: LudengRecord;

  test('LNC-165 a draft that was sealed when the agent was killed is whole after the next start', async () => {
    id = (await copyOfDraft()).record.id;
    await counter.whole.stopAgent();
    const killed = await startAgentProcess(counter.whole.agentEnvironment);
    try {
      const [token] = await killed.station.call('tokens');
      const key = { tokenId: token?.id, certificateId: token?.certificates[0]?.id, pin: demoPin };
      await killed.station.call('login', { body: key });
      await killed.station.call('role', { body: { role: 'bidder' } });
      const { revision } = await killed.station.call('record', { params: { id } });
      await killed.station.finished(
        await killed.station.call('seal', { params: { id, slot }, body: { revision, ...key } }),
      );
      sealed = await killed.station.call('record', { params: { id } });

      const second = await agentThatEnds(counter.whole.agentEnvironment);
      expect(second.exitCode).toBe(1);
      expect(second.output).toContain('采集站程序已在运行');
      expect(second.output).toContain('请关闭另一个采集站程序');
    } finally {
      await killed.kill();
    }
    await counter.whole.startAgent();
    await applicant.login();
    expect(await applicant.record(id)).toEqual(sealed);
    expect(sealed.materials[0]?.seal).toBeDefined();
    await draftStands();
  });

  test('what was changed behind the seal is refused by the server with words, corrected and stored', async () => {
    await applicant.save(id, slot);
    await counter.whole.stopAgent();
    changeBehindTheSeal(id);
    await counter.whole.startAgent();
    await applicant.login();

    const { revision } = await applicant.record(id);
    // The key that sealed before is forgotten with the agent's restart.
    const [token] = await counter.whole.station.call('tokens');
    const [certificate] = token?.certificates ?? [];
    const key = { tokenId: token?.id ?? '', certificateId: certificate?.id ?? '', pin: demoPin };
    const body = { revision, key };
    const press = () => counter.whole.station.call('submit', { params: { id }, body });
    const [once, twice] = await Promise.all([press(), press()]);
    expect(twice.submittedAt).toBe(once.submittedAt);
    await refused('RECORD_NOT_EDITABLE', applicant.fill(id, slot, { address: '沈阳市' }));
    await refused('RECORD_NOT_EDITABLE', applicant.upload(id, slot, counter.photo));
    await refused('RECORD_NOT_EDITABLE', applicant.seal(id, slot));

    const rejected = await eventually('the server refuses it', async () => {
      const now = await applicant.record(id);
      return now.state === 'rejected' ? now : undefined;
    });
    expect(rejected.rejection?.code).toBe('SIGNATURE_INVALID');
    expect(rejected.rejection?.message).toMatch(/资质.*签章.*请重新签章/);
    expect(rejected.operations.filter(({ action }) => action === '提交入库')).toHaveLength(1);
    expect(rejected.operations.at(-1)).toMatchObject({ by: '服务器', action: '退回' });

    await applicant.fill(id, slot, { address: demoQualification.address });
    await applicant.seal(id, slot);
    await applicant.save(id, slot);
    await applicant.submit(id);
    const stored = await eventually('the corrected record is stored', async () => {
      const now = await applicant.record(id);
      if (now.state === 'rejected') throw new Error(JSON.stringify(now.rejection));
      return now.state === 'stored' ? now : undefined;
    });
    expect(stored.uniqueCode).toBeTruthy();
    expect(stored.rejection).toBeUndefined();
    expect(stored.materials[0]?.values['address']).toBe(demoQualification.address);
  });

  test('two stations with one identity: the older stops with words and keeps its drafts, a stale copy is held', async () => {
    await online(() => counter.whole.station);
    const data = counter.whole.agentEnvironment['LUDENG_DATA'] ?? '';
    const [copy, stale] = [join(counter.whole.folder, 'copy'), join(counter.whole.folder, 'stale')];
    cpSync(data, copy, { recursive: true });
    cpSync(data, stale, { recursive: true });
    const twin = await counter.whole.startTwin(copy);
    try {
      await online(() => twin.station);
      const fenced = await lineState(() => counter.whole.station, 'fenced');
      expect(fenced.error?.code).toBe('STATION_FENCED');
      expectWords(fenced.error);
      await draftStands();
      const { record } = await copyOfDraft();
      await applicant.seal(record.id, slot);
      await applicant.save(record.id, slot);
      expect((await applicant.submit(record.id)).state).toBe('submitted');
      expect((await counter.whole.station.call('station')).line.queued).toBe(1);
    } finally {
      await twin.agent.close();
    }
    // The station is started anew with the administrator's leave, and delivers what it kept.
    await counter.whole.stopAgent();
    await counter.whole.startAgent();
    await lineState(
      () => counter.whole.station,
      'online',
      ({ queued }) => queued === 0,
    );

    const older = await counter.whole.startTwin(stale);
    try {
      const held = await lineState(() => older.station, 'quarantined');
      expect(held.error?.code).toBe('STATION_QUARANTINED');
      expectWords(held.error);
    } finally {
      await older.agent.close();
    }
    await applicant.login();
    await draftStands();
  });
});

/** What a person with the disk in hands could do: the values beside the sealed PDF are no longer those in it. */
function changeBehindTheSeal(id: string): void {
  const { store } = openStore({ folder: counter.whole.agentEnvironment['LUDENG_DATA'] ?? '' });
  try {
    const record = store.getRecord(id);
    if (!record) throw new Error('the record is not there');
    const materials = record.materials.map((material) => ({
      ...material,
      values: { ...material.values, address: '辽宁省沈阳市他处' },
    }));
    store.updateRecord({ ...record, materials, revision: record.revision + 1 });
  } finally {
    store.close();
  }
}
