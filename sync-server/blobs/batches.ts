/** A body comes in small pieces; fewer writes of so many bytes cost less. */
const batchBytes = 1024 * 1024;

export type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Each batch, and its memory, is good until the next is asked for. Whatever came before the body broke off is given too.
 * Left to the collector, pieces of 64 KiB would have it search the whole heap for every few megabytes that go through.
 */
export async function* batches(body: Body): AsyncGenerator<Uint8Array[]> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    try {
      for await (const part of body) {
        parts.push(part);
        bytes += part.length;
        if (bytes < batchBytes) continue;
        yield parts;
        release(parts);
        parts = [];
        bytes = 0;
      }
    } catch (error) {
      if (parts.length > 0) yield parts;
      throw error;
    }
    if (parts.length > 0) yield parts;
  } finally {
    release(parts);
  }
}

/** A part that shares its memory with others is left to the collector. */
function release(parts: readonly Uint8Array[]): void {
  for (const { buffer, byteLength } of parts)
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength && !buffer.detached)
      buffer.transfer(0);
}

export const sizeOfParts = (parts: readonly Uint8Array[]): number =>
  parts.reduce((sum, part) => sum + part.length, 0);
