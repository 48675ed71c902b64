/** Where the outside services are that the server asks (docs/services.md). */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

const place = {
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine((text) => new URL(text).username === '', { error: '密码不能写在地址中，请用 token' }),
  /** Sent as `Authorization: Bearer`. */
  token: z.string().min(1).optional(),
  timeoutSeconds: z.int().min(1).max(60).default(10),
  /** Lets what is known of persons go unencrypted to another machine: for a closed network only. */
  allowPlainHttp: z.boolean().default(false),
};

const isGuarded = ({ url, allowPlainHttp }: { url: string; allowPlainHttp: boolean }): boolean => {
  const { protocol, hostname } = new URL(url);
  return allowPlainHttp || protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};
const guarded = {
  error: '服务不在本机时，地址须以 https:// 开头；封闭的网络可设 allowPlainHttp: true',
  path: ['url'],
};

const serviceSchema = z.strictObject(place).refine(isGuarded, guarded).optional();

const faceSchema = z
  .strictObject({
    ...place,
    /** PEM of the Ed25519 key that signs the results; no other result counts. */
    publicKey: z
      .string()
      .max(2_000)
      .refine(isEd25519, { error: '须为 Ed25519 公钥的 PEM（BEGIN PUBLIC KEY）' }),
  })
  .refine(isGuarded, guarded)
  .optional();

export const serviceSettingsSchema = z.strictObject({
  sms: serviceSchema,
  realName: serviceSchema,
  face: faceSchema,
  businessRegister: serviceSchema,
  caCompany: serviceSchema,
  mobileCheck: serviceSchema,
  institutionAccounts: serviceSchema,
});
export type ServiceSettings = z.infer<typeof serviceSettingsSchema>;

/** 手机二要素校验 as settings named it before there were other services. */
export const earlierMobileCheckSchema = z
  .strictObject({ url: place.url, token: place.token, timeoutSeconds: place.timeoutSeconds })
  .optional();

export const nameTokens = (services: ServiceSettings): boolean =>
  Object.values(services).some((service) => service?.token !== undefined);

/** A private key would fit as well, and must not stand in a file of settings. */
function isEd25519(pem: string): boolean {
  if (!pem.includes('BEGIN PUBLIC KEY')) return false;
  try {
    return createPublicKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
