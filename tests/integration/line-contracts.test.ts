/**
 * Every message of the line, walked from its contract: a new one is in it without being added here. Texts and lists are bounded
 * (domain/contracts/limits.test.ts); that answers and failures are those of the contract, every test with a station sees
 * (server-support.ts).
 */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { serverMessages, stationMessages } from '#domain/contracts/station/messages.ts';
import type { StationMessage } from '#domain/contracts/station/messages.ts';
import { answerSchema } from '#domain/sync/schema.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import {
  connectStation,
  enrol,
  makeDataFolder,
  makeIdentity,
  makeSubmission,
  startTestServer,
} from './server-support.ts';
import type { StationIdentity, TestStation } from './server-support.ts';

const data = makeDataFolder();
const identity: StationIdentity = makeIdentity();
let server: RunningServer;
let station: TestStation;
beforeAll(async () => {
  server = await startTestServer(data.folder);
  await enrol(server.url, identity);
  station = await connectStation(server.url, identity);
});
afterAll(async () => {
  station.close();
  await server.close();
  data.remove();
});

const messages = Object.entries<StationMessage>(stationMessages);
/** What a later version may add to them is left aside: they say who is there, and how it is. */
const open = ['hello', 'health'];

const codeOf = async (socket: Socket, { event }: StationMessage, asked: unknown): Promise<string> => {
  const answer = answerSchema(z.unknown()).parse(await socket.timeout(10_000).emitWithAck(event, asked));
  return answer.ok ? 'done' : answer.error.code;
};
/** A connection that says nothing of who it is. */
async function stranger(channel: string): Promise<Socket> {
  const socket = io(`${server.url}${channel}`, {
    forceNew: true,
    transports: ['websocket'],
    reconnection: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Right as it stands, for messages that are looked at before anything is done. */
function rightOnes(): Record<string, object> {
  const { offer, commit } = makeSubmission(identity.stationId, 1);
  const audience = 'subject:credit-code:91530100MA6K3T5A1W';
  return {
    attach: { stationId: identity.stationId, sessionEpoch: 1, token: 'x' },
    offer,
    commit,
    chunk: { sha: 'a'.repeat(64), off: 0, buf: new Uint8Array(1) },
    audit: { after: 0, upTo: 0, items: [] },
    pull: { epoch: '', after: 0, maxBytes: 1_000 },
    challenge: {},
    subscribe: { token: 'x'.repeat(32) },
    unsubscribe: { audience },
    records: { audience },
    recordFile: { audience, recordId: offer.id, slot: 'paper', off: 0 },
    takeDraft: { audience, programme: 'programme', code: 'ABCDE23456' },
    draftFile: { audience, id: offer.id, slot: 'paper', sha: 'a'.repeat(64), off: 0 },
    draftPiece: {
      ...{ audience, id: offer.id, slot: 'paper', sha: 'a'.repeat(64), off: 0 },
      ...{ name: 'page.jpg', size: 1, buf: new Uint8Array(1) },
    },
    marketRows: { audience, programme: 'programme', kind: 'kind', restored: [] },
    removeRow: { audience, programme: 'programme', kind: 'kind', row: 'row' },
    freeDraft: { id: offer.id },
    giveDraft: { audience, id: offer.id, answers: [], form: {}, papers: {}, files: [] },
  };
}

describe('every message', () => {
  it('stands once, on a connection of its own kind', () => {
    const events = [...Object.values(stationMessages), ...Object.values(serverMessages)].map(
      ({ event }) => event,
    );
    expect(new Set(events).size).toBe(events.length);
    expect(Object.keys(rightOnes()).toSorted()).toEqual(
      messages
        .map(([name]) => name)
        .filter((name) => !open.includes(name))
        .toSorted(),
    );
  });

  it('is nothing for a stranger, whatever he sends, but the one by which a station says who it is', async () => {
    for (const [name, message] of messages) {
      if (message.permission === 'stranger') continue;
      const socket = await stranger(message.channel);
      for (const asked of [rightOnes()[name], {}, undefined])
        expect([name, await codeOf(socket, message, asked)]).toEqual([name, 'UNAUTHENTICATED']);
      socket.disconnect();
    }
    expect(messages.filter(([, { permission }]) => permission === 'stranger').map(([name]) => name)).toEqual([
      'hello',
      'attach',
    ]);
  });

  it('is refused with what its contract does not know, but where later versions say more', async () => {
    for (const [name, message] of messages) {
      if (open.includes(name)) continue;
      const right = rightOnes()[name] ?? {};
      expect([name, message.asked.safeParse(right).success]).toEqual([name, true]);
      const socket = message.permission === 'stranger' ? await stranger(message.channel) : undefined;
      const { ctl, pages } = station;
      const line = socket ?? (message.channel === '/ctl' ? ctl : pages);
      expect([name, await codeOf(line, message, { ...right, more: 1 })]).toEqual([name, 'BAD_REQUEST']);
      expect([name, await codeOf(line, message, 'a text')]).toEqual([name, 'BAD_REQUEST']);
      socket?.disconnect();
    }
  });

  it('is known to the server, which listens to no other', async () => {
    for (const [name, message] of messages.filter(([one]) => one !== 'hello')) {
      const line = message.channel === '/ctl' ? station.ctl : station.pages;
      expect([name, typeof (await codeOf(line, message, 'a text'))]).toEqual([name, 'string']);
    }
    await expect(station.ctl.timeout(500).emitWithAck('of-nobody', {})).rejects.toThrow();
  });
});
