/** Values by the label that stands before or above them. */
import { normaliseText } from '../text/normalise.ts';
import type { Field } from '../catalogue/field.ts';
import { labelsOfField } from './wanted-labels.ts';
import type { LabelPlace } from './label-place.ts';
import type { PageView } from './page-view.ts';

export interface LabelOnPage<Page extends PageView> {
  place: LabelPlace;
  page: Page;
}

/** The pages on which the document looks for the field. */
export function searchedPages<Page>({ find }: Field, pages: readonly Page[]): readonly Page[] {
  return find?.page === undefined ? pages : pages.slice(find.page, find.page + 1);
}

/** Where the field's labels stand, the likeliest first. */
export function labelPlaces<Page extends PageView>(
  field: Field,
  pages: readonly Page[],
): LabelOnPage<Page>[] {
  const labels = labelsOfField(field).map(normaliseText);
  const found = pages.flatMap((page) =>
    page.labels.filter((place) => labels.includes(place.label)).map((place) => ({ place, page })),
  );
  const behind = behindHeading(field, pages);
  const inSection = behind ? found.filter(({ place }) => behind(place)) : found;
  if (field.find?.which === 'last') inSection.reverse();
  const rank = ({ place }: { place: LabelPlace }) =>
    place.errors * 100 + (isInSentence(place) ? 50 : 0) + labels.indexOf(place.label);
  return inSection.sort((a, b) => rank(a) - rank(b));
}

/** 承包人承诺按照…: text goes on behind the word without a colon or a gap, so it is hardly a label. */
function isInSentence(place: LabelPlace): boolean {
  const next = place.items.at(-1)?.chars[place.end];
  return next !== undefined && /\p{Script=Han}/u.test(next);
}

/** Whether a place stands behind the section's heading; undefined when no section is asked for or none is found. */
function behindHeading(
  field: Field,
  pages: readonly PageView[],
): ((place: LabelPlace) => boolean) | undefined {
  const headings = (field.find?.after ?? []).map(normaliseText);
  const heading = pages
    .flatMap((page) => page.items)
    .find((item) => headings.some((text) => normaliseText(item.line.text).includes(text)));
  if (!heading) return undefined;
  return ({ items: [first], top }) =>
    first !== undefined && (first.page > heading.page || (first.page === heading.page && top >= heading.top));
}
