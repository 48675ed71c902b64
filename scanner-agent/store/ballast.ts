import { randomBytes } from 'node:crypto';
import { existsSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskFull, writeDurablySync } from './durable-file.ts';

/**
 * On a full disk even "mark as sent" fails. A file of no use is kept, and given up then, so that what is already
 * on the station can still move. Random bytes: a file system that compresses would keep nothing of zeros.
 */
export function createBallast(folder: string, sizeBytes: number) {
  const path = join(folder, 'ballast');
  return {
    /** Puts it back where there is ample room. */
    restore(): void {
      if (existsSync(path)) return;
      const { bavail, bsize } = statfsSync(folder);
      if (bavail * bsize < sizeBytes * 2) return;
      try {
        writeDurablySync(path, randomBytes(sizeBytes));
      } catch (error) {
        if (!isDiskFull(error)) throw error;
      }
    },
    /** True when there was one to give up. */
    free(): boolean {
      if (!existsSync(path)) return false;
      rmSync(path);
      return true;
    },
  };
}
export type Ballast = ReturnType<typeof createBallast>;
