/** A person puts a material's pages in order, drops and turns them. */
import type { LudengRecord, Material, Page } from '#domain/record/schema.ts';
import type { BlobStore } from '../../ports/store.ts';
import { materialOf, pageOf } from '../records/record-service.ts';
import type { RecordService } from '../records/record-service.ts';
import { turnPage } from './turn-page.ts';
import type { Degrees, RotateJpeg } from './turn-page.ts';

/** Throws CONFLICT for a stale revision, NOT_FOUND for a page that is not there. */
export type ArrangePages = (options: {
  recordId: string;
  slot: string;
  revision: number;
  order: number[];
  rotate: { page: number; degrees: Degrees }[];
}) => Promise<LudengRecord>;

export interface ArrangePagesDeps {
  desk: RecordService;
  blobs: BlobStore;
  rotateJpeg: RotateJpeg;
}

export function createArrangePages(deps: ArrangePagesDeps): ArrangePages {
  const { desk } = deps;
  return async ({ recordId, slot, revision, order, rotate }) => {
    const material = materialOf(desk.getEditable(recordId, revision), slot);
    const turned = new Map<number, Page>();
    for (const { page: index, degrees } of rotate) {
      turned.set(index, await turnPage(pageOf(material, index), degrees, deps));
    }
    const pages = order.map((index) => turned.get(index) ?? pageOf(material, index));
    const place = new Map(order.map((old, position) => [old, position]));
    return desk.editMaterial({
      id: recordId,
      slot,
      revision,
      line: 'pages-arranged',
      edit: (old) => ({
        ...old,
        pages,
        marks: moveMarks(old.marks, place, turned),
        ...(old.guesses ? { guesses: moveMarks(old.guesses, place, turned) } : {}),
      }),
    });
  };
}

/** Marks follow their pages; marks on dropped or turned pages go, since their place is no longer true. */
function moveMarks(
  marks: Material['marks'],
  place: Map<number, number>,
  turned: Map<number, Page>,
): Material['marks'] {
  const moved: Material['marks'] = {};
  for (const [field, places] of Object.entries(marks)) {
    const kept = places.flatMap((mark) => {
      const position = place.get(mark.page);
      return position === undefined || turned.has(mark.page) ? [] : [{ ...mark, page: position }];
    });
    if (kept.length > 0) moved[field] = kept;
  }
  return moved;
}
