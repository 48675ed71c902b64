/**
 * 统一身份认证登录 at a portal: the page asks where to go, goes there, and brings back what the provider gave the browser. Both
 * halves belong to one browser, by a cookie that no page of another site makes it send.
 */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import type { ServerRoutes } from '../route.ts';
import { portalParams } from './portals.ts';

export const openidLoginRoutes = {
  /** SERVICE_MISSING, SERVICE_UNREACHABLE. */
  beginOpenid: {
    method: 'POST',
    path: '/api/portals/:programme/openid',
    permission: 'session.open',
    params: portalParams,
    answer: z.object({ url: z.string().max(maxLength.text) }),
  },
  /** OPENID_ATTEMPT_INVALID, OPENID_DENIED, OPENID_ANSWER_REFUSED, OPENID_SUBJECT_UNNAMED, OPENID_ACCOUNT_UNKNOWN. */
  signInByOpenid: {
    method: 'POST',
    path: '/api/portals/:programme/openid/session',
    permission: 'session.open',
    params: portalParams,
    /** The query with which the browser came back. */
    body: z.strictObject({ query: z.string().min(1).max(4_000) }),
    answer: z.object({}),
  },
} as const satisfies ServerRoutes;
