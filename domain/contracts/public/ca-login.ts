/**
 * CA登录 in an ordinary browser: the page has a challenge of the server signed by the key in the computer, through the station
 * program there (contracts/kiosk/browser-login.ts). A challenge is given for a picture code, and both are good once.
 */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { instantSchema } from '../../primitives.ts';
import { keyProofSchema } from '../../sync/subject-feed.ts';
import type { ServerRoutes } from '../route.ts';

const text = z.string().max(maxLength.name);

/** What the key signs, with the origin of the page that shows it. */
export const browserChallengeSchema = z.strictObject({
  nonce: z.string().min(16).max(maxLength.name),
  sessionId: z.string().min(16).max(maxLength.name),
  issuedAt: instantSchema,
});
export type BrowserChallenge = z.infer<typeof browserChallengeSchema>;

/** ALTCHA's challenge (v2), signed by the server; `data` says of which picture code it takes the place. */
const workSchema = z.strictObject({
  parameters: z.strictObject({
    algorithm: text,
    nonce: text,
    salt: text,
    cost: z.int().positive().max(1_000_000),
    keyLength: z.int().positive().max(64),
    keyPrefix: text,
    expiresAt: z.int().positive(),
    data: z.strictObject({ id: text }),
  }),
  signature: text,
});
export type CaptchaWork = z.infer<typeof workSchema>;
const solutionSchema = z.strictObject({
  counter: z.int().nonnegative(),
  derivedKey: text,
  time: z.number().nonnegative().exactOptional(),
});

/** Where the browser's own address is left out: a page cannot ask for another one. */
export const captchaAnswerSchema = z.union([
  z.strictObject({ id: text.min(1), answer: z.string().min(1).max(20) }),
  /** For whoever cannot read a picture: what takes the computer a moment to find. */
  z.strictObject({
    id: text.min(1),
    work: z.strictObject({ challenge: workSchema, solution: solutionSchema }),
  }),
]);
export type CaptchaAnswer = z.infer<typeof captchaAnswerSchema>;

export const captchaSchema = z.object({
  id: text,
  /** SVG. */
  picture: z.string().max(maxLength.text),
  /** In its place. */
  work: workSchema,
});
export type Captcha = z.infer<typeof captchaSchema>;

export const caLoginViewSchema = z.object({
  /** Where the station program of a computer listens. */
  station: text,
  drivers: z
    .array(
      z.object({
        id: text,
        name: text,
        /** Systems for which there is one. */
        systems: z.array(text).max(maxCount.parts),
        version: text.exactOptional(),
        url: text.exactOptional(),
      }),
    )
    .max(maxCount.parts),
});
export type CaLoginView = z.infer<typeof caLoginViewSchema>;

export const caLoginRoutes = {
  caLogin: {
    method: 'GET',
    path: '/api/ca-login',
    permission: 'user-centre.read',
    answer: caLoginViewSchema,
  },
  makeCaptcha: { method: 'POST', path: '/api/captchas', permission: 'session.open', answer: captchaSchema },
  /** What the picture shows, spoken; as often as somebody likes, until it is answered or CAPTCHA_EXPIRED. */
  soundOfCaptcha: {
    method: 'GET',
    path: '/api/captchas/:id/sound',
    permission: 'session.open',
    params: z.object({ id: text }),
    answer: { bytes: 'audio/wav' },
  },
  /** CAPTCHA_WRONG, CAPTCHA_EXPIRED: then another picture is needed. */
  makeChallenge: {
    method: 'POST',
    path: '/api/ca-login/challenges',
    permission: 'session.open',
    body: z.strictObject({ captcha: captchaAnswerSchema }),
    answer: browserChallengeSchema,
  },
  signInByKey: {
    method: 'POST',
    path: '/api/session/ukey',
    permission: 'session.open',
    body: z.strictObject({ challenge: browserChallengeSchema, proof: z.strictObject(keyProofSchema.shape) }),
    answer: z.object({ destination: text }),
  },
} as const satisfies ServerRoutes;
