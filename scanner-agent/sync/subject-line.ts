/** What is asked over the session of the link in which the server has seen the key of whoever is logged in. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import type { Audience } from '#domain/sync/audience.ts';
import { ConnectionLost } from './connection-socket.ts';
import type { Session } from './open-session.ts';

/** Why nothing can be asked there now. */
export type Hindrance = 'no-line' | 'needs-key' | 'not-supported';

/** The session in which the key was seen, or why there is none. */
export type WhereSeen = () => Promise<{ session: Session; audience: Audience } | Hindrance>;

/** `since`: of the protocol. `codes`: what people are told of each hindrance. */
export function createSubjectLine(
  whereSeen: WhereSeen,
  { since, codes }: { since: number; codes: Readonly<Record<Hindrance, ErrorCode>> },
) {
  const hindered = (why: Hindrance, cause?: unknown): AppError =>
    new AppError(codes[why], {}, cause === undefined ? undefined : { cause });

  return async function within<T>(work: (session: Session, audience: Audience) => Promise<T>): Promise<T> {
    const seen = await whereSeen();
    if (typeof seen === 'string') throw hindered(seen);
    if (seen.session.welcome.proto < since) throw hindered('not-supported');
    try {
      return await work(seen.session, seen.audience);
    } catch (error) {
      if (error instanceof ConnectionLost) throw hindered('no-line', error);
      // no subscription covers it any more
      if (error instanceof AppError && error.code === 'FORBIDDEN') throw hindered('needs-key', error);
      throw error;
    }
  };
}
