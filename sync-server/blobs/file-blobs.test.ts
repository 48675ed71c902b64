import { hash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderFlush, shareFlush } from './disk.ts';
import { createFileBlobs } from './file-blobs.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blobs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeProof(isKnown = false) {
  return {
    isKnown: () => Promise.resolve(isKnown),
    note: () => {
      isKnown = true;
      return Promise.resolve();
    },
  };
}

describe('pages as files', () => {
  it('keep each byte of parts with memory of their own and of parts that share it, and spoil nothing beside them', async () => {
    const blobs = createFileBlobs({ folder, minFreeBytes: 0 });
    const shared = randomBytes(100_000);
    const before = Buffer.from(shared);
    const own = Array.from({ length: 20 }, () => new Uint8Array(randomBytes(70_000)));
    const content = Buffer.concat([...own, shared.subarray(10, 90_000)]);
    const sha = hash('sha256', content);
    const piece = { stationId: 'S1', sha, size: content.length, off: 0, proof: makeProof() };
    expect(await blobs.append({ ...piece, body: [...own, shared.subarray(10, 90_000)] })).toBe('done');
    expect(await blobs.has(sha)).toBe(true);
    expect(Buffer.compare(Buffer.from(await blobs.read(sha)), content)).toBe(0);
    expect(Buffer.compare(shared, before)).toBe(0);
  });

  it('go on where a body broke off', async () => {
    const blobs = createFileBlobs({ folder, minFreeBytes: 0 });
    const content = randomBytes(300_000);
    const sha = hash('sha256', content);
    const blob = { stationId: 'S1', sha, size: content.length, proof: makeProof() };
    async function* broken() {
      yield content.subarray(0, 120_000);
      await Promise.resolve();
      throw new Error('reset');
    }
    await expect(blobs.append({ ...blob, off: 0, body: broken() })).rejects.toThrow('reset');
    expect(await blobs.offsetOf(blob)).toBe(120_000);
    expect(await blobs.append({ ...blob, off: 120_000, body: [content.subarray(120_000)] })).toBe('done');
    expect(await blobs.has(sha)).toBe(true);
  });

  it('are not whole before it is noted who has shown them, and then need not come again', async () => {
    const blobs = createFileBlobs({ folder, minFreeBytes: 0 });
    const content = randomBytes(1_000);
    const sha = hash('sha256', content);
    const proof = makeProof();
    const failing = { ...proof, note: () => Promise.reject(new Error('no database')) };
    const blob = { stationId: 'S1', sha, size: content.length };
    await expect(blobs.append({ ...blob, off: 0, proof: failing, body: [content] })).rejects.toThrow(
      'no database',
    );
    expect(await blobs.has(sha)).toBe(false);
    expect(await blobs.offsetOf({ ...blob, proof })).toBe('done');
    expect([await blobs.has(sha), await proof.isKnown()]).toEqual([true, true]);
  });
});

describe('a shared flush', () => {
  it('serves all that came before it began, and begins anew for what came after', async () => {
    const ends: (() => void)[] = [];
    const flush = shareFlush(() => new Promise<void>((resolve) => ends.push(resolve)));
    const first = flush();
    const late = [flush(), flush()];
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await first;
    await Promise.resolve();
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await Promise.all(late);
  });

  it('fails for everybody after a failure', async () => {
    let calls = 0;
    const flush = shareFlush(() => {
      calls += 1;
      return Promise.reject(new Error('EIO'));
    });
    await expect(flush()).rejects.toThrow('EIO');
    await expect(flush()).rejects.toThrow('EIO');
    expect(calls).toBe(1);
  });

  it('of a folder is tried anew where the folder could not be opened', async () => {
    const flush = createFolderFlush();
    const shelf = join(folder, 'shelf');
    await expect(flush(shelf)).rejects.toThrow('ENOENT');
    mkdirSync(shelf);
    await expect(flush(shelf)).resolves.toBeUndefined();
  });
});
