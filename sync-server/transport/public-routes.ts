import type { FastifyRequest } from 'fastify';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { CredentialFiles } from '../services/credentials/credential-files.ts';
import type { LookUpCredential } from '../services/credentials/look-up-credential.ts';
import type { Asked, Serve } from './serve.ts';

export interface PublicRoutesOptions {
  lookUp: LookUpCredential;
  files: CredentialFiles;
  originOf: (request: FastifyRequest) => string;
}

/** For whoever comes. What stands there now is never kept on the way. */
export function addPublicRoutes(serve: Serve, { lookUp, files, originOf }: PublicRoutesOptions): void {
  const by = ({ actor, request, reply }: Pick<Asked<never>, 'actor' | 'request' | 'reply'>) => {
    void reply.header('cache-control', 'no-store');
    return { actor, address: request.ip, origin: originOf(request) };
  };
  serve(publicRoutes.credential, ({ params, query, ...asked }) =>
    lookUp.byCode({ ...params, ...query }, by(asked)),
  );
  serve(publicRoutes.identifiedCredential, async ({ params, ...asked }) =>
    lookUp.show(await lookUp.byIdentifier(params.identifier, by(asked))),
  );
  serve(publicRoutes.credentialFile, ({ params, ...asked }) => files.pdf(params.identifier, by(asked)));
  serve(publicRoutes.credentialJson, ({ params, ...asked }) => files.json(params.identifier, by(asked)));
  serve(publicRoutes.credentialCheck, ({ body, ...asked }) => files.check(body, by(asked)));
  serve(publicRoutes.credentialKey, () => files.key());
}
