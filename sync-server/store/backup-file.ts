/**
 * The form of a backup file: a line that names it, then frames of one JSON line each, some followed by bytes: the facts, the
 * rows as an SQLite file, each page and PDF, and last a digest of all before it. As a stream, so that it can be encrypted
 * (age, age-encryption.org/v1) on its way to the disk and never lies there in the open. Earlier backups are one SQLite file.
 */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Decrypter, Encrypter } from 'age-encryption';
import { z } from 'zod';

const name = 'ludeng-backup/2';
const ageName = 'age-encryption.org/v1';
const sqliteName = 'SQLite format 3\0';
const maxLineBytes = 64 * 1024;
const maxBlobBytes = 256 * 1024 * 1024;
const pieceBytes = 1024 * 1024;

const frameSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('facts'),
    at: z.string(),
    serverKey: z.string(),
    blobs: z.enum(['all', 'none']),
  }),
  z.object({ kind: z.literal('rows'), size: z.int().nonnegative() }),
  z.object({
    kind: z.literal('blob'),
    sha: z.string().regex(/^[0-9a-f]{64}$/),
    size: z.int().nonnegative().max(maxBlobBytes),
  }),
  z.object({ kind: z.literal('end'), sha256: z.string() }),
]);
export type BackupFacts = Omit<Extract<z.infer<typeof frameSchema>, { kind: 'facts' }>, 'kind'>;

/** What a backup consists of, in the order of the file. */
export interface BackupContent {
  facts: BackupFacts;
  /** Path of an SQLite file. */
  rows: string;
  blobs: AsyncIterable<{ sha: string; bytes: Uint8Array }>;
}

