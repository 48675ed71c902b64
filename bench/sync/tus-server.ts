/** @tus/server on its own file store, with the fsync that a receipt needs and that the file store leaves out. */
import { open } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

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
    return {};
  },
});
const server = tus.listen({ port: 0, host: '127.0.0.1' }, () =>
  console.log(`"port":${(server.address() as AddressInfo).port}`),
);
