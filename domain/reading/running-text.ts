/** A page as one running text, so that labels and values may break across its lines. */
import { editDistance } from '../text/edit-distance.ts';
import { labelLikeness } from '../text/label-likeness.ts';
import { foldPieces, shareRow, wholeOf } from './layout.ts';
import type { FoldedText, Item, Piece } from './layout.ts';
import type { PageView } from './page-view.ts';

export interface RunningText {
  pieces: Piece[];
  folded: FoldedText;
  /** An empty label names what no field is asked for; it ends the value before it all the same. */
  labels: { label: string; start: number; end: number; isReworded: boolean }[];
}

/** 住所为…, 注册地：… at the beginning of a part of a sentence. */
const captionInText = /(?:^|[,;.:])([\p{Script=Han}()/]{2,12}?)[:为]/gu;
const alike = 0.74;

function likestLabel(head: string, wanted: readonly string[]): string | undefined {
  let best: { label: string; likeness: number } | undefined;
  for (const label of wanted) {
    const isMisread = label.length >= 4 && editDistance(head, label) <= 1;
    const likeness = isMisread ? 0.95 : labelLikeness(head, label);
    if (likeness >= alike && likeness > (best?.likeness ?? 0)) best = { label, likeness };
  }
  return best?.label;
}

/** The page as one running text, with the labels that a colon or 为 follows. */
export function runningTextOf(page: Pick<PageView, 'items' | 'wanted'>): RunningText {
  const pieces = inReadingOrder(page.items).map(wholeOf);
  const folded = foldPieces(pieces);
  const labels: RunningText['labels'] = [];
  for (const label of page.wanted) {
    for (let at = folded.text.indexOf(label); at >= 0; at = folded.text.indexOf(label, at + 1)) {
      const end = at + label.length;
      if (!/^[:为]/u.test(folded.text.slice(end, end + 1))) continue;
      // 企业名称 holds 名称; the longer one stands first in the list.
      if (labels.some((other) => at < other.end && end > other.start)) continue;
      labels.push({ label, start: at, end: end + 1, isReworded: false });
    }
  }
  for (const caption of folded.text.matchAll(captionInText)) {
    const head = caption[1] ?? '';
    const start = caption.index + caption[0].length - head.length - 1;
    const end = start + head.length;
    if (labels.some((other) => start < other.end && end > other.start)) continue;
    labels.push({ label: likestLabel(head, page.wanted) ?? '', start, end: end + 1, isReworded: true });
  }
  labels.sort((a, b) => a.start - b.start);
  return { pieces, folded, labels };
}

/** Row by row, each from the left: boxes of one row differ a little in height. */
function inReadingOrder(items: readonly Item[]): Item[] {
  const rows: Item[][] = [];
  for (const item of items) {
    const row = rows.at(-1);
    const [first] = row ?? [];
    if (row && first && shareRow(first, item)) row.push(item);
    else rows.push([item]);
  }
  return rows.flatMap((row) => row.sort((a, b) => a.left - b.left));
}
