import { hash, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStat, BlobStore } from '../ports/store.ts';
import type { StoreContext } from './context.ts';
import { isDiskFull, overwriteAndRemoveSync, writeDurably } from './durable-file.ts';
import { createEnvelope } from './envelope.ts';
import { createFileReader } from './file-reader.ts';
import { isKeyBlock, keyBlockBytes, unwrapKey, wrapKey } from './own-keys.ts';

/**
 * Pages and PDFs as encrypted files `pages/<first two>/<sha>`. Each begins with a block that holds its own key, encrypted with
 * the station's; a page is destroyed by overwriting that block. (An older program used the station's key itself: those files
 * have no such block, and are overwritten whole.) The file is durable before its row is written: a row
 * always means readable bytes, and a file without a row is swept away at the next start.
 */
export function createBlobStore(
  { db, envelope, now, write }: StoreContext,
  options: { folder: string; reserveBytes: number },
): BlobStore & {
  /** At the start only, when no capture is under way: all that nothing names, and what a crash left half-written. */
  sweep(): void;
  /** Destroys those of these that nothing names any more. */
  letGo(shas: readonly string[]): void;
} {
  const root = join(options.folder, 'pages');
  const temporaries = join(root, 'tmp');
  mkdirSync(temporaries, { recursive: true, mode: 0o700 });
  const reader = createFileReader();
  const select = db.prepare<[string], BlobStat>('select sha, size, mime from blob where sha = ?');
  const insert = db.prepare(
    'insert into blob (sha, size, mime, stored_at) values (?, ?, ?, ?) on conflict do nothing',
  );
  const unnamed = `not exists (select 1 from record_blob where record_blob.sha = blob.sha)
    and not exists (select 1 from stack_blob where stack_blob.sha = blob.sha)
    and not exists (select 1 from item_blob join item on item.id = item_blob.item_id
      where item_blob.sha = blob.sha and item.state <> 'purged')`;
  const selectUnnamed = db.prepare<[string], { sha: string }>(
    `select sha from blob where stored_at < ? and ${unnamed}`,
  );
  const touch = db.prepare('update blob set stored_at = ? where sha = ?');
  const drop = db.prepare(`delete from blob where sha = ? and ${unnamed}`);

  function pathOf(sha: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha)) throw new AppError('NOT_FOUND');
    return join(root, sha.slice(0, 2), sha);
  }

  function collect(storedBefore: string): number {
    const dropped = write(() => {
      const rows = selectUnnamed.all(storedBefore);
      for (const { sha } of rows) drop.run(sha);
      return rows;
    });
    for (const { sha } of dropped) destroy(pathOf(sha));
    return dropped.length;
  }

  function letGo(shas: readonly string[]): void {
    const dropped = write(() => shas.filter((sha) => drop.run(sha).changes > 0));
    for (const sha of dropped) destroy(pathOf(sha));
  }

  function openFile(bytes: Buffer, sha: string): Buffer<ArrayBuffer> {
    if (!isKeyBlock(bytes)) return envelope.open(bytes, sha);
    const own = createEnvelope(unwrapKey(bytes, envelope, `key|blob|${sha}`));
    return own.open(bytes.subarray(keyBlockBytes), sha);
  }

  return {
    async put(bytes, mime) {
      const sha = hash('sha256', bytes);
      const path = pathOf(sha);
      const known = select.get(sha);
      if (known && existsSync(path)) {
        write(() => touch.run(now(), sha));
        return known;
      }
      try {
        mkdirSync(join(root, sha.slice(0, 2)), { recursive: true, mode: 0o700 });
        const key = randomBytes(32);
        await writeDurably(
          path,
          [wrapKey(key, envelope, `key|blob|${sha}`), createEnvelope(key).seal(bytes, sha)],
          join(temporaries, randomUUID()),
        );
      } catch (error) {
        // The ballast is not for new pages: it is kept for the states of what is here already.
        throw isDiskFull(error) ? new AppError('STORE_FULL', {}, { cause: error }) : error;
      }
      write(() => insert.run(sha, bytes.length, mime, now()));
      return { sha, size: bytes.length, mime };
    },
    async get(sha) {
      if (!select.get(sha)) throw new AppError('NOT_FOUND', { blob: sha });
      try {
        return await reader.read(pathOf(sha), (sealed) => openFile(sealed, sha));
      } catch (error) {
        throw new AppError('FILE_DAMAGED', { blob: sha }, { cause: error });
      }
    },
    has: (sha) => select.get(sha) !== undefined,
    stat: (sha) => select.get(sha),
    async delete(sha) {
      if (write(() => drop.run(sha).changes) === 0) return false;
      destroy(pathOf(sha));
      return true;
    },
    room() {
      const { bavail, bsize } = statfsSync(options.folder);
      const freeBytes = bavail * bsize;
      return { freeBytes, isShort: freeBytes < options.reserveBytes };
    },
    collect,
    letGo,
    sweep() {
      // Later than any time on record: a clock that was set back must not keep orphans.
      collect('9999');
      for (const name of readdirSync(temporaries)) destroy(join(temporaries, name));
      for (const shelf of readdirSync(root).filter((name) => /^[0-9a-f]{2}$/.test(name)))
        for (const sha of readdirSync(join(root, shelf)))
          if (!select.get(sha)) destroy(join(root, shelf, sha));
    },
  };
}

function destroy(path: string): void {
  overwriteAndRemoveSync(path, beginsWithKey(path) ? keyBlockBytes : Infinity);
}

function beginsWithKey(path: string): boolean {
  if (!existsSync(path)) return false;
  const file = openSync(path, 'r');
  try {
    const block = Buffer.alloc(keyBlockBytes);
    return readSync(file, block) === keyBlockBytes && isKeyBlock(block);
  } finally {
    closeSync(file);
  }
}
