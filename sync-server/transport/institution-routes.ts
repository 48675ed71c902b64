import type { FastifyReply, FastifyRequest } from 'fastify';
import { institutionRoutes } from '#domain/contracts/portal/institutions.ts';
import type { BindInstitution } from '../services/institutions/bind-institution.ts';
import type { EnterAsInstitution } from '../services/institutions/enter-as-institution.ts';
import { keyEntryMs } from '../services/institutions/key-entries.ts';
import type { KeyEntries } from '../services/institutions/key-entries.ts';
import type { RegisterInstitution } from '../services/institutions/register-institution.ts';
import { sessionMs } from '../services/accounts/sessions.ts';
import { challengeCookie } from './ca-login-routes.ts';
import { putCookie, readCookie, readToken, sessionCookie } from './cookies.ts';
import type { Serve } from './serve.ts';

const entryCookie = 'ludeng-key-entry';

export interface InstitutionServices {
  entries: KeyEntries;
  register: RegisterInstitution;
  binding: BindInstitution;
  enter: EnterAsInstitution;
  /** Of this server, as its pages have it. */
  originOf: (request: FastifyRequest) => string;
}

/** The door of a platform for institutions: a key, and what is done with it before there is an account. */
export function addInstitutionRoutes(
  serve: Serve,
  { entries, register, binding, enter, originOf }: InstitutionServices,
): void {
  const entryOf = (request: FastifyRequest): string | undefined => readCookie(request, entryCookie);
  const placeOf = (request: FastifyRequest) => ({
    address: request.ip,
    device: request.headers['user-agent'] ?? '',
  });
  const doorOf = (request: FastifyRequest) => ({
    browser: readCookie(request, challengeCookie),
    origin: originOf(request),
    place: placeOf(request),
  });
  const forget = (reply: FastifyReply): void => putCookie(reply, entryCookie, '', 0);

  serve(institutionRoutes.enterByKey, async ({ params, body, request, reply }) => {
    const { token, view } = await entries.open(params.programme, body, doorOf(request));
    putCookie(reply, entryCookie, token, keyEntryMs / 1000);
    putCookie(reply, challengeCookie, '', 0);
    return view;
  });
  serve(institutionRoutes.keyEntry, async ({ params, request }) =>
    entries.view(await entries.find(params.programme, entryOf(request))),
  );
  serve(institutionRoutes.leaveKeyEntry, async ({ request, reply }) => {
    await entries.close(entryOf(request));
    forget(reply);
    return {};
  });
  serve(institutionRoutes.boundableAccounts, ({ params, query, request }) =>
    binding.list(params.programme, entryOf(request), query.role),
  );
  serve(institutionRoutes.registerInstitution, ({ params, body, request }) =>
    register(params.programme, entryOf(request), body),
  );
  serve(institutionRoutes.bindInstitution, ({ params, body, request }) =>
    binding.bind(params.programme, entryOf(request), body, doorOf(request)),
  );
  serve(institutionRoutes.enterAsInstitution, async ({ params, body, request, reply }) => {
    const { token, role } = await enter(params.programme, entryOf(request), body, {
      place: placeOf(request),
      earlierToken: readToken(request),
    });
    putCookie(reply, sessionCookie, token, sessionMs / 1000);
    forget(reply);
    return { role };
  });
}
