import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { LookUpCredential } from '../services/credentials/look-up-credential.ts';
import type { Serve } from './serve.ts';

/** For whoever comes. */
export function addPublicRoutes(
  serve: Serve,
  { lookUpCredential }: { lookUpCredential: LookUpCredential },
): void {
  serve(publicRoutes.credential, ({ params, query, actor, request }) =>
    lookUpCredential({ ...params, ...query }, { actor, address: request.ip }),
  );
}
