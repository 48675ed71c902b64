/** Opening an account at a portal by oneself, and signing in to it. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';
import { keyProofSchema } from '../../sync/subject-feed.ts';
import { maxPasswordLength } from '../desk/session.ts';
import { browserChallengeSchema, captchaAnswerSchema } from '../public/ca-login.ts';
import type { ServerRoutes } from '../route.ts';
import { portalParams } from '../public/portals.ts';
import { lineSchema, typedCodeSchema } from '../../text/written.ts';

const name = z.string().max(maxLength.name);

/** Of the portal's account types, and its number, as it was typed. */
const registrantNumber = { kind: z.string().min(1).max(64), number: typedCodeSchema(40) };
const password = z.string().min(1).max(maxPasswordLength);

export const newRegistrantSchema = z.strictObject({
  ...registrantNumber,
  name: lineSchema(100),
  password,
  captcha: captchaAnswerSchema,
  /** Another one has that name already: the number is what is typed to sign in. */
  signsInByNumber: z.boolean(),
});
export type NewRegistrant = z.infer<typeof newRegistrantSchema>;

export const portalSignInSchema = z.strictObject({ account: lineSchema(100), password });

/** `isPasswordDue`: somebody else made the password; nothing else is done before there is one of one's own. */
const enteredSchema = z.object({ isPasswordDue: z.boolean() });

export const portalRegistrationRoutes = {
  /**
   * Whether an account has that number already. Public, as the province wants it; asking is counted by address. Throws
   * FIELD_INVALID (details.fields), TOO_MANY_ATTEMPTS.
   */
  isNumberKnown: {
    method: 'POST',
    path: '/api/portals/:programme/registrations/question',
    permission: 'session.open',
    params: portalParams,
    body: z.strictObject(registrantNumber),
    answer: z.object({ isKnown: z.boolean() }),
  },
  /**
   * Signed in afterwards. Throws FIELD_INVALID, PASSWORD_TOO_WEAK, NUMBER_REGISTERED, LOGIN_NAME_TAKEN, CAPTCHA_WRONG,
   * CAPTCHA_EXPIRED, TOO_MANY_ATTEMPTS.
   */
  registerAtPortal: {
    method: 'POST',
    path: '/api/portals/:programme/registrations',
    permission: 'session.open',
    params: portalParams,
    body: newRegistrantSchema,
    answer: z.object({ loginName: name }),
  },
  /** Throws SIGN_IN_FAILED, LOGIN_NAME_CHANGED (after the right password), and what a sign-in at the desk throws. */
  signInAtPortal: {
    method: 'POST',
    path: '/api/portals/:programme/session',
    permission: 'session.open',
    params: portalParams,
    body: portalSignInSchema,
    answer: enteredSchema,
  },
  /**
   * A challenge of `makeChallenge`, signed. Throws UNIT_NOT_REGISTERED, KEY_NAME_DIFFERS, ACCOUNT_ELSEWHERE, what stands
   * against the certificate.
   */
  signInAtPortalByKey: {
    method: 'POST',
    path: '/api/portals/:programme/session/ukey',
    permission: 'session.open',
    params: portalParams,
    body: z.strictObject({ challenge: browserChallengeSchema, proof: z.strictObject(keyProofSchema.shape) }),
    answer: enteredSchema,
  },
} as const satisfies ServerRoutes;
