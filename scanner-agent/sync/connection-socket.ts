import { io } from 'socket.io-client';
import { z } from 'zod';
import { answerSchema } from '#domain/sync/schema.ts';
import { AppError, fromWireError } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';

const looseAnswerSchema = answerSchema(z.unknown());

/** The line went away or went silent. Nothing was refused: connect again, ask, go on. */
export class ConnectionLost extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ConnectionLost';
  }
}

export interface ConnectionSocket {
  /**
   * Sends and waits for the acknowledged answer. A silence closes the connection: on a live one nothing is ever sent
   * twice. Throws ConnectionLost, or the server's refusal as AppError.
   */
  ask<T extends z.ZodType>(event: string, message: unknown, result: T): Promise<z.output<T>>;
  /** Sends what may be lost: nothing is answered, nothing waited for. */
  tell(event: string, message: unknown): void;
  on(event: string, listener: (message: unknown) => void): void;
  /** Called once, when the connection has ended for whatever reason. */
  onEnd(listener: (reason: ConnectionLost) => void): void;
  close(): void;
}

export interface LineSocketOptions {
  /** With the namespace: https://server/ctl. */
  url: string;
  connectTimeoutMs: number;
  ackTimeoutMs: number;
  signal: AbortSignal;
  /** Listeners that must stand before the first message arrives. */
  early?: Record<string, (message: unknown) => void>;
}

/** One Socket.IO connection of its own, without the library's reconnection, buffering or retries. Throws ConnectionLost. */
export async function openConnection(options: LineSocketOptions): Promise<ConnectionSocket> {
  const socket = io(options.url, {
    forceNew: true,
    transports: ['websocket'],
    reconnection: false,
    autoConnect: false,
    timeout: options.connectTimeoutMs,
  });
  let ended: ConnectionLost | undefined;
  const endListeners = new Set<(reason: ConnectionLost) => void>();
  const end = (reason: string) => {
    if (ended) return;
    ended = new ConnectionLost(reason);
    options.signal.removeEventListener('abort', close);
    socket.disconnect();
    // The engine and not only the namespace: a half-open connection must not be waited for.
    socket.io.engine?.close();
    for (const listener of endListeners) listener(ended);
  };
  const close = () => end('closed by this side');
  socket.on('disconnect', (reason) => end(reason));
  for (const [event, listener] of Object.entries(options.early ?? {})) socket.on(event, listener);

  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => fail('no answer to the connection'), options.connectTimeoutMs);
    const fail = (reason: string) => {
      clearTimeout(timer);
      end(reason);
      reject(ended ?? new ConnectionLost(reason));
    };
    endListeners.add(reject);
    socket.once('connect', () => {
      clearTimeout(timer);
      endListeners.delete(reject);
      resolve();
    });
    socket.once('connect_error', (error) => fail(error.message));
    if (options.signal.aborted) fail('closed by this side');
    else {
      options.signal.addEventListener('abort', () => fail('closed by this side'), { once: true });
      socket.connect();
    }
  });
  options.signal.addEventListener('abort', close, { once: true });

  /**
   * A session that ended on the server's side (a line that broke there first) is answered like a fenced one. Only the
   * event `fenced` means that another station took over; this means: open a new session.
   */
  const refusal = (wire: WireError): Error => {
    const error = fromWireError(wire);
    if (error.code !== 'STATION_FENCED') return error;
    end('the server has no such session any more');
    return ended ?? error;
  };

  return {
    async ask(event, message, result) {
      if (ended) throw ended;
      let answer: unknown;
      try {
        answer = await socket.timeout(options.ackTimeoutMs).emitWithAck(event, message);
      } catch (error) {
        end(`no answer to ${event}: ${(error as Error).message}`);
        throw ended ?? error;
      }
      const parsed = looseAnswerSchema.safeParse(answer);
      if (!parsed.success) throw new AppError('VERSION_UNSUPPORTED', { event }, { cause: parsed.error });
      if (!parsed.data.ok) throw refusal(parsed.data.error);
      const checked = result.safeParse(parsed.data.result);
      if (!checked.success) throw new AppError('VERSION_UNSUPPORTED', { event }, { cause: checked.error });
      return checked.data;
    },
    tell: (event, message) => {
      if (!ended) socket.volatile.emit(event, message);
    },
    on: (event, listener) => {
      socket.on(event, listener);
    },
    onEnd: (listener) => {
      if (ended) listener(ended);
      else endListeners.add(listener);
    },
    close,
  };
}
