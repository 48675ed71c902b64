/** The test button of the device page. The camera tests itself: it belongs to the page. */
import { z } from 'zod';
import { longest } from '../limits.ts';

export const deviceTestRequestSchema = z.object({
  id: z.string().max(300),
  /** Of a UKey that shall sign a test; lives in this request only. */
  pin: z.string().max(64).optional(),
});

export const deviceTestSchema = z.object({
  /** Chinese: what was read or signed, without a person's full name or number. */
  text: z.string().max(longest.text),
  tookMs: z.int().nonnegative(),
});
export type DeviceTest = z.infer<typeof deviceTestSchema>;
