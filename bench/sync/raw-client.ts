/** The limit of the disk: read, write, fsync, in one process and without a line. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runClient, sideBySide } from './client-side.ts';

await runClient(
  async ({ folder, files }) =>
    () =>
      sideBySide(files, async (name) => {
        const bytes = await readFile(join(folder, name));
        const file = await open(join(folder, `${name}.copy`), 'w');
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
      }),
);
