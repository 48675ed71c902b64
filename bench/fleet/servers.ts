/** The server as a county runs it (one process on SQLite) and as a province does (three on PostgreSQL and S3). */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '#tests/support/postgres.ts';
import { s3Credentials, startS3 } from '#tests/support/s3.ts';
import { startSide } from '../sync/side.ts';
import type { Side } from '../sync/side.ts';

export const fleetCode = 'enrolment-for-the-bench';

export interface Servers {
  urls: string[];
  sides: Side[];
  end: () => Promise<void>;
}

export async function startServers(kind: 'sqlite' | 'postgres', folder: string): Promise<Servers> {
  const ends: (() => Promise<void>)[] = [];
  const end = async (): Promise<void> => {
    for (const last of ends.splice(0).reverse()) await last();
  };
  try {
    const shared = kind === 'sqlite' ? {} : await startShared(ends);
    const sides: Side[] = [];
    const urls: string[] = [];
    for (let n = 0; n < (kind === 'sqlite' ? 1 : 3); n += 1) {
      const dataFolder = join(folder, `server-${n}`);
      mkdirSync(dataFolder, { recursive: true });
      const settings = {
        ...shared,
        dataFolder,
        port: 0,
        keyFile: join(folder, 'server-key.pem'),
        enrolment: { code: fleetCode, reusable: true },
        secondReading: { enabled: false },
        logLevel: 'info',
      };
      const file = join(dataFolder, 'server.yaml');
      // JSON is YAML
      writeFileSync(file, JSON.stringify(settings));
      const side = startSide('sync-server/main.ts', [], { LUDENG_SERVER_SETTINGS: file });
      ends.push(side.end);
      sides.push(side);
      urls.push(`http://127.0.0.1:${await side.hears(/"url":"http:\/\/[^"]*:(\d+)"/)}`);
    }
    return { urls, sides, end };
  } catch (error) {
    await end();
    throw error;
  }
}

async function startShared(ends: (() => Promise<void>)[]) {
  const postgres = await startPostgres({ isDurable: true });
  ends.push(() => postgres.stop());
  const s3 = await startS3();
  ends.push(() => s3.stop());
  return { database: postgres.url, blobs: s3.place, s3Credentials };
}
