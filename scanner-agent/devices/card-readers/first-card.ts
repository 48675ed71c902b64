/** Several readers at one counter: whichever feels a card first reads it. */
import { AppError } from '#domain/errors/app-error.ts';
import type { CardReader, CardReaderHealth, IdCard } from '../../ports/card-reader.ts';

export interface ReaderPool {
  readers(): readonly CardReader[];
  /** Called with every reader that becomes ready from now on. Returns the way to stop. */
  onReady(listener: (reader: CardReader) => void): () => void;
}

export interface FirstCard {
  card: IdCard;
  /** Of the reader that read it. */
  simulated: boolean;
}

type ReadOptions = Parameters<CardReader['readCard']>[0];

const rank: Record<CardReaderHealth['state'], number> = { ready: 0, fault: 1, missing: 2 };

/**
 * Throws CARD_READER_MISSING where there is none. While one reader is still waiting, another's failure before a card was
 * felt is only remembered: it is thrown when nobody waits any more.
 */
export async function readFirstCard(pool: ReaderPool, wait: ReadOptions): Promise<FirstCard> {
  const { signal, timeoutMs, onPlaced } = wait;
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<FirstCard>();
  const waiting = new Map<CardReader, AbortController>();
  let winner: CardReader | undefined;

  function join(reader: CardReader): void {
    if (winner || waiting.has(reader)) return;
    const calledOff = new AbortController();
    waiting.set(reader, calledOff);
    const claim = (): void => {
      // Two cards on two readers: the second is left alone.
      if (winner && winner !== reader) return;
      const isFirst = !winner;
      winner = reader;
      for (const [other, stopping] of waiting) if (other !== reader) stopping.abort(tooLate());
      if (isFirst) onPlaced?.();
    };
    const leftMs = timeoutMs - (performance.now() - startedAt);
    reader
      .readCard({ signal: AbortSignal.any([signal, calledOff.signal]), timeoutMs: leftMs, onPlaced: claim })
      .then(
        (card) => {
          if (!winner || winner === reader) resolve({ card, simulated: reader.health().simulated });
        },
        (error: unknown) => {
          waiting.delete(reader);
          if (winner ? winner === reader : waiting.size === 0) reject(error);
        },
      );
  }

  const stop = pool.onReady(join);
  try {
    const all = [...pool.readers()].sort((a, b) => rank[a.health().state] - rank[b.health().state]);
    const ready = all.filter((reader) => reader.health().state === 'ready');
    const [likeliest] = all;
    if (!likeliest) throw new AppError('CARD_READER_MISSING');
    for (const reader of ready.length > 0 ? ready : [likeliest]) join(reader);
    return await promise;
  } finally {
    stop();
    for (const stopping of waiting.values()) stopping.abort(tooLate());
  }
}

/** Seen by nobody: the call that it ends has no listener any more. */
function tooLate(): AppError {
  return new AppError('CANCELLED', { reason: 'another-reader-was-first' });
}
