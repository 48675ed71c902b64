import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { createMobileLogin } from './mobile-sms.ts';
import { createOpenidLogin } from './openid.ts';
import { createPasswordLogin } from './password.ts';
import { createOperatorLogin } from './password-sms.ts';
import { createPhoneScan } from './phone-scan.ts';
import { createUkeyLogin } from './ukey.ts';

/** What this server can do of each way in a browser; a way that is added to the domain answers here. */
export const serverLogins = {
  ukey: createUkeyLogin,
  password: createPasswordLogin,
  'password-sms': createOperatorLogin,
  'mobile-sms': createMobileLogin,
  'phone-scan': createPhoneScan,
  face: 'not-here',
  'id-card-chip': 'not-here',
  openid: createOpenidLogin,
  // by the stations' own door (services/stations), and by whoever runs the command: no browser's
  'station-enrolment': 'not-here',
  'server-command': 'not-here',
} as const satisfies Record<LoginWayId, ((options: never) => unknown) | 'not-here'>;
