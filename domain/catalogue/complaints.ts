/** 投诉 against what was pushed and approved: who may lodge one, and by which workflow it is decided. Without it there are none. */
import { z } from 'zod';
import { idSchema } from './ids.ts';

export const complaintsSchema = z.strictObject({
  /** Approved: the complaint is upheld, and the push counts no more. Refused: it is rejected, and nothing changes. */
  workflow: idSchema,
  /** What an account of the receiving department needs to lodge one. */
  permission: idSchema.default('review'),
});
export type Complaints = z.infer<typeof complaintsSchema>;
