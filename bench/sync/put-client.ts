/** Plain HTTP: whole pages, several PUTs side by side, and a POST for each submission whose pages are there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient, sendPages } from './client-side.ts';
import { createSender } from './plain-http.ts';

await runClient(async (work) => {
  const send = createSender(work);
  return () =>
    sendPages(work, {
      page: async (name) => send('PUT', name, await readFile(join(work.folder, name))),
      submission: (n, row) => send('POST', `rows/${n}`, row),
    });
});
