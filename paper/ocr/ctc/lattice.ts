/**
 * A lattice of class sequences: the forms in which one text may be written. Positions follow one another; a position
 * holds alternatives (full and half width of one character) and may be optional (punctuation without meaning). Pure.
 */

export interface Position {
  /** Class ids that stand for the same character. */
  classes: readonly number[];
  /** The position may be left out. */
  optional: boolean;
}

/** Nodes in topological order; node i emits `classes[i]`; `before[i]` lists nodes that may come just before it. */
export interface Lattice {
  classes: Int32Array;
  before: Int32Array[];
  isFirst: Uint8Array;
  isLast: Uint8Array;
  /** True when every position may be left out. */
  acceptsEmpty: boolean;
}

export function buildLattice(positions: readonly Position[]): Lattice {
  const classes: number[] = [];
  const before: number[][] = [];
  const isFirst: number[] = [];
  let open: number[] = [];
  let reachesStart = true;
  for (const { classes: alternatives, optional } of positions) {
    const own: number[] = [];
    for (const classId of alternatives) {
      own.push(classes.length);
      classes.push(classId);
      before.push([...open]);
      isFirst.push(reachesStart ? 1 : 0);
    }
    if (optional) {
      open = [...open, ...own];
    } else {
      open = own;
      reachesStart = false;
    }
  }
  const isLast = new Uint8Array(classes.length);
  for (const node of open) isLast[node] = 1;
  return {
    classes: Int32Array.from(classes),
    before: before.map((nodes) => Int32Array.from(nodes)),
    isFirst: Uint8Array.from(isFirst),
    isLast,
    acceptsEmpty: reachesStart,
  };
}
