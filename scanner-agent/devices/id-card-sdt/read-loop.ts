/** Find, select, read: all three each time, again and again until a card is read, fails for good, or time is up. */
import { AppError } from '#domain/errors/app-error.ts';
import { pause } from '../byte-links/wait.ts';
import type { IdCard } from '../../ports/card-reader.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import { parseCardText } from './card-text.ts';
import { commands, parseAddress, parseCardBlocks } from './commands.ts';
import type { Command } from './commands.ts';
import type { Reply } from './frame.ts';
import type { SamSession } from './sam-session.ts';
import { describeFailure, sw } from './status.ts';

export interface ReadLoopOptions extends WaitOptions {
  session: SamSession;
  samId: string;
  pollMs: number;
  onPlaced?: (() => void) | undefined;
}

/** Tries on one placing of a card, and fewer where the device keeps silent, since each of those lasts seconds. */
const maxFailures = 3;
const maxSilences = 2;
/** A card at the edge of the field flickers; it counts as lifted when it is not found this often in a row. */
const emptyFindsWhenLifted = 2;
/** Timers may fire a little before their time. */
const cutShortMs = 5;

/** Throws CARD_NOT_PLACED, CARD_READ_FAILED, CARD_READER_UNAUTHORISED, DEVICE_LOST, DEVICE_TIMEOUT, DEVICE_FAULT. */
export async function readPlacedCard(options: ReadLoopOptions): Promise<IdCard> {
  const { session, signal, timeoutMs, pollMs, onPlaced } = options;
  const deadline = performance.now() + timeoutMs;
  const leftMs = () => deadline - performance.now();
  const placing = { isFelt: false, emptyFinds: 0, failures: 0, silences: 0 };
  let hasAnswered = false;
  let lastFailure: AppError | undefined;

  async function ask(command: Command): Promise<Reply> {
    const givenMs = leftMs();
    if (givenMs <= 0) throw timeIsUp();
    try {
      const reply = await session.ask(command, { signal, timeoutMs: givenMs });
      hasAnswered = true;
      return reply;
    } catch (error) {
      // A command that our own deadline cut short says nothing about the device.
      const isCutShort = givenMs < command.timeoutMs && leftMs() < cutShortMs;
      throw isCutShort && isTimeout(error) ? timeIsUp() : error;
    }
  }

  function timeIsUp(): AppError {
    if (lastFailure) return lastFailure;
    if (!hasAnswered) return new AppError('DEVICE_TIMEOUT', { step: 'find' });
    return new AppError(placing.isFelt ? 'CARD_READ_FAILED' : 'CARD_NOT_PLACED', { reason: 'time-is-up' });
  }

  async function attempt(): Promise<IdCard | undefined> {
    const found = await ask(commands.find);
    if (found.sw3 === sw.noCard) {
      placing.emptyFinds++;
      if (placing.emptyFinds >= emptyFindsWhenLifted) Object.assign(placing, { isFelt: false, failures: 0 });
      return undefined;
    }
    expectStatus(found, sw.cardFound, 'find');
    placing.emptyFinds = 0;
    if (!placing.isFelt) onPlaced?.();
    placing.isFelt = true;
    expectStatus(await ask(commands.select), sw.ok, 'select');
    const read = await ask(commands.read);
    expectStatus(read, sw.ok, 'read');
    const blocks = parseCardBlocks(read.data, 'read');
    const text = parseCardText(blocks.text);
    const newestAddress = hasAddress(text.kind) ? await askAddress() : undefined;
    return {
      ...text,
      ...(newestAddress ? { newestAddress } : {}),
      photoWlt: blocks.photo,
      samId: options.samId,
    };
  }

  /** The card is read already: whatever goes wrong here costs the additional address, not the card. */
  async function askAddress(): Promise<string | undefined> {
    try {
      const reply = await ask(commands.address);
      return reply.sw3 === sw.ok ? parseAddress(reply.data) : undefined;
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }

  for (;;) {
    try {
      const card = await attempt();
      if (card) return card;
      placing.silences = 0;
    } catch (error) {
      if (!(error instanceof AppError) || isFinal(error)) throw error;
      if (leftMs() < cutShortMs) throw error;
      lastFailure = error;
      placing.failures++;
      if (isTimeout(error)) placing.silences++;
      if (placing.failures >= maxFailures || placing.silences >= maxSilences) throw error;
    }
    if (leftMs() < cutShortMs) throw timeIsUp();
    await pause(Math.min(pollMs, leftMs()), signal);
  }
}

function expectStatus(reply: Reply, expected: number, step: string): void {
  if (reply.sw3 === expected) return;
  const { code, meaning } = describeFailure(reply.sw3);
  // SW1 and SW2 carry the card's own answer; they say nothing about its holder.
  const status = [reply.sw1, reply.sw2, reply.sw3]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  throw new AppError(code, { step, reason: meaning, status });
}

function hasAddress(kind: IdCard['kind']): boolean {
  return kind === 'resident' || kind === 'hmt-residence';
}

function isTimeout(error: unknown): boolean {
  return error instanceof AppError && error.code === 'DEVICE_TIMEOUT';
}

function isFinal(error: AppError): boolean {
  return error.code === 'DEVICE_LOST' || error.code === 'CARD_READER_UNAUTHORISED';
}
