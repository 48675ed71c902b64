/** An S3 server on a free port. It does not heed If-None-Match: what must be written once is written twice the same. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';

export interface TestS3 {
  endpoint: string;
  /** As the server's settings name it. */
  place: string;
  stop(): Promise<void>;
}

/** The only ones that it takes. */
export const s3Credentials = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } as const;
export const bucket = 'ludeng';

export async function startS3(): Promise<TestS3> {
  const folder = mkdtempSync(join(tmpdir(), 's3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    place: `s3://${bucket}?region=us-east-1&endpoint=${encodeURIComponent(endpoint)}`,
    async stop() {
      // kept-alive connections of clients would keep it open
      server.httpServer.closeAllConnections();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
