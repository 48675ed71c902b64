import { ulid } from 'ulid';
import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
import { edited } from '#tests/support/record-fixtures.ts';
import { startScriptedServer } from '#tests/support/scripted-server.ts';
import type { Script, ScriptedServer } from '#tests/support/scripted-server.ts';
import { makeFolder, openStation, queueSubmission } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { Link } from '../ports/link.ts';
import type { OpenedStore } from '../store/open-store.ts';
import { createLink } from './create-link.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startStation(
  script: Script,
  prepare: (station: OpenedStore, server: ScriptedServer) => unknown = () => undefined,
): Promise<{ station: OpenedStore; server: ScriptedServer; link: Link }> {
  const server = await startScriptedServer(script);
  cleanUps.push(server.close);
  const { folder, remove } = makeFolder();
  cleanUps.push(remove);
  const station = openStation(folder);
  cleanUps.push(() => station.store.close());
  station.store.saveEnrolment({
    stationId: 'S1',
    stationName: '一号采集站',
    serverUrl: server.url,
    serverPublicKey: server.publicKey,
    trustAnchors: [],
    enrolledAt: '2026-03-01T00:00:00.000Z',
  });
  await prepare(station, server);
  const link = createLink({
    ...station,
    appVersion: '1.0.0',
    catalogueHash: 'c',
    ackTimeoutMs: 1_000,
    random: () => 0,
  });
  cleanUps.push(() => link.close());
  link.start();
  return { station, server, link };
}
const stateOf = (station: OpenedStore, recordId: string) => station.store.itemsOfRecord(recordId)[0];
const refuseOnce = (code: 'SERVER_BUSY' | 'INTERNAL' | 'HASH_MISMATCH', details = {}) => {
  let isFirst = true;
  return () => {
    if (!isFirst) return;
    isFirst = false;
    throw new AppError(code, details);
  };
};

