import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { ecdsaRawToDer } from '#sealing/der.ts';
import { sha256DigestInfo } from '../token-host/digest-info.ts';
import type { TokenApi } from '../token-host/driver-tokens.ts';
import { toAppError } from './failures.ts';

/** How PKCS#11 tokens are spoken to: RSA and ECDSA P-256 with SHA-256, hashed here. */
export const pkcs11Api: TokenApi<Extract<TokenDriver, { api: 'pkcs11' }>> = {
  hostFile: fileURLToPath(new URL('./host.ts', import.meta.url)),
  traitsOf: () => ({}),
  toAppError,
  kinds: { 'RSA-SHA256': 'rsa', 'ECDSA-SHA256': 'ec' },
  inputOf: ({ kind, data }) =>
    kind === 'rsa' ? sha256DigestInfo(data) : createHash('sha256').update(data).digest(),
  toDer: (kind, signature) => (kind === 'rsa' ? signature : ecdsaRawToDer(signature)),
};
