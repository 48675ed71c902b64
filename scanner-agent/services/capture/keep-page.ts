/** A straight page goes to the store: its picture, and the untouched one where its corners may be set again by hand. */
import type { Page } from '#domain/record/schema.ts';
import type { StraightPage } from '#paper/ports/paper-reader.ts';
import type { Clock } from '../../ports/clock.ts';
import type { BlobStore } from '../../ports/store.ts';

export type KeepPage = (
  page: StraightPage,
  options: { original?: Uint8Array | undefined; source: Page['source']; auxiliary: boolean },
) => Promise<Page>;

export function createKeepPage({ blobs, clock }: { blobs: BlobStore; clock: Clock }): KeepPage {
  return async (page, { original, source, auxiliary }) => {
    const archive = await blobs.put(page.jpeg, 'image/jpeg');
    const kept = original ? await blobs.put(original, 'application/octet-stream') : undefined;
    return {
      sha: archive.sha,
      size: archive.size,
      widthPx: page.widthPx,
      heightPx: page.heightPx,
      widthMm: page.widthMm,
      heightMm: page.heightMm,
      dpi: page.dpi,
      quality: page.quality,
      source,
      capturedAt: clock.now(),
      auxiliary,
      ...(kept
        ? {
            original: {
              sha: kept.sha,
              corners: page.corners,
              widthPx: page.sourceWidthPx,
              heightPx: page.sourceHeightPx,
            },
          }
        : {}),
    };
  };
}
