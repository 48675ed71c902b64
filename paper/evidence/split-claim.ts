/** A value whose marks stand on several pages is one text in parts: each page is asked for its own part. */
import { editDistance } from '#domain/text/edit-distance.ts';
import { normaliseText } from '#domain/text/normalise.ts';
import type { ClaimScore } from '#domain/verdict/schema.ts';

/** How far from the length of what was read the end of a part is looked for, and how much text is compared there. */
const slack = 12;
const compared = 24;

/** The claim cut where the pages' free readings end: as many parts as readings, in order. */
export function splitClaim(claim: string, readings: readonly string[]): string[] {
  const [first, second, ...more] = readings;
  if (first === undefined || second === undefined) return [claim];
  const chars = [...claim];
  const length = [...normaliseText(first)].length;
  let best = { at: Math.min(length, chars.length), cost: Infinity };
  for (let at = Math.max(0, length - slack); at <= Math.min(chars.length, length + slack); at += 1) {
    const cost =
      distance(chars.slice(Math.max(0, at - compared), at).join(''), last(first)) +
      distance(chars.slice(at, at + compared).join(''), start(second));
    if (cost < best.cost) best = { at, cost };
  }
  const rest = chars.slice(best.at).join('');
  return [chars.slice(0, best.at).join(''), ...splitClaim(rest, [second, ...more])];
}

/** All parts must stand: probabilities multiply, the weakest part speaks for the rest. */
export function joinScores(parts: readonly ClaimScore[]): ClaimScore | undefined {
  const [first, ...others] = parts;
  if (!first) return undefined;
  return others.reduce<ClaimScore>((all, part) => {
    const { rival: _rival, ...weakest } = part.rivalMargin < all.rivalMargin ? part : all;
    const rival = part.rivalMargin < all.rivalMargin ? part.rival : all.rival;
    return {
      ...weakest,
      probability: all.probability * part.probability,
      support: all.support + part.support,
      ...(rival === undefined ? {} : { rival }),
      freeReading: all.freeReading + part.freeReading,
      freeConfidence: Math.min(all.freeConfidence, part.freeConfidence),
    };
  }, first);
}

const last = (text: string) => [...normaliseText(text)].slice(-compared).join('');
const start = (text: string) => [...normaliseText(text)].slice(0, compared).join('');
const distance = (a: string, b: string) => editDistance(normaliseText(a), b);
