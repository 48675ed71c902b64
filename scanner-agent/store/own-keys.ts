/**
 * A key of its own for every record and every stack, in a file of its own, encrypted with the station's. What is dropped is
 * unreadable from the moment its key is overwritten, wherever copies of its text still lie: in SQLite's log, in free pages
 * of the database, in blocks of the disk that were given back.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { overwriteAndRemoveSync, writeDurablySync } from './durable-file.ts';
import { createEnvelope } from './envelope.ts';
import type { Envelope } from './envelope.ts';

export type KeyOwner = 'record' | 'stack';

export interface OwnKeys {
  /** Durable when it returns; the key that is there already, if there is one. */
  make(owner: KeyOwner, id: string): Envelope;
  /** undefined: it has none, since it was destroyed or never made. */
  find(owner: KeyOwner, id: string): Envelope | undefined;
  /** Durable when it returns. Twice is fine. */
  destroy(owner: KeyOwner, id: string): void;
  /** At the start: keys that nothing has any more, as a crash leaves them, are destroyed. */
  destroyAllBut(isKept: (owner: KeyOwner, id: string) => boolean): void;
}

const keyBytes = 32;
/** Opened ones; a counter works on a few, its lists show hundreds. */
const maxOpened = 1000;
const namePattern = /^(record|stack)-([0-9A-Za-z]{1,64})$/u;

export function createOwnKeys(options: { folder: string; stationEnvelope: Envelope }): OwnKeys {
  const root = join(options.folder, 'keys');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const opened = new Map<string, Envelope>();

  function nameOf(owner: KeyOwner, id: string): string {
    const name = `${owner}-${id}`;
    if (!namePattern.test(name)) throw new RangeError('no name for a key');
    return name;
  }

  function remember(name: string, key: Buffer): Envelope {
    const envelope = createEnvelope(key);
    key.fill(0);
    opened.set(name, envelope);
    for (const oldest of opened.keys()) {
      if (opened.size <= maxOpened) break;
      opened.delete(oldest);
    }
    return envelope;
  }

  function find(owner: KeyOwner, id: string): Envelope | undefined {
    const name = nameOf(owner, id);
    const known = opened.get(name);
    if (known) return known;
    const block = readIfThere(join(root, name));
    return block && remember(name, unwrapKey(block, options.stationEnvelope, `key|${name}`));
  }

  function destroyFile(name: string): void {
    opened.delete(name);
    overwriteAndRemoveSync(join(root, name));
  }

  return {
    find,
    make(owner, id) {
      const there = find(owner, id);
      if (there) return there;
      const name = nameOf(owner, id);
      const key = randomBytes(keyBytes);
      writeDurablySync(join(root, name), wrapKey(key, options.stationEnvelope, `key|${name}`));
      return remember(name, key);
    },
    destroy: (owner, id) => destroyFile(nameOf(owner, id)),
    destroyAllBut(isKept) {
      for (const name of readdirSync(root)) {
        const [, owner, id = ''] = namePattern.exec(name) ?? [];
        if ((owner === 'record' || owner === 'stack') && isKept(owner, id)) continue;
        destroyFile(name);
      }
    },
  };
}

/**
 * A whole block of the disk: overwritten in place it is gone. Anything smaller might be kept inside the file system's own
 * tables, whose journal has copies.
 */
export const keyBlockBytes = 4096;
const magic = Buffer.from('LDK1', 'ascii');
const envelopeBytes = 4 + 12 + 16;

/** The key with chance behind it, so that every bit of the block is authenticated. */
export function wrapKey(key: Buffer, stationEnvelope: Envelope, name: string): Buffer {
  const filling = randomBytes(keyBlockBytes - magic.length - envelopeBytes - key.length);
  return Buffer.concat([magic, stationEnvelope.seal(Buffer.concat([key, filling]), name)]);
}

export const isKeyBlock = (bytes: Uint8Array): boolean =>
  bytes.length >= keyBlockBytes && magic.equals(bytes.subarray(0, magic.length));

/** Throws when it is none, another's, or spoilt. */
export function unwrapKey(block: Buffer, stationEnvelope: Envelope, name: string): Buffer {
  if (!isKeyBlock(block)) throw new Error('not a key');
  return stationEnvelope.open(block.subarray(magic.length, keyBlockBytes), name).subarray(0, keyBytes);
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
