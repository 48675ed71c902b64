/** 骑缝章: one seal cut into strips, a strip at the outer edge of each page, so that no page can be taken out or put in. */

/** Below some two millimetres a strip no longer shows whose seal it is: thick papers are sealed in bundles. */
const maxPagesOfSeam = 20;

export interface SeamStrip {
  pageIndex: number;
  /** Of the seal's width, 0..1. */
  from: number;
  to: number;
}

/** The strips over all pages, in bundles of nearly equal thickness; empty for a paper of one page. */
export function planSeam(pageCount: number): SeamStrip[] {
  if (pageCount < 2) return [];
  const bundles = Math.ceil(pageCount / maxPagesOfSeam);
  const strips: SeamStrip[] = [];
  for (let bundle = 0; bundle < bundles; bundle++) {
    const first = Math.floor((bundle * pageCount) / bundles);
    const size = Math.floor(((bundle + 1) * pageCount) / bundles) - first;
    for (let index = 0; index < size; index++) {
      strips.push({ pageIndex: first + index, from: index / size, to: (index + 1) / size });
    }
  }
  return strips;
}
