/** Where a label stands on a page, and what of its lines belongs to it. */
import type { FoldedText, Item, Piece } from './layout.ts';
import type { Wanted } from './wanted-labels.ts';

export interface LabelPlace {
  /** The label as the document's configuration writes it, folded. */
  label: string;
  errors: number;
  /** The paper words it otherwise: 登记部门 where the configuration says 登记机关. */
  isReworded?: true;
  /** It stands in brackets, as an explanation of what stands before or above it. */
  isInBrackets?: true;
  /** The lines the label fills, in reading order; the value may go on in the last one from `end`. */
  items: Item[];
  /** Index of the first character of the first line that belongs to the label. */
  start: number;
  /** Nothing but a bullet or a number stands before the label in its line. */
  isFirst: boolean;
  /** Index behind the label in the last line. */
  end: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A label found in folded text. */
export interface Match {
  wanted: Wanted;
  errors: number;
  start: number;
  end: number;
}

/** `match.start` counts in the first line, `match.end` in the last. */
export function placeOf(match: Match, items: Item[], folded: readonly FoldedText[]): LabelPlace {
  const [firstItem] = items;
  const lastItem = items.at(-1);
  const lastText = folded.at(-1);
  if (!firstItem || !lastItem || !lastText) throw new TypeError('a label stands in at least one line');
  let end = match.end;
  // 统一社会信用代码（或营业执照注册号）： an explanation in brackets belongs to the label.
  const explanation = /^\([^()]*\)(?=:|$)|^\(或[^()]*\)/u.exec(lastText.text.slice(end));
  if (explanation) end += explanation[0].length;
  // 法定代表人姓名： where the list has 法定代表人.
  const suffix = /^(?:姓名|名称|全称|号码|编号|日期|时间|信息)(?=:)/u.exec(lastText.text.slice(end));
  if (suffix) end += suffix[0].length;
  // 企业名称 Name of Enterprise: the same label in another language.
  const lettersFrom = (lastText.places[end - 1]?.index ?? -1) + 1;
  const foreign = /^[\s(（/]*[A-Za-z][A-Za-z .'’&()/-]{3,}(?=[:：]|\s*$|\p{Script=Han}|[0-9])/u.exec(
    lastItem.chars.slice(lettersFrom).join(''),
  );
  // ZB1234 and GB/T 19001 are values: a code's letters run into its digits.
  if (foreign && /[a-z]{2}/u.test(foreign[0]) && !/[-/]$/u.test(foreign[0])) {
    const letters = foreign[0].replace(/[\s]/gu, '').length;
    end = Math.min(lastText.text.length, end + letters);
  }
  const startIndex = folded[0]?.places[match.start]?.index ?? 0;
  const endIndex = (lastText.places[end - 1]?.index ?? -1) + 1;
  const share = (item: Item, index: number) =>
    item.left + ((item.right - item.left) * index) / (item.chars.length || 1);
  return {
    label: match.wanted.label,
    errors: match.errors,
    items,
    start: startIndex,
    isFirst: startIndex <= 1,
    end: endIndex,
    left: share(firstItem, startIndex),
    top: Math.min(...items.map((item) => item.top)),
    right: Math.max(share(lastItem, endIndex), ...items.slice(0, -1).map((item) => item.right)),
    bottom: Math.max(...items.map((item) => item.bottom)),
  };
}

/** The rest of the label's last line, up to the next label in it. */
export function restOfLine(place: LabelPlace, all: readonly LabelPlace[]): Piece | undefined {
  const item = place.items.at(-1);
  if (!item) return undefined;
  const next = all
    .filter((other) => other !== place && other.items[0] === item && other.start >= place.end)
    .sort((a, b) => a.start - b.start)[0];
  const end = next ? next.start : item.chars.length;
  return place.end < end ? { item, start: place.end, end } : undefined;
}
