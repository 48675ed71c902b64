/**
 * Walks the whole chain of the log and says what was done to it. What one line alone cannot tell (it was moved, one before it was
 * taken out) is found by looking where the hashes that it names are now.
 */
import { logLineText } from '#domain/accounts/log-lines.ts';
import type { LogHead } from '#domain/accounts/log-lines.ts';
import type { ChainedLine, LogRows } from '../../ports/log-rows.ts';
import { sha256 } from '../hashing.ts';

/** Lines by their present numbers, `until` included. */
export type LogFinding =
  | { kind: 'altered'; line: number }
  | { kind: 'missing'; line: number; until: number }
  /** Off the end. */
  | { kind: 'cut'; line: number; until: number }
  | { kind: 'moved'; line: number; from: number }
  | { kind: 'inserted'; line: number; until: number }
  /** Every hash from there on was made anew: a head that was signed before knows another. */
  | { kind: 'rewritten'; line: number; until: number }
  /** The server never signed this head. */
  | { kind: 'forged-head'; line: number };

export interface LogVerdict {
  /** How many lines there are. */
  lines: number;
  /** Number of the newest signed head that agrees; 0 where there is none. */
  signedTo: number;
  findings: LogFinding[];
}

export interface VerifyLogOptions {
  rows: Pick<LogRows, 'head' | 'chain' | 'signed'>;
  /** From elsewhere: of stations, of a backup. */
  outside: readonly LogHead[];
  isSigned: (head: LogHead) => boolean;
}

const linesAtOnce = 1_000;
/** A line that was moved is looked for so far around. */
const nearby = 64;

export async function verifyLog({ rows, outside, isSigned }: VerifyLogOptions): Promise<LogVerdict> {
  // before the lines: whatever is added meanwhile stands above it, and is looked at the next time
  const head = await rows.head();
  const heads = [...(await rows.signed()), ...outside].toSorted((left, right) => left.number - right.number);
  const genuine = heads.filter(isSigned);
  const forged = heads.filter((one) => !isSigned(one));

  const walk = await walkChain(rows, head?.number ?? 0, new Set(genuine.map(({ number }) => number)));
  // what was read above the head and is above it still was put there by nobody who moves the head
  const headNow = await rows.head();
  const above = walk.above.filter((number) => number > (headNow?.number ?? 0));
  const told: LogFinding[] = [
    ...forged.map(({ number: line }) => ({ kind: 'forged-head', line }) as const),
    ...walk.gaps.map(([line, until]) => ({ kind: 'missing', line, until }) as const),
    ...(walk.doubted.length === 0 ? [] : classify(walk.doubted, await readPlaces(rows))),
    ...endOf({ ...walk, above }, head, genuine),
  ];
  const { finding, signedTo } = compareHeads(genuine, walk, told);
  return {
    lines: walk.count,
    signedTo,
    findings: [...told, ...(finding ? [finding] : [])].toSorted((left, right) => left.line - right.line),
  };
}

interface Doubted extends ChainedLine {
  isOwnHash: boolean;
}
interface Walk {
  count: number;
  last: { number: number; sha: string };
  /** First and last number of each. */
  gaps: [number, number][];
  doubted: Doubted[];
  /** Beyond the head that the store itself knows. */
  above: number[];
  /** Of the lines that heads speak of. */
  shas: Map<number, string>;
}

async function walkChain(
  rows: Pick<LogRows, 'chain'>,
  headNumber: number,
  wanted: ReadonlySet<number>,
): Promise<Walk> {
  const walk: Walk = {
    ...{ count: 0, last: { number: 0, sha: '' }, gaps: [], doubted: [], above: [] },
    shas: new Map(),
  };
  for (let read = 0; ;) {
    const page = await rows.chain(read, linesAtOnce);
    read = page.at(-1)?.line.number ?? read;
    for (const row of page) {
      const { number } = row.line;
      if (number > headNumber) {
        walk.above.push(number);
        continue;
      }
      const expected = walk.last.number + 1;
      if (number > expected) walk.gaps.push([expected, number - 1]);
      const isOwnHash = hashOf(row, number) === row.sha;
      const isLinked = number > expected || row.before === walk.last.sha;
      if (!isOwnHash || !isLinked) walk.doubted.push({ ...row, isOwnHash });
      if (wanted.has(number)) walk.shas.set(number, row.sha);
      walk.last = { number, sha: row.sha };
      walk.count += 1;
    }
    if (page.length < linesAtOnce) return walk;
  }
}

const hashOf = ({ line, before }: ChainedLine, number: number): string =>
  sha256(logLineText({ ...line, number }, before));

interface Places {
  /** Present number of the line with this hash. */
  bySha: Map<string, number>;
  /** Present number of the line that names this hash as the one before. */
  byBefore: Map<string, number>;
}

async function readPlaces(rows: Pick<LogRows, 'chain'>): Promise<Places> {
  const places: Places = { bySha: new Map(), byBefore: new Map() };
  for (let last = 0; ;) {
    const page = await rows.chain(last, linesAtOnce);
    for (const { line, before, sha } of page) {
      places.bySha.set(sha, line.number);
      places.byBefore.set(before, line.number);
    }
    const end = page.at(-1);
    if (!end) return places;
    last = end.line.number;
  }
}

