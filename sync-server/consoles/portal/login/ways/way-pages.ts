/**
 * One component for each way in that can be gone here. It gets `programme` (whose portal it is) and says `signed-in` once the
 * server has opened the session; where to go from there, and whether the account belongs here, is the page's to find out.
 */
import type { Component } from 'vue';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import type { Portal } from '#domain/catalogue/portal.ts';
import InstitutionKeyWay from '../../institutions/InstitutionKeyWay.vue';
import KeyWay from './KeyWay.vue';
import OpenidWay from './OpenidWay.vue';
import PasswordSmsWay from './PasswordSmsWay.vue';
import PasswordWay from './PasswordWay.vue';

const wayPages: Partial<Record<LoginWayId, Component>> = {
  openid: OpenidWay,
  password: PasswordWay,
  ukey: KeyWay,
  'password-sms': PasswordSmsWay,
};

/** Undefined: it cannot be gone here. */
export function wayPageOf(way: LoginWayId, { institutions, keyLogin }: Portal): Component | undefined {
  if (way !== 'ukey') return wayPages[way];
  // the key of an institution opens the platform's door, where it has no account yet
  if (institutions) return InstitutionKeyWay;
  return keyLogin && wayPages.ukey;
}
