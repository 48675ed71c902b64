/** Outlines from a TrueType font (ISO/IEC 14496-22: cmap 4 and 12, glyf), enough to draw a seal's few characters. */

/** One glyph as PDF path operators in em units (1 = the font size), origin on the baseline at the left. */
export interface Glyph {
  path: PathPart[];
  advanceEm: number;
}

export type PathPart =
  | { kind: 'move'; x: number; y: number }
  | { kind: 'line'; x: number; y: number }
  | { kind: 'curve'; x1: number; y1: number; x2: number; y2: number; x: number; y: number };

export interface SealFont {
  /** Undefined where the font has no such character. */
  findGlyph(character: string): Glyph | undefined;
}

interface Point {
  x: number;
  y: number;
  on: boolean;
}

/** Parses a .ttf, or the first font of a .ttc. Throws where the file has no TrueType outlines (CFF for instance). */
export function parseSealFont(bytes: Uint8Array): SealFont {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(0) === 0x74746366 ? view.getUint32(12) : 0; // 'ttcf'
  const tables = new Map<string, number>();
  for (let index = 0; index < view.getUint16(start + 4); index++) {
    const at = start + 12 + index * 16;
    tables.set(String.fromCharCode(...bytes.subarray(at, at + 4)), view.getUint32(at + 8));
  }
  const table = (name: string): number => {
    const at = tables.get(name);
    if (at === undefined) throw new Error(`font without TrueType outlines: no table ${name}`);
    return at;
  };
  const [head, loca, glyf, hmtx, hhea] = [
    table('head'),
    table('loca'),
    table('glyf'),
    table('hmtx'),
    table('hhea'),
  ];
  const unitsPerEm = view.getUint16(head + 18);
  const longOffsets = view.getInt16(head + 50) === 1;
  const metrics = view.getUint16(hhea + 34);
  const findIndex = readCharacterMap(view, table('cmap'));

  const offsetOf = (index: number): number =>
    longOffsets ? view.getUint32(loca + index * 4) : view.getUint16(loca + index * 2) * 2;

  function readContours(index: number, depth = 0): Point[][] {
    const from = offsetOf(index);
    if (depth > 5 || offsetOf(index + 1) <= from) return [];
    const at = glyf + from;
    const contours = view.getInt16(at);
    return contours >= 0 ? readSimple(view, at + 10, contours) : readComposite(at + 10, depth);
  }

  function readComposite(start: number, depth: number): Point[][] {
    const all: Point[][] = [];
    let at = start;
    for (let more = true; more;) {
      const flags = view.getUint16(at);
      const part = view.getUint16(at + 2);
      const words = (flags & 1) !== 0;
      const dx = words ? view.getInt16(at + 4) : view.getInt8(at + 4);
      const dy = words ? view.getInt16(at + 6) : view.getInt8(at + 5);
      at += words ? 8 : 6;
      const fixed = (): number => {
        at += 2;
        return view.getInt16(at - 2) / 16384;
      };
      let [a, b, c, d] = [1, 0, 0, 1];
      if (flags & 8) a = d = fixed();
      else if (flags & 0x40) [a, d] = [fixed(), fixed()];
      else if (flags & 0x80) [a, b, c, d] = [fixed(), fixed(), fixed(), fixed()];
      const moved = flags & 2 ? { dx, dy } : { dx: 0, dy: 0 };
      for (const contour of readContours(part, depth + 1)) {
        all.push(
          contour.map(({ x, y, on }) => ({ x: a * x + c * y + moved.dx, y: b * x + d * y + moved.dy, on })),
        );
      }
      more = (flags & 0x20) !== 0;
    }
    return all;
  }

  return {
    findGlyph(character) {
      const index = findIndex(character.codePointAt(0) ?? 0);
      if (index === 0) return undefined;
      const metric = Math.min(index, metrics - 1);
      return {
        advanceEm: view.getUint16(hmtx + metric * 4) / unitsPerEm,
        path: readContours(index).flatMap((contour) => toPath(contour, 1 / unitsPerEm)),
      };
    },
  };
}

