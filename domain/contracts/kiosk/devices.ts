import { z } from 'zod';
import { maxLength, maxCount } from '../../limits.ts';
import { cornerNameSchema, quadSchema } from '../../reading/schema.ts';
import type { KioskRoutes } from '../route.ts';
import { nothing } from './params.ts';

export const deviceSchema = z.object({
  id: z.string().max(maxLength.name),
  kind: z.enum(['card-reader', 'signing-token', 'camera', 'scanner', 'reader-model']),
  name: z.string().max(maxLength.name),
  driver: z.string().max(maxLength.name),
  state: z.enum(['ready', 'missing', 'fault']),
  simulated: z.boolean(),
  /** Chinese: what is wrong and what to do; empty when ready. */
  advice: z.string().max(maxLength.text),
  /** What its driver has met so far. */
  tested: z.enum(['tested-on-hardware', 'tested-on-emulator', 'untested']).optional(),
});

export type Device = z.infer<typeof deviceSchema>;

export const frameAnswerSchema = z.object({
  corners: quadSchema.optional(),
  pageShare: z.number(),
  /** Further sheets in view. */
  others: z.array(quadSchema).max(maxCount.parts).optional(),
  hints: z
    .array(
      z.enum(['no-page', 'too-far', 'too-dark', 'glare', 'blurred', 'cut-off', 'finger', 'folded', 'screen']),
    )
    .max(maxCount.parts),
  /** With the hint `folded`: which corners, as the frame shows them. */
  foldedCorners: z.array(cornerNameSchema).max(maxCount.parts).optional(),
});

export const deviceTestRequestSchema = z.object({
  id: z.string().max(300),
  /** Of a UKey that shall sign a test; lives in this request only. */
  pin: z.string().max(64).optional(),
});

export const deviceTestSchema = z.object({
  /** Chinese: what was read or signed, without a person's full name or number. */
  text: z.string().max(maxLength.text),
  tookMs: z.int().nonnegative(),
});

export type DeviceTest = z.infer<typeof deviceTestSchema>;

/** The page tells which cameras it uses, for the device list. */
export const cameraSchema = z.object({
  role: z.enum(['document', 'face']).default('document'),
  label: z.string().max(200),
  width: z.int(),
  height: z.int(),
  simulated: z.boolean(),
  state: z.enum(['ready', 'missing', 'fault']),
  /** What is wrong and what to do, as the page says it; empty when ready. */
  advice: z.string().max(300).default(''),
});

/** A preview is a JPEG of one or two megapixels. */
const maxFrameBytes = 8 << 20;

export const deviceRoutes = {
  /** For the staff: the device does its work once, nothing is kept. Takes as long as a card needs to be laid down. */
  testDevice: {
    method: 'POST',
    path: '/api/devices/test',
    permission: 'page',
    body: deviceTestRequestSchema,
    answer: deviceTestSchema,
  },
  frame: {
    method: 'POST',
    path: '/api/camera/frame',
    permission: 'page',
    body: { file: true, maxBytes: maxFrameBytes },
    answer: frameAnswerSchema,
  },
  camera: { method: 'PUT', path: '/api/camera', permission: 'page', body: cameraSchema, answer: nothing },
} as const satisfies KioskRoutes;
