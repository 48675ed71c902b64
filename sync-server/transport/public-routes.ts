import type { FastifyInstance, FastifyRequest } from 'fastify';
import { maxCredentialFileBytes } from '#domain/credentials/file.ts';
import { publicRoutes } from '#domain/contracts/public/credentials.ts';
import type { CredentialFiles } from '../services/credentials/credential-files.ts';
import type { LookUpCredential } from '../services/credentials/look-up-credential.ts';
import { createServe } from './serve.ts';
import type { Asked, Serve } from './serve.ts';

export interface PublicRoutesOptions {
  lookUp: LookUpCredential;
  files: CredentialFiles;
  originOf: (request: FastifyRequest) => string;
}

/** For whoever comes. What stands there now is never kept on the way. */
export function addPublicRoutes(
  app: FastifyInstance,
  serve: Serve,
  { lookUp, files, originOf }: PublicRoutesOptions,
): void {
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
  void app.register(async (scope) => {
    // a file as it is, also one that its sender calls JSON
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: maxCredentialFileBytes },
      (_request, body, done) => done(null, body),
    );
    createServe(scope)(publicRoutes.credentialCheck, ({ body, ...asked }) => files.check(body, by(asked)));
  });
  serve(publicRoutes.credentialKey, () => files.key());
}
