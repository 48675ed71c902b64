/** What somebody on the way, or a provider that is broken, might hand over in place of the true ID token. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { OpenidForgery } from '../schemas.ts';

const part = z.looseObject({});
const read = (text: string) => part.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
const write = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const changes: Partial<Record<OpenidForgery, Record<string, unknown>>> = {
  'wrong-nonce': { nonce: 'of-another-attempt' },
  'wrong-issuer': { iss: 'https://elsewhere.example/openid' },
  'wrong-audience': { aud: 'another-client' },
  expired: { iat: 1_600_000_000, exp: 1_600_000_600 },
};

/** `key`: the provider's own, so that nothing but the change is wrong. */
export function forgeToken(token: string, forgery: OpenidForgery, key: KeyObject): string {
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = read(head);
  const claims = { ...read(body), ...changes[forgery] };
  if (forgery === 'unsigned') return `${write({ ...header, alg: 'none' })}.${body}.`;
  // the name of another unit, under the signature for the true one
  if (forgery === 'tampered') return `${head}.${write({ ...claims, unit_name: '别的单位' })}.${signature}`;
  const signer =
    forgery === 'wrong-key' ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : key;
  const text = `${head}.${write(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), signer).toString('base64url')}`;
}
