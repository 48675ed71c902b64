/** A server on a free port and a station that speaks the line's protocol by hand, so that a test can break it anywhere. */
import { anyMessageErrors, stationMessages } from '#domain/contracts/station/messages.ts';
import type { StationMessage } from '#domain/contracts/station/messages.ts';
import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { ulid } from 'ulid';
import { z } from 'zod';
import type { ItemKind } from '#domain/sync/action.ts';
import { helloText, manifestText } from '#domain/sync/manifest.ts';
import {
  answerSchema,
  nonceSchema,
  pullAnswerSchema,
  receiptSchema,
  welcomeSchema,
} from '#domain/sync/schema.ts';
import type { BlobRef, Commit, Offer, PullAnswer } from '#domain/sync/schema.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { makeRecord } from '#tests/support/record-fixtures.ts';
import { noteWalk } from '#tests/support/walks.ts';
import { startServer } from '../../sync-server/start-server.ts';
import type { RunningServer, ServerParts } from '../../sync-server/start-server.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';

export { queryStore } from '#tests/support/server-stores.ts';
export const enrolmentCode = 'test-enrolment-code';
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data);

export function makeDataFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'server-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function testSettings(
  dataFolder: string,
  change: Partial<ServerSettingsInput> = {},
): ServerSettingsInput {
  return {
    dataFolder,
    port: 0,
    logLevel: 'silent',
    minFreeBytes: 0,
    enrolment: { code: enrolmentCode, reusable: true },
    // the pages of most tests show nothing that could be read
    secondReading: { enabled: false },
    ...change,
  };
}

export async function startTestServer(
  dataFolder: string,
  change: Partial<ServerSettingsInput> = {},
  parts: ServerParts = {},
): Promise<RunningServer> {
  return startServer(testSettings(dataFolder, { ...(await storeSettings(dataFolder)), ...change }), parts);
}

export interface StationIdentity {
  stationId: string;
  installId: string;
  bootId: string;
  publicKey: string;
  sign(text: string): string;
}