function classify(doubted: readonly Doubted[], places: Places): LogFinding[] {
  const numbers = doubted.map(({ line }) => line.number);
  const moves = new Map<number, number>();
  let offset = 0;
  for (const row of doubted) {
    const from = row.isOwnHash ? undefined : numberBefore(row, { numbers, places, offset });
    if (from === undefined) continue;
    moves.set(row.line.number, from);
    offset = from - row.line.number;
  }
  const shifted = explainMoves(moves);
  const known = new Set(shifted.flatMap(numbersOf).concat([...moves.keys()]));
  const altered: LogFinding[] = [];
  for (const { line, isOwnHash } of doubted) {
    if (known.has(line.number)) continue;
    // its own hash holds, and it follows another line than before: that one was written anew, unless more is known of it
    const culprit = isOwnHash ? line.number - 1 : line.number;
    const isKnown = known.has(culprit) || altered.some((one) => one.line === culprit);
    if (!isKnown && !(isOwnHash && doubted.some((one) => one.line.number === culprit)))
      altered.push({ kind: 'altered', line: culprit });
  }
  return [...shifted, ...altered];
}

const numbersOf = (finding: LogFinding): number[] =>
  'until' in finding
    ? Array.from({ length: finding.until - finding.line + 1 }, (_, index) => finding.line + index)
    : [finding.line];

/** Under which number the line's hash is right; the neighbours that it names say where that may be. */
function numberBefore(
  row: Doubted,
  { numbers, places, offset }: { numbers: readonly number[]; places: Places; offset: number },
): number | undefined {
  const before = places.bySha.get(row.before) ?? 0;
  const after = places.byBefore.get(row.sha) ?? 0;
  const own = row.line.number;
  const near = Array.from({ length: 2 * nearby + 1 }, (_, index) => own - nearby + index);
  const named = [own + offset, before + 1, before, after - 1, after];
  return [...named, ...near, ...numbers.slice(0, linesAtOnce)].find(
    (number) => number > 0 && number !== own && hashOf(row, number) === row.sha,
  );
}

/** Lines that changed places among themselves were moved; where all from one on stand off by as many, some came in or went. */
function explainMoves(moves: ReadonlyMap<number, number>): LogFinding[] {
  const origins = new Set(moves.values());
  const isSwap = [...moves.keys()].every((number) => origins.has(number)) && origins.size === moves.size;
  if (isSwap) return [...moves].map(([line, from]) => ({ kind: 'moved', line, from }) as const);
  const findings: LogFinding[] = [];
  let offset = 0;
  for (const [line, from] of [...moves].toSorted(([left], [right]) => left - right)) {
    const by = line - from - offset;
    if (by > 0) findings.push({ kind: 'inserted', line: line - by, until: line - 1 });
    if (by < 0) findings.push({ kind: 'missing', line: from + by, until: from - 1 });
    offset = line - from;
  }
  return findings;
}

/** What is wrong with the last lines: fewer, or more, than the store's own head and the signed ones say. */
function endOf(
  { last, doubted, above }: Walk,
  head: { number: number; sha: string } | undefined,
  genuine: readonly LogHead[],
): LogFinding[] {
  const [first] = above;
  if (first !== undefined) return [{ kind: 'inserted', line: first, until: above.at(-1) ?? first }];
  const farthest = Math.max(head?.number ?? 0, genuine.at(-1)?.number ?? 0);
  if (farthest > last.number) return [{ kind: 'cut', line: last.number + 1, until: farthest }];
  if (head && head.sha !== last.sha && !doubted.some(({ line }) => line.number === last.number))
    return [{ kind: 'altered', line: last.number }];
  return [];
}

/** Whether the hashes are still those that were signed; where nothing else explains it, all of them were made anew. */
function compareHeads(
  genuine: readonly LogHead[],
  { shas }: Walk,
  told: readonly LogFinding[],
): { signedTo: number; finding?: LogFinding } {
  let signedTo = 0;
  for (const { number, sha } of genuine) {
    const found = shas.get(number);
    if (found === undefined || found === sha) {
      if (found === sha) signedTo = number;
      continue;
    }
    const isExplained = told.some(({ kind, line }) => kind !== 'forged-head' && line <= number);
    return isExplained
      ? { signedTo }
      : { signedTo, finding: { kind: 'rewritten', line: signedTo + 1, until: number } };
  }
  return { signedTo };
}

/** For people. */
export function tellFinding(finding: LogFinding): string {
  const { line } = finding;
  const lines =
    'until' in finding && finding.until > line ? `第 ${line} 至 ${finding.until} 行` : `第 ${line} 行`;
  switch (finding.kind) {
    case 'altered':
      return `${lines}被改写`;
    case 'missing':
      return `${lines}被删除`;
    case 'cut':
      return `末尾被截：${lines}不见了`;
    case 'moved':
      return `顺序被改：现在的${lines}原是第 ${finding.from} 行`;
    case 'inserted':
      return `${lines}是后来插入的`;
    case 'rewritten':
      return `${lines}之间被改写，其后的校验值也重新算过：与当时签名留存的不一致`;
    case 'forged-head':
      return `${lines}的签名记录不是本服务器签的`;
  }
}
