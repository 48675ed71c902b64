/**
 * How a message of the contracts is answered: whoever has not said who it is hears that before anything is made of what was sent,
 * what came is parsed, the handler runs, its answer is acknowledged. Nothing else listens on a station's connections.
 */
import type { Socket } from 'socket.io';
import { ulid } from 'ulid';
import type { z } from 'zod';
import { stationMessages } from '#domain/contracts/station/messages.ts';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import type { Log } from '../ports/surroundings.ts';
import { databaseFailure } from '../services/database-failure.ts';
import type { createRefusalLog } from '../services/refusal-log.ts';

type Messages = typeof stationMessages;
type NamesOf<Channel extends string> = {
  [Name in keyof Messages]: Messages[Name]['channel'] extends Channel ? Name : never;
}[keyof Messages];
/** All that a connection of that kind can be asked. */
export type Handlers<Channel extends '/ctl' | '/blob'> = {
  [Name in NamesOf<Channel>]: (
    asked: z.output<Messages[Name]['asked']>,
  ) => Promise<z.output<Messages[Name]['answer']>>;
};

/** The disk of the database is full: nothing of the item is wrong, so it must not count as refused. */
const fullCodes: ReadonlySet<unknown> = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', '53100']);
const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && fullCodes.has(error.code);
const fullRetryMs = 10_000;
const lockedRetryMs = 2_000;

export function createServeMessages({
  refusals,
  log,
}: {
  refusals: Pick<ReturnType<typeof createRefusalLog>, 'refused'>;
  log: Pick<Log, 'error'>;
}) {
  const running = new Set<Promise<void>>();
  let isStopping = false;

  async function answered(
    { event, asked, permission }: Messages[keyof Messages],
    input: unknown,
    { isKnown, handle }: { isKnown: () => boolean; handle: (asked: never) => Promise<unknown> },
  ): Promise<object> {
    try {
      // nothing is made of what a stranger sends
      if (permission === 'station' && !isKnown()) throw new AppError('UNAUTHENTICATED');
      const parsed = asked.safeParse(input);
      if (!parsed.success)
        throw new AppError('BAD_REQUEST', { event, at: parsed.error.issues[0]?.path.join('.') ?? '' });
      // the table of handlers is typed by the same contracts: TypeScript cannot follow a name through both
      return { ok: true, result: await handle(parsed.data as never) };
    } catch (failure) {
      const error = asExpected(failure);
      const traceId = ulid();
      if (error instanceof AppError)
        refusals.refused('station refused', { event, code: error.code }, { traceId });
      else log.error({ traceId, event, error }, 'station message failed');
      return { ok: false, error: toWireError(error, traceId) };
    }
  }

  return {
    /** `isKnown`: who is on this connection has been said. An input that does not parse is answered, never a reason to stop listening. */
    bind<Channel extends '/ctl' | '/blob'>(
      socket: Socket,
      {
        channel,
        isKnown,
        handlers,
      }: { channel: Channel; isKnown: () => boolean; handlers: Handlers<Channel> },
    ): void {
      const table = handlers as Partial<Record<keyof Messages, (asked: never) => Promise<unknown>>>;
      for (const name of Object.keys(stationMessages) as (keyof Messages)[]) {
        const message = stationMessages[name];
        const handle = table[name];
        if (message.channel !== channel || !handle) continue;
        socket.on(message.event, (input: unknown, acknowledge: unknown) => {
          // unanswered is what a broken line is: the station asks again, at the process that is there then
          if (isStopping) return;
          const done = answered(message, input, { isKnown, handle }).then((answer) => {
            // a station that wants no answer gets none
            if (typeof acknowledge === 'function') Reflect.apply(acknowledge, undefined, [answer]);
          });
          running.add(done);
          void done.finally(() => running.delete(done));
        });
      }
    },
    /** Takes nothing more; resolves when what is being done is done. */
    async stop(): Promise<void> {
      isStopping = true;
      await Promise.allSettled([...running]);
    },
  };
}

/** Stations of every version know this one, and wait. */
function asExpected(failure: unknown): unknown {
  if (isFull(failure)) return new AppError('SERVER_BUSY', { retryAfterMs: fullRetryMs }, { cause: failure });
  if (databaseFailure(failure))
    return new AppError('SERVER_BUSY', { retryAfterMs: lockedRetryMs }, { cause: failure });
  return failure;
}
