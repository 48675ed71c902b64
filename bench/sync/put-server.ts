/**
 * The plainest server that keeps what it is sent as a receipt demands: the body streamed into a file, hashed, fsynced, named,
 * the name fsynced, answered; and a row for each submission.
 */
import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { createRowRoute } from './row-route.ts';
import { syncFolder } from '../../sync-server/blobs/disk.ts';

const [folder = ''] = process.argv.slice(2);
const takeRow = createRowRoute(join(folder, 'rows'));
const server = createServer((asked, answer) => {
  if (takeRow(asked, answer)) return;
  keep(asked).then(
    (sha) => answer.writeHead(201).end(sha),
    // The line broke: nobody is there to hear it.
    () => asked.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`"port":${(server.address() as AddressInfo).port}`));

async function keep(asked: IncomingMessage): Promise<string> {
  const hash = createHash('sha256');
  const path = join(folder, basename(asked.url ?? ''));
  const file = await open(`${path}.part`, 'w');
  try {
    for await (const piece of asked as AsyncIterable<Buffer>) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
  await syncFolder(folder);
  return hash.digest('hex');
}
