/** tus-js-client: whole pages, several side by side, going on after a break where the server stands; then a POST. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { runClient, sendPages } from './client-side.ts';
import { createSender } from './plain-http.ts';

const retryMs = 500;

await runClient(async (work) => {
  const { url, folder } = work;
  const send = createSender(work);
  return () =>
    sendPages(work, {
      page: async (name) => {
        const bytes = await readFile(join(folder, name));
        await new Promise<void>((resolve, reject) => {
          new Upload(bytes, {
            endpoint: new URL('/files', url).href,
            retryDelays: Array.from({ length: 10_000 }, () => retryMs),
            onShouldRetry: () => true,
            onSuccess: () => resolve(),
            onError: reject,
          }).start();
        });
      },
      submission: (n, row) => send('POST', `rows/${n}`, row),
    });
});