describe('the link', () => {
  it('delivers what was queued before and while it runs, and stores a receipt for each', async () => {
    let before = '';
    const { station, server, link } = await startStation({}, async (opened) => {
      before = (await queueSubmission(opened, { pages: 2, pageBytes: 700_000 })).itemId;
    });
    const during = (await queueSubmission(station)).itemId;
    await waitUntil(() => link.state().queued === 0);
    expect(server.received).toEqual([before, during]);
    expect(link.state()).toMatchObject({ state: 'online', queued: 0, parked: 0 });
  });

  it('shows how many pages the server has', async () => {
    const seen: (string | number)[][] = [];
    const { station } = await startStation({}, async (opened) => {
      opened.store.subscribe((event) => {
        if (event.type === 'outbox')
          seen.push([event.item.state, event.item.blobsDone, event.item.blobsTotal]);
      });
      await queueSubmission(opened, { pages: 2 });
    });
    await waitUntil(() => station.store.outboxCounts().queued === 0);
    expect(seen).toEqual([
      ['ready', 0, 2],
      ['uploading', 0, 2],
      ['uploading', 1, 2],
      ['uploading', 2, 2],
      ['committing', 2, 2],
      ['accepted', 2, 2],
    ]);
  });

  it('asks again under its own id after an answer "later", and has one effect', async () => {
    const { server, link } = await startStation({ commit: refuseOnce('INTERNAL') }, (opened) =>
      queueSubmission(opened),
    );
    await waitUntil(() => link.state().queued === 0);
    expect(server.received).toHaveLength(1);
    expect(server.hellos()).toBe(1);
  });

  it('waits as long as a busy server says', async () => {
    const offers: number[] = [];
    const busy = refuseOnce('SERVER_BUSY', { retryAfterMs: 300 });
    const { link } = await startStation(
      {
        offer: () => {
          offers.push(performance.now());
          busy();
        },
      },
      (opened) => queueSubmission(opened),
    );
    await waitUntil(() => link.state().queued === 0);
    expect(offers).toHaveLength(2);
    expect((offers[1] ?? 0) - (offers[0] ?? 0)).toBeGreaterThanOrEqual(299);
  });

  it('sends a page again from its start when the server finds it spoilt', async () => {
    let looks = 0;
    const { server, link } = await startStation(
      { isIntact: () => (looks += 1) > 2, chunkBytes: 16_384 },
      (opened) => queueSubmission(opened, { pageBytes: 200_000 }),
    );
    await waitUntil(() => link.state().queued === 0);
    expect(looks).toBe(3);
    expect(server.received).toHaveLength(1);
  });

  it('parks what conflicts, with its reason, and goes on with the next', async () => {
    let bad = '';
    const { station, server, link } = await startStation(
      {
        commit: ({ id }) => {
          if (id === bad) throw new AppError('CONFLICT', { id });
        },
      },
      async (opened) => {
        bad = (await queueSubmission(opened)).itemId;
        await queueSubmission(opened);
      },
    );
    await waitUntil(() => link.state().queued === 0);
    expect(link.state().parked).toBe(1);
    expect(server.received).toHaveLength(1);
    bad = '';
    const parked = station.store.nextItem(new Set());
    expect(parked).toBeUndefined();
  });

  it('parks a payload that fits no schema before anything is sent', async () => {
    let id = '';
    const { station, server, link } = await startStation({}, async (opened) => {
      const { record } = await queueSubmission(opened);
      id = record.id;
      const push = {
        id: ulid(),
        field: 'f',
        fieldName: '领域',
        pushedAt: record.createdAt,
        state: 'queued' as const,
      };
      const next = edited(record, { pushes: [push] });
      opened.store.enqueueAction('push', { record: next, itemId: push.id, payload: '{}' });
    });
    await waitUntil(() => link.state().parked === 1);
    expect(station.store.itemsOfRecord(id)).toMatchObject([
      { state: 'accepted' },
      { state: 'parked', error: 'BAD_REQUEST' },
    ]);
    expect(server.received).toHaveLength(1);
  });

  it('tells a person that the server is older, and sends the action when it is newer', async () => {
    const script: Script = { proto: 2 };
    const { station, server, link } = await startStation(script, (opened) => queueSubmission(opened));
    await waitUntil(() => link.state().state === 'refused');
    expect(link.state()).toMatchObject({ error: { code: 'VERSION_UNSUPPORTED' }, queued: 1, parked: 0 });
    expect(server.received).toEqual([]);
    script.proto = 3;
    link.poke();
    await waitUntil(() => station.store.outboxCounts().queued === 0);
    expect(server.received).toHaveLength(1);
    expect(link.state().state).toBe('online');
  });

  it('rejects what the server will never take, and the record says why', async () => {
    let recordId = '';
    const { station } = await startStation(
      {
        commit: () => {
          throw new AppError('VERDICT_MISMATCH');
        },
      },
      async (opened) => {
        recordId = (await queueSubmission(opened)).record.id;
      },
    );
    await waitUntil(() => stateOf(station, recordId)?.state === 'rejected');
    expect(station.store.getRecord(recordId)).toMatchObject({
      state: 'rejected',
      rejection: { code: 'VERDICT_MISMATCH' },
    });
  });

  it('trusts no receipt that the server did not sign', async () => {
    const { station, link } = await startStation(
      { receipt: (receipt) => ({ ...receipt, serverSeq: receipt.serverSeq + 1 }) },
      (opened) => queueSubmission(opened),
    );
    await waitUntil(() => link.state().state === 'refused');
    expect(link.state()).toMatchObject({ error: { code: 'SIGNATURE_INVALID' }, queued: 1 });
    expect(station.store.outboxCounts()).toEqual({ queued: 1, parked: 0 });
  });

  it('stays fenced once another station took over', async () => {
    const { server, link } = await startStation({});
    await waitUntil(() => link.state().state === 'online');
    server.emit('fenced');
    await waitUntil(() => link.state().state === 'fenced');
    link.poke();
    expect(link.state()).toMatchObject({ state: 'fenced', error: { code: 'STATION_FENCED' } });
    expect(server.hellos()).toBe(1);
  });

  it.each([
    ['STATION_QUARANTINED', 'quarantined'],
    ['STATION_UNKNOWN', 'refused'],
    ['VERSION_UNSUPPORTED', 'refused'],
  ] as const)('stops at %s, says so, and asks again when told', async (code, state) => {
    let isRefusing = true;
    const { server, link } = await startStation({
      hello: () => {
        if (isRefusing) throw new AppError(code);
      },
    });
    await waitUntil(() => link.state().state === state);
    expect(link.state().error?.code).toBe(code);
    expect(server.hellos()).toBe(1);
    isRefusing = false;
    link.poke();
    await waitUntil(() => link.state().state === 'online');
    expect(link.state().error).toBeUndefined();
  });

  it('keeps a kind of change from the future and takes the ones behind it', async () => {
    const script: Script = { changes: [] };
    const { station, server } = await startStation(script);
    const { record } = await queueSubmission(station);
    await waitUntil(() => station.store.outboxCounts().queued === 0);
    const storedAt = '2026-03-02T00:00:00.000Z';
    script.changes = [
      { seq: 1, change: { kind: 'rings-a-bell', recordId: record.id } },
      { seq: 2, change: { kind: 'record-stored', recordId: record.id, uniqueCode: 'U1', storedAt } },
    ];
    server.emit('poke', { head: 2 });
    await waitUntil(() => station.store.getRecord(record.id)?.state === 'stored');
    expect(station.store.cursor()).toEqual({ epoch: 'e1', seq: 2 });
  });

  it('is refused as unknown before the enrolment, without a connection', async () => {
    const { folder, remove } = makeFolder();
    cleanUps.push(remove);
    const station = openStation(folder);
    cleanUps.push(() => station.store.close());
    const link = createLink({ ...station, appVersion: '1', catalogueHash: 'c' });
    cleanUps.push(() => link.close());
    link.start();
    await waitUntil(() => link.state().state === 'refused');
    expect(link.state().error?.code).toBe('STATION_UNKNOWN');
  });

  it('closes at once, also while it is waiting to try again', async () => {
    const { server, link } = await startStation({});
    await waitUntil(() => link.state().state === 'online');
    await server.close();
    await waitUntil(() => link.state().state === 'offline');
    const begun = performance.now();
    await link.close();
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
