/** 点击注册: whoever comes opens an account of a portal by the mobile number, and signs in with it and a password. */
import { z } from 'zod';
import { idSchema } from './ids.ts';

export const mobileAccountsSchema = z.strictObject({
  /** Of the portal's account types. */
  accountType: idSchema,
  /** In whose name the short message with the code comes, as it stands between 【 and 】. */
  sender: z.string().trim().min(1).max(20),
  /** What stands over the form. */
  notes: z.array(z.string().trim().min(1).max(500)).min(1).max(10),
});
export type MobileAccounts = z.infer<typeof mobileAccountsSchema>;
