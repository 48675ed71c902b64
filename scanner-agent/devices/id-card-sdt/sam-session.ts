/** One request, one reply over a link, with every way in which a line can spoil the reply told apart. */
import { AppError } from '#domain/errors/app-error.ts';
import type { ByteLink } from '../byte-links/byte-link.ts';
import { within } from '../byte-links/wait.ts';
import type { WaitOptions } from '../../ports/wait-options.ts';
import type { Command } from './commands.ts';
import { createFrameCollector } from './frame.ts';
import type { Reply } from './frame.ts';

export interface SamSession {
  /**
   * Sends a command and waits for its reply, at most the shorter of both limits. One at a time.
   * Throws DEVICE_TIMEOUT (nothing came), CARD_READ_FAILED with reason `reply-damaged` or `reply-incomplete`,
   * DEVICE_LOST, or the signal's reason.
   */
  ask(command: Command, options: WaitOptions): Promise<Reply>;
  /** Lets whoever waits fail with DEVICE_LOST. */
  abandon(): void;
}

/**
 * A reply that is spoilt or has begun and then stays silent for this long will not get better: asking again is quicker
 * than waiting for the command's limit. Noise may still be followed by the good reply.
 */
const quietMs = 500;

interface Waiting {
  command: Command;
  resolve: (reply: Reply) => void;
  reject: (error: AppError) => void;
  isDamaged: boolean;
  quietTimer?: NodeJS.Timeout;
}

export function createSamSession(link: ByteLink, onLost: () => void): SamSession {
  const collector = createFrameCollector();
  let waiting: Waiting | undefined;

  link.onData((bytes) => {
    for (const event of collector.push(bytes)) {
      if (!waiting) continue;
      if (event.kind === 'damaged') waiting.isDamaged = true;
      else if (waiting.command.accepts(event.reply)) waiting.resolve(event.reply);
    }
    if (waiting) giveUpWhenQuiet(waiting);
  });
  link.onLost(() => {
    abandon();
    onLost();
  });

  function abandon(): void {
    waiting?.reject(new AppError('DEVICE_LOST', { step: waiting.command.name }));
  }

  function giveUpWhenQuiet(spoilt: Waiting): void {
    clearTimeout(spoilt.quietTimer);
    if (!spoilt.isDamaged && !collector.hasPartial()) return;
    const reason = spoilt.isDamaged ? 'reply-damaged' : 'reply-incomplete';
    spoilt.quietTimer = setTimeout(() => spoilt.reject(spoiltReply(spoilt.command, reason)), quietMs);
  }

  return {
    abandon,
    async ask(command, { signal, timeoutMs }) {
      collector.reset();
      const { promise, resolve, reject } = Promise.withResolvers<Reply>();
      const own: Waiting = { command, resolve, reject, isDamaged: false };
      waiting = own;
      try {
        const limits = { signal, timeoutMs: Math.max(1, Math.min(command.timeoutMs, timeoutMs)) };
        // A line may be lost while the request is still being written: both are awaited under one limit.
        const exchange = Promise.all([link.write(command.request, limits), promise]).then(
          ([, reply]) => reply,
        );
        return await within(exchange, limits, { step: command.name });
      } catch (error) {
        const isTimeout = error instanceof AppError && error.code === 'DEVICE_TIMEOUT';
        if (isTimeout && collector.hasPartial()) throw spoiltReply(command, 'reply-incomplete');
        throw error;
      } finally {
        clearTimeout(own.quietTimer);
        if (waiting === own) waiting = undefined;
      }
    },
  };
}

function spoiltReply(command: Command, reason: 'reply-damaged' | 'reply-incomplete'): AppError {
  return new AppError('CARD_READ_FAILED', { step: command.name, reason });
}
