/** A reader that a vendor's program on this machine owns: the program is asked over HTTP until it has read a card. */
import type { WebCardReaderDriver } from '#domain/catalogue/drivers.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { pause } from '../byte-links/wait.ts';
import type { CardReader, CardReaderHealth, IdCard } from '../../ports/card-reader.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import { serviceFamilies } from './families.ts';
import type { ServiceAnswer, ServiceRequest } from './families.ts';

export interface WebCardReaderOptions {
  driver: WebCardReaderDriver;
  url: string;
  simulated: boolean;
  pollMs?: number;
  onHealthChanged?: (health: CardReaderHealth) => void;
}

export interface WebCardReader extends CardReader {
  /** Asks whether the program runs. Throws CARD_READER_SERVICE_MISSING, CARD_READER_SERVICE_SILENT, DEVICE_FAULT. */
  connect(options: WaitOptions): Promise<void>;
}

const probeMs = 2000;
const waitSeconds = 2;
/** The program waits for the card itself, then reads (up to 5 s) and decodes the photo. */
const readMs = 12_000;
const longestAnswer = 4_000_000;
/** A program that answers at all says "no card" this soon. */
const firstAnswerMs = waitSeconds * 1000 + 1500;
/** A card that fails this often in a row will not be read. */
const maxFailures = 3;

export function createWebCardReader(options: WebCardReaderOptions): WebCardReader {
  const { driver, url, simulated, pollMs = 400 } = options;
  const family = serviceFamilies[driver.family];
  const closing = new AbortController();
  let isReading = false;
  let state: Pick<CardReaderHealth, 'state' | 'errorCode'> = {
    state: 'missing',
    errorCode: 'CARD_READER_SERVICE_MISSING',
  };

  const health = (): CardReaderHealth => ({
    id: `${driver.id}@${url}`,
    name: `${driver.brand} ${driver.model}`,
    driver: driver.id,
    link: 'web',
    path: url,
    simulated,
    ...state,
  });

  function changeState(next: typeof state): void {
    const isSame = next.state === state.state && next.errorCode === state.errorCode;
    state = next;
    if (!isSame) options.onHealthChanged?.(health());
  }

  /** Remembers what the failure says about the reader, and gives it back. */
  function noted(error: AppError): AppError {
    const { code } = error;
    const isMissing = code === 'CARD_READER_SERVICE_MISSING' || code === 'CARD_READER_MISSING';
    changeState({ state: isMissing ? 'missing' : 'fault', errorCode: code });
    return error;
  }

  async function ask({ method, path }: ServiceRequest, wait: WaitOptions): Promise<unknown> {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(wait.timeoutMs)));
    const signal = AbortSignal.any([wait.signal, closing.signal, limit]);
    try {
      const response = await fetch(new URL(path, url), { method, signal, redirect: 'error' });
      return JSON.parse(await textOf(response)) as unknown;
    } catch (error) {
      if (wait.signal.aborted) throw wait.signal.reason;
      if (closing.signal.aborted) throw closing.signal.reason;
      if (limit.aborted)
        throw new AppError('CARD_READER_SERVICE_SILENT', { step: path.split('?')[0] ?? path });
      // Refused, reset, or no JSON at all: the program is not there, or another one is in its place.
      const code = error instanceof SyntaxError ? 'DEVICE_FAULT' : 'CARD_READER_SERVICE_MISSING';
      throw new AppError(code, { url, reason: 'answer' }, { cause: error });
    }
  }

  async function readOnce(wait: WaitOptions): Promise<ServiceAnswer> {
    const body = await ask(family.read(waitSeconds), wait);
    try {
      return family.parse(body);
    } catch (error) {
      throw new AppError('DEVICE_FAULT', { url, reason: 'answer-shape' }, { cause: error });
    }
  }

  async function readUntil({ signal, timeoutMs }: WaitOptions): Promise<IdCard> {
    const deadline = performance.now() + timeoutMs;
    let failures = 0;
    let isBusy = false;
    for (;;) {
      const askedAt = performance.now();
      const leftMs = deadline - askedAt;
      if (leftMs <= 0)
        throw new AppError(isBusy ? 'DEVICE_BUSY' : 'CARD_NOT_PLACED', { reason: 'time-is-up' });
      const answer = await readOnce({ signal, timeoutMs: Math.min(readMs, leftMs) }).catch(
        (error: unknown) => {
          if (!(error instanceof AppError)) throw error;
          // Our own time was up before a program that waits for the card would have said anything.
          const isEarly = performance.now() - askedAt < firstAnswerMs;
          if (isEarly && error.code === 'CARD_READER_SERVICE_SILENT') return undefined;
          throw noted(error);
        },
      );
      if (!answer) continue;
      isBusy = answer.kind === 'busy';
      switch (answer.kind) {
        case 'card':
          changeState({ state: 'ready' });
          return answer.card;
        case 'no-reader':
          throw noted(new AppError('CARD_READER_MISSING', { url }));
        case 'failed':
          failures++;
          if (failures >= maxFailures) throw new AppError('CARD_READ_FAILED', { reason: answer.said });
          break;
        case 'no-card':
        case 'busy':
          failures = 0;
      }
      await pause(Math.min(pollMs, Math.max(1, deadline - performance.now())), signal);
    }
  }

  return {
    health,
    async connect({ signal, timeoutMs }) {
      // The programs refuse a second question while they read, and a reading tells enough by itself.
      if (isReading) return;
      try {
        await ask(family.probe, { signal, timeoutMs: Math.min(probeMs, timeoutMs) });
      } catch (error) {
        throw error instanceof AppError ? noted(error) : error;
      }
      changeState({ state: 'ready' });
    },
    async readCard({ signal, timeoutMs, onPlaced }) {
      if (isReading) throw new AppError('CARD_READER_READING', { id: health().id });
      isReading = true;
      try {
        const card = await readUntil({ signal, timeoutMs });
        onPlaced?.();
        return card;
      } finally {
        isReading = false;
      }
    },
    async close() {
      closing.abort(new AppError('DEVICE_LOST', { reason: 'closed' }));
    },
  };
}

/** Stops at a length that no honest answer has. */
async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    length += bytes.length;
    if (length > longestAnswer) throw new SyntaxError('answer too long');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
