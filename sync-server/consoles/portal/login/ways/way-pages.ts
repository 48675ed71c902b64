/**
 * One component for each way in that can be gone here. It gets `programme` (whose portal it is) and says `signed-in` once the
 * server has opened the session; where to go from there, and whether the account belongs here, is the page's to find out.
 */
import type { Component } from 'vue';
import type { LoginWayId } from '#domain/accounts/login-way-ids.ts';
import OpenidWay from './OpenidWay.vue';
import PasswordWay from './PasswordWay.vue';

export const wayPages: Partial<Record<LoginWayId, Component>> = {
  openid: OpenidWay,
  password: PasswordWay,
};
