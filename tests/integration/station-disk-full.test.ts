/** A real full disk: a small tmpfs. Mounting needs root; elsewhere the tests say so and are skipped. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { edited, makeRecord } from '#tests/support/record-fixtures.ts';
import { queueSubmission } from '#tests/support/station.ts';
import { openStore } from '../../scanner-agent/store/open-store.ts';
import type { OpenedStore } from '../../scanner-agent/store/open-store.ts';

const disk = mkdtempSync(join(tmpdir(), 'small-disk-'));
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk], { encoding: 'utf8' });
const isMounted = mounted.status === 0;
const why = isMounted ? '' : ` (skipped: no small disk can be mounted here: ${mounted.stderr.trim()})`;
let opened: OpenedStore;

beforeAll(() => {
  if (isMounted)
    opened = openStore({ folder: join(disk, 'store'), ballastBytes: 512 * 1024, reserveBytes: 1 << 20 });
});
afterAll(() => {
  if (isMounted) {
    opened.store.close();
    spawnSync('umount', [disk]);
  }
  rmSync(disk, { recursive: true, force: true });
});

/** Takes the disk's last byte, as a log file run wild would. */
function fillDisk(): void {
  const path = join(disk, 'filler');
  const file = openSync(path, 'a');
  onTestFinished(() => rmSync(path, { force: true }));
  try {
    for (const block = randomBytes(4096); ;) writeSync(file, block);
  } catch (error) {
    expect((error as { code?: string }).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}

describe.skipIf(!isMounted)(`a full disk${why}`, () => {
  it('refuses new pages and keeps all that is there readable and movable', async () => {
    const { store, blobs } = opened;
    const kept = await queueSubmission(opened);
    const waiting = await queueSubmission(opened);
    const page = store.nextItem(new Set())?.blobs[0];
    expect(blobs.room().isShort).toBe(false);

    fillDisk();
    expect(blobs.room().isShort).toBe(true);
    await expect(blobs.put(randomBytes(100_000), 'image/jpeg')).rejects.toMatchObject({ code: 'STORE_FULL' });
    expect(existsSync(join(disk, 'store', 'ballast'))).toBe(true);

    // The server's receipts still find their place: the ballast is given up for them.
    for (const { itemId } of [kept, waiting]) {
      store.moveItem(itemId, 'uploading');
      store.moveItem(itemId, 'committing');
      const manifestSha = 'a'.repeat(64);
      store.acceptItem(itemId, {
        id: itemId,
        manifestSha,
        serverSeq: 1,
        receivedAt: '2026-03-01T00:00:00.000Z',
        signature: 'x',
      });
    }
    for (let n = 0; existsSync(join(disk, 'store', 'ballast')); n++) {
      expect(n).toBeLessThan(2_000);
      const record = store.getRecord(kept.record.id);
      if (!record) throw new Error('the record is gone');
      store.updateRecord(edited(record));
    }
    expect(store.outboxCounts()).toEqual({ queued: 0, parked: 0 });
    await expect(blobs.get(page?.sha ?? '')).resolves.toHaveLength(page?.size ?? 0);
  });

  it('says STORE_FULL when even the ballast is spent, and works again when there is room', () => {
    const { store } = opened;
    fillDisk();
    const fill = () => {
      for (let n = 0; n < 2_000; n++) store.insertRecord(makeRecord({ answers: { text: 'x'.repeat(4000) } }));
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
    rmSync(join(disk, 'filler'));
    const record = makeRecord();
    store.insertRecord(record);
    expect(store.getRecord(record.id)).toEqual(record);
  });
});
