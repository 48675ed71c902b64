/** Where the labels of a document stand on a page. */
import { matchPrefix } from '../text/edit-distance.ts';
import { labelLikeness } from '../text/label-likeness.ts';
import { normaliseText } from '../text/normalise.ts';
import type { DocumentType, Field, FieldKind } from '../catalogue/schema.ts';
import { foldPieces, shareRow, wholeOf } from './layout.ts';
import type { FoldedText, Item, Piece } from './layout.ts';

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

interface Wanted {
  label: string;
  chars: readonly string[];
  /** Its value is running text, in which words may look like labels. */
  prose: boolean;
}

const proseKinds: ReadonlySet<FieldKind> = new Set(['long-text', 'address', 'text', 'company-name']);

export function labelsOf(documentType: DocumentType): Wanted[] {
  const wanted = new Map<string, Wanted>();
  for (const field of documentType.fields) {
    if (!field.find) continue;
    for (const raw of labelsOfField(field)) {
      const label = normaliseText(raw);
      if (!wanted.has(label))
        wanted.set(label, { label, chars: [...label], prose: proseKinds.has(field.kind) });
    }
  }
  // Longest first: 企业名称 before 名称.
  return [...wanted.values()].sort((a, b) => b.chars.length - a.chars.length);
}

/** As the configuration lists them; what the form calls the field is a label too. */
export function labelsOfField({ find, label }: Pick<Field, 'find' | 'label'>): readonly string[] {
  const listed = find?.labels ?? [];
  return listed.includes(label) || [...label].length < 3 ? listed : [...listed, label];
}

export function findLabels(documentType: DocumentType, items: readonly Item[]): LabelPlace[] {
  const wanted = labelsOf(documentType);
  const places: LabelPlace[] = [];
  for (const item of items) {
    const folded = foldPieces([wholeOf(item)]);
    const atStart = matchAt(folded, bulletLength(folded.text), wanted, true);
    const bracketed = atStart?.errors === 0 ? [] : findInBrackets(item, folded, wanted);
    const first = bracketed.length > 0 ? undefined : atStart;
    if (first) places.push({ ...placeOf(first, [item], [folded]), isFirst: true });
    places.push(...bracketed);
    if (bracketed.length === 0) places.push(...findInside(item, folded, wanted, first));
  }
  const taken = new Set(places.flatMap((place) => place.items));
  places.push(...findSplit(items, wanted, taken));
  const free = items.filter((item) => !places.some((place) => place.items.includes(item)));
  return [...places, ...free.flatMap((item) => findReworded(item, wanted))];
}

/** 王建国（法定代表人）, or （法定代表人） under a rule: the label explains what stands before or above it. */
function findInBrackets(item: Item, folded: FoldedText, wanted: readonly Wanted[]): LabelPlace[] {
  const open = /\(([^()]{2,16})\)[.,:]?$/u.exec(folded.text);
  if (!open?.[1]) return [];
  const start = open.index + 1;
  const [, inside] = open;
  const exact = matchAt(folded, start, wanted, true);
  const match = exact?.end === start + inside.length ? exact : rewordedMatch(inside, wanted, start, same);
  if (!match) return [];
  const place = placeOf(match, [item], [folded]);
  return [
    {
      ...place,
      start: folded.places[open.index]?.index ?? place.start,
      end: item.chars.length,
      isFirst: open.index === 0,
      isInBrackets: true,
      ...(match === exact ? {} : { isReworded: true as const }),
    },
  ];
}

/** Alike enough that nothing else can be meant. */
const alike = 0.74;
/** In brackets a value's own addition stands as often as a label: （法人独资） is no 法定代表人. */
const same = 0.9;
/** A line without a colon is a label only if it is as short as labels are. */
const longestBareLabel = 10;

/** 登记部门 for 登记机关: a short line, or the beginning of one up to its colon, that means the same as a label. */
function findReworded(item: Item, wanted: readonly Wanted[]): LabelPlace[] {
  const folded = foldPieces([wholeOf(item)]);
  const from = bulletLength(folded.text);
  const head = /^([\p{Script=Han}()/]{2,16})(:|$)/u.exec(folded.text.slice(from));
  if (!head?.[1] || (head[2] === '' && head[1].length > longestBareLabel)) return [];
  const match = rewordedMatch(head[1], wanted, from);
  return match ? [{ ...placeOf(match, [item], [folded]), isFirst: true, isReworded: true }] : [];
}

function rewordedMatch(
  text: string,
  wanted: readonly Wanted[],
  start: number,
  least = alike,
): Match | undefined {
  let best: { wanted: Wanted; likeness: number } | undefined;
  for (const candidate of wanted) {
    const likeness = labelLikeness(text, candidate.label);
    if (likeness >= least && likeness > (best?.likeness ?? 0)) best = { wanted: candidate, likeness };
  }
  return best && { wanted: best.wanted, errors: 1, start, end: start + text.length };
}

interface Match {
  wanted: Wanted;
  errors: number;
  start: number;
  end: number;
}

// ● and 3. and (三) and 二,
const bulletLength = (text: string) =>
  /^(?:[*●•·■□◆★.,:-]|\(?[0-9一二三四五六七八九十]{1,3}[).,])*/u.exec(text)?.[0].length ?? 0;

