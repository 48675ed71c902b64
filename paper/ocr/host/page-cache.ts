/** Remembers the last few decoded pages: marking and checking ask for the same page again and again. */
import { createHash } from 'node:crypto';
import { decodePicture } from '../../imaging/decode.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { detectPage } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';

/** Where the lines of so many pages stand is remembered: some kilobytes each. */
const REMEMBERED_PAGES = 400;

export interface PageCache {
  /** The lines of a page were found while it was straightened: they need not be found again. */
  remember: (jpeg: Uint8Array, boxes: readonly Quad[]) => void;
  /** Throws FILE_DAMAGED. */
  load(jpeg: Uint8Array): Promise<DetectedPage>;
}

export function createPageCache(reader: Reader, size: number): PageCache {
  const pages = new Map<string, Promise<DetectedPage>>();
  const found = new Map<string, Quad[]>();
  return {
    remember: (jpeg, boxes) => {
      found.set(keyOf(jpeg), [...boxes]);
      dropOldest(found, REMEMBERED_PAGES);
    },
    load: (jpeg) => {
      const key = keyOf(jpeg);
      const page = pages.get(key) ?? open(jpeg, found.get(key));
      pages.delete(key);
      pages.set(key, page);
      page.catch(() => pages.delete(key));
      dropOldest(pages, size);
      return page;
    },
  };

  async function open(jpeg: Uint8Array, boxes: Quad[] | undefined): Promise<DetectedPage> {
    return detectPage(reader, await decodePicture(jpeg), boxes);
  }
}

const keyOf = (jpeg: Uint8Array): string => createHash('sha256').update(jpeg).digest('hex');

function dropOldest(map: Map<string, unknown>, size: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= size) break;
    map.delete(oldest);
  }
}
