/** Which OpenID provider signs people in to which programme (docs/openid.md). */
import { z } from 'zod';
import { isGuarded, place, unguarded } from './service-place.ts';

const claim = z.string().min(1).max(100);

const openidSchema = z
  .strictObject({
    /** The issuer; `/.well-known/openid-configuration` below it says the rest. */
    url: place.url,
    clientId: z.string().min(1).max(200),
    clientSecret: z.string().min(1).max(500),
    /** How the provider signs its ID tokens; `none` is never taken. */
    signedBy: z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']).default('RS256'),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/))
      .max(20)
      .default(['profile', 'subject']),
    /** As the provider calls what it says of whoever signed in. None is published: these are assumed. */
    claims: z
      .strictObject({
        unitName: claim.default('unit_name'),
        creditCode: claim.default('credit_code'),
        personName: claim.default('name'),
        idNumber: claim.default('id_number'),
      })
      .prefault({}),
    timeoutSeconds: place.timeoutSeconds,
    allowPlainHttp: place.allowPlainHttp,
  })
  .refine(isGuarded, unguarded);

/** By the programme. */
export const openidSettingsSchema = z.record(z.string().max(64), openidSchema).exactOptional();
export type OpenidSettings = z.infer<typeof openidSchema>;
