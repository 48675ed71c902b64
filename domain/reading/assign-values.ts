/** Which candidate each field takes: what stands in one place is the value of one field, so that the likeliest of all win together. */
import type { Field } from '../catalogue/field.ts';
import type { Judged } from './judge-candidates.ts';
import { labelsOfField } from './wanted-labels.ts';
import type { Piece } from './layout.ts';

/** Less likely than this is no reading: the place stays to be marked by hand. */
const minOdds = -1;
/** How often a choice is looked at again after others took their places. */
const rounds = 3;

export function assignValues(judged: readonly Judged[]): Judged[] {
  const sorted = judged.filter(({ odds }) => odds >= minOdds).sort((a, b) => b.odds - a.odds);
  let chosen = new Map<Field, Judged>();
  for (const candidate of sorted) {
    if (chosen.has(candidate.field)) continue;
    if ([...chosen.values()].every((other) => areCompatible(candidate, other)))
      chosen.set(candidate.field, candidate);
  }
  for (let round = 0; round < rounds; round += 1) {
    const better = improve(chosen, sorted);
    if (!better) break;
    chosen = better;
  }
  return [...chosen.values()];
}

/** One candidate put in, whatever stands against it taken out and replaced by its own next best, if that is worth more in all. */
function improve(
  chosen: ReadonlyMap<Field, Judged>,
  sorted: readonly Judged[],
): Map<Field, Judged> | undefined {
  const worth = (all: Iterable<Judged>): number => {
    let sum = 0;
    for (const { odds } of all) sum += odds - minOdds;
    return sum;
  };
  const now = worth(chosen.values());
  let best: { map: Map<Field, Judged>; gain: number } | undefined;
  for (const candidate of sorted) {
    if (chosen.get(candidate.field) === candidate) continue;
    const map = new Map(
      [...chosen].filter(([field, other]) => field !== candidate.field && areCompatible(candidate, other)),
    );
    map.set(candidate.field, candidate);
    for (const other of sorted) {
      if (!map.has(other.field) && [...map.values()].every((one) => areCompatible(one, other)))
        map.set(other.field, other);
    }
    const gain = worth(map.values()) - now;
    if (gain > 0.05 && gain > (best?.gain ?? 0)) best = { map, gain };
  }
  return best?.map;
}

function areCompatible(a: Judged, b: Judged): boolean {
  if (a.field === b.field) return false;
  return (
    !a.pieces.some((piece) => b.pieces.some((other) => overlap(piece, other))) || mayShare(a.field, b.field)
  );
}

function overlap(a: Piece, b: Piece): boolean {
  return a.item === b.item && Math.min(a.end, b.end) - Math.max(a.start, b.start) > 0;
}

/** 建筑工程施工总承包壹级 is read three times: as the whole, as the name and as the grade. Such fields name one label. */
function mayShare(a: Field, b: Field): boolean {
  const labels = new Set(labelsOfField(a));
  return (
    labelsOfField(b).some((label) => labels.has(label)) && (a.find?.pattern ?? b.find?.pattern) !== undefined
  );
}
