/**
 * Frames of the ID-card security module (SAM_A / SAM_V, "SDT"):
 * `AA AA AA 96 69 | length (2, big-endian) | body | check`, where length counts body and check, and check is the
 * XOR of length and body. A reply's body starts with three status bytes, a request's with command and parameter.
 */

/** The longest reply known has 2321 bytes (text, photo, two fingerprints); anything that claims much more is noise. */
export const maxBodyLength = 2560;

const header = [0xaa, 0xaa, 0xaa, 0x96, 0x69] as const;
/** USB modules may swallow leading bytes, so the last two AA are enough to find a frame. */
const sync = header.slice(1);
const shortestReply = 4;

export interface Reply {
  sw1: number;
  sw2: number;
  /** The module's own status, see status.ts. */
  sw3: number;
  data: Uint8Array;
}

export type FrameEvent = { kind: 'reply'; reply: Reply } | { kind: 'damaged'; reason: 'check' | 'length' };

export interface FrameCollector {
  /** Takes the next bytes of the stream and yields what they complete. */
  push(bytes: Uint8Array): FrameEvent[];
  /** True while the beginning of a frame waits for its rest. */
  hasPartial(): boolean;
  bufferedLength(): number;
  reset(): void;
}

/** `body`: command, parameter and data. */
export function encodeFrame(body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(header.length + 2 + body.length + 1);
  frame.set(header);
  frame[5] = (body.length + 1) >> 8;
  frame[6] = (body.length + 1) & 0xff;
  frame.set(body, 7);
  frame[frame.length - 1] = xorOf(frame.subarray(5, frame.length - 1));
  return frame;
}

/** Finds replies in a stream that may be split anywhere and hold garbage. Memory stays below one longest frame. */
export function createFrameCollector(): FrameCollector {
  let buffer = new Uint8Array(0);

  function takeOne(): FrameEvent | 'more' {
    const start = findSync(buffer);
    buffer = buffer.slice(start);
    if (buffer.length < sync.length + 2) return 'more';
    const length = (byteAt(buffer, 4) << 8) | byteAt(buffer, 5);
    if (length < shortestReply || length > maxBodyLength) return skipSync('length');
    const end = sync.length + 2 + length;
    if (buffer.length < end) return 'more';
    if (xorOf(buffer.subarray(4, end)) !== 0) return skipSync('check');
    const data = buffer.slice(9, end - 1);
    const reply = { sw1: byteAt(buffer, 6), sw2: byteAt(buffer, 7), sw3: byteAt(buffer, 8), data };
    buffer = buffer.slice(end);
    return { kind: 'reply', reply };
  }

  // Only the false sync is dropped: a good frame may begin inside what looked like a damaged one.
  function skipSync(reason: 'check' | 'length'): FrameEvent {
    buffer = buffer.slice(sync.length);
    return { kind: 'damaged', reason };
  }

  function drain(events: FrameEvent[]): void {
    for (let event = takeOne(); event !== 'more'; event = takeOne()) events.push(event);
  }

  return {
    push(bytes) {
      const events: FrameEvent[] = [];
      // In slices, so that a huge chunk of noise never stands in memory twice.
      for (let at = 0; at < bytes.length; at += maxBodyLength) {
        buffer = concat(buffer, bytes.subarray(at, at + maxBodyLength));
        drain(events);
      }
      return events;
    },
    hasPartial: () => buffer.length >= sync.length,
    bufferedLength: () => buffer.length,
    reset() {
      buffer = new Uint8Array(0);
    },
  };
}

/** Index of the first sync, or of the tail that could still become one. */
function findSync(bytes: Uint8Array): number {
  for (let start = 0; start < bytes.length; start++) {
    const known = Math.min(sync.length, bytes.length - start);
    let same = 0;
    while (same < known && bytes[start + same] === sync[same]) same++;
    if (same === known) return start;
  }
  return bytes.length;
}

function xorOf(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value ^= byte;
  return value;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
