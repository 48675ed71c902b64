/** The plainest server that keeps what it is sent: the body streamed into a file, hashed, fsynced, answered. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const server = createServer((asked, answer) => {
  keep(asked).then(
    (sha) => answer.writeHead(201).end(sha),
    // The line broke: nobody is there to hear it.
    () => asked.destroy(),
  );
});
server.listen(0, '127.0.0.1', () => console.log(`"port":${(server.address() as AddressInfo).port}`));

async function keep(asked: IncomingMessage): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(join(folder, basename(asked.url ?? '')), 'w');
  try {
    for await (const piece of asked as AsyncIterable<Buffer>) {
      hash.update(piece);
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
