/** Where an outside service is, and that what is known of persons goes there unread. */
import { z } from 'zod';

export const place = {
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

export const isGuarded = ({ url, allowPlainHttp }: { url: string; allowPlainHttp: boolean }): boolean => {
  const { protocol, hostname } = new URL(url);
  return allowPlainHttp || protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};
export const unguarded = {
  error: '服务不在本机时，地址须以 https:// 开头；封闭的网络可设 allowPlainHttp: true',
  path: ['url'],
};
