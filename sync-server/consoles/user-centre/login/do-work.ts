/** Between two looks at whether the page still wants it. */
const atOnce = 256;

/**
 * A number that makes SHA-256 of `id:number` begin with so many bits of nought. Throws what `signal` was aborted with.
 */
export async function doWork(id: string, bits: number, signal: AbortSignal): Promise<number> {
  for (let first = 0; ; first += atOnce) {
    signal.throwIfAborted();
    const digests = await Promise.all(
      Array.from({ length: atOnce }, (_, index) =>
        crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${id}:${first + index}`)),
      ),
    );
    const found = digests.findIndex((digest) => new DataView(digest).getUint32(0) >>> (32 - bits) === 0);
    if (found >= 0) return first + found;
  }
}
