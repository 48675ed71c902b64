import { join } from 'node:path';
import { createFileBlobs } from './blobs/file-blobs.ts';
import { createS3Blobs } from './blobs/s3-blobs.ts';
import type { BlobStore } from './ports/blob-store.ts';
import { readS3Place } from './settings.ts';
import type { ServerSettings } from './settings.ts';

/** Where the server's private key lies. */
export const keyPathOf = ({ keyFile, dataFolder }: Pick<ServerSettings, 'keyFile' | 'dataFolder'>): string =>
  keyFile ?? join(dataFolder, 'server-key.pem');

/** Files or S3. */
export function openBlobs({ dataFolder, blobs: place, s3Credentials, minFreeBytes }: ServerSettings): {
  blobs: BlobStore;
  close: () => void;
} {
  const folder = join(dataFolder, 'blobs');
  if (place === undefined)
    return { blobs: createFileBlobs({ folder, minFreeBytes }), close: () => undefined };
  const blobs = createS3Blobs({
    ...readS3Place(place),
    credentials: s3Credentials,
    spoolFolder: join(folder, 'incoming'),
    minFreeBytes,
  });
  return { blobs, close: blobs.close };
}
