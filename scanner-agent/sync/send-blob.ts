import { AppError } from '#domain/errors/app-error.ts';
import type { Pace } from './pace.ts';
import type { Session } from './open-session.ts';
import { pagesUnderWay } from './upload-channel.ts';

/** On a slow line more would only share it, and each would lose what is under way when it breaks. */
const fewPages = 2;

const firstPieceBytes = 64 * 1024;
const minPieceBytes = 16 * 1024;
/** A line that answers pieces of this size at once is a quick one. */
const quickPieceBytes = 256 * 1024;
const maxRestarts = 3;
const quickMs = 500;
const slowMs = 2000;

/** How large the pieces of a session are; what one page teaches about the line serves the next. */
export interface PieceSize {
  bytes(): number;
  /** Pages side by side that the line bears. */
  pages: () => number;
  /** A piece of the full size was answered after so long. */
  learn(tookMs: number): void;
}

/** Grows on a quick line and shrinks on a slow one, so that what is under way stays at about two seconds. */
export function createPieceSize(maxBytes: number): PieceSize {
  let bytes = Math.min(firstPieceBytes, maxBytes);
  return {
    bytes: () => bytes,
    pages: () => (bytes >= Math.min(quickPieceBytes, maxBytes) ? pagesUnderWay : fewPages),
    learn(tookMs) {
      if (tookMs < quickMs) bytes = Math.min(bytes * 4, maxBytes);
      else if (tookMs > slowMs) bytes = Math.max(bytes / 2, Math.min(minPieceBytes, maxBytes));
    },
  };
}

/**
 * Sends a blob from the server's offset, one piece after another; the server's word on the offset always counts. The
 * line's settings set the pace. Answers whether the bytes have left, and nothing reads them any more. Throws ConnectionLost,
 * QuietNow, HASH_MISMATCH after several fresh starts, other refusals of the server.
 */
export async function sendBlob(options: {
  session: Pick<Session, 'piece'>;
  sha: string;
  bytes: Uint8Array;
  offset: number;
  pace: Pace;
  pieces: PieceSize;
}): Promise<boolean> {
  const { session, sha, bytes, pace, pieces } = options;
  let off = options.offset;
  let restarts = 0;
  let haveLeft = true;
  for (;;) {
    // Every byte is there and the server did not call it whole: begin again.
    if (off >= bytes.length) restart(new AppError('HASH_MISMATCH', { blob: sha }));
    const size = pieces.bytes();
    const buf = bytes.subarray(off, off + Math.min(size, pace.maxBytes()));
    await pace.before(buf.length);
    const sentAt = performance.now();
    try {
      const answer = await session.piece({ sha, off, buf });
      haveLeft &&= answer.hasLeft === true;
      if (answer.off === 'done') return haveLeft;
      // a smaller one says nothing about a large one
      if (buf.length >= size && answer.off === off + buf.length) pieces.learn(performance.now() - sentAt);
      off = answer.off;
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'HASH_MISMATCH')) throw error;
      haveLeft = false;
      restart(error);
    }
  }

  function restart(reason: AppError): void {
    if ((restarts += 1) > maxRestarts) throw reason;
    off = 0;
  }
}
