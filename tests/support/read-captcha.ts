/** Reads the picture of a 验证码 as a person does: each letter is the one whose shape it has, however it is turned. */
import { drawGlyphs } from '../../sync-server/services/accounts/captcha-picture.ts';

type Point = readonly [number, number];
type Lines = readonly (readonly Point[])[];

const letters = [...'2345678ACEFHKLMNPRTWXY'];
/** Neither moved nor turned. */
const plainly = new Uint8Array(32).fill(127);

/** `source`: of the picture's element. Throws where it shows something else than letters. */
export function readCaptcha(source: string): string {
  const svg = Buffer.from(source.replace('data:image/svg+xml;base64,', ''), 'base64').toString();
  return glyphsIn(svg).map(nearest).join('');
}

function nearest(glyph: Lines): string {
  const shapes = letters.flatMap((letter) => {
    const [shape] = glyphsIn(drawGlyphs(letter, plainly));
    return shape && isAlike(shape, glyph) ? [{ letter, rest: restOf(glyph.flat(), shape.flat()) }] : [];
  });
  const [best] = shapes.sort((a, b) => a.rest - b.rest);
  if (!best) throw new Error('no letter has this shape');
  return best.letter;
}
const isAlike = (a: Lines, b: Lines): boolean =>
  a.map(({ length }) => length).join() === b.map(({ length }) => length).join();

/** The letters' lines; what crosses them out is curved. */
const glyphsIn = (svg: string): Lines[] =>
  [...svg.matchAll(/ d="([ML\d. -]+)"/g)].map(([, path = '']) =>
    path
      .split('M')
      .slice(1)
      .map((line) =>
        line.split('L').map((point): Point => {
          const [x = 0, y = 0] = point.split(' ').map(Number);
          return [x, y];
        }),
      ),
  );

/** What is left between the two once one is laid upon the other and turned as well as can be. */
function restOf(a: readonly Point[], b: readonly Point[]): number {
  const [one, other] = [centred(a), centred(b)];
  let [along, across] = [0, 0];
  for (const [index, [x, y]] of one.entries()) {
    const [u, v] = other[index] ?? [0, 0];
    along += u * x + v * y;
    across += u * y - v * x;
  }
  const turn = Math.atan2(across, along);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return one.reduce((sum, [x, y], index) => {
    const [u, v] = other[index] ?? [0, 0];
    return sum + (x - (u * cos - v * sin)) ** 2 + (y - (u * sin + v * cos)) ** 2;
  }, 0);
}
function centred(points: readonly Point[]): Point[] {
  const mean = (axis: 0 | 1): number => points.reduce((sum, one) => sum + one[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.map(([u, v]): Point => [u - x, v - y]);
}
