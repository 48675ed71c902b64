/** Every place where a field's value may stand: about its labels, in sentences, by its form alone. Which it is, is decided later. */
import type { Field } from '../catalogue/field.ts';
import { foldWidth, normaliseText } from '../text/normalise.ts';
import { acrossPages } from './across-pages.ts';
import { aboveTheLabel, leftOfLabel } from './beside-labels.ts';
import { collectValue } from './collect-value.ts';
import { labelsOfField } from './wanted-labels.ts';
import type { LabelPlace } from './label-place.ts';
import type { Candidate } from './interpret-candidate.ts';
import { labelPlaces, searchedPages } from './labelled-values.ts';
import { narrowPieces, shareRow, wholeOf } from './layout.ts';
import type { Item, Piece } from './layout.ts';
import { isInLabel } from './page-view.ts';
import type { PageLines, PageView } from './page-view.ts';
import type { RunningText } from './running-text.ts';

export const relations = [
  'right',
  'below',
  'above',
  'left',
  'column',
  'stream',
  'pattern',
  'passage',
  'region',
  'shape',
] as const;
export type Relation = (typeof relations)[number];

export interface Placed extends Candidate {
  relation: Relation;
  page: PageView;
  place?: LabelPlace;
  /** How many of the field's labels are likelier than this one. */
  rank: number;
  /** The value goes on below, by its column alone. */
  goesOn: boolean;
  /**
   * `early`: it is said to end where its line is full and another follows. `broken`: it is said to go on although its line
   * had room for more.
   */
  wrap?: 'early' | 'broken';
  /** In running text: the sentence words the label otherwise than the configuration. */
  isReworded?: boolean;
}

/** A page that is searched; all fields of a document search the same running text. */
export interface SearchedPage extends PageView, PageLines {
  runningText: RunningText;
}

export function candidatesOf(field: Field, pages: readonly SearchedPage[]): Placed[] {
  if (!field.find) return [];
  const searched = searchedPages(field, pages);
  return [
    ...byLabels(field, searched),
    ...inStream(field, searched),
    ...byPattern(field, searched),
    ...byPassage(field, searched),
    ...byRegion(field, searched),
    ...byShape(field, searched),
  ];
}

function byLabels(field: Field, pages: readonly PageView[]): Placed[] {
  const { find } = field;
  if (!find) return [];
  return labelPlaces(field, pages).flatMap(({ place, page }, rank): Placed[] => {
    const trust = place.errors === 0 ? 1 : 0.9;
    const asked = (direction: NonNullable<typeof find.direction>): Piece[] =>
      acrossPages(collectValue(place, { ...field, find: { ...find, direction } }, page), {
        field,
        place,
        from: page,
        following: pages.slice(pages.indexOf(page) + 1),
      });
    const found: [Relation, Piece[]][] =
      find.direction === 'column' && !place.isInBrackets
        ? [['column', asked('column')]]
        : place.isInBrackets
          ? [
              ['left', leftOfLabel(place, page)],
              ['above', aboveTheLabel(place, page, find.maxLines)],
            ]
          : [
              ['right', asked('right')],
              ['below', asked('below')],
              ['above', aboveTheLabel(place, page, find.maxLines)],
              ['left', leftOfLabel(place, page)],
            ];
    return found.flatMap(([relation, pieces]) =>
      beginnings(pieces, relation, field).map((part, at, all): Placed => ({
        pieces: part,
        trust,
        relation,
        page,
        place,
        rank,
        goesOn: at < all.length - 1,
        ...wrapOf(all, at, relation),
      })),
    );
  });
}

/** A value of several rows may end after each of them; prose is taken as far as it goes. */
function beginnings(pieces: readonly Piece[], relation: Relation, { kind, find }: Field): Piece[][] {
  if (pieces.length === 0) return [];
  const rows: Piece[][] = [];
  for (const piece of pieces) {
    const row = rows.find(
      ([first]) => first && first.item.page === piece.item.page && shareRow(first.item, piece.item),
    );
    if (row) row.push(piece);
    else rows.push([piece]);
  }
  if (rows.length === 1 || kind === 'long-text' || relation === 'column' || find?.pattern !== undefined)
    return [[...pieces]];
  return rows.map((_, at) =>
    relation === 'above' ? rows.slice(rows.length - 1 - at).flat() : rows.slice(0, at + 1).flat(),
  );
}

/** By the right edges of the rows: a line is ended by its paper where it reaches as far as the others do. */
function wrapOf(all: readonly Piece[][], at: number, relation: Relation): Pick<Placed, 'wrap'> {
  const [shorter, longer] = [all[at], all[at + 1]];
  const edge = (pieces: readonly Piece[] | undefined): number => pieces?.at(-1)?.item.right ?? 0;
  const height = shorter?.[0]?.item.height ?? 1;
  if (relation === 'above') return {};
  if (longer && edge(longer) <= edge(shorter) + height * 1.2) return { wrap: 'early' };
  const before = all[at - 1];
  if (before && edge(shorter) > edge(before) + height * 1.8) return { wrap: 'broken' };
  return {};
}

