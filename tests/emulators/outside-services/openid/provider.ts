/** 统一身份认证 of the sandbox: a real OpenID provider, whose users sign in by a press of a button. */
import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Provider from 'oidc-provider';
import { writePrivateFile } from '#config/private-files.ts';
import type { Sandbox } from '../open-state.ts';
import { forgeToken } from './forge-token.ts';
import type { openRows } from './open-rows.ts';

export const openidPath = '/openid';
export const interactionPath = '/openid-users';
export const clientId = 'ludeng';

export interface OpenidKeys {
  signing: KeyObject;
  clientSecret: string;
}

/** Made at the first start in `folder`. */
export function openOpenidKeys(folder: string): OpenidKeys {
  const keep = (name: string, make: () => string): string => {
    const file = join(folder, name);
    if (!existsSync(file)) writePrivateFile(file, make());
    return readFileSync(file, 'utf8');
  };
  const makeKey = (): string =>
    generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  return {
    signing: createPrivateKey(keep('openid-key.pem', makeKey)),
    clientSecret: keep('openid-client-secret', () => randomBytes(24).toString('base64url')),
  };
}

/** Of the addresses that the sandbox was told; told others, it is made anew. */
export function createProvider(
  sandbox: Sandbox,
  { issuer, keys, rows }: { issuer: string; keys: OpenidKeys; rows: ReturnType<typeof openRows> },
): Provider {
  const { redirectUris } = sandbox.openid();
  const scopes = ['openid', 'profile', 'subject'];
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: clientId, client_secret: keys.clientSecret, redirect_uris: [...redirectUris] },
        ...{ response_types: ['code'], grant_types: ['authorization_code'] },
      },
    ],
    jwks: { keys: [{ ...keys.signing.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'sandbox' }] },
    adapter: rows,
    cookies: { keys: [keys.clientSecret] },
    scopes,
    claims: { openid: ['sub'], profile: ['name'], subject: ['unit_name', 'credit_code', 'id_number'] },
    // the claims stand in the ID token
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `${interactionPath}/${uid}` },
    ttl: {
      Interaction: 600,
      Session: 3600,
      Grant: 3600,
      AuthorizationCode: 60,
      AccessToken: 600,
      IdToken: 600,
    },
    findAccount: (_: unknown, id: string) => {
      const user = sandbox.openid().users.find(({ login }) => login === id);
      if (!user) return undefined;
      const { name, idNumber: id_number, unitName: unit_name, creditCode: credit_code } = user;
      return { accountId: id, claims: () => ({ sub: id, name, id_number, unit_name, credit_code }) };
    },
    /** Pressing the button agrees to what is asked. */
    async loadExistingGrant({ oidc }: { oidc: GrantContext }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client.clientId,
        accountId: oidc.session.accountId,
      });
      grant.addOIDCScope(scopes.join(' '));
      await grant.save();
      return grant;
    },
  });
  provider.use(async (context, next) => {
    await next();
    const { forgery } = sandbox.openidBehaviour();
    if (forgery === undefined || context.oidc?.route !== 'token') return;
    const answer = context.body;
    if (typeof answer === 'object' && answer !== null && 'id_token' in answer)
      context.body = { ...answer, id_token: forgeToken(String(answer.id_token), forgery, keys.signing) };
  });
  return provider;
}

interface GrantContext {
  client: { clientId: string };
  session: { accountId: string };
  provider: Provider;
}
