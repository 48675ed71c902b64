/** Pictures of a registration in the blob store: each encrypted under a key of its own in the draft's row, and gone with it. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { DraftFile } from '../../ports/registration-rows.ts';
import { sha256 } from '../hashing.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const tagBytes = 16;
/** Each key encrypts one text only, so that one vector serves for all. */
const vector = Buffer.alloc(12);

type Kept = Pick<DraftFile, 'blob' | 'key'>;

export function createDraftFiles({ blobs }: { blobs: Pick<BlobStore, 'put' | 'read' | 'remove'> }) {
  return {
    /** Durable when resolved. */
    async keep(bytes: Uint8Array): Promise<Kept> {
      const key = randomBytes(keyBytes);
      const cipher = createCipheriv(algorithm, key, vector);
      const sealed = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
      const blob = sha256(sealed);
      await blobs.put(blob, sealed);
      return { blob, key: key.toString('base64') };
    },
    /** Throws NOT_FOUND. */
    async read({ blob, key }: Kept): Promise<Uint8Array> {
      const sealed = await blobs.read(blob);
      const end = sealed.length - tagBytes;
      const decipher = createDecipheriv(algorithm, Buffer.from(key, 'base64'), vector);
      decipher.setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
    },
    remove: (blob: string): Promise<void> => blobs.remove(blob),
  };
}
export type DraftFiles = ReturnType<typeof createDraftFiles>;
