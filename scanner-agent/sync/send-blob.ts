import { AppError } from '#domain/errors/app-error.ts';
import type { Pace } from './pace.ts';
import type { Session } from './open-session.ts';

const firstChunkBytes = 64 * 1024;
const leastChunkBytes = 16 * 1024;
const mostRestarts = 3;
const quickMs = 500;
const slowMs = 2000;

/** How large the pieces of a session are; what one page teaches about the line serves the next. */
export interface PieceSize {
  bytes(): number;
  /** A piece was answered after so long. */
  learn(tookMs: number): void;
}

/** Grows on a quick line and shrinks on a slow one, so that what is under way stays at about two seconds. */
export function createPieceSize(mostBytes: number): PieceSize {
  let bytes = Math.min(firstChunkBytes, mostBytes);
  return {
    bytes: () => bytes,
    learn(tookMs) {
      if (tookMs < quickMs) bytes = Math.min(bytes * 2, mostBytes);
      else if (tookMs > slowMs) bytes = Math.max(bytes / 2, Math.min(leastChunkBytes, mostBytes));
    },
  };
}

/**
 * Sends a blob from the server's offset, `window` pieces under way. The server's word on the offset always counts. The line's settings set the pace. Throws LineBroken, QuietNow, HASH_MISMATCH after several fresh starts, other refusals of the server.
 */
export async function sendBlob(options: {
  session: Pick<Session, 'chunk'>;
  sha: string;
  bytes: Uint8Array;
  offset: number;
  pace: Pace;
  pieces: PieceSize;
  window: number;
}): Promise<void> {
  const { session, sha, bytes, pace, pieces, window } = options;
  const underWay: { end: number; tookMs: () => number; answer: Promise<number | 'done' | AppError> }[] = [];
  let sent = options.offset;
  let restarts = 0;

  const sendNext = async (): Promise<void> => {
    const buf = bytes.subarray(sent, sent + Math.min(pieces.bytes(), pace.mostBytes()));
    await pace.before(buf.length);
    const sentAt = performance.now();
    let answeredAt: number | undefined;
    const answer = session.chunk({ sha, off: sent, buf }).then(
      ({ off }) => {
        answeredAt = performance.now();
        return off;
      },
      (error: unknown) => {
        if (error instanceof AppError && error.code === 'HASH_MISMATCH') return error;
        throw error;
      },
    );
    // Awaited in order below; when an earlier one throws, nobody is left to hear this one.
    answer.catch(() => undefined);
    sent += buf.length;
    underWay.push({ end: sent, tookMs: () => (answeredAt ?? performance.now()) - sentAt, answer });
  };
  const drain = async (): Promise<number | 'done' | AppError | undefined> => {
    let last: number | 'done' | AppError | undefined;
    for (const { answer } of underWay.splice(0)) last = await answer;
    return last;
  };

  for (;;) {
    while (underWay.length < window && sent < bytes.length) await sendNext();
    const oldest = underWay.shift();
    // Every byte is there and the server did not call it whole: begin again.
    if (!oldest) {
      if ((restarts += 1) > mostRestarts) throw new AppError('HASH_MISMATCH', { blob: sha });
      sent = 0;
      continue;
    }
    let off = await oldest.answer;
    if (off === oldest.end) {
      pieces.learn(oldest.tookMs());
      continue;
    }
    if (off !== 'done') off = (await drain()) ?? off;
    if (off === 'done') return;
    if (off instanceof AppError) {
      if ((restarts += 1) > mostRestarts) throw off;
      off = 0;
    }
    sent = off;
  }
}
