import type { FastifyInstance } from 'fastify';
import { nameApplicationRoutes as routes } from '#domain/contracts/unit/name-applications.ts';
import { maxPictureBytes } from '#domain/contracts/public/registration.ts';
import type { NameApplications } from '../services/operators/name-applications.ts';
import type { ReviewNames } from '../services/operators/review-names.ts';
import { createServe } from './serve.ts';

/** 实名认证申请, 用户审核. */
export function addNameApplicationRoutes(
  app: FastifyInstance,
  { applications, review }: { applications: NameApplications; review: ReviewNames },
): void {
  void app.register(async (scope) => {
    // pictures as they are, whatever the browser calls them; how many bytes is said by the contract
    scope.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: maxPictureBytes },
      (_request, body, done) => done(null, body),
    );
    const serve = createServe(scope);
    serve(routes.ownNameApplication, ({ actor, query }) => applications.own(actor, query.programme));
    serve(routes.addApplicationPicture, ({ actor, params, query, body }) =>
      applications.addPicture(actor, query.programme, { ...params, name: query.name, bytes: body }),
    );
    serve(routes.ownApplicationPicture, async ({ actor, params, reply }) => {
      const { mime, bytes } = await applications.picture(actor, params);
      void reply.header('content-type', mime);
      return bytes;
    });
    serve(routes.handInNameApplication, ({ actor, body }) => applications.handIn(actor, body));
    serve(routes.nameApplications, ({ actor }) => review.list(actor));
    serve(routes.nameApplication, ({ actor, params }) => review.detail(actor, params.id));
    serve(routes.applicationPicture, async ({ actor, params, reply }) => {
      const { mime, bytes } = await review.picture(actor, params);
      void reply.header('content-type', mime);
      return bytes;
    });
    serve(routes.decideNameApplication, ({ actor, params, body }) => review.decide(actor, params.id, body));
  });
}
