/** How likely a candidate is its field's value: what stands about the label, where, and what the text looks like. */
import type { DocumentType } from '../catalogue/schema.ts';
import type { Field } from '../catalogue/field.ts';
import { fieldRules } from '../fields/field-rules.ts';
import { normaliseText } from '../text/normalise.ts';
import type { Placed, Relation } from './candidates.ts';
import { labelsOfField } from './wanted-labels.ts';
import { interpret } from './interpret-candidate.ts';
import type { Interpreted } from './interpret-candidate.ts';
import { boundsOf, pieceBox, pieceText, shareRow } from './layout.ts';
import { isOfDictionary, shapeOf } from './value-shape.ts';
import weights from './candidate-weights.json' with { type: 'json' };

export interface Judged extends Interpreted {
  field: Field;
  placed: Placed;
  shape: number;
  /** In the order of `featureNames`. */
  features: number[];
  /** Logarithm of the odds. */
  odds: number;
}

const feature = {
  bias: () => 1,
  exactLabel: ({ placed }) => Number(isExact(placed)),
  reworded: ({ placed: { place, isReworded } }) => Number(place?.isReworded ?? isReworded ?? false),
  misread: ({ placed: { place } }) => Number((place?.errors ?? 0) > 0 && !place?.isReworded),
  rank: ({ placed: { rank } }) => Math.min(rank, 5) / 5,
  colon: ({ placed: { place } }) => Number(/^\s*[:：]/u.test(tailOf(place))),
  inSentence: ({ placed: { place } }) => Number(/^\p{Script=Han}/u.test(tailOf(place))),
  brackets: ({ placed: { place } }) => Number(place?.isInBrackets ?? false),
  right: is('right'),
  below: is('below'),
  above: is('above'),
  left: is('left'),
  column: is('column'),
  stream: is('stream'),
  pattern: is('pattern'),
  passage: is('passage'),
  region: is('region'),
  declared: ({ field, placed }) => Number(isDeclared(field, placed.relation)),
  share: ({ share }) => share,
  gap: ({ placed, pieces }) => gapOf(placed, pieces),
  shape: ({ shape }) => shape,
  looksWrong: ({ shape }) => Number(shape < 0.2),
  shapeAlone: ({ placed, shape }) => Number(placed.relation === 'shape') * shape,
  sound: ({ field, reading }) => Number(fieldRules[field.kind].parse(reading.value, field).ok),
  strong: ({ field, shape }) => Number(strong.has(field.kind)) * shape,
  holdsLabel: ({ text, document, field }) => Number(holdsLabel(text, document, field)),
  otherOnRow: ({ placed, pieces }) => Number(hasOtherLabel(placed, pieces)),
  rows: ({ placed }) => Math.min(3, rowsOf(placed)) / 3,
  goesOn: ({ placed }) => Number(placed.goesOn),
  goesOnWell: ({ placed, shape }) => Number(placed.goesOn) * shape,
  broken: ({ placed }) => Number(placed.wrap === 'broken'),
  early: ({ placed }) => Number(placed.wrap === 'early'),
  dictionary: ({ field, reading }) => Number(isOfDictionary(field, reading.value)),
  confidence: ({ reading }) => reading.confidence,
} satisfies Record<string, (seen: Seen) => number>;
export const featureNames = Object.keys(feature);

interface Seen extends Interpreted {
  field: Field;
  document: DocumentType;
  placed: Placed;
  shape: number;
  text: string;
  share: number;
}

const strong: ReadonlySet<Field['kind']> = new Set([
  'credit-code',
  'id-number',
  'money',
  'date',
  'period',
  'choice',
]);

