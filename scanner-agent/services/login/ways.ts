import { loginWayIds } from '#domain/accounts/login-way-ids.ts';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import { logInByCard } from './id-card-chip.ts';
import { logInByUkey } from './ukey.ts';

/** What this program can do of each way; a way that is added to the domain answers here. `not-here`: the page says so. */
const ways = {
  ukey: logInByUkey,
  password: 'not-here',
  'password-sms': 'not-here',
  'mobile-sms': 'not-here',
  'phone-scan': 'not-here',
  face: 'not-here',
  'id-card-chip': logInByCard,
  openid: 'not-here',
  'station-enrolment': 'not-here',
  'server-command': 'not-here',
} as const satisfies Record<LoginWayId, typeof logInByUkey | typeof logInByCard | 'not-here'>;

/** The ways that can be gone at this station. */
export const stationLoginWays: readonly LoginWayId[] = loginWayIds.filter((way) => ways[way] !== 'not-here');
