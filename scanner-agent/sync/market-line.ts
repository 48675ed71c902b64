/** Rows of the national platform over the session of the link that shows the records of whoever is logged in. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { carriedDraftsSince as marketRowsSince } from '#domain/sync/carried-draft.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { MarketLine } from '../ports/link.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { Session } from './open-session.ts';

/** What the wait for the key says of drafts, said of this. */
const ofDrafts: Partial<Record<ErrorCode, ErrorCode>> = {
  DRAFT_NO_LINE: 'SYNCHRONISE_NO_LINE',
  DRAFT_NEEDS_KEY: 'SYNCHRONISE_NEEDS_KEY',
  DRAFT_NOT_SUPPORTED: 'VERSION_UNSUPPORTED',
  FORBIDDEN: 'SYNCHRONISE_NEEDS_KEY',
};

/** `subscribed`: the session in which the server has seen the key. */
export function createMarketLine(
  subscribed: () => Promise<{ session: Session; audience: Audience }>,
): MarketLine {
  async function within<T>(work: (session: Session, audience: Audience) => Promise<T>): Promise<T> {
    try {
      const { session, audience } = await subscribed();
      if (session.welcome.proto < marketRowsSince) throw new AppError('VERSION_UNSUPPORTED');
      return await work(session, audience);
    } catch (error) {
      if (error instanceof ConnectionLost) throw new AppError('SYNCHRONISE_NO_LINE', {}, { cause: error });
      const code = error instanceof AppError ? ofDrafts[error.code] : undefined;
      throw code === undefined ? error : new AppError(code, {}, { cause: error });
    }
  }
  return {
    rows: (asked) => within((session, audience) => session.marketRows({ ...asked, audience })),
    remove: (row) => within((session, audience) => session.removeRow({ ...row, audience })),
  };
}
