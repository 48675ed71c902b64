import { z } from 'zod';

/** Why a record is not stored, as its row has it. */
export const rejectionSchema = z.object({ code: z.string(), message: z.string() });
