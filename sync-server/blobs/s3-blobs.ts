import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import { checkSha, createSpool } from './spool.ts';

export interface S3BlobsOptions {
  bucket: string;
  /** Before each name, empty or ending in `/`. */
  prefix: string;
  region: string;
  /** Of a store that is not Amazon's. */
  endpoint?: string | undefined;
  /** Without them the SDK looks where it always does: environment, profile, the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
  /** On this machine, for what is not whole yet: an object cannot grow, and a piece is below the least part of an upload. */
  spoolFolder: string;
  minFreeBytes: number;
}

const requestMs = 30_000;
const maxKnown = 20_000;
/** Long enough for an item from its offer to its commit; another process may set aside what turns out spoilt. */
const knownForMs = 30_000;

/** Blobs as objects `<prefix>ab/<sha>`, written once, whole, with their SHA-256 for the store to check. */
export function createS3Blobs(options: S3BlobsOptions): BlobStore & { close: () => void } {
  const { bucket, prefix, region, endpoint, credentials, spoolFolder, minFreeBytes } = options;
  const client = new S3Client({
    region,
    maxAttempts: 3,
    // the checksum is ours; trailers of the SDK's own are unknown to older stores
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials ? { credentials } : {}),
  });
  const place = (sha: string) => ({ Bucket: bucket, Key: `${prefix}${checkSha(sha).slice(0, 2)}/${sha}` });
  const limit = () => ({ abortSignal: AbortSignal.timeout(requestMs) });
  /** When each was last seen there, by the monotonic clock, the oldest first. */
  const known = new Map<string, number>();
  const remember = (sha: string): void => {
    const [oldest] = known.keys();
    if (known.size >= maxKnown && oldest !== undefined) known.delete(oldest);
    known.delete(sha);
    known.set(sha, performance.now());
  };

  async function has(sha: string): Promise<boolean> {
    if (performance.now() - (known.get(sha) ?? -Infinity) < knownForMs) return true;
    try {
      await client.send(new HeadObjectCommand(place(sha)), limit());
      remember(sha);
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw asBusy(error);
    }
  }

  async function put(sha: string, bytes: Uint8Array): Promise<void> {
    const input = {
      ...place(sha),
      Body: bytes,
      ContentLength: bytes.length,
      ChecksumSHA256: Buffer.from(sha, 'hex').toString('base64'),
      // two stations with the same page: the first stays
      IfNoneMatch: '*',
    };
    try {
      await client.send(new PutObjectCommand(input), limit());
    } catch (error) {
      if (statusOf(error) !== 412) throw asBusy(error);
    }
    remember(sha);
  }

  const keep = async (path: string, sha: string): Promise<void> => {
    await put(sha, await readFile(path));
    await rm(path, { force: true });
  };

  async function remove(sha: string): Promise<void> {
    known.delete(sha);
    await client.send(new DeleteObjectCommand(place(sha)), limit()).catch((error: unknown) => {
      throw asBusy(error);
    });
  }

  return {
    // the commit may come to another process: `done` waits for the store
    ...createSpool({ folder: spoolFolder, minFreeBytes, has, keep, answersEarly: false }),
    has,
    put,
    async read(sha) {
      let bytes: Uint8Array | undefined;
      try {
        const { Body } = await client.send(new GetObjectCommand(place(sha)), limit());
        bytes = await Body?.transformToByteArray();
      } catch (error) {
        if (statusOf(error) === 404) throw new AppError('NOT_FOUND', { sha }, { cause: error });
        throw asBusy(error);
      }
      if (!bytes || hash('sha256', bytes) !== sha) throw new Error(`object ${sha} holds something else`);
      return bytes;
    },
    setAside: remove,
    remove,
    async isEmpty() {
      const { Contents = [] } = await client
        .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }), limit())
        .catch((error: unknown) => {
          throw asBusy(error);
        });
      return Contents.length === 0;
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: bucket }), limit());
    },
    close: () => client.destroy(),
  };
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** A store that does not answer now may do so later; stations wait and ask again. */
function asBusy(error: unknown): AppError {
  return new AppError(
    'SERVER_BUSY',
    { retryAfterMs: 30_000, store: statusOf(error) ?? 'no answer' },
    { cause: error },
  );
}
