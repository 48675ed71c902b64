/** `npm run bench -- verify`: true and forged claims, judged by our score and by comparing strings. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import { rectangleQuad } from '#paper/imaging/geometry.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { BenchOptions } from './options.ts';
import { openOutsideReader } from './pages/outside-reader.ts';
import { gatherReaders } from './readers/run-readers.ts';
import { percent, table } from './score/table.ts';
import { quantile } from './pages/corner-scores.ts';
import { findPython, renderSet } from './set/render-set.ts';
import type { EvaluationPage } from './set/render-set.ts';
import { straightenSet } from './set/straight-pages.ts';
import type { StraightTruth } from './set/straight-pages.ts';
import { casesOf } from './verify/cases.ts';
import type { PageCases } from './verify/cases.ts';
import { drawCurve } from './verify/draw-curve.ts';
import type { CurvePoint, Series } from './verify/draw-curve.ts';
import { changes } from './verify/forge.ts';
import { ourVerdict, judgeByScore, judgeByText } from './verify/judge.ts';
import type { Judged } from './verify/judge.ts';
import { loadCases, saveCases, withLights } from './verify/saved-cases.ts';
import type { SavedCases } from './verify/saved-cases.ts';
import { proposedMethod, marksMended, judgeWholeWay } from './verify/whole-way.ts';
import type { WholeWay } from './verify/whole-way.ts';

const modelFolder = fileURLToPath(new URL('../models/weights', import.meta.url));

export async function benchVerify(options: BenchOptions): Promise<void> {
  const saved = options.from.length === 0 ? await judgeFresh(options) : await loadCases(options.from);
  print(saved.cases);
  say(`\nThe check of a page's true claims after its reading, CPU: ${costs(saved.checkSeconds)}`);
  printFaults(saved.cases);
  if (options.figure) await writeFile(options.figure, await drawFigure(saved));
}

async function judgeFresh(options: BenchOptions): Promise<SavedCases> {
  say(
    `seed ${options.seed}, ${options.pages} pages: npm run bench -- verify --seed ${options.seed} --pages ${options.pages}`,
  );
  const kinds = options.kinds.filter((kind) => !['prose', 'table', 'form'].includes(kind));
  const set = await renderSet({ ...options, kinds });
  const reader = createPaperReader({ modelFolder });
  const outside = options.outsidePack ? await openOutsideReader(modelFolder, options.outsidePack) : undefined;
  try {
    const straight = options.quick ? set.pages.map(asItLies) : await straightenSet(set.pages);
    const catalogue = loadCatalogue();
    const pages = casesOf({ catalogue, pages: set.pages, straight, seed: options.seed });
    const judged: Judged[][] = [];
    const checkSeconds: number[] = [];
    const saved = (): SavedCases => ({
      seed: options.seed,
      pages: judged.length,
      checkSeconds,
      cases: judged.flat(),
    });
    for (const [p, page] of pages.entries()) {
      const truth = set.pages[p] as EvaluationPage;
      const way = await judgeWholeWay(reader, catalogue, {
        truth,
        cases: page.cases,
        ...(outside ? { outside: outside.reader } : {}),
      });
      const cases = options.quick ? fromWholeWay(page, way) : await judgeByScore(reader, page);
      checkSeconds.push(way.checkSeconds);
      judged.push(cases.map((one, i) => withLights({ ...one, ...way.found[i] })));
      // what was judged so far is kept when the run is ended early
      if (options.json) await saveCases(options.json, saved());
      process.stderr.write(`page ${p + 1} of ${pages.length}\n`);
    }
    if (!options.quick) await addOtherReaders(options, straight, judged);
    if (options.json) await saveCases(options.json, saved());
    return saved();
  } finally {
    await Promise.all([reader.close(), outside?.close(), set.dispose()]);
  }
}

async function addOtherReaders(
  { outsidePack }: BenchOptions,
  straight: readonly StraightTruth[],
  judged: readonly Judged[][],
): Promise<void> {
  const { readers, dispose } = await gatherReaders({ outsidePack, python: findPython() });
  try {
    for (const other of readers.filter(({ mode }) => mode === 'boxes')) {
      const { pages: texts } = await other.read(straight);
      judged.forEach((cases, p) => {
        for (const one of cases)
          one.lights[`strings, ${other.title}`] = judgeByText(one, texts[p]?.lines ?? []);
      });
    }
  } finally {
    await dispose();
  }
}

/** A page that nobody straightens: its boxes stay in millimetres, and nobody asks for its pixels. */
function asItLies({ name, kind, condition, lines }: EvaluationPage): StraightTruth {
  const boxed = lines.map(({ box: [x, y, width, height], ...line }) => ({
    ...line,
    box: rectangleQuad(x, y, x + width, y + height),
  }));
  return { name, kind, condition, file: '', lines: boxed };
}