const allowedErrors = (length: number) => (length < 3 ? 0 : length < 8 ? 1 : 2);

function matchAt(
  { text }: FoldedText,
  start: number,
  wanted: readonly Wanted[],
  fuzzy: boolean,
): Match | undefined {
  const rest = [...text.slice(start)];
  let best: Match | undefined;
  for (const candidate of wanted) {
    const maxErrors = fuzzy ? allowedErrors(candidate.chars.length) : 0;
    const match = matchPrefix(rest, candidate.chars, maxErrors);
    if (!match || (best && match.errors >= best.errors)) continue;
    // 经营期 is no 经营者: with three characters only a replacement counts, and only if the label ends there.
    if (candidate.chars.length === 3 && match.errors > 0) {
      const after = rest[match.length];
      if (match.length !== 3 || (after !== undefined && after !== ':')) continue;
    }
    const length = rest.slice(0, match.length).join('').length;
    best = { wanted: candidate, errors: match.errors, start, end: start + length };
  }
  return best;
}

/** Further labels in a line: after a colon's value, after a gap, or in a row of short fields (性别 男 民族 汉). */
function findInside(
  item: Item,
  folded: FoldedText,
  wanted: readonly Wanted[],
  first: Match | undefined,
): LabelPlace[] {
  const places: LabelPlace[] = [];
  let at = first ? first.end : 1;
  while (at < folded.text.length) {
    const match = matchAt(folded, at, wanted, false);
    if (!match) {
      at += 1;
      continue;
    }
    const index = folded.places[at]?.index ?? 0;
    const afterGap = /\s/u.test(item.chars[index - 1] ?? '');
    const beforeColon = folded.text.charAt(match.end) === ':';
    const beforeGap = /\s/u.test(item.chars[(folded.places[match.end - 1]?.index ?? 0) + 1] ?? '');
    const formRow = first !== undefined && !first.wanted.prose && first.end < at;
    if (beforeColon || (afterGap && (beforeGap || match.wanted.chars.length > 2)) || formRow)
      places.push(placeOf(match, [item], [folded]));
    at = match.end;
  }
  return places;
}

/** Labels whose characters are lines of their own: 法 定 代 表 人 beside each other, or 资质类别 above 及等级. */
function findSplit(
  items: readonly Item[],
  wanted: readonly Wanted[],
  taken: ReadonlySet<Item>,
): LabelPlace[] {
  const places: LabelPlace[] = [];
  const used = new Set(taken);
  for (const item of items) {
    if (used.has(item)) continue;
    const head = normaliseText(item.line.text);
    const starting = wanted.filter(({ label }) => label.length > head.length && label.startsWith(head));
    if (head === '' || starting.length === 0) continue;
    for (const next of [rightOf, belowOf]) {
      const match = followLabel(item, items, starting, used, next);
      if (!match) continue;
      places.push(match);
      for (const part of match.items) used.add(part);
      break;
    }
  }
  return places;
}

/** A single letter of a label may stand far from the next: forms spread two letters over the width of seven. */
const reachOf = (item: Item): number => (item.chars.length === 1 ? 8 : 4);

type Neighbour = (item: Item, items: readonly Item[]) => Item | undefined;

const rightOf: Neighbour = (item, items) =>
  items
    .filter((other) => other.page === item.page && other.left > item.left)
    // The box of a sign set far apart may reach back into its neighbour's; the sign itself stands beyond it.
    .filter((other) => (other.left + other.right) / 2 > item.right)
    .filter((other) => shareRow(item, other) && other.left - item.right < item.height * reachOf(item))
    .sort((a, b) => a.left - b.left)[0];

const belowOf: Neighbour = (item, items) =>
  items
    .filter((other) => other.page === item.page && other.top >= item.bottom - item.height * 0.4)
    .filter(
      (other) =>
        other.top - item.bottom < item.height &&
        Math.min(other.right, item.right) > Math.max(other.left, item.left),
    )
    .sort((a, b) => a.top - b.top)[0];

function followLabel(
  start: Item,
  items: readonly Item[],
  wanted: readonly Wanted[],
  used: ReadonlySet<Item>,
  next: Neighbour,
): LabelPlace | undefined {
  const parts = [start];
  for (;;) {
    const following = next(parts.at(-1) ?? start, items);
    if (!following || used.has(following) || parts.length >= 8) return undefined;
    parts.push(following);
    const folded = parts.map((part) => foldPieces([wholeOf(part)]));
    const text = folded.map((part) => part.text).join('');
    const whole = wanted.find(({ label }) => text.startsWith(label));
    if (whole) {
      const before = text.length - (folded.at(-1)?.text.length ?? 0);
      return placeOf({ wanted: whole, errors: 0, start: 0, end: whole.label.length - before }, parts, folded);
    }
    if (!wanted.some(({ label }) => label.startsWith(text))) return undefined;
  }
}

/** `match.start` counts in the first line, `match.end` in the last. */
function placeOf(match: Match, items: Item[], folded: readonly FoldedText[]): LabelPlace {
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