/** All candidates of a field with what speaks for each. */
export function judgeCandidates(
  document: DocumentType,
  all: ReadonlyMap<Field, readonly Placed[]>,
): Judged[] {
  const seen: Omit<Seen, 'share'>[] = [];
  for (const [field, candidates] of all) {
    for (const placed of candidates) {
      const interpreted = interpret(field, placed);
      if (!interpreted) continue;
      const text = interpreted.pieces.map(pieceText).join('');
      const shape = shapeOf(field, text, interpreted.reading.value);
      seen.push({ ...interpreted, field, document, placed, text, shape });
    }
  }
  const shares = sharesOf(seen);
  return seen.map((one) => {
    const share = shares.get(one.placed.relation) ?? 0;
    const features = Object.values(feature).map((value) => value({ ...one, share }));
    return { ...one, features, odds: oddsOf(features) };
  });
}

const weightList = featureNames.map((name) => (weights as Record<string, number>)[name] ?? 0);
const oddsOf = (features: readonly number[]): number =>
  features.reduce((sum, value, index) => sum + value * (weightList[index] ?? 0), 0);

/** A paper sets all its values alike: how well each relation explains the fields whose values are known by their form. */
function sharesOf(seen: readonly Omit<Seen, 'share'>[]): Map<Relation, number> {
  const sums = new Map<Relation, number>();
  for (const [, own] of Map.groupBy(seen, ({ field }) => field)) {
    for (const [relation, candidates] of Map.groupBy(own, ({ placed }) => placed.relation)) {
      if (!candidates[0]?.placed.place) continue;
      const best = Math.max(...candidates.map(({ shape }) => shape));
      sums.set(relation, (sums.get(relation) ?? 0) + Math.max(0, best - 0.5));
    }
  }
  const most = Math.max(...sums.values(), 0.01);
  return new Map([...sums].map(([relation, sum]) => [relation, sum / most]));
}

function is(relation: Relation) {
  return ({ placed }: Seen): number => Number(placed.relation === relation);
}

const isExact = ({ place, relation, isReworded }: Placed): boolean =>
  place ? place.errors === 0 && !place.isReworded : relation === 'stream' && !isReworded;

const tailOf = (place: Placed['place']): string =>
  place?.items
    .at(-1)
    ?.chars.slice(place.end, place.end + 2)
    .join('') ?? '';

function isDeclared({ find }: Field, relation: Relation): boolean {
  const direction = find?.direction ?? 'right';
  if (relation === 'stream') return direction !== 'column';
  if (direction === 'right-or-below') return relation === 'right' || relation === 'below';
  return relation === direction;
}

/** Between label and value, in heights of the label's letters. */
function gapOf({ place }: Placed, [first]: Interpreted['pieces']): number {
  if (!place || !first) return 0;
  const height = Math.max(1, place.items.at(-1)?.height ?? place.bottom - place.top);
  if (place.items.includes(first.item)) return 0;
  const across = Math.max(0, first.item.left - place.right, place.left - first.item.right);
  const down = Math.max(0, first.item.top - place.bottom, place.top - first.item.bottom);
  return Math.min(12, (across + down) / height) / 12;
}

function holdsLabel(text: string, document: DocumentType, field: Field): boolean {
  const folded = normaliseText(text);
  return document.fields.some((other) =>
    labelsOfField(other).some((label) => {
      const wanted = normaliseText(label);
      if (wanted.length < 3 && !folded.includes(`${wanted}:`)) return false;
      return (
        folded.includes(wanted) && (other === field || other.find !== undefined) && field.kind !== 'long-text'
      );
    }),
  );
}

/** Another label stands on the value's row, nearer to it than the candidate's own. */
function hasOtherLabel({ place, page }: Placed, [first]: Interpreted['pieces']): boolean {
  if (!first) return false;
  const [left, , ,] = boundsOf([pieceBox(first)]);
  return page.labels.some(
    (label) =>
      label !== place &&
      label.right <= left + first.item.height * 0.5 &&
      shareRow(label, first.item) &&
      (!place || !shareRow(place, first.item) || label.left > place.right) &&
      left - label.right < first.item.height * 12,
  );
}

const rowsOf = ({ pieces }: Placed): number => {
  const tops = pieces.map(({ item }) => item);
  return tops.filter((item, at) => !tops.slice(0, at).some((before) => shareRow(before, item))).length - 1;
};
