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

/** A rule of the configuration, with the kind whose records are tied. */
export interface LinkRule {
  programme: string;
  kind: string;
  to: string;
  through?: string | undefined;
  own: { slot: string; field: string };
  theirs: { slot: string; field: string };
}
export const linkRules = ({ programmes }: Pick<Catalogue, 'programmes'>): LinkRule[] =>
  programmes.flatMap(({ id: programme, recordKinds }) =>
    recordKinds.flatMap(({ id: kind, linked = [] }) =>
      linked.map(({ to, through, own, theirs }) => ({ programme, kind, to, through, own, theirs })),
    ),
  );

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
