/** A reader that speaks the SAM protocol, over whatever link. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ByteLink, OpenLink } from '../byte-links/byte-link.ts';
import { within } from '../byte-links/wait.ts';
import type { CardReader, CardReaderHealth } from '../../ports/card-reader.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import { commands, parseSamId } from './commands.ts';
import { readPlacedCard } from './read-loop.ts';
import { createSamSession } from './sam-session.ts';
import type { SamSession } from './sam-session.ts';
import { describeFailure, sw } from './status.ts';

export interface SdtCardReaderOptions {
  id: string;
  name: string;
  driver: string;
  link: CardReaderHealth['link'];
  path: string;
  simulated: boolean;
  openLink: OpenLink;
  /** Rates to search, for links that have one. */
  baudRates?: readonly number[];
  /** Pause between two looks for a card. */
  pollMs?: number;
  onHealthChanged?: (health: CardReaderHealth) => void;
}

export interface SdtCardReader extends CardReader {
  /** Opens the link and asks the security module for its state. Throws as `readCard`; does nothing when connected. */
  connect(options: WaitOptions): Promise<void>;
  /** Tells the reader that its device was seen leaving. */
  noteUnplugged(): Promise<void>;
}

const openMs = 3000;
const samIdUnknown = '';

export function createSdtCardReader(options: SdtCardReaderOptions): SdtCardReader {
  const {
    id,
    name,
    driver,
    link: linkKind,
    path,
    simulated,
    openLink,
    baudRates = [],
    pollMs = 300,
  } = options;
  const closing = new AbortController();
  let connection: { link: ByteLink; session: SamSession; samId: string } | undefined;
  let connecting: Promise<void> | undefined;
  let isReading = false;
  let state: Pick<CardReaderHealth, 'state' | 'errorCode'> = {
    state: 'missing',
    errorCode: 'CARD_READER_MISSING',
  };

  const health = (): CardReaderHealth => ({ id, name, driver, link: linkKind, path, simulated, ...state });

  function changeState(next: typeof state): void {
    const isSame = next.state === state.state && next.errorCode === state.errorCode;
    state = next;
    if (!isSame) options.onHealthChanged?.(health());
  }

  async function disconnect(next: typeof state): Promise<void> {
    const left = connection;
    connection = undefined;
    changeState(next);
    left?.session.abandon();
    await left?.link.close();
  }

  /** One search for all who wait; it has limits of its own, so that one impatient caller does not spoil it for others. */
  function connectOnce(): Promise<void> {
    connecting ??= openAndAsk().finally(() => {
      connecting = undefined;
    });
    return connecting;
  }

  async function openAndAsk(): Promise<void> {
    if (connection) return;
    const { signal } = closing;
    let link: ByteLink | undefined;
    try {
      link = await openLink({ signal, timeoutMs: openMs });
      const opened = link;
      const session = createSamSession(opened, () => {
        if (connection?.link === opened) connection = undefined;
        changeState({ state: 'missing', errorCode: 'CARD_READER_MISSING' });
        void opened.close();
      });
      await searchRate(opened, session);
      connection = { link: opened, session, samId: await askSamId(session) };
      changeState({ state: 'ready' });
    } catch (error) {
      await link?.close();
      throw connectFailure(error);
    }
  }

  function connectFailure(error: unknown): unknown {
    if (!(error instanceof AppError)) return error;
    const isMissing = error.code === 'DEVICE_LOST';
    const code = isMissing ? 'CARD_READER_MISSING' : error.code;
    changeState({ state: isMissing ? 'missing' : 'fault', errorCode: code });
    return code === error.code ? error : new AppError(code, error.details, { cause: error });
  }

  /** Any well-formed reply proves the rate. Throws DEVICE_TIMEOUT when the module answers at none. */
  async function searchRate(link: ByteLink, session: SamSession): Promise<void> {
    const wait = { signal: closing.signal, timeoutMs: commands.status.timeoutMs };
    const rates = link.setBaudRate ? baudRates : [undefined];
    for (const rate of rates) {
      if (rate !== undefined) await link.setBaudRate?.(rate, wait);
      const reply = await session.ask(commands.status, wait).catch((error: unknown) => {
        // Noise at a wrong rate looks like a spoilt reply.
        if (isCode(error, 'DEVICE_TIMEOUT') || isCode(error, 'CARD_READ_FAILED')) return undefined;
        throw error;
      });
      if (!reply) continue;
      const { code, meaning } = describeFailure(reply.sw3);
      if (code === 'CARD_READER_UNAUTHORISED') throw new AppError(code, { step: 'status', reason: meaning });
      return;
    }
    throw new AppError('DEVICE_TIMEOUT', { step: 'status', path });
  }

  async function askSamId(session: SamSession): Promise<string> {
    const wait = { signal: closing.signal, timeoutMs: commands.samId.timeoutMs };
    try {
      const reply = await session.ask(commands.samId, wait);
      return reply.sw3 === sw.ok ? parseSamId(reply.data) : samIdUnknown;
    } catch (error) {
      // Cards can be read without it; only a lost line matters here.
      if (error instanceof AppError && error.code !== 'DEVICE_LOST') return samIdUnknown;
      throw error;
    }
  }

  async function readConnected(wait: WaitOptions, onPlaced: (() => void) | undefined) {
    const startedAt = performance.now();
    await within(connectOnce(), wait, { step: 'connect' });
    const connected = connection;
    if (!connected) throw new AppError('DEVICE_LOST', { step: 'connect' });
    const { session, samId } = connected;
    const timeoutMs = wait.timeoutMs - (performance.now() - startedAt);
    try {
      const card = await readPlacedCard({ session, samId, signal: wait.signal, timeoutMs, pollMs, onPlaced });
      changeState({ state: 'ready' });
      return card;
    } catch (error) {
      // A silent or refusing module is asked from scratch next time: rate, state, everything.
      if (isCode(error, 'DEVICE_TIMEOUT') || isCode(error, 'CARD_READER_UNAUTHORISED')) {
        await disconnect({ state: 'fault', errorCode: (error as AppError).code });
      }
      throw error;
    }
  }

  return {
    health,
    async connect(wait) {
      if (closing.signal.aborted) throw closing.signal.reason;
      await within(connectOnce(), wait, { step: 'connect' });
    },
    async readCard({ signal, timeoutMs, onPlaced }) {
      if (closing.signal.aborted) throw closing.signal.reason;
      if (isReading) throw new AppError('CARD_READER_READING', { id });
      isReading = true;
      try {
        return await readConnected(
          { signal: AbortSignal.any([signal, closing.signal]), timeoutMs },
          onPlaced,
        );
      } finally {
        isReading = false;
      }
    },
    async noteUnplugged() {
      await disconnect({ state: 'missing', errorCode: 'CARD_READER_MISSING' });
    },
    async close() {
      closing.abort(new AppError('DEVICE_LOST', { id, reason: 'closed' }));
      await connecting?.catch(() => undefined);
      await disconnect({ state: 'missing', errorCode: 'CARD_READER_MISSING' });
    },
  };
}

function isCode(error: unknown, code: AppError['code']): boolean {
  return error instanceof AppError && error.code === code;
}
