/** What is wrong with a straightened page, from where it was found, its pixels and its lines. Pure. */
import { nameCorners } from '#domain/reading/corners.ts';
import type { Quality, QualityIssue } from '#domain/reading/schema.ts';
import { isCardSize } from '../../imaging/rectify/card-pair.ts';
import type { FoundPage } from '../../imaging/detect/find-page.ts';
import { issuesOf } from '../../imaging/quality/quality.ts';
import type { PageMeasures } from '../../imaging/quality/quality.ts';
import type { FlatPage } from '../../imaging/worker.ts';
import type { Upright } from '../orientation.ts';

export interface JudgedFind extends Pick<FoundPage, 'cutOff' | 'flaws'> {
  how: FoundPage['how'] | 'by-hand';
  /** Indexes of the found quad. */
  folded: readonly number[];
}

export interface JudgedPage {
  found: JudgedFind;
  flat: Pick<FlatPage, 'frame'>;
  measures: PageMeasures;
  upright: Pick<Upright, 'page' | 'boxes' | 'turns'>;
}

/** One line may reach the rim of a whole page: a watermark, a bleeding design. */
const minCutLines = 3;

/** Of one page, or of two cards that stand on one. */
export function qualityOfPages(
  pages: readonly JudgedPage[],
): Pick<Quality, 'good' | 'issues' | 'foldedCorners'> {
  const issues = new Set<QualityIssue>();
  for (const { found, flat, measures, upright } of pages) {
    for (const issue of issuesOf(measures, flat.frame.sourceDpi)) issues.add(issue);
    if (found.how === 'not-found') issues.add('page-not-found');
    if (found.cutOff || isCutThrough(found, upright)) issues.add('cut-off');
    for (const flaw of found.flaws) issues.add(flaw);
  }
  // Cards do not fold.
  const foldedCorners = pages.flatMap(({ found, flat, upright }) =>
    isCardSize(flat.frame) ? [] : nameCorners(found.folded, upright.turns),
  );
  if (foldedCorners.length > 0) issues.add('folded');
  const good = issues.size === 0;
  // A page that was turned upright is as good as any other; the issue only says what was done.
  if (pages.some(({ upright }) => upright.turns === 2)) issues.add('upside-down');
  return { good, issues: [...issues], ...(foldedCorners.length > 0 ? { foldedCorners } : {}) };
}

/** A page larger than the view has no edges in it: its lines run against the picture's own. */
function isCutThrough({ how }: JudgedFind, { page, boxes }: JudgedPage['upright']): boolean {
  if (how !== 'whole-picture') return false;
  const near = 0.002 * page.width;
  const cut = boxes.filter((box) => box.some(([x]) => x < near || x > page.width - near));
  return cut.length >= minCutLines;
}
