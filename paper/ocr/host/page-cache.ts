/** Remembers the last few decoded pages: marking and checking ask for the same page again and again. */
import { hash } from 'node:crypto';
import { decodePicture } from '../../imaging/files/decode.ts';
import type { Picture } from '../../imaging/picture.ts';
import type { Quad } from '#domain/reading/schema.ts';
import { detectPage } from '../read-page.ts';
import type { DetectedPage, Reader } from '../read-page.ts';

/** Where the lines of so many pages stand is remembered: some kilobytes each. */
const rememberedPages = 400;

export interface PageCache {
  /**
   * The lines of a page were found while it was straightened: they need not be found again. With `picture`, which is `jpeg`
   * decoded, the page is about to be read.
   */
  remember: (jpeg: Uint8Array, boxes: readonly Quad[], picture?: Promise<Picture>) => void;
  /** Throws FILE_DAMAGED. */
  load(jpeg: Uint8Array): Promise<DetectedPage>;
}

export function createPageCache(reader: Reader, size: number): PageCache {
  const pages = new Map<string, Promise<DetectedPage>>();
  const found = new Map<string, Quad[]>();
  return {
    remember: (jpeg, boxes, picture) => {
      const key = keyOf(jpeg);
      found.set(key, [...boxes]);
      dropOldest(found, rememberedPages);
      if (picture) void keep(key, open(picture, [...boxes]));
    },
    load: (jpeg) => {
      const key = keyOf(jpeg);
      return keep(key, pages.get(key) ?? open(decodePicture(jpeg), found.get(key)));
    },
  };

  /** As the one used last. */
  function keep(key: string, page: Promise<DetectedPage>): Promise<DetectedPage> {
    pages.delete(key);
    pages.set(key, page);
    page.catch(() => pages.delete(key));
    dropOldest(pages, size);
    return page;
  }

  async function open(picture: Promise<Picture>, boxes: Quad[] | undefined): Promise<DetectedPage> {
    return detectPage(reader, await picture, boxes);
  }
}

const keyOf = (jpeg: Uint8Array): string => hash('sha256', jpeg);

function dropOldest(map: Map<string, unknown>, size: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= size) break;
    map.delete(oldest);
  }
}
