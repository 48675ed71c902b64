/** Drafts of portals over the session of the link that shows the records of whoever is logged in. */
import { AppError } from '#domain/errors/app-error.ts';
import { carriedDraftsSince } from '#domain/sync/carried-draft.ts';
import { filePieceBytes } from '#domain/sync/subject-feed.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { DraftLine } from '../ports/link.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { Session } from './open-session.ts';

/** `subscribed`: the session in which the server has seen the key. Throws DRAFT_NO_LINE, DRAFT_NEEDS_KEY. */
export function createDraftLine(
  subscribed: () => Promise<{ session: Session; audience: Audience }>,
): DraftLine {
  async function within<T>(work: (session: Session, audience: Audience) => Promise<T>): Promise<T> {
    const { session, audience } = await subscribed();
    if (session.welcome.proto < carriedDraftsSince) throw new AppError('DRAFT_NOT_SUPPORTED');
    try {
      return await work(session, audience);
    } catch (error) {
      if (error instanceof ConnectionLost) throw new AppError('DRAFT_NO_LINE', {}, { cause: error });
      // no subscription covers it any more
      if (error instanceof AppError && error.code === 'FORBIDDEN')
        throw new AppError('DRAFT_NEEDS_KEY', {}, { cause: error });
      throw error;
    }
  }

  return {
    take: (asked) => within((session, audience) => session.takeDraft({ ...asked, audience })),
    give: (given) => within((session, audience) => session.giveDraft({ ...given, audience })),
    file: (wanted) =>
      within(async (session, audience) => {
        const pieces: Uint8Array[] = [];
        for (let off = 0, size = 1; off < size;) {
          const piece = await session.draftFile({ ...wanted, audience, off });
          if (piece.buf.length === 0) break;
          pieces.push(piece.buf);
          off += piece.buf.length;
          size = piece.size;
        }
        return new Uint8Array(Buffer.concat(pieces));
      }),
    send: ({ bytes, ...file }) =>
      within(async (session, audience) => {
        for (let off = 0; off < bytes.length; off += filePieceBytes)
          await session.draftPiece({
            ...{ ...file, audience, off, size: bytes.length },
            buf: bytes.subarray(off, off + filePieceBytes),
          });
      }),
  };
}
