import type { FastifyInstance, FastifyReply } from 'fastify';

const heartbeatMs = 5_000;

/** Server-sent events to one page, until the page goes or the server ends them. */
export interface EventStream {
  /** Nothing where it has ended. */
  send(type: string, data: unknown): void;
  end(): void;
  onClose(stop: () => void): void;
}

/** Opens streams, and ends those that are open before the server closes: it would wait for them. */
export function createEventStreams(app: FastifyInstance): (reply: FastifyReply) => EventStream {
  const open = new Set<EventStream>();
  app.addHook('preClose', async () => {
    for (const stream of open) stream.end();
  });
  return (reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    raw.write(': here\n\n');
    const heartbeat = setInterval(() => {
      if (!raw.writableEnded) raw.write(': here\n\n');
    }, heartbeatMs);
    const stream: EventStream = {
      send(type, data) {
        if (!raw.writableEnded) raw.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      },
      end: () => void raw.end(),
      onClose: (stop) => void raw.on('close', stop),
    };
    open.add(stream);
    stream.onClose(() => {
      clearInterval(heartbeat);
      open.delete(stream);
    });
    return stream;
  };
}
