/**
 * The server's side of the line with a script: for answers that a healthy server never gives (a forged receipt, a page
 * that never hashes right, a kind of change from the future). Everything else is tested against the real server.
 */
import { generateKeyPairSync, hash, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { receiptText } from '#domain/sync/manifest.ts';
import { AppError, toWireError } from '#domain/errors/app-error.ts';
import { commitSchema, helloSchema, offerSchema, chunkSchema } from '#domain/sync/schema.ts';
import type { Commit, Receipt } from '#domain/sync/schema.ts';

type Reply = (answer: unknown) => void;

export interface Script {
  /** The version that it chooses; the newest if left out. */
  proto?: number;
  hello?: () => void;
  offer?: (id: string) => void;
  commit?: (commit: Commit) => void;
  receipt?: (receipt: Receipt) => Receipt;
  /** Given the bytes, answers false when they shall count as spoilt. */
  isIntact?: () => boolean;
  changes?: { seq: number; change: unknown }[];
  chunkBytes?: number;
}

export async function startScriptedServer(script: Script) {
  const keys = generateKeyPairSync('ed25519');
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], maxHttpBufferSize: 2e6, serveClient: false });
  const files = new Map<string, { bytes: Buffer; size: number; isWhole: boolean }>();
  const receipts = new Map<string, Receipt>();
  const received: string[] = [];
  let hellos = 0;

  const answering =
    <T>(work: (message: unknown) => T) =>
    (message: unknown, reply: Reply) => {
      try {
        reply({ ok: true, result: work(message) });
      } catch (error) {
        reply({ ok: false, error: toWireError(error, 'trace') });
      }
    };

  io.of('/ctl').on('connection', (socket) => {
    socket.emit('nonce', { nonce: randomUUID(), serverTime: new Date().toISOString() });
    socket.on(
      'hello',
      answering((message) => {
        helloSchema.parse(message);
        hellos += 1;
        script.hello?.();
        return {
          proto: script.proto ?? 3,
          sessionEpoch: hellos,
          blobToken: randomUUID(),
          serverTime: new Date().toISOString(),
          head: { epoch: 'e1', seq: script.changes?.length ?? 0 },
          limits: { chunkBytes: script.chunkBytes ?? 256 * 1024, windowChunks: 4, maxBlobBytes: 64 << 20 },
        };
      }),
    );
    socket.on(
      'offer',
      answering((message) => {
        const { id, blobs } = offerSchema.parse(message);
        script.offer?.(id);
        const receipt = receipts.get(id);
        if (receipt) return { state: 'already', receipt };
        const offsets = blobs.map(({ sha, size }) => {
          const file = files.get(sha) ?? { bytes: Buffer.alloc(0), size, isWhole: false };
          files.set(sha, file);
          return [sha, file.isWhole ? 'done' : file.bytes.length] as const;
        });
        return { state: 'need', offsets: Object.fromEntries(offsets) };
      }),
    );
    socket.on(
      'commit',
      answering((message) => {
        const commit = commitSchema.parse(message);
        script.commit?.(commit);
        const known = receipts.get(commit.id);
        if (known) return known;
        received.push(commit.id);
        const { id, manifestSha } = commit;
        const unsigned = {
          id,
          manifestSha,
          serverSeq: received.length,
          receivedAt: new Date().toISOString(),
          signature: '',
        };
        const text = Buffer.from(receiptText(unsigned), 'utf8');
        const receipt = { ...unsigned, signature: sign(null, text, keys.privateKey).toString('base64') };
        receipts.set(id, receipt);
        return script.receipt?.(receipt) ?? receipt;
      }),
    );
    socket.on(
      'audit',
      answering(() => ({ again: [] })),
    );
    socket.on(
      'pull',
      answering((message) => {
        const { after } = message as { after: number };
        const changes = (script.changes ?? []).filter(({ seq }) => seq > after);
        return { epoch: 'e1', from: after, changes, next: after + changes.length, more: false };
      }),
    );
  });
  io.of('/blob').on('connection', (socket) => {
    socket.on('attach', (_message: unknown, reply: Reply) => reply({ ok: true, result: {} }));
    socket.on('chunk', (message: unknown, reply: Reply) => {
      const { sha, off, buf } = chunkSchema.parse(message);
      const file = files.get(sha);
      if (!file) throw new Error('not offered');
      if (!file.isWhole && off === file.bytes.length) file.bytes = Buffer.concat([file.bytes, buf]);
      if (!file.isWhole && file.bytes.length === file.size) {
        file.isWhole = hash('sha256', file.bytes) === sha;
        if (script.isIntact && !script.isIntact()) file.isWhole = false;
        if (!file.isWhole) {
          file.bytes = Buffer.alloc(0);
          reply({ ok: false, error: toWireError(new AppError('HASH_MISMATCH', { sha }), 'trace') });
          return;
        }
      }
      reply({ ok: true, result: { off: file.isWhole ? 'done' : file.bytes.length } });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    /** Ids in the order of their first commit: one entry is one effect. */
    received,
    hellos: () => hellos,
    emit: (event: string, message?: unknown) => io.of('/ctl').emit(event, message),
    close: () => new Promise<void>((resolve) => void io.close(() => resolve())),
  };
}
export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>;
