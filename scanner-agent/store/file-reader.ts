import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(read);

/**
 * What is read in place: handing such a read to a thread costs more than the read itself, as what waits to be sent was mostly
 * written a moment ago and still lies in memory.
 */
const smallBytes = 1 << 20;
/** Larger ones are rare and not kept. */
const maxKeptBytes = 4 << 20;
const maxKept = 4;

/**
 * Reads files whole into buffers that serve again: a queue of pages would otherwise fill the memory faster than it is
 * swept. What `use` returns must not be a view of its input.
 */
export function createFileReader() {
  const spare: Buffer[] = [];

  function take(size: number): Buffer {
    const at = spare.findIndex(({ length }) => length >= size);
    const [found] = at < 0 ? [] : spare.splice(at, 1);
    return found ?? Buffer.allocUnsafeSlow(Math.max(size, 1 << 20));
  }

  return {
    async read<T>(path: string, use: (bytes: Buffer) => T): Promise<T> {
      // a thread for each of these small steps costs more than the steps
      const file = openSync(path, 'r');
      try {
        const { size } = fstatSync(file);
        const buffer = take(size);
        let at = 0;
        while (at < size) {
          const bytesRead =
            size <= smallBytes
              ? readSync(file, buffer, at, size - at, at)
              : (await readAsync(file, buffer, at, size - at, at)).bytesRead;
          if (bytesRead === 0) throw new Error('the file became shorter');
          at += bytesRead;
        }
        const used = use(buffer.subarray(0, size));
        if (spare.length < maxKept && buffer.length <= maxKeptBytes) spare.push(buffer);
        return used;
      } finally {
        closeSync(file);
      }
    },
  };
}
