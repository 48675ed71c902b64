import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto';

const magic = Buffer.from('LDE1', 'ascii');
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM. `name` is authenticated too, so that no envelope can stand in the place of another. */
export function createEnvelope(keyBytes: Buffer) {
  const key = createSecretKey(keyBytes);
  const tagKey = createSecretKey(createHmac('sha256', keyBytes).update('tag').digest());
  return {
    seal(bytes: Uint8Array, name: string): Buffer {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      cipher.setAAD(Buffer.from(name, 'utf8'));
      const body = cipher.update(bytes);
      const last = cipher.final();
      return Buffer.concat([magic, iv, body, last, cipher.getAuthTag()]);
    },
    /** Throws when a single bit, or the name, is another. */
    open(envelope: Buffer, name: string): Buffer<ArrayBuffer> {
      const bodyAt = magic.length + ivBytes;
      if (envelope.length < bodyAt + tagBytes || !envelope.subarray(0, magic.length).equals(magic))
        throw new Error('not an envelope');
      const decipher = createDecipheriv('aes-256-gcm', key, envelope.subarray(magic.length, bodyAt));
      decipher.setAAD(Buffer.from(name, 'utf8'));
      decipher.setAuthTag(envelope.subarray(envelope.length - tagBytes));
      const body = decipher.update(envelope.subarray(bodyAt, envelope.length - tagBytes));
      // of GCM nothing is left at the end: no second copy of a page
      decipher.final();
      return body;
    },
    /** Equal texts have equal tags; nobody without the key learns which text it was, or tries texts. */
    tag: (text: string): string => createHmac('sha256', tagKey).update(text, 'utf8').digest('hex'),
  };
}
export type Envelope = ReturnType<typeof createEnvelope>;
