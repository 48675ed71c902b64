/** 同步: what the national platform has of the subject comes into a list. */
import { z } from 'zod';
import { maxCount, maxLength } from '../../limits.ts';
import { ulidSchema } from '../../primitives.ts';
import type { KioskRoutes } from '../route.ts';

const title = z.string().max(maxLength.text);

export const synchronisedSchema = z.object({
  added: z.int().nonnegative(),
  /** Drafts that nobody had touched, as the platform has them now. */
  renewed: z.int().nonnegative(),
  /** There already, and the person's own by now. */
  kept: z.int().nonnegative(),
  /** How many the platform has; fewer may have come. */
  total: z.int().nonnegative(),
  received: z.int().nonnegative(),
  /** A person removed them from the list: they come back only where they are asked for. */
  removed: z.array(z.object({ row: z.string().max(maxLength.name), title })).max(maxCount.parts),
  /** Their answers cannot be told from the row: they are entered by hand. */
  unmatched: z.array(title).max(maxCount.parts),
});
export type SynchronisedAnswer = z.infer<typeof synchronisedSchema>;

export const synchroniseRoutes = {
  synchronise: {
    method: 'POST',
    path: '/api/synchronisations',
    permission: 'subject',
    body: z.object({
      kind: z.string().max(maxLength.name),
      /** The record whose file is open, for a kind whose records are parts of one. */
      partOf: ulidSchema.optional(),
      restored: z.array(z.string().max(maxLength.name)).max(500),
    }),
    answer: synchronisedSchema,
  },
} as const satisfies KioskRoutes;