function readCharacterMap(view: DataView, cmap: number): (codePoint: number) => number {
  const lookups: ((codePoint: number) => number)[] = [];
  for (let index = 0; index < view.getUint16(cmap + 2); index++) {
    const at = cmap + view.getUint32(cmap + 4 + index * 8 + 4);
    const format = view.getUint16(at);
    if (format === 12) lookups.unshift((codePoint) => lookUpGroups(view, at, codePoint));
    if (format === 4) lookups.push((codePoint) => lookUpSegments(view, at, codePoint));
  }
  return (codePoint) => {
    for (const lookUp of lookups) {
      const found = lookUp(codePoint);
      if (found !== 0) return found;
    }
    return 0;
  };
}

function lookUpGroups(view: DataView, at: number, codePoint: number): number {
  for (let index = 0; index < view.getUint32(at + 12); index++) {
    const group = at + 16 + index * 12;
    const first = view.getUint32(group);
    if (codePoint >= first && codePoint <= view.getUint32(group + 4)) {
      return view.getUint32(group + 8) + codePoint - first;
    }
  }
  return 0;
}

function lookUpSegments(view: DataView, at: number, codePoint: number): number {
  const doubled = view.getUint16(at + 6);
  for (let index = 0; index < doubled; index += 2) {
    if (codePoint > view.getUint16(at + 14 + index)) continue;
    const first = view.getUint16(at + 16 + doubled + index);
    if (codePoint < first) return 0;
    const delta = view.getUint16(at + 16 + 2 * doubled + index);
    const rangeAt = at + 16 + 3 * doubled + index;
    const range = view.getUint16(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = view.getUint16(rangeAt + range + 2 * (codePoint - first));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}

function readSimple(view: DataView, start: number, contours: number): Point[][] {
  if (contours === 0) return [];
  const ends = Array.from({ length: contours }, (_, index) => view.getUint16(start + index * 2));
  const count = (ends.at(-1) ?? -1) + 1;
  let at = start + contours * 2;
  at += 2 + view.getUint16(at);
  const flags: number[] = [];
  while (flags.length < count) {
    const flag = view.getUint8(at++);
    flags.push(flag);
    if (flag & 8) for (let repeat = view.getUint8(at++); repeat > 0; repeat--) flags.push(flag);
  }
  const coordinates = (short: number, same: number): number[] => {
    let value = 0;
    return flags.slice(0, count).map((flag) => {
      if (flag & short) value += flag & same ? view.getUint8(at++) : -view.getUint8(at++);
      else if (!(flag & same)) {
        value += view.getInt16(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = coordinates(2, 16);
  const ys = coordinates(4, 32);
  const points = xs.map((x, index) => ({ x, y: ys[index] ?? 0, on: ((flags[index] ?? 0) & 1) !== 0 }));
  return ends.map((end, index) => points.slice(index === 0 ? 0 : (ends[index - 1] ?? -1) + 1, end + 1));
}

/** TrueType's quadratic splines, with their implied points, as the cubic curves that PDF knows. */
function toPath(contour: readonly Point[], scale: number): PathPart[] {
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, on: true });
  const full: Point[] = [];
  contour.forEach((point, index) => {
    const next = contour[(index + 1) % contour.length] ?? point;
    full.push(point);
    if (!point.on && !next.on) full.push(middle(point, next));
  });
  const first = full.findIndex(({ on }) => on);
  const start = full[first];
  if (!start) return [];
  const ordered = [...full.slice(first + 1), ...full.slice(0, first), start];
  const path: PathPart[] = [{ kind: 'move', x: start.x * scale, y: start.y * scale }];
  let from = start;
  for (let index = 0; index < ordered.length; index++) {
    const point = ordered[index] as Point; // the index is within bounds
    if (point.on) {
      path.push({ kind: 'line', x: point.x * scale, y: point.y * scale });
      from = point;
      continue;
    }
    const to = ordered[++index] ?? start;
    path.push({
      kind: 'curve',
      x1: (from.x + (2 / 3) * (point.x - from.x)) * scale,
      y1: (from.y + (2 / 3) * (point.y - from.y)) * scale,
      x2: (to.x + (2 / 3) * (point.x - to.x)) * scale,
      y2: (to.y + (2 / 3) * (point.y - to.y)) * scale,
      x: to.x * scale,
      y: to.y * scale,
    });
    from = to;
  }
  return path;
}
