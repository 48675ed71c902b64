/** Remembers the last few decoded pages: marking and checking ask for the same page again and again. */
import { createHash } from 'node:crypto';
import { decodePicture } from '../../imaging/decode.ts';
import { detectPage } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';

export interface PageCache {
  /** Throws FILE_DAMAGED. */
  load(jpeg: Uint8Array): Promise<DetectedPage>;
}

export function createPageCache(reader: Reader, size: number): PageCache {
  const pages = new Map<string, Promise<DetectedPage>>();
  return {
    load: (jpeg) => {
      const key = createHash('sha256').update(jpeg).digest('hex');
      const page = pages.get(key) ?? decodePicture(jpeg).then((picture) => detectPage(reader, picture));
      pages.delete(key);
      pages.set(key, page);
      page.catch(() => pages.delete(key));
      for (const oldest of pages.keys()) {
        if (pages.size <= size) break;
        pages.delete(oldest);
      }
      return page;
    },
  };
}
