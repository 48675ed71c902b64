/** Which edition of a system this is, as its manual says: for whom, of when, by whom it is issued. */
import { z } from 'zod';

const title = z.string().trim().min(1).max(100);

export const editionSchema = z.strictObject({
  audience: title.exactOptional(),
  date: title,
  issuer: title.exactOptional(),
});
export type Edition = z.infer<typeof editionSchema>;

/** In one line. */
export const tellEdition = ({ audience, date, issuer }: Edition): string =>
  [
    ...(audience === undefined ? [] : [`${audience}版`]),
    date,
    ...(issuer === undefined ? [] : [`${issuer}发布`]),
  ].join('，');
