/**
 * A TCP line that can be spoilt between two real programs: cut, silent in both directions (half-open, as after a
 * router lost its table), slow, or late. Keeps the order of bytes, as TCP does.
 */
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface LineProxy {
  url: string;
  /** Bytes that went up so far, over all connections. */
  bytesUp(): number;
  connections(): number;
  /** Resets every connection; new ones are let through. */
  cut(): void;
  /** Connections there now go silent without being closed; new ones work. */
  freeze(): void;
  /** New connections are refused (and those there are reset) until mended. */
  block(): void;
  mend(): void;
  /** Calls back once when this many bytes have gone up. */
  whenUp(bytes: number, work: () => void): void;
  /** Flips a bit of the byte that goes up as this one of all, counted from now. */
  flip(bytes: number): void;
  /** Swallows the next data coming down that hold this text, freezes its connection and calls back. */
  whenDown(text: string, work: () => void): void;
  close: () => Promise<void>;
}

export async function startLineProxy(options: {
  targetPort: number;
  delayMs?: number;
  bytesPerSecond?: number;
}): Promise<LineProxy> {
  const { targetPort, delayMs = 0, bytesPerSecond = Infinity } = options;
  const pairs = new Set<{ near: Socket; far: Socket; isFrozen: boolean }>();
  const watchers = new Set<{ bytes: number; work: () => void }>();
  let trap: { text: string; work: () => void } | undefined;
  let isBlocked = false;
  let up = 0;
  let flipAt = Infinity;

  const server = createServer((near) => {
    if (isBlocked) {
      near.resetAndDestroy();
      return;
    }
    const far = createConnection({ port: targetPort, host: '127.0.0.1' });
    const pair = { near, far, isFrozen: false };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      if (pair.isFrozen) return;
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.pipe(line(pair, spoil)).pipe(far);
    far.pipe(line(pair, lookDown(pair))).pipe(near);
  });

  function line(pair: { isFrozen: boolean }, look: (data: Buffer) => void): Transform {
    return new Transform({
      transform(data: Buffer, _encoding, done) {
        // Frozen: swallowed. A real half-open line would resend in vain; for both ends it is the same silence.
        if (!pair.isFrozen) look(data);
        if (pair.isFrozen) return done();
        const waitMs = delayMs + (data.length / bytesPerSecond) * 1000;
        if (waitMs < 1) return done(null, data);
        setTimeout(() => (pair.isFrozen ? done() : done(null, data)), waitMs);
      },
    });
  }

  /** What a server sends is not masked in WebSocket frames: its JSON can be read here. */
  function lookDown(pair: { isFrozen: boolean }): (data: Buffer) => void {
    return (data) => {
      if (!trap || !data.includes(trap.text)) return;
      pair.isFrozen = true;
      const { work } = trap;
      trap = undefined;
      work();
    };
  }

  /** In place: nobody else holds these bytes. */
  function spoil(data: Buffer): void {
    const at = flipAt - up;
    if (at < data.length) {
      data[at] = (data[at] ?? 0) ^ 1;
      flipAt = Infinity;
    }
    up += data.length;
    for (const watcher of watchers)
      if (up >= watcher.bytes) {
        watchers.delete(watcher);
        watcher.work();
      }
  }

  function cut(): void {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
    pairs.clear();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytesUp: () => up,
    connections: () => pairs.size,
    cut,
    freeze() {
      for (const pair of pairs) pair.isFrozen = true;
    },
    block() {
      isBlocked = true;
      cut();
    },
    mend() {
      isBlocked = false;
    },
    whenUp(bytes, work) {
      watchers.add({ bytes, work });
    },
    flip(bytes) {
      flipAt = up + bytes;
    },
    whenDown(text, work) {
      trap = { text, work };
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