/** 企业名称：某公司；法定代表人为张三。 in running text: from one label to the next, over the ends of lines. */
function inStream(field: Field, pages: readonly SearchedPage[]): Placed[] {
  if (isTied(field)) return [];
  const own = labelsOfField(field).map(normaliseText);
  return pages.flatMap((page): Placed[] => {
    const { runningText: stream } = page;
    return stream.labels.flatMap((found, index): Placed[] => {
      if (!own.includes(found.label)) return [];
      const next = stream.labels[index + 1]?.start ?? stream.folded.text.length;
      const text = stream.folded.text.slice(found.end, next);
      const isProse = field.kind === 'long-text';
      const most = Math.min(text.length, 40 * (field.find?.maxLines ?? 1));
      // A sentence ends the value, and often a comma does.
      const stops = isProse ? [most] : [endOfSentence, endOfPart].map((end) => end.exec(text)?.index ?? most);
      return [...new Set(stops)].flatMap((stop, rank): Placed[] => {
        const cut = text.slice(0, Math.min(stop, most)).replace(/[,;.:\s]+$/u, '');
        if (cut === '') return [];
        const pieces = narrowPieces(stream.pieces, stream.folded, found.end, found.end + cut.length);
        const { isReworded } = found;
        return [{ pieces, trust: 0.9, relation: 'stream', page, rank, goesOn: false, isReworded }];
      });
    });
  });
}

/** A point between digits is a decimal; 。4.工程地点 begins the next item of a list. */
const endOfSentence = /;|\.(?![0-9])|\.(?=[0-9]{1,2}[.,](?:\D|$))/u;
const endOfPart = /[,;]|\.(?![0-9])|\.(?=[0-9]{1,2}[.,](?:\D|$))/u;

function byPattern(field: Field, pages: readonly PageView[]): Placed[] {
  if (field.find?.pattern === undefined) return [];
  const pattern = new RegExp(field.find.pattern, 'u');
  return pages.flatMap((page) =>
    page.items
      .filter((item) => pattern.test(compact(item.line.text)))
      .map((item, rank): Placed => ({
        pieces: [wholeOf(item)],
        trust: 0.8,
        relation: 'pattern',
        page,
        rank,
        goesOn: false,
      })),
  );
}

/** The running text of each page, so that a value may break across lines. */
function byPassage(field: Field, pages: readonly SearchedPage[]): Placed[] {
  if (field.find?.passage === undefined) return [];
  const passage = new RegExp(field.find.passage, 'du');
  return pages.flatMap((page): Placed[] => {
    const { pieces, folded } = page.runningText;
    const match = passage.exec(folded.text);
    const [start, end] = match?.indices?.[1] ?? match?.indices?.[0] ?? [0, 0];
    if (start >= end) return [];
    const cut = narrowPieces(pieces, folded, start, end);
    return [{ pieces: cut, trust: 0.85, relation: 'passage', page, rank: 0, goesOn: false }];
  });
}

function byRegion(field: Field, pages: readonly (PageView & PageLines)[]): Placed[] {
  const region = field.find?.region;
  if (!region) return [];
  return pages
    .map((page): Placed => {
      const inside = page.items.filter((item) => {
        const x = (item.left + item.right) / 2 / page.widthPx;
        const y = (item.top + item.bottom) / 2 / page.heightPx;
        return x >= region.left && x <= region.right && y >= region.top && y <= region.bottom;
      });
      return { pieces: inside.map(wholeOf), trust: 0.7, relation: 'region', page, rank: 0, goesOn: false };
    })
    .filter((candidate) => candidate.pieces.length > 0);
}

/** Of several equal labels the configuration wants a certain one: only the search about labels can tell them apart. */
const isTied = ({ find }: Field): boolean => find?.after !== undefined || find?.which !== undefined;

/** Kinds whose values are known by their form: a code with its check digit, a company's name, an address. */
const telling: ReadonlySet<Field['kind']> = new Set([
  'credit-code',
  'id-number',
  'company-name',
  'address',
  'money',
]);

/** Without any label: a paper that only says the value. */
function byShape(field: Field, pages: readonly PageView[]): Placed[] {
  if (!telling.has(field.kind) || isTied(field)) return [];
  return pages.flatMap((page) =>
    page.items
      .filter((item) => item.chars.length >= 4 && !isInLabel(item, page))
      .map((item, rank): Placed => ({
        pieces: [afterCaption(item)],
        trust: 0.6,
        relation: 'shape',
        page,
        rank,
        goesOn: false,
      })),
  );
}

/** 注册地： that no configuration knows still names what follows it. */
function afterCaption(item: Item): Piece {
  const caption = /^[\p{Script=Han}（()）\s]{2,12}[:：]\s*/u.exec(item.line.text)?.[0];
  return { item, start: caption === undefined ? 0 : [...caption].length, end: item.chars.length };
}

const compact = (text: string) => foldWidth(text).replace(/\s/gu, '');
