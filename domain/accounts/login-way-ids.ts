import { z } from 'zod';

/** Every way in that any programme names. What each of them is stands in login-ways.ts. */
export const loginWayIds = [
  'ukey',
  'password',
  'password-sms',
  'mobile-sms',
  'phone-scan',
  'face',
  'id-card-chip',
  'openid',
  'station-enrolment',
  'server-command',
] as const;
export const loginWaySchema = z.enum(loginWayIds);
export type LoginWayId = z.infer<typeof loginWaySchema>;
