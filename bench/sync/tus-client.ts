/** tus-js-client: whole pages, several side by side, going on after a break where the server stands. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from 'tus-js-client';
import { runClient, sideBySide } from './client-side.ts';

const retryMs = 500;

await runClient(
  async ({ url, folder, files }) =>
    () =>
      sideBySide(files, async (name) => {
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
      }),
);
