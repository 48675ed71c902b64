import { fileURLToPath } from 'node:url';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { ecdsaRawToDer } from '#sealing/der.ts';
import { sm2Digest, sm2PointOf } from '#sealing/sm2.ts';
import { sha256DigestInfo } from '../token-host/digest-info.ts';
import type { TokenApi } from '../token-host/driver-tokens.ts';
import { toAppError } from './failures.ts';

/** How SKF tokens (GM/T 0016) are spoken to: SM2 with SM3, and RSA with SHA-256 where a container holds an RSA key. */
export const skfApi: TokenApi<Extract<TokenDriver, { api: 'skf' }>> = {
  hostFile: fileURLToPath(new URL('./host.ts', import.meta.url)),
  traitsOf: ({ skf }) => skf,
  toAppError,
  kinds: { 'RSA-SHA256': 'rsa', 'SM2-SM3': 'sm2' },
  inputOf({ kind, data, certificate, driver }) {
    if (kind === 'rsa') return sha256DigestInfo(data);
    return driver.skf.sm2DigestBy === 'token' ? data : sm2Digest(sm2PointOf(certificate), data);
  },
  toDer: (kind, signature) => (kind === 'rsa' ? signature : ecdsaRawToDer(signature)),
};