/** Without the page straightened by its true corners: its score is the photograph's. */
function fromWholeWay({ page, cases }: PageCases, { found }: WholeWay): Judged[] {
  return cases.map((one, i) => {
    const score = found[i]?.scores[marksMended];
    if (!score) throw new Error(`${page.name}: a mark without a score`);
    const { kind, condition, name } = page;
    return { ...one, page: name, kind, condition, score, scores: {}, read: undefined, lights: {} };
  });
}

function print(all: readonly Judged[]): void {
  const methods = Object.keys(all[0]?.lights ?? {});
  const isTrue = ({ change }: Judged): boolean => change === 'none';
  for (const [name, cases] of [
    ['All claims', all],
    ['Under seals', all.filter(({ underSeal }) => underSeal)],
    ['Without seals', all.filter(({ underSeal }) => !underSeal)],
  ] as const) {
    const [honest, forged] = [cases.filter(isTrue), cases.filter((one) => !isTrue(one))];
    say(`\n${name}: ${honest.length} true, ${forged.length} forged`);
    const lights = (list: readonly Judged[], method: string): string[] =>
      (['green', 'yellow', 'red'] as const).map((light) => percent(share(list, method, light)));
    say(
      table(
        [
          'method',
          'true: green %',
          'yellow %',
          'red % (false)',
          'forged: green % (false)',
          'yellow %',
          'red %',
        ],
        methods.map((method) => [method, ...lights(honest, method), ...lights(forged, method)]),
      ),
    );
  }
  say('\nForged claims called green, %, by the change made');
  say(
    table(
      [
        'method',
        ...changes.map((change) => `${change} (${all.filter((one) => one.change === change).length})`),
      ],
      methods.map((method) => [
        method,
        ...changes.map((change) =>
          percent(
            share(
              all.filter((one) => one.change === change),
              method,
              'green',
            ),
          ),
        ),
      ]),
    ),
  );
}

function costs(seconds: readonly number[]): string {
  const ms = (q: number): string => `${Math.round(1000 * (quantile(seconds, q) ?? 0))} ms`;
  return `median ${ms(0.5)}, 95 % under ${ms(0.95)}`;
}

/** What went wrong on the whole way, one by one: figures alone mend nothing. */
function printFaults(all: readonly Judged[]): void {
  const wrong = all.filter(({ change, lights }) =>
    change === 'none' ? lights[marksMended] !== 'green' : lights[marksMended] === 'green',
  );
  say('\nTrue claims that are not green and forged ones that are, from the photograph:');
  for (const { page, condition, field, change, claim, score, lights } of wrong)
    say(
      [
        lights[marksMended],
        `(as proposed ${lights[proposedMethod]}, true page ${lights[ourVerdict]})`,
        change,
        `${page} ${condition}`,
        field.id,
        `claim ${claim}`,
        `true page reads ${score.freeReading}, rival ${score.rival ?? '-'} ${score.rivalMargin.toFixed(1)}, p ${score.probability.toFixed(3)}`,
      ].join(' | '),
    );
}

function share(cases: readonly Judged[], method: string, light: LightColour): number | undefined {
  if (cases.length === 0) return undefined;
  return cases.filter(({ lights }) => lights[method] === light).length / cases.length;
}

/** What the picture has room for. */
const shortTitles: Readonly<Record<string, string>> = {
  [ourVerdict]: 'our verdict',
  [marksMended]: 'photograph, wrong marks redrawn',
};

function drawFigure({ cases: all, seed, pages }: SavedCases): Promise<Buffer> {
  const [honest, forged] = [
    all.filter(({ change }) => change === 'none'),
    all.filter(({ change }) => change !== 'none'),
  ];
  const working = (method: string): CurvePoint => ({
    forged: share(forged, method, 'green') ?? 0,
    honest: share(honest, method, 'green') ?? 0,
  });
  const series: Series[] = [
    { title: 'claim score alone', points: sweep(honest, forged) },
    ...Object.keys(all[0]?.lights ?? {}).map((method) => ({
      title: shortTitles[method] ?? method,
      points: [working(method)],
    })),
  ];
  return drawCurve({
    title: 'True and forged claims that pass at once',
    note: `${honest.length} true and ${forged.length} forged claims, ${pages} rendered pages, seed ${seed}`,
    series,
  });
}

/** The curve of the score's probability as the threshold for green moves from 1 down to 0. */
function sweep(honest: readonly Judged[], forged: readonly Judged[]): CurvePoint[] {
  const passing = (cases: readonly Judged[], threshold: number): number =>
    cases.filter(({ score }) => score.probability >= threshold).length / Math.max(1, cases.length);
  const thresholds = [...new Set(honest.map(({ score }) => score.probability))].sort((a, b) => b - a);
  return thresholds.map((threshold) => ({
    forged: passing(forged, threshold),
    honest: passing(honest, threshold),
  }));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