/** Writes `path` (mode 0600, durable). `recipients` empty: in the open. */
export async function writeBackupFile(
  path: string,
  content: BackupContent,
  recipients: readonly string[],
): Promise<void> {
  let bytes: AsyncIterable<Uint8Array> = frames(content);
  if (recipients.length > 0) {
    const encrypter = new Encrypter();
    for (const recipient of recipients) encrypter.addRecipient(recipient);
    bytes = readAsIterable(await encrypter.encrypt(asWebStream(bytes)));
  }
  const file = openSync(path, 'wx', 0o600);
  try {
    for await (const part of bytes) writeWhole(file, part);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

async function* frames({ facts, rows, blobs }: BackupContent): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  const line = (frame: z.infer<typeof frameSchema>): Uint8Array => Buffer.from(`${JSON.stringify(frame)}\n`);
  async function* plain(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${name}\n`);
    yield line({ kind: 'facts', ...facts });
    const file = await open(rows);
    try {
      const { size } = await file.stat();
      yield line({ kind: 'rows', size });
      for (let at = 0; at < size;) {
        const piece = Buffer.alloc(Math.min(pieceBytes, size - at));
        const { bytesRead } = await file.read(piece, 0, piece.length, at);
        if (bytesRead === 0) throw new Error(`${rows} became shorter`);
        yield piece.subarray(0, bytesRead);
        at += bytesRead;
      }
    } finally {
      await file.close();
    }
    for await (const { sha, bytes } of blobs) {
      yield line({ kind: 'blob', sha, size: bytes.length });
      for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
    }
  }
  for await (const part of plain()) {
    hash.update(part);
    yield part;
  }
  yield line({ kind: 'end', sha256: hash.digest('hex') });
}

export type BackupForm = 'encrypted' | 'plain' | 'sqlite' | 'unknown';

/** By its first bytes. */
export function formOfBackup(path: string): BackupForm {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(32);
    const text = start.subarray(0, readSync(file, start, 0, start.length, 0)).toString('latin1');
    if (text.startsWith(`${ageName}\n`)) return 'encrypted';
    if (text.startsWith(`${name}\n`)) return 'plain';
    return text.startsWith(sqliteName) ? 'sqlite' : 'unknown';
  } finally {
    closeSync(file);
  }
}

/** None of the keys opens it. */
export class WrongBackupKey extends Error {}
/** Cut, or not what was written. */
export class DamagedBackup extends Error {}

/**
 * Reads a backup from its beginning to its end and hands over what comes: the facts, the rows (written to `rowsFile`), each
 * page. Only when it resolves was all of it whole. Throws WrongBackupKey, DamagedBackup, and what `take` throws.
 */
export async function readBackupFile(
  path: string,
  options: {
    identities: readonly string[];
    rowsFile: string;
    take: {
      facts: (facts: BackupFacts) => void;
      blob: (sha: string, bytes: Uint8Array) => Promise<void>;
    };
  },
): Promise<void> {
  const { identities, rowsFile, take } = options;
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  try {
    const source = formOfBackup(path) === 'encrypted' ? await decrypt(file, identities) : file;
    const reader = createReader(source);
    if ((await reader.line()) !== name) throw new DamagedBackup('name');
    for (let isWhole = false; !isWhole;) {
      const digest = reader.digest();
      const frame = parseFrame(await reader.line());
      switch (frame.kind) {
        case 'facts':
          take.facts(frame);
          break;
        case 'rows':
          await writeRows(rowsFile, reader.pieces(frame.size));
          break;
        case 'blob': {
          const bytes = await joinAll(reader.pieces(frame.size));
          if (createHash('sha256').update(bytes).digest('hex') !== frame.sha)
            throw new DamagedBackup(frame.sha);
          await take.blob(frame.sha, bytes);
          break;
        }
        case 'end':
          if (frame.sha256 !== digest || !(await reader.isAtEnd())) throw new DamagedBackup('digest');
          isWhole = true;
      }
    }
  } finally {
    file.destroy();
  }
}

async function decrypt(
  source: AsyncIterable<Uint8Array>,
  identities: readonly string[],
): Promise<AsyncIterable<Uint8Array>> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return readAsIterable(await decrypter.decrypt(asWebStream(source)));
  } catch (error) {
    throw new WrongBackupKey('no key opens it', { cause: error });
  }
}

function parseFrame(line: string): z.infer<typeof frameSchema> {
  try {
    return frameSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new DamagedBackup('frame', { cause: error });
  }
}

/** Lines and stretches of bytes out of a stream; what it gives is part of the digest. */
function createReader(source: AsyncIterable<Uint8Array>) {
  const parts = source[Symbol.asyncIterator]();
  const hash = createHash('sha256');
  let rest: Uint8Array = new Uint8Array();

  async function more(): Promise<boolean> {
    try {
      const next: IteratorResult<Uint8Array, unknown> = await parts.next();
      if (next.done) return false;
      rest = next.value;
      return true;
    } catch (error) {
      // the decryption's own errors, and the disk's
      throw new DamagedBackup('stream', { cause: error });
    }
  }
  function consume(length: number): Uint8Array {
    const taken = rest.subarray(0, length);
    rest = rest.subarray(length);
    hash.update(taken);
    return taken;
  }

  return {
    /** Of all that was read before. */
    digest: (): string => hash.copy().digest('hex'),
    async line(): Promise<string> {
      const found: Uint8Array[] = [];
      for (let length = 0; length <= maxLineBytes;) {
        if (rest.length === 0 && !(await more())) break;
        const end = rest.indexOf(0x0a);
        const taken = consume(end < 0 ? rest.length : end + 1);
        found.push(taken);
        length += taken.length;
        if (end >= 0) return Buffer.concat(found).toString('utf8').slice(0, -1);
      }
      throw new DamagedBackup('line');
    },
    async *pieces(size: number): AsyncGenerator<Uint8Array> {
      for (let left = size; left > 0;) {
        if (rest.length === 0 && !(await more())) throw new DamagedBackup('cut');
        const taken = consume(Math.min(left, rest.length));
        left -= taken.length;
        yield taken;
      }
    },
    async isAtEnd(): Promise<boolean> {
      while (rest.length === 0) if (!(await more())) return true;
      return false;
    },
  };
}

async function writeRows(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(path, 'w', 0o600);
  try {
    for await (const piece of pieces) writeWhole(file, piece);
  } finally {
    closeSync(file);
  }
}

async function joinAll(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** The library speaks web streams. A few pieces are held at a time, however large the backup is. */
function asWebStream(bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const parts = bytes[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next: IteratorResult<Uint8Array, unknown> = await parts.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await parts.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}

async function* readAsIterable(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
