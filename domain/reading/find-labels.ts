/** Where the labels of a document stand on a page. */
import type { DocumentType } from '../catalogue/schema.ts';
import { matchPrefix } from '../text/edit-distance.ts';
import { labelLikeness } from '../text/label-likeness.ts';
import { placeOf } from './label-place.ts';
import type { LabelPlace, Match } from './label-place.ts';
import { foldPieces, wholeOf } from './layout.ts';
import type { FoldedText, Item } from './layout.ts';
import { findSplit, rightOf } from './split-labels.ts';
import { labelsOf } from './wanted-labels.ts';
import type { Wanted } from './wanted-labels.ts';

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
  const spread = findSpread(free, wanted);
  const rest = free.filter((item) => !spread.some((place) => place.items.includes(item)));
  return [...places, ...spread, ...rest.flatMap((item) => findReworded(item, wanted))];
}

/** 地　址 for 住所: letters set far apart, which are lines of their own, and mean the same as a label. */
function findSpread(free: readonly Item[], wanted: readonly Wanted[]): LabelPlace[] {
  const letters = free.filter(({ chars }) => chars.length === 1 && /\p{Script=Han}/u.test(chars[0] ?? ''));
  const used = new Set<Item>();
  return letters.flatMap((item) => {
    const next = used.has(item) ? undefined : rightOf(item, letters);
    if (!next || used.has(next)) return [];
    const parts = [item, next];
    const folded = parts.map((part) => foldPieces([wholeOf(part)]));
    const match = rewordedMatch(folded.map(({ text }) => text).join(''), wanted, 0, same);
    if (!match) return [];
    parts.forEach((part) => used.add(part));
    return [{ ...placeOf({ ...match, end: 1 }, parts, folded), isReworded: true as const }];
  });
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
