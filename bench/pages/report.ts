/** What the pages' figures come to, as tables. */
import { availableParallelism } from 'node:os';
import type { BenchOptions } from '../options.ts';
import { percent, table } from '../score/table.ts';
import { cornerLimit, median, quantile } from './corner-scores.ts';

/** Seconds of wall clock and of CPU (all threads of the reader's process). */
export interface Cost {
  wall: number;
  cpu: number;
}

export interface FieldFigures {
  id: string;
  truth: string;
  read: string | undefined;
  exact: boolean;
}

export interface PageFigures {
  name: string;
  kind: string;
  condition: string;
  issues: string[];
  cornerError: number;
  plainCornerError: number | undefined;
  plainCpuSeconds: number;
  upright: boolean;
  skewDeg: number;
  /** Find the page, straighten it, turn it upright, judge it. */
  open: Cost;
  /** Read the lines and the codes, in the same call. */
  read: Cost;
  fieldsMs: number;
  fields: FieldFigures[];
  /** The document that the page is taken for beside the true one; undefined for papers that are no document. */
  recognised: { truth: string; offered: string | undefined } | undefined;
  /** The same straight page read by the outside pack. */
  outside: { read: Cost; fields: FieldFigures[] } | undefined;
}

/** Lines to print. */
export function reportPages(figures: readonly PageFigures[], options: BenchOptions): string[] {
  return [
    ...corners(figures, options),
    ...fields(figures, options),
    ...misses(figures),
    ...times(figures),
    ...besideOutside(figures),
  ];
}

function corners(figures: readonly PageFigures[], { kinds, conditions }: BenchOptions): string[] {
  const groups: [string, PageFigures[]][] = [
    ['all', [...figures]],
    ...conditions.map((name): [string, PageFigures[]] => [
      name,
      figures.filter((page) => page.condition === name),
    ]),
    ...kinds.map((name): [string, PageFigures[]] => [name, figures.filter((page) => page.kind === name)]),
  ];
  const share = (pages: readonly PageFigures[], holds: (page: PageFigures) => boolean): string =>
    pages.length === 0 ? '-' : percent(pages.filter(holds).length / pages.length);
  const headings = [
    'pages',
    'number',
    'found %',
    'plain finder %',
    'median error %',
    'upright %',
    'skew left, median °',
    '95 % under °',
    'kind right %',
  ];
  const rows = groups
    .filter(([, pages]) => pages.length > 0)
    .map(([name, pages]) => {
      const skews = pages.map((page) => page.skewDeg);
      return [
        name,
        String(pages.length),
        share(pages, (page) => page.cornerError <= cornerLimit),
        share(pages, (page) => (page.plainCornerError ?? 1) <= cornerLimit),
        percent(median(pages.map((page) => page.cornerError))),
        share(pages, (page) => page.upright),
        degrees(median(skews)),
        degrees(quantile(skews, 0.95)),
        share(
          pages.filter((page) => page.recognised),
          ({ recognised }) => recognised?.truth === recognised?.offered,
        ),
      ];
    });
  return ['\nFinding the page: all four corners within 1 % of the picture diagonal', table(headings, rows)];
}

function fields(figures: readonly PageFigures[], { kinds, conditions }: BenchOptions): string[] {
  const withFields = kinds.filter((kind) =>
    figures.some((page) => page.kind === kind && page.fields.length > 0),
  );
  const isOf = (page: PageFigures, kind: string, condition: string | undefined): boolean =>
    (kind === 'all' || page.kind === kind) && (!condition || page.condition === condition);
  const tableOf = (of: (page: PageFigures) => FieldFigures[]): string =>
    table(
      ['kind', 'all', ...conditions],
      ['all', ...withFields].map((kind) => [
        kind,
        ...[undefined, ...conditions].map((condition) =>
          exactShare(figures.filter((page) => isOf(page, kind, condition)).flatMap(of)),
        ),
      ]),
    );
  const lines = ['\nFields exact % by kind and condition', tableOf((page) => page.fields)];
  if (figures.some(({ outside }) => outside))
    lines.push(
      '\nFields exact %, our pipeline with the outside pack',
      tableOf((page) => page.outside?.fields ?? []),
    );
  return lines;
}

const exactShare = (all: readonly FieldFigures[]): string =>
  all.length === 0 ? '-' : percent(all.filter(({ exact }) => exact).length / all.length);

/** By name, so that each can be looked at (`--keep`). */
function misses(figures: readonly PageFigures[]): string[] {
  const lines = figures.flatMap((page) => [
    ...(page.cornerError > cornerLimit
      ? [`${page.name}: corners off by ${percent(page.cornerError)} % ${page.issues.join(' ')}`]
      : []),
    ...(page.recognised && page.recognised.truth !== page.recognised.offered
      ? [`${page.name}: taken for ${page.recognised.offered ?? 'nothing'}`]
      : []),
    ...page.fields
      .filter(({ exact }) => !exact)
      .map(({ id, truth, read }) => `${page.name}: ${id} is ${truth}, read ${read ?? '∅'}`),
  ]);
  return lines.length === 0 ? [] : ['\nWhat went wrong', ...lines];
}

function times(figures: readonly PageFigures[]): string[] {
  const part = (name: string, of: (page: PageFigures) => Cost): string[] => {
    const costs = figures.map(of);
    return [
      name,
      seconds(median(costs.map(({ wall }) => wall))),
      seconds(median(costs.map(({ cpu }) => cpu))),
    ];
  };
  const alone = (value: number): Cost => ({ wall: value, cpu: value });
  return [
    `\nFrom the picture to the fields, median of ${figures.length} pages, on ${availableParallelism()} cores`,
    table(
      ['part', 'wall s', 'CPU s'],
      [
        part('the straight page: find, straighten, turn upright, judge, find the lines', ({ open }) => open),
        part('read the lines and codes', ({ read }) => read),
        part('extract the fields', ({ fieldsMs }) => alone(fieldsMs / 1000)),
        part('all', wholeWay),
        part('plain finder, corners only', ({ plainCpuSeconds }) => alone(plainCpuSeconds)),
      ],
    ),
  ];
}

const wholeWay = ({ open, read, fieldsMs }: PageFigures): Cost => ({
  wall: open.wall + read.wall + fieldsMs / 1000,
  cpu: open.cpu + read.cpu + fieldsMs / 1000,
});

/** Page by page the two take turns, so that what else the machine does burdens both alike. */
function besideOutside(figures: readonly PageFigures[]): string[] {
  const paired = figures.flatMap((page) =>
    page.outside ? [{ ours: wholeWay(page), outside: page.outside.read }] : [],
  );
  if (paired.length === 0) return [];
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const row = (name: string, pick: (cost: Cost) => number): string[] => {
    const ours = paired.map((pair) => pick(pair.ours));
    const outside = paired.map((pair) => pick(pair.outside));
    const ratios = ours.map((value, i) => value / (outside[i] ?? value));
    return [
      name,
      seconds(median(ours)),
      seconds(median(outside)),
      seconds(sum(ours) / sum(outside)),
      seconds(median(ratios)),
      percent(ratios.filter((ratio) => ratio < 1).length / ratios.length),
    ];
  };
  return [
    '\nOurs from the picture to the fields beside the outside pack reading the straight page alone',
    table(
      [
        'time',
        'ours, median s',
        'outside, median s',
        'ratio of sums',
        'median ratio',
        'pages where ours is faster %',
      ],
      [row('wall', ({ wall }) => wall), row('CPU', ({ cpu }) => cpu)],
    ),
  ];
}

const degrees = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2));
const seconds = (value: number | undefined): string => (value ?? 0).toFixed(2);
