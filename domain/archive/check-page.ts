/**
 * The archive standard for scanned paper, page by page. Values of DA/T 31-2017: 200 dpi at least (9.4), 24-bit colour for
 * paper with coloured seals (9.3), straight (10.2), border cut without loss (10.3), complete and readable (10.5.1), none
 * repeated or empty (10.5.2). 1° is what public checkers take for crooked. Pure.
 */
import type { Point, QualityIssue } from '../reading/schema.ts';
import type { Page } from '../record/schema.ts';
import type { BatchPage } from '../batch/schema.ts';

export const archiveStandard = { minDpi: 200, finerDpi: 300, maxSkewDeg: 1 } as const;

export type StandardRule =
  'resolution' | 'colour' | 'skew' | 'border' | 'complete' | 'clear' | 'blank' | 'repeated';

export interface RuleResult {
  rule: StandardRule;
  ok: boolean;
  /** What was measured: dots per inch, degrees. */
  value?: number;
}

export interface ScanFacts {
  /** What the scanner was asked for, where it was one. */
  dpi?: number | undefined;
  colour?: BatchPage['colour'];
  /** The same picture stands on another page too. */
  isRepeated: boolean;
}

const incomplete: readonly QualityIssue[] = ['cut-off', 'finger', 'folded'];
const unclear: readonly QualityIssue[] = ['blurred', 'glare', 'too-dark', 'screen'];

/** All rules, in the order of the standard's table. */
export function checkPage(page: Page, facts: ScanFacts): RuleResult[] {
  const { issues, skewDeg } = page.quality;
  const has = (some: readonly QualityIssue[]): boolean => some.some((issue) => issues.includes(issue));
  const dpi = facts.dpi ?? sourceDpiOf(page);
  return [
    {
      rule: 'resolution',
      ok: dpi >= archiveStandard.minDpi && !has(['too-small']),
      value: Math.round(dpi),
    },
    { rule: 'colour', ok: facts.colour === undefined || facts.colour === 'colour' },
    { rule: 'skew', ok: Math.abs(skewDeg) <= archiveStandard.maxSkewDeg, value: skewDeg },
    { rule: 'border', ok: !has(['page-not-found']) },
    { rule: 'complete', ok: !has(incomplete) },
    { rule: 'clear', ok: !has(unclear) },
    { rule: 'blank', ok: !has(['blank']) },
    { rule: 'repeated', ok: !facts.isRepeated },
  ];
}

/** Shas that stand on more than one page. */
export function repeatedOf(pages: readonly Pick<Page, 'sha'>[]): Set<string> {
  const seen = new Set<string>();
  return new Set(pages.flatMap(({ sha }) => (seen.has(sha) ? [sha] : (seen.add(sha), []))));
}

/**
 * What the picture really had: a camera's page is enlarged to the archive's 200 dpi, which adds no detail. Where the
 * untouched picture is not kept, the page's own value is all that is known.
 */
function sourceDpiOf({ original, widthMm, heightMm, dpi }: Page): number {
  if (!original) return dpi;
  const [tl, tr, br, bl] = original.corners;
  const across = (length(tl, tr) + length(bl, br)) / 2;
  const down = (length(tl, bl) + length(tr, br)) / 2;
  return Math.sqrt((across * down) / (widthMm * heightMm)) * 25.4;
}

function length([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(ax - bx, ay - by);
}
