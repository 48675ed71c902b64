/** What of a record is tied to the file of another by the engine: see domain/catalogue/linked.ts. */
import { z } from 'zod';
import type { Catalogue, RecordKind } from '../catalogue/schema.ts';
import { maxCount, maxLength } from '../limits.ts';
import { instantSchema, ulidSchema } from '../primitives.ts';

export const recordLinksSchema = z.object({
  /** Raised by every link that comes or goes: of two words the one with more stands, in whatever order they come. */
  count: z.int().nonnegative(),
  /** Oldest first. */
  records: z
    .array(z.object({ id: ulidSchema, kind: z.string().max(maxLength.name), at: instantSchema }))
    .max(maxCount.parts),
});
export type RecordLinks = z.infer<typeof recordLinksSchema>;

type LinkedKind = RecordKind & { linked: NonNullable<RecordKind['linked']> };

/** Kinds whose records stand in files of this kind by links, in the order of the programme's sections. */
export function linkedInto(
  { recordKinds, sections }: Pick<Catalogue['programmes'][number], 'recordKinds' | 'sections'>,
  { id }: Pick<RecordKind, 'id'>,
): { kind: LinkedKind; linked: LinkedKind['linked'][number] }[] {
  const order = sections.flatMap((section) => section.recordKinds);
  return recordKinds
    .filter((kind): kind is LinkedKind => kind.linked !== undefined)
    .flatMap((kind) => kind.linked.filter(({ to }) => to === id).map((linked) => ({ kind, linked })))
    .sort((a, b) => order.indexOf(a.kind.id) - order.indexOf(b.kind.id));
}
