/** Which other text comes nearest to a claim, asked in three ways; the smallest margin counts. Pure. */
import type { CharTable } from '../char-table.ts';
import { alignFrames } from '../ctc/forward.ts';
import { buildLattice } from '../ctc/lattice.ts';
import { unusualPenalty } from './claim-crops.ts';
import { coreOf, positionsOf, readClaim } from './claim-text.ts';
import type { ClaimChar } from './claim-text.ts';
import { isCode } from './code-runs.ts';
import { impossible, windowPenalty, logProbOf, supportOf } from './claim-views.ts';
import type { View } from './claim-views.ts';
import { proposeRivals } from './rivals.ts';

/** Supports this close count as alike. */
export const alike = 0.25;
/** A view that shows a character twice speaks louder than one that shows it once: in doubt the claim is not green. */
const twinBias = 1;
const manyViews = 5;
const loudest = 5;

/** A form of the claim as one view bears it out. */
export interface Supported {
  view: View;
  claim: ClaimChar[];
  support: number;
}

export interface Rivalry {
  /** log P(claim) - log P(rival). */
  margin: number;
  rival: string | undefined;
}

export interface Contest {
  /** Views in which something is written. */
  views: readonly View[];
  /** Forms of the claim without signs that mean nothing: none of them is a rival. */
  cores: ReadonlySet<string>;
  chars: CharTable;
}

const none: Rivalry = { margin: Infinity, rival: undefined };

/** The text other than the claim that the claim's own view supports best. */
export function nearestInView(
  { view, claim }: Supported,
  { cores, chars }: Contest,
): Rivalry & { hasUnknown: boolean } {
  const { positions, owners, hasUnknown } = positionsOf(claim, { chars, ...view });
  const nodeSpans = alignFrames(view.matrix, buildLattice(positions));
  const widths = positions.map((position) => position.classes.length);
  const spans = spansOfChars(widths, owners, nodeSpans, claim.length);
  const own = logProbOf(view, claim, chars);
  const texts = [view.text, ...proposeRivals({ matrix: view.matrix, chars, claim, spans })];
  const nearest = nearestOf(texts, cores, (text) => own - logProbOf(view, readClaim(text), chars));
  return { ...nearest, hasUnknown };
}

/**
 * An unusual view alone must not decide between look-alikes that a usual one tells apart; where there are many views, all
 * of them are asked. A reading that only lacks a twin does not count: usual views drop twins, and hardly ever make one.
 */
export function nearestInUsualViews({ view, claim, support }: Supported, contest: Contest): Rivalry {
  if (view.penalty === 0) return none;
  const said = claim.map(({ char }) => char).join('');
  const texts = contest.views
    .filter(({ penalty }) => penalty === 0)
    .map(({ text }) => text)
    .filter((text) => !lacksTwin(text, said) && !isCutOtherwise(view, text));
  const whole = contest.views.filter(isWhole);
  return nearestOf(texts, contest.cores, (text) =>
    whole.length < manyViews
      ? support - bestSupport(text, contest)
      : voteOf(whole, claim, readClaim(text), contest.chars),
  );
}

/** How much likelier one text is than another, on average; no view may say more than `loudest`. */
function voteOf(
  views: readonly View[],
  one: readonly ClaimChar[],
  other: readonly ClaimChar[],
  chars: CharTable,
): number {
  const votes = views.map((view) => {
    const lead = logProbOf(view, one, chars) - logProbOf(view, other, chars);
    return Math.max(-loudest, Math.min(loudest, lead));
  });
  return votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
}

/** The two views show one text, of which the unusual one takes in what the mark cuts off, or leaves out a label's end. */
function isCutOtherwise(view: View, usual: string): boolean {
  const [own, other] = [coreOf(view.text), coreOf(usual)];
  return (view.isRun === true && own.includes(other)) || (view.isLed === true && other.endsWith(own));
}

/**
 * Whether a character stands once or twice is judged by the view that shows it best, not by the claim's own: CTC may
 * drop a twin, and hardly ever makes one.
 */
export function nearestDoubling({ claim, support }: Supported, contest: Contest): Rivalry {
  return nearestOf(doublingsOf(claim), contest.cores, (text) => {
    const twin = doublySupported(text, contest) + unusualPenalty;
    return support - twin - (twin > -alike ? twinBias : 0);
  });
}

/** A claim that is only a part of what stands there without a gap: the mark cut off the rest. */
export function nearestWhole({ claim, support }: Supported, contest: Contest): Rivalry {
  const said = coreOf(claim.map(({ char }) => char).join(''));
  const wholes = contest.views
    .filter(({ isRun, text }) => isRun === true && coreOf(text) !== said && coreOf(text).includes(said))
    .map(({ text }) => text);
  return nearestOf(wholes, contest.cores, () => support - twinBias);
}

function nearestOf(
  texts: readonly string[],
  cores: ReadonlySet<string>,
  marginOf: (text: string) => number,
): Rivalry {
  let nearest = none;
  for (const text of texts) {
    if (isSame(coreOf(text), cores)) continue;
    const margin = marginOf(text);
    if (margin < nearest.margin) nearest = { margin, rival: text };
  }
  return nearest;
}

/** Codes are written in capitals: x for X is how one looks, not another code. */
function isSame(core: string, cores: ReadonlySet<string>): boolean {
  return cores.has(core) || (isCode(core) && cores.has(core.toUpperCase()));
}

/** How well the whole views bear out another text, best first. */
function supportsOf(text: string, { views, chars }: Contest): number[] {
  const other = readClaim(text);
  return views
    .filter(isWhole)
    .map((view) => supportOf(view, other, chars))
    .sort((a, b) => b - a);
}

const isWhole = ({ penalty, isRun, isLed }: View): boolean =>
  penalty < windowPenalty && isRun !== true && isLed !== true;

function bestSupport(text: string, contest: Contest): number {
  return supportsOf(text, contest)[0] ?? impossible;
}

/** Of many views one may see double; of few the one that does is believed. */
function doublySupported(text: string, contest: Contest): number {
  const supports = supportsOf(text, contest);
  return supports[supports.length >= manyViews ? 1 : 0] ?? impossible;
}

function lacksTwin(text: string, said: string): boolean {
  const collapsed = (one: string): string => coreOf(one).replace(/(.)\1+/gu, '$1');
  return collapsed(text) === collapsed(said) && coreOf(text).length <= coreOf(said).length;
}

/** The claim with each narrow character written twice, where it does not stand twice already. */
function doublingsOf(claim: readonly ClaimChar[]): string[] {
  const texts = claim.map(({ char }) => char);
  return claim.flatMap(({ char, key }, i) =>
    /[0-9A-Za-z]/.test(char) && claim[i - 1]?.key !== key
      ? [[...texts.slice(0, i), char, ...texts.slice(i)].join('')]
      : [],
  );
}

/** Frames of each character of the claim, from the frames of the lattice's nodes. */
function spansOfChars(
  widths: readonly number[],
  owners: readonly number[],
  nodeSpans: readonly ([number, number] | undefined)[],
  length: number,
): ([number, number] | undefined)[] {
  const spans = new Array<[number, number] | undefined>(length).fill(undefined);
  let node = 0;
  widths.forEach((width, p) => {
    for (let k = 0; k < width; k += 1, node += 1) {
      const owner = owners[p] as number;
      if (owner >= 0 && nodeSpans[node]) spans[owner] = nodeSpans[node];
    }
  });
  return spans;
}
