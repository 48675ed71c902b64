/** Which document the pages look like, by title and by the words that speak for it. */
import { findAnywhere } from '../text/edit-distance.ts';
import { normaliseText } from '../text/normalise.ts';
import type { DocumentType } from '../catalogue/schema.ts';
import { shareRow, toItems } from './layout.ts';
import type { Item } from './layout.ts';
import type { Line } from './schema.ts';

/** What the parts of the judgement are worth; together at most 1. */
const worth = { title: 0.65, misread: 0.1, together: 0.5, supports: 0.35, supportsAlone: 0.8 } as const;
const plausibleFrom = 0.3;
/** So many supporting words are as good as all of them. */
const enoughSupports = 5;

/** Best first; only plausible ones. `confidence` 0..1. */
export function recogniseDocumentType(
  documentTypes: readonly DocumentType[],
  pages: readonly { lines: Line[] }[],
): { documentType: string; confidence: number }[] {
  const items = pages.flatMap((page, index) => toItems(page.lines, index));
  const lines = items.map((item) => normaliseText(item.line.text));
  const titleLines = [...lines, ...rowsOf(items)];
  const text = lines.join('\n');
  return documentTypes
    .map((documentType) => ({
      documentType: documentType.id,
      confidence: confidenceOf(documentType, titleLines, text),
    }))
    .filter(({ confidence }) => confidence >= plausibleFrom)
    .sort((a, b) => b.confidence - a.confidence);
}

function confidenceOf(documentType: DocumentType, titleLines: readonly string[], text: string): number {
  const { titles, supports, together = [] } = documentType.recognise;
  const stands = (word: string) => text.includes(normaliseText(word));
  const found = supports.filter(stands).length;
  const share = Math.min(1, found / Math.max(1, Math.min(enoughSupports, supports.length)));
  let errors: number | undefined;
  for (const title of titles.map(normaliseText)) {
    for (const line of titleLines) {
      const inLine = titleErrors(line, title);
      if (inLine !== undefined && inLine < (errors ?? Infinity)) errors = inLine;
    }
  }
  const byTitle = errors === undefined ? 0 : worth.title - worth.misread * errors;
  const byGroup = together.some((group) => group.every(stands)) ? worth.together : 0;
  const base = Math.max(byTitle, byGroup);
  if (base === 0) return found < 3 ? 0 : share * worth.supportsAlone;
  return base + share * worth.supports;
}

/** A title fills its line, apart from a word like （副本）; 营业执照 in the middle of a sentence is none. */
function titleErrors(line: string, title: string): number | undefined {
  const length = [...line].length;
  const titleLength = [...title].length;
  if (length < titleLength - 1 || length > titleLength * 2) return undefined;
  return findAnywhere(line, title, titleLength >= 7 ? 2 : titleLength >= 4 ? 1 : 0);
}

/** Lines that stand beside each other, joined: a title set wide comes as several lines. */
function rowsOf(items: readonly Item[]): string[] {
  return items.flatMap((item) => {
    const row = items
      .filter((other) => other.page === item.page && other.left >= item.left && shareRow(item, other))
      .filter((other) => other.height > item.height * 0.6 && other.height < item.height * 1.7)
      .sort((a, b) => a.left - b.left);
    return row.length > 1 ? [row.map((other) => normaliseText(other.line.text)).join('')] : [];
  });
}
