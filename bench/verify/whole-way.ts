/** The whole way: the photograph, found and straightened by the station, its marks as the station proposes them. */
import { readFile } from 'node:fs/promises';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { guessPlaces } from '#domain/reading/guess-places.ts';
import { proposeMarks } from '#domain/reading/propose-marks.ts';
import type { Quad } from '#domain/reading/schema.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import { applyHomography, homography, rectangleQuad } from '#paper/imaging/geometry.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import type { PaperReader, StraightPage } from '#paper/ports/paper-reader.ts';
import { cpuSecondsOf } from '../readers/process-cost.ts';
import type { EvaluationPage } from '../set/render-set.ts';
import { documentTypeOf } from '../set/true-fields.ts';
import type { ClaimCase, PageCases } from './cases.ts';
import { lightOf, scoreCases } from './judge.ts';
import type { Judged } from './judge.ts';

export const proposedMethod = 'photograph, marks as proposed';
export const marksMended = 'photograph, missing or wrong marks drawn by hand';
const strings = 'photograph, strings, our reader';
const outsideStrings = 'photograph, strings, outside pack';

/** A proposed mark that covers less than this of the value's true place cuts a character off; a person would mend it. */
const minCovered = 0.93;
const wait = { signal: new AbortController().signal, timeoutMs: 120_000 };

export interface WholeWay {
  /** For each case of the page, in their order. */
  found: Pick<Judged, 'scores' | 'guessed' | 'read' | 'readOutside'>[];
  /** CPU of scoring all true claims of the page once it has been read. */
  checkSeconds: number;
}

export async function judgeWholeWay(
  reader: ManagedPaperReader,
  catalogue: Catalogue,
  { truth, cases, outside }: { truth: EvaluationPage; outside?: PaperReader } & Pick<PageCases, 'cases'>,
): Promise<WholeWay> {
  const documentType = documentTypeOf(catalogue, truth);
  if (!documentType) throw new Error(`${truth.name} is of no certificate`);
  const [straight] = await reader.openDocument(await readFile(truth.pictureFile), {
    ...wait,
    paperSizes: documentType.papers,
  });
  if (!straight) throw new Error(`${truth.name}: no page came back`);
  const { lines, seals } = await reader.readPage(straight.jpeg, wait);
  const readings = extractFields(documentType, [{ ...straight, lines, seals }]);
  const guesses = guessPlaces(documentType, [{ ...straight, lines }], readings);
  const others = outside && (await outside.readPage(straight.jpeg, wait)).lines;
  const byOutside = others && extractFields(documentType, [{ ...straight, lines: others }]);
  const toPage = placeOnPage(truth, straight);

  const placed = cases.map((one) => {
    const claimed = { [one.field.id]: one.claim };
    const marks = proposeMarks(documentType, readings, claimed, guesses)[one.field.id] ?? [];
    const proposed = marks.map(({ box }) => box);
    const drawn = one.lines.map((line) =>
      toPage(withoutBeginning(truth.lines[line]?.box ?? [0, 0, 0, 0], one.hidden)),
    );
    if (one.hidden !== undefined) return { one, proposed: drawn, mended: drawn, isGuess: false };
    const mended = standsRight(proposed, drawn) ? proposed : drawn;
    return { one, proposed, mended, isGuess: marks.some(({ guessed }) => guessed) };
  });
  const before = cpuSecondsOf(reader.status().pid);
  await scoreCases(reader, straight.jpeg, asked(placed.filter(({ one }) => one.change === 'none')));
  const checkSeconds = cpuSecondsOf(reader.status().pid) - before;

  const byMended = await scoreCases(reader, straight.jpeg, asked(placed));
  const wrong = placed.filter(({ proposed, mended }) => proposed !== mended && proposed.length > 0);
  const byProposed = await scoreCases(
    reader,
    straight.jpeg,
    wrong.map(({ one, proposed }) => ({ ...one, boxes: proposed })),
  );
  const found = placed.map(({ one, proposed, mended, isGuess }, i) => {
    const other = wrong.findIndex((each) => each.one === one);
    const asProposed = proposed === mended ? byMended[i] : byProposed[other];
    return {
      scores: { [proposedMethod]: asProposed, [marksMended]: byMended[i] },
      guessed: isGuess ? [proposedMethod, ...(proposed === mended ? [marksMended] : [])] : [],
      read: readings[one.field.id]?.value,
      ...(byOutside ? { readOutside: byOutside[one.field.id]?.value ?? null } : {}),
    };
  });
  return { found, checkSeconds };
}

/** The lights of the whole way, from what was found on it; again and again where rules change. */
export function wholeWayLights(
  one: Pick<Judged, 'field' | 'claim' | 'scores' | 'guessed' | 'read' | 'readOutside'>,
): Record<string, LightColour> {
  const { field, claim, scores, guessed = [], read, readOutside } = one;
  const byText = (text: string | null | undefined): LightColour =>
    typeof text === 'string' && fieldRules[field.kind].agrees(claim, text, field) ? 'green' : 'red';
  return {
    ...Object.fromEntries(
      [proposedMethod, marksMended].map((method) => [
        method,
        lightOf(one, scores[method], guessed.includes(method)),
      ]),
    ),
    [strings]: byText(read),
    ...(readOutside === undefined ? {} : { [outsideStrings]: byText(readOutside) }),
  };
}

const asked = (placed: readonly { one: ClaimCase; mended: Quad[] }[]): ClaimCase[] =>
  placed.map(({ one, mended }) => ({ ...one, boxes: mended }));

/** From millimetres on the true page over the picture to pixels of the page that the station made of it. */
function placeOnPage(truth: EvaluationPage, straight: StraightPage): (box: MmBox) => Quad {
  const { widthMm, heightMm } = truth.page;
  const toPicture = homography(rectangleQuad(0, 0, widthMm, heightMm), truth.corners);
  const toPage = homography(straight.corners, rectangleQuad(0, 0, straight.widthPx, straight.heightPx));
  return ([x, y, width, height]) =>
    rectangleQuad(x, y, x + width, y + height).map((point) =>
      applyHomography(toPage, applyHomography(toPicture, point)),
    ) as Quad;
}

type MmBox = readonly [x: number, y: number, width: number, height: number];

function withoutBeginning([x, y, width, height]: MmBox, hidden = 0): MmBox {
  return [x + hidden * width, y, (1 - hidden) * width, height];
}

/** The marks cover the value's place and are not much larger. */
function standsRight(marks: readonly Quad[], places: readonly Quad[]): boolean {
  if (marks.length === 0) return false;
  const area = (boxes: readonly Bounds[]): number => boxes.reduce((sum, box) => sum + areaOf(box), 0);
  const [own, true_] = [marks.map(boundsOf), places.map(boundsOf)];
  const covered = true_.map((place) => Math.max(...own.map((mark) => overlap(mark, place))));
  const all = covered.reduce((sum, part) => sum + part, 0);
  return (
    true_.every((place, i) => (covered[i] ?? 0) >= minCovered * areaOf(place)) && all >= 0.25 * area(own)
  );
}

type Bounds = readonly [x0: number, y0: number, x1: number, y1: number];

function boundsOf(quad: Quad): Bounds {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

const areaOf = ([x0, y0, x1, y1]: Bounds): number => Math.max(0, x1 - x0) * Math.max(0, y1 - y0);

function overlap(a: Bounds, b: Bounds): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}
