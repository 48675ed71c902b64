/**
 * OpenID Connect by `openid-client`: discovery, the code flow with PKCE, and the ID token's signature looked at although it comes
 * over TLS, since a proxy may stand between.
 */
import * as client from 'openid-client';
import { z } from 'zod';
import { AppError } from '#domain/errors/app-error.ts';
import { idNumberFault, isCreditCode } from '#domain/fields/check-digits.ts';
import { maxLength } from '#domain/limits.ts';
import type { OpenidProvider, OpenidSubject } from '../ports/outside/openid-provider.ts';
import type { OpenidSettings } from '../openid-settings.ts';
import type { ServiceFailure } from './json-service.ts';

/** The provider may move an endpoint; keys are looked for anew by the library where one is not known. */
const discoveredForMs = 60 * 60_000;

export interface OpenidOptions {
  /** As people call it. */
  name: string;
  settings: OpenidSettings;
  nowMs: () => number;
  tell: (failure: ServiceFailure) => void;
}

export function createHttpOpenid({ name, settings, nowMs, tell }: OpenidOptions): OpenidProvider {
  let known: { configuration: Promise<client.Configuration>; untilMs: number } | undefined;

  async function discover(): Promise<client.Configuration> {
    const { url, clientId, clientSecret, signedBy, timeoutSeconds } = settings;
    const configuration = await client.discovery(
      new URL(url),
      clientId,
      { client_secret: clientSecret, id_token_signed_response_alg: signedBy },
      client.ClientSecretBasic(clientSecret),
      {
        timeout: timeoutSeconds,
        // the settings have refused an address that must not be plain
        ...(url.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : {}),
      },
    );
    client.enableNonRepudiationChecks(configuration);
    return configuration;
  }
  /** A failure is not remembered: the next who comes asks again. */
  async function configurationOf(): Promise<client.Configuration> {
    if (!known || known.untilMs <= nowMs())
      known = { configuration: discover(), untilMs: nowMs() + discoveredForMs };
    const { configuration } = known;
    try {
      return await configuration;
    } catch (error) {
      if (known?.configuration === configuration) known = undefined;
      throw error;
    }
  }
  /** What goes wrong, in one of three forms; nothing of what was answered is in it. */
  async function asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const failure = failureOf(error, name);
      if (failure.code !== 'OPENID_DENIED') tell({ service: name, problem: problemOf(error) });
      throw failure;
    }
  }

  return {
    begin: ({ redirectUri, state, nonce, codeVerifier }) =>
      asking(async () => {
        const configuration = await configurationOf();
        const address = client.buildAuthorizationUrl(configuration, {
          ...{ redirect_uri: redirectUri, state, nonce },
          scope: ['openid', ...settings.scopes].join(' '),
          code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
          code_challenge_method: 'S256',
          // whoever used the same computer before is not to be taken for this person
          prompt: 'login',
        });
        return address.href;
      }),
    async finish({ redirectUri, state, nonce, codeVerifier }, query) {
      const claims = await asking(async () => {
        const configuration = await configurationOf();
        const cameBackTo = new URL(redirectUri);
        cameBackTo.search = query;
        const tokens = await client.authorizationCodeGrant(configuration, cameBackTo, {
          ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: codeVerifier },
          idTokenExpected: true,
        });
        return tokens.claims() ?? {};
      });
      return subjectOf(claims, settings.claims);
    },
  };
}

const word = z.string().trim().min(1).max(maxLength.name);

/** Throws OPENID_SUBJECT_UNNAMED where neither a unit nor a person is named by a number that can be one. */
function subjectOf(
  claims: Readonly<Record<string, unknown>>,
  names: OpenidSettings['claims'],
): OpenidSubject {
  const read = (claim: string): string | undefined => word.safeParse(claims[claim]).data;
  const [unitName, creditCode] = [read(names.unitName), read(names.creditCode)?.toUpperCase()];
  const [personName, idNumber] = [read(names.personName), read(names.idNumber)?.toUpperCase()];
  const unit =
    unitName !== undefined && creditCode !== undefined && isCreditCode(creditCode)
      ? { name: unitName, creditCode }
      : undefined;
  const person =
    personName !== undefined && idNumber !== undefined && idNumberFault(idNumber) === undefined
      ? { name: personName, idNumber }
      : undefined;
  if (!unit && !person) throw new AppError('OPENID_SUBJECT_UNNAMED');
  return { ...(unit ? { unit } : {}), ...(person ? { person } : {}) };
}

/** Codes that mean: there was no answer, or none of that protocol. */
const unanswered = [
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
];
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

function failureOf(error: unknown, service: string): AppError {
  if (error instanceof client.AuthorizationResponseError) {
    if (error.error === 'access_denied') return new AppError('OPENID_DENIED', {}, { cause: error });
    if (['server_error', 'temporarily_unavailable'].includes(error.error))
      return new AppError('SERVICE_UNREACHABLE', { service }, { cause: error });
    return new AppError('OPENID_ANSWER_REFUSED', { reason: error.error }, { cause: error });
  }
  const isOfNetwork = error instanceof TypeError && error.message === 'fetch failed';
  if (isOfNetwork || unanswered.includes(codeOf(error)))
    return new AppError('SERVICE_UNREACHABLE', { service }, { cause: error });
  return new AppError('OPENID_ANSWER_REFUSED', { reason: problemOf(error) }, { cause: error });
}

/** A code of the library or the protocol: messages may hold what was sent. */
function problemOf(error: unknown): string {
  if (error instanceof client.ResponseBodyError) return error.error;
  if (error instanceof client.AuthorizationResponseError) return error.error;
  return codeOf(error) || (error instanceof Error ? error.name : 'unknown');
}
