import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { bucket, s3Credentials, startS3 } from '#tests/support/s3.ts';
import type { TestS3 } from '#tests/support/s3.ts';
import { createS3Blobs } from './s3-blobs.ts';

let s3: TestS3;
const folder = mkdtempSync(join(tmpdir(), 'blobs-'));
beforeAll(async () => {
  s3 = await startS3();
});
afterEach(() => vi.useRealTimers());
afterAll(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true });
});

it('what one process set aside is not said to be there by another that had seen it, half a minute later', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const [one, other] = ['one', 'other'].map((name) =>
    createS3Blobs({
      bucket,
      prefix: '',
      region: 'us-east-1',
      endpoint: s3.endpoint,
      credentials: s3Credentials,
      spoolFolder: join(folder, name),
      minFreeBytes: 0,
    }),
  ) as [ReturnType<typeof createS3Blobs>, ReturnType<typeof createS3Blobs>];
  const bytes = Buffer.from('a page');
  const sha = hash('sha256', bytes);
  await one.put(sha, bytes);
  expect(await other.has(sha)).toBe(true);
  await one.setAside(sha);
  vi.advanceTimersByTime(30_000);
  expect(await other.has(sha)).toBe(false);
  one.close();
  other.close();
});
