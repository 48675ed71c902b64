import { describe, expect, test } from 'vitest';
import type { ByteLink } from '../byte-links/byte-link.ts';
import { commands } from './commands.ts';
import type { Command } from './commands.ts';
import { encodeFrame } from './frame.ts';
import { createSamSession } from './sam-session.ts';

const wait = { signal: new AbortController().signal, timeoutMs: 5000 };

const found = encodeFrame(Uint8Array.of(0, 0, 0x9f, 0, 0, 0, 0));
const selected = encodeFrame(Uint8Array.of(0, 0, 0x90, ...new Uint8Array(8)));
const ready = encodeFrame(Uint8Array.of(0, 0, 0x90));
const cardOf = (mark: number) =>
  encodeFrame(Uint8Array.of(0, 0, 0x90, 1, 0, 4, 0, ...new Uint8Array(1280).fill(mark)));

/** Sends the given bytes, in order, as soon as a request is written. */
function linkThatSends(...replies: Uint8Array[]): ByteLink & { lose: () => void } {
  let listener: (bytes: Uint8Array) => void = () => undefined;
  let lost = () => undefined as void;
  return {
    kind: 'serial',
    path: 'memory',
    write() {
      for (const reply of replies) listener(reply);
      return Promise.resolve();
    },
    onData(next) {
      listener = next;
    },
    onLost(next) {
      lost = next;
    },
    close: () => Promise.resolve(),
    lose: () => lost(),
  };
}

async function dataOf(command: Command, ...replies: Uint8Array[]): Promise<Uint8Array> {
  const session = createSamSession(linkThatSends(...replies), () => undefined);
  return (await session.ask(command, wait)).data;
}

describe('a session passes over replies of other commands', () => {
  const strangers: [string, Command, Uint8Array[], number][] = [
    ['a doubled find before select', commands.select, [found, selected], 8],
    ['a doubled select before read', commands.read, [selected, ready, cardOf(2)], 1284],
    ['a former read before find', commands.find, [cardOf(1), found], 4],
    ['a former read before select', commands.select, [cardOf(1), selected], 8],
    [
      'a former read before the address',
      commands.address,
      [cardOf(1), encodeFrame(Uint8Array.of(0, 0, 0x91))],
      0,
    ],
    ['a former read before status', commands.status, [cardOf(1), selected, ready], 0],
  ];
  test.each(strangers)('%s', async (_name, command, replies, length) => {
    expect(await dataOf(command, ...replies)).toHaveLength(length);
  });
});

test('the beginning of an old reply does not swallow the new one', async () => {
  let send: (bytes: Uint8Array) => void = () => undefined;
  const link: ByteLink = { ...linkThatSends(), onData: (listener) => void (send = listener) };
  link.write = () => Promise.resolve(send(ready));
  const session = createSamSession(link, () => undefined);
  send(cardOf(1).subarray(0, 700));
  expect((await session.ask(commands.status, wait)).data).toHaveLength(0);
});

test('a lost line fails the question at once and is told once', async () => {
  const link = linkThatSends();
  let losses = 0;
  const session = createSamSession(link, () => losses++);
  const asking = session.ask(commands.read, wait);
  link.lose();
  await expect(asking).rejects.toMatchObject({ code: 'DEVICE_LOST', details: { step: 'read' } });
  expect(losses).toBe(1);
});

test('any command takes a refusal of the module', async () => {
  for (const sw3 of [0x10, 0x21, 0x66]) {
    const session = createSamSession(linkThatSends(encodeFrame(Uint8Array.of(0, 0, sw3))), () => undefined);
    expect((await session.ask(commands.find, wait)).sw3).toBe(sw3);
  }
});
