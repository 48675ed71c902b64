/** Where something stands, as paths name it. */
import { z } from 'zod';
import { maxLength } from '../../limits.ts';

const id = z.string().max(maxLength.name);

export const recordParams = z.object({ id });
export const materialParams = recordParams.extend({ slot: id });
export const pageParams = materialParams.extend({
  page: z.coerce.number<string | number>().int().nonnegative(),
});
export const cropParams = materialParams.extend({ field: id });
/** A smaller copy, so many pixels wide. */
export const widthQuery = z.object({
  width: z.coerce.number<string | number>().int().min(16).max(8000).optional(),
});
export const nothing = z.object({});
