import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurablySync } from './durable-file.ts';

const keyFileSchema = z.strictObject({
  /** Ed25519, PKCS #8 in PEM: who this station is on the line. */
  deviceKey: z.string(),
  /** AES-256, base64: what pages and records are encrypted with on this disk. */
  storeKey: z.base64(),
});

export interface DeviceKeys {
  publicKey: string;
  storeKey: Buffer;
  /** Ed25519 over the UTF-8 of the text, base64. */
  sign: (text: string) => string;
}

/**
 * Reads the folder's keys (file mode 0600), or makes them when the store is new. A store without its keys cannot be
 * opened: new ones would make every page unreadable without a word.
 */
export function loadDeviceKeys(folder: string, { isNewStore }: { isNewStore: boolean }): DeviceKeys {
  const path = join(folder, 'station.key');
  if (!existsSync(path)) {
    if (!isNewStore)
      throw new Error('station.key is missing beside an existing store; restore it from its backup');
    writeDurablySync(path, Buffer.from(JSON.stringify(makeKeys()), 'utf8'));
  }
  const keys = keyFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const privateKey = createPrivateKey(keys.deviceKey);
  return {
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    storeKey: Buffer.from(keys.storeKey, 'base64'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), privateKey).toString('base64'),
  };
}

function makeKeys(): z.infer<typeof keyFileSchema> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    deviceKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    storeKey: randomBytes(32).toString('base64'),
  };
}
