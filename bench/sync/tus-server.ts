/**
 * @tus/server on its own file store, with what a receipt needs and the file store leaves out: an fsync of the file and of its
 * name, and a row for each submission.
 */
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';
import { createRowRoute } from './row-route.ts';
import { syncFolder } from '../../sync-server/blobs/disk.ts';

const [folder = ''] = process.argv.slice(2);
const tus = new Server({
  path: '/files',
  relativeLocation: true,
  datastore: new FileStore({ directory: folder }),
  async onUploadFinish(_asked, upload) {
    const file = await open(join(folder, upload.id), 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await syncFolder(folder);
    return {};
  },
});
const takeRow = createRowRoute(join(folder, 'rows'));
const server = createServer((asked, answer) => {
  if (!takeRow(asked, answer)) void tus.handle(asked, answer);
});
server.listen(0, '127.0.0.1', () => console.log(`"port":${(server.address() as AddressInfo).port}`));