export function makeIdentity(stationId = `S-${randomBytes(4).toString('hex')}`): StationIdentity {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    stationId,
    installId: ulid(),
    bootId: ulid(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
}

export async function enrol(url: string, identity: StationIdentity, code = enrolmentCode): Promise<Response> {
  return fetch(`${url}/api/enrolments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code,
      stationId: identity.stationId,
      stationName: '测试采集站',
      publicKey: identity.publicKey,
    }),
  });
}

/** Code of the failure that an answer carries. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

async function ask<T extends z.ZodType>(
  socket: Socket,
  event: string,
  message: unknown,
  result: T,
): Promise<z.output<T>> {
  noteWalk(`line ${event}`);
  const answer = answerSchema(z.unknown()).parse(await socket.timeout(20_000).emitWithAck(event, message));
  const contract = Object.values<StationMessage>(stationMessages).find((one) => one.event === event);
  if (!answer.ok) {
    const { code } = answer.error;
    if (contract && ![...contract.errors, ...anyMessageErrors].includes(code))
      throw new Error(`${event} answers ${code}, which its contract does not name`);
    throw new Refused(code);
  }
  contract?.answer.parse(answer.result);
  return result.parse(answer.result);
}

export interface TestItem {
  commit: Commit;
  offer: Offer;
  bytes: Map<string, Uint8Array>;
}

export function makeItem(
  kind: ItemKind,
  seq: number,
  payload: string,
  blobs: { ref: BlobRef; bytes: Uint8Array }[] = [],
): TestItem {
  const refs = blobs.map(({ ref }) => ref);
  const payloadSha = sha256(payload);
  const common = { id: ulid(), seq, kind, schemaVersion: 1, blobs: refs };
  return {
    offer: { ...common, payloadSha },
    commit: { ...common, payload, manifestSha: sha256(manifestText(payloadSha, refs)) },
    bytes: new Map(blobs.map(({ ref, bytes }) => [ref.sha, bytes])),
  };
}

export function makeBlob(
  bytes: Uint8Array,
  role: BlobRef['role'] = 'page',
): { ref: BlobRef; bytes: Uint8Array } {
  const mime = role === 'page' ? 'image/jpeg' : 'application/pdf';
  return { ref: { sha: sha256(bytes), size: bytes.length, mime, role }, bytes };
}

/** A submission that will be carried, whatever becomes of it afterwards. */
export function makeSubmission(
  stationId: string,
  seq: number,
  { blobs = 1, blobBytes = 300_000 }: { blobs?: number; blobBytes?: number } = {},
): TestItem {
  const record = makeRecord({ state: 'submitted' });
  return makeItem(
    'submission',
    seq,
    JSON.stringify({ record, stationId }),
    Array.from({ length: blobs }, () => makeBlob(randomBytes(blobBytes))),
  );
}

export function makePush(seq: number, recordId: string, field: string): { item: TestItem; pushId: string } {
  const pushId = ulid();
  const payload = JSON.stringify({
    id: pushId,
    recordId,
    field,
    requestedAt: new Date().toISOString(),
    requestedBy: '经办人',
  });
  return { item: makeItem('push', seq, payload), pushId };
}

/** The same item in the form of version 3: its payload within an action. */
export function makeAction(
  { commit, bytes }: TestItem,
  { record, action }: { record: string; action: string },
): TestItem {
  const payload = JSON.stringify({ record, action, payload: JSON.parse(commit.payload) as unknown });
  const blobs = commit.blobs.map((ref) => ({ ref, bytes: bytes.get(ref.sha) ?? new Uint8Array() }));
  return makeItem('action', commit.seq, payload, blobs);
}

const chunkBytes = 64 * 1024;

export async function connectStation(
  url: string,
  identity: StationIdentity,
  { maxSeq = 0, blobUrl = url }: { maxSeq?: number; blobUrl?: string } = {},
) {
  const options = { forceNew: true, transports: ['websocket'], reconnection: false };
  const ctl = io(`${url}/ctl`, options);
  const heard = { fenced: 0, pokes: [] as number[] };
  ctl.on('fenced', () => (heard.fenced += 1));
  ctl.on('poke', ({ head }: { head: number }) => heard.pokes.push(head));
  const nonce = await new Promise<string>((resolve, reject) => {
    ctl.once('nonce', (message: unknown) => resolve(nonceSchema.parse(message).nonce));
    ctl.once('connect_error', reject);
  });
  let blob: Socket | undefined;
  const close = (): void => {
    ctl.disconnect();
    blob?.disconnect();
  };
  try {
    const { stationId, installId, bootId } = identity;
    const hello = {
      proto: [1, 1],
      stationId,
      installId,
      bootId,
      appVersion: '0.1.0',
      catalogueHash: 'x',
      signature: identity.sign(helloText({ nonce, stationId, installId, bootId })),
      maxSeq,
      pendingCount: 0,
      wall: new Date().toISOString(),
    };
    const welcome = await ask(ctl, 'hello', hello, welcomeSchema);
    const pages = io(`${blobUrl}/blob`, options);
    blob = pages;
    await new Promise<void>((resolve) => pages.once('connect', () => resolve()));
    const { sessionEpoch, blobToken } = welcome;
    await ask(pages, 'attach', { stationId, sessionEpoch, token: blobToken }, z.object({}));

    const offer = (message: Offer) => ask(ctl, 'offer', message, z.looseObject({ state: z.string() }));
    const chunk = (sha: string, off: number, buf: Uint8Array) =>
      ask(pages, 'chunk', { sha, off, buf }, z.object({ off: z.union([z.number(), z.literal('done')]) }));
    const commit = (message: Commit) => ask(ctl, 'commit', message, receiptSchema);
    const pull = (after = 0) =>
      ask(ctl, 'pull', { epoch: welcome.head.epoch, after, maxBytes: 1e6 }, pullAnswerSchema);
    return {
      ctl,
      pages,
      welcome,
      heard,
      offer,
      chunk,
      commit,
      pull,
      close,
      send: (socket: Socket, event: string, message: unknown) => ask(socket, event, message, z.unknown()),
      async upload({ offer: message, bytes }: TestItem): Promise<void> {
        const { offsets = {} } = (await offer(message)) as { offsets?: Record<string, number | 'done'> };
        for (const [sha, content] of bytes) {
          let off = offsets[sha] ?? 0;
          while (off !== 'done') off = (await chunk(sha, off, content.subarray(off, off + chunkBytes))).off;
        }
      },
      /** The feed until `enough` says so. */
      async pullUntil(
        enough: (changes: PullAnswer['changes'][number][]) => boolean,
        patienceMs = 20_000,
      ): Promise<PullAnswer['changes'][number][]> {
        const end = Date.now() + patienceMs;
        for (;;) {
          const { changes } = await pull();
          if (enough(changes)) return changes;
          if (Date.now() > end) throw new Error(`the feed holds only ${JSON.stringify(changes)}`);
          await new Promise<void>((resolve) => {
            // a poke, or another look after a while: pokes may be lost
            const timer = setTimeout(resolve, 250);
            ctl.once('poke', () => {
              clearTimeout(timer);
              resolve();
            });
          });
        }
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
export type TestStation = Awaited<ReturnType<typeof connectStation>>;

export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
  return 'no refusal';
}

/** A line whose downward half can be held back: what the server answers from then on is never heard. */
export async function startDeafLine(
  targetPort: number,
): Promise<{ url: string; deafen(): void; close(): void }> {
  const sockets = new Set<TcpSocket>();
  const fars = new Set<TcpSocket>();
  const server = createServer((near) => {
    const far = createConnection({ port: targetPort, host: '127.0.0.1' });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    fars.add(far);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deafen: () => fars.forEach((far) => far.unpipe().pause()),
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    },
  };
}
