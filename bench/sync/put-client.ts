/** Plain HTTP: whole pages, several PUTs side by side on kept connections, each tried again whole until it is there. */
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { parallel, pause, runClient, sideBySide } from './client-side.ts';

const retryMs = 500;

await runClient(async ({ url, folder, files }) => {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const put = (name: string, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-length': bytes.length };
      request(new URL(name, url), { agent, method: 'PUT', headers }, (answer) => {
        answer.resume().once('error', reject);
        answer.once('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        );
      })
        .once('error', reject)
        .end(bytes);
    });
  return () =>
    sideBySide(files, async (name) => {
      const bytes = await readFile(join(folder, name));
      for (;;)
        try {
          return await put(name, bytes);
        } catch {
          await pause(retryMs);
        }
    });
});
