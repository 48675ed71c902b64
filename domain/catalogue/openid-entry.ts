/** 统一身份认证 of a portal: another's provider says who sits before the browser, by OpenID Connect. */
import { z } from 'zod';
import { idSchema } from './ids.ts';

export const openidEntrySchema = z.strictObject({
  /** As people call it. */
  provider: z.string().trim().min(1).max(100),
  /** For whom it is, and what happens when it is pressed. */
  hint: z.string().trim().min(1).max(500),
  /** Of the portal's account types: what a unit's account is that opens at its first time. */
  accountType: idSchema,
});
export type OpenidEntry = z.infer<typeof openidEntrySchema>;
