import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ulid } from 'ulid';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { PaperReader, StraightPage } from '#paper/ports/paper-reader.ts';
import { makePage } from '#tests/support/record-fixtures.ts';
import { makeFolder, openStation } from '#tests/support/station.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import type { PageSource, ScannedSheet } from '../../ports/page-source.ts';
import type { OpenedStore } from '../../store/open-store.ts';
import { createBatches } from './batches.ts';
import type { Batches, BatchesDeps } from './batches.ts';

const catalogue = loadCatalogue();
const settings = { source: 'feeder', dpi: 200, colour: 'colour' } as const;
let place: ReturnType<typeof makeFolder>;
let opened: OpenedStore;
let running: Batches[];

beforeEach(() => {
  place = makeFolder();
  opened = openStation(place.folder);
  running = [];
});
afterEach(async () => {
  for (const batches of running) await batches.close();
  opened.store.close();
  place.remove();
});

/** Counts sheets that were given and not yet kept: what memory holds. */
function sheetsOf(count: number, options: { failAfter?: number } = {}) {
  const held = { now: 0, most: 0 };
  async function* scan(): AsyncGenerator<ScannedSheet, void, undefined> {
    for (let number = 0; number < count; number += 1) {
      if (number === options.failAfter) throw new AppError('SCANNER_JAMMED');
      held.now += 1;
      held.most = Math.max(held.most, held.now);
      const bytes = new TextEncoder().encode(`sheet ${number}`);
      yield {
        bytes,
        dpi: 200,
        kept: () => {
          held.now -= 1;
          return Promise.resolve();
        },
      };
    }
  }
  const source: PageSource = {
    scan,
    health: () => ({
      ...{ id: 'one', name: 'one', driver: 'escl', address: '', state: 'ready', simulated: true },
      can: { sources: ['feeder'], dpis: [200], colours: ['colour'] },
    }),
  };
  return { source, held };
}

/** A reader that makes one page of each sheet: the batch is what is tested here. */
const reader: BatchesDeps['reader'] = {
  openDocument: (bytes): ReturnType<PaperReader['openDocument']> => {
    if (bytes.length === 0) throw new AppError('FILE_DAMAGED');
    const { quality } = makePage('a'.repeat(64), 1);
    const page: StraightPage = {
      ...{ index: 0, jpeg: bytes, widthPx: 10, heightPx: 10, widthMm: 210, heightMm: 297, dpi: 200 },
      ...{
        corners: [
          [0, 0],
          [9, 0],
          [9, 9],
          [0, 9],
        ],
        hasCorners: false,
        sourceWidthPx: 10,
        sourceHeightPx: 10,
      },
      quality,
    };
    return Promise.resolve([page]);
  },
  readPage: () => Promise.resolve({ lines: [], seals: [], codes: [], modelHash: '' }),
};

function batchesOf(source: PageSource, change: Partial<BatchesDeps> = {}): Batches {
  const session = { subject: { name: '甲', creditCode: '91210100MA0000000X' } };
  const batches = createBatches({
    store: opened.batches,
    blobs: opened.blobs,
    reader,
    sources: {
      list: () => [source],
      get: () => source,
      refresh: () => Promise.resolve(),
      close: () => Promise.resolve(),
    },
    // Only who is logged in matters here.
    sessions: { require: () => session } as unknown as BatchesDeps['sessions'],
    catalogue,
    clock: { now: () => new Date().toISOString(), today: () => '2026-03-01' },
    createId: () => ulid(),
    announce: () => undefined,
    logError: (error) => {
      throw error;
    },
    rotateJpeg: () => Promise.reject(new Error('not asked')),
    ...change,
  });
  running.push(batches);
  return batches;
}
async function scanned(batches: Batches, id: string) {
  batches.scan(id, 'one', settings);
  return waitUntil(
    () => {
      const now = batches.get(id);
      return now.scanning ? undefined : now;
    },
    { what: 'the end of the scan', timeoutMs: 50_000 },
  );
}

describe('a stack', () => {
  test('of many sheets never holds two of them at once', async () => {
    const { source, held } = sheetsOf(30);
    const batches = batchesOf(source);
    const end = await scanned(batches, batches.create().id);
    expect([end.pages.length, end.complete, held.most, held.now]).toEqual([30, true, 1, 0]);
  }, 60_000);

  test('lets no sheet go before its page is durable', async () => {
    const seen: boolean[] = [];
    const { source } = sheetsOf(3);
    const batches = batchesOf({
      ...source,
      async *scan(chosen, wait) {
        for await (const sheet of source.scan(chosen, wait)) {
          if (!('bytes' in sheet)) continue;
          const kept = (): Promise<void> => {
            const [batch] = opened.batches.list('91210100MA0000000X');
            seen.push(opened.blobs.has(batch?.pages.at(-1)?.page.sha ?? ''));
            return sheet.kept();
          };
          yield { ...sheet, kept };
        }
      },
    });
    await scanned(batches, batches.create().id);
    expect(seen).toEqual([true, true, true]);
  });

  test('keeps its pages when the process ends in the middle, and no start sweeps them away', async () => {
    const { source } = sheetsOf(5, { failAfter: 2 });
    const batches = batchesOf(source);
    const { id } = batches.create();
    const { pages } = await scanned(batches, id);
    await batches.close();
    opened.store.close();
    opened = openStation(place.folder);
    const again = batchesOf(sheetsOf(1).source);
    const kept = again.get(id);
    expect(kept).toMatchObject({ complete: false, trouble: { code: 'SCANNER_JAMMED' } });
    for (const { page } of pages) expect((await opened.blobs.get(page.sha)).length).toBe(page.size);
    expect((await scanned(again, id)).pages).toHaveLength(3);
  });

  test('says that the disk is full, and keeps what was there', async () => {
    const { source } = sheetsOf(3);
    const { blobs } = opened;
    let puts = 0;
    const put: typeof blobs.put = (bytes, mime) => {
      puts += 1;
      return puts === 2 ? Promise.reject(new AppError('STORE_FULL')) : blobs.put(bytes, mime);
    };
    const batches = batchesOf(source, { blobs: { ...blobs, put } });
    const end = await scanned(batches, batches.create().id);
    expect([end.pages.length, end.trouble?.code]).toEqual([1, 'STORE_FULL']);
  });

  test('is one at a time, and no other subject sees it', async () => {
    const { source } = sheetsOf(50);
    const batches = batchesOf(source);
    const { id } = batches.create();
    batches.scan(id, 'one', settings);
    expect(() => batches.scan(id, 'one', settings)).toThrow(AppError);
    const stopped = await batches.stop(id);
    expect(stopped.pages.length).toBeLessThan(50);
    const other = batchesOf(source, {
      sessions: {
        require: () => ({ subject: { name: '乙', creditCode: '91210200MA0000000X' } }),
      } as unknown as BatchesDeps['sessions'],
    });
    expect(other.list()).toEqual([]);
    expect(() => other.get(id)).toThrow(AppError);
  });
});
