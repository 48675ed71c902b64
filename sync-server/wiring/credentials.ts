import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { SealFont } from '#sealing/true-type.ts';
import type { AttemptLimit } from '../services/accounts/attempt-limit.ts';
import { createCredentialFiles } from '../services/credentials/credential-files.ts';
import { createLookUpCredential } from '../services/credentials/look-up-credential.ts';
import type { Stores } from './open-stores.ts';

/** What the public asks of credentials. */
export function createCredentials(
  { credentials, records, cases, verificationCodes, serverKey }: Stores,
  {
    attempts,
    catalogue,
    fonts,
  }: { attempts: Pick<AttemptLimit, 'take'>; catalogue: Catalogue; fonts: readonly SealFont[] },
) {
  const lookUp = createLookUpCredential({
    ...{ credentials, records, cases, verificationCodes, serverKey, attempts, catalogue },
  });
  return {
    lookUp,
    files: createCredentialFiles({ lookUp, credentials, verificationCodes, serverKey, fonts }),
  };
}
