/** Where the outside services are that the server asks (docs/services.md). */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { openidSettingsSchema } from './openid-settings.ts';
import { isGuarded, place, unguarded } from './service-place.ts';

const serviceSchema = z.strictObject(place).refine(isGuarded, unguarded).optional();

const faceSchema = z
  .strictObject({
    ...place,
    /** PEM of the Ed25519 key that signs the results; no other result counts. */
    publicKey: z
      .string()
      .max(2_000)
      .refine(isEd25519, { error: '须为 Ed25519 公钥的 PEM（BEGIN PUBLIC KEY）' }),
  })
  .refine(isGuarded, unguarded)
  .optional();

export const serviceSettingsSchema = z.strictObject({
  sms: serviceSchema,
  realName: serviceSchema,
  face: faceSchema,
  businessRegister: serviceSchema,
  caCompany: serviceSchema,
  qualificationRegister: serviceSchema,
  buildingMarket: serviceSchema,
  mobileCheck: serviceSchema,
  institutionAccounts: serviceSchema,
  openid: openidSettingsSchema,
  /** It asks this server, and shows this token. */
  approvalSystem: z.strictObject({ token: z.string().min(16).max(200) }).optional(),
});
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;

/** 手机二要素校验 as settings named it before there were other services. */
export const earlierMobileCheckSchema = z
  .strictObject({ url: place.url, token: place.token, timeoutSeconds: place.timeoutSeconds })
  .optional();

/** Tokens, and the secrets by which OpenID providers know this server. */
export const nameTokens = ({ openid = {}, ...services }: ServiceSettings): boolean =>
  Object.keys(openid).length > 0 || Object.values(services).some((service) => service?.token !== undefined);

/** A private key would fit as well, and must not stand in a file of settings. */
function isEd25519(pem: string): boolean {
  if (!pem.includes('BEGIN PUBLIC KEY')) return false;
  try {
    return createPublicKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
