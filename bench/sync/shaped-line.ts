/**
 * A TCP line of a given width and length between two programs on this machine. All connections share its width, each
 * byte takes half the round trip, a new connection carries nothing for its first round trip, and order is kept.
 * TCP's slow start and lost packets are not imitated.
 */
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Shape } from './shape.ts';

export interface ShapedLine {
  port: number;
  close: () => Promise<void>;
}

/** What a connection may have waiting before its sender is held up, as a router's queue would. */
const queueBytes = 64 * 1024;
const pieceBytes = 8 * 1024;

/** One way of the line: when the next byte can leave, by the monotonic clock. */
interface Way {
  freeAt: number;
}

export async function startShapedLine(shape: Shape, targetPort: number): Promise<ShapedLine> {
  const sockets = new Set<Socket>();
  const up: Way = { freeAt: 0 };
  const down: Way = { freeAt: 0 };

  const server = createServer((near) => {
    const far = createConnection({ port: targetPort, host: '127.0.0.1' });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    const opensAt = performance.now() + shape.roundTripMs;
    carry({ shape, way: up, from: near, to: far, opensAt });
    carry({ shape, way: down, from: far, to: near, opensAt });
  });
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const timer = shape.resetEveryMs > 0 ? setInterval(cut, shape.resetEveryMs) : undefined;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      clearInterval(timer);
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function carry(options: { shape: Shape; way: Way; from: Socket; to: Socket; opensAt: number }): void {
  const { shape, way, from, to, opensAt } = options;
  const underWay: { data: Buffer; leavesAt: number; arrivesAt: number }[] = [];
  let timer: NodeJS.Timeout | undefined;
  let hasEnded = false;

  from.on('data', (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const data = bytes.subarray(at, at + pieceBytes);
      way.freeAt =
        Math.max(way.freeAt, performance.now(), opensAt) + (data.length / shape.bytesPerSecond) * 1000;
      underWay.push({ data, leavesAt: way.freeAt, arrivesAt: way.freeAt + shape.roundTripMs / 2 });
    }
    move();
  });
  from.on('end', () => {
    hasEnded = true;
    move();
  });
  from.on('close', () => {
    clearTimeout(timer);
    to.destroySoon();
  });

  function move(): void {
    clearTimeout(timer);
    const now = performance.now();
    while (underWay[0] && underWay[0].arrivesAt <= now) {
      const { data } = underWay.shift() as { data: Buffer };
      if (to.writable) to.write(data);
    }
    let waiting = 0;
    let firstLeaves = Infinity;
    for (const { data, leavesAt } of underWay)
      if (leavesAt > now) {
        waiting += data.length;
        firstLeaves = Math.min(firstLeaves, leavesAt);
      }
    if (waiting > queueBytes) from.pause();
    else from.resume();
    const next = Math.min(underWay[0]?.arrivesAt ?? Infinity, waiting > queueBytes ? firstLeaves : Infinity);
    if (next < Infinity) timer = setTimeout(move, Math.max(next - now, 1));
    else if (hasEnded) to.end();
  }
}
