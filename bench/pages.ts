/** `npm run bench -- pages`: from the picture to the fields as the station goes, beside a plain OpenCV page finder. */
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { quadSchema } from '#domain/reading/schema.ts';
import sharp from 'sharp';
import { z } from 'zod';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import type { BenchOptions } from './options.ts';
import { CORNER_LIMIT, cornerError, isUpright, median, quantile, skewLeft } from './pages/corner-scores.ts';
import { reportPreviews } from './pages/preview-cost.ts';
import { cpuSecondsOf } from './readers/process-cost.ts';
import { percent, table } from './score/table.ts';
import { findPython, renderSet } from './set/render-set.ts';
import type { EvaluationPage } from './set/render-set.ts';
import { certificateOf, trueFields } from './set/true-fields.ts';

const modelFolder = fileURLToPath(new URL('../models/weights', import.meta.url));
const timeoutMs = 120_000;

/** Seconds of wall clock and of CPU (all threads of the reader's process). */
interface Cost {
  wall: number;
  cpu: number;
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
  /** Find the lines and read them. */
  read: Cost;
  fieldsMs: number;
  fields: { id: string; truth: string; read: string | undefined; exact: boolean }[];
}

const plainSchema = z.array(z.object({ corners: quadSchema.nullable(), cpuSeconds: z.number() }));
type Plain = z.infer<typeof plainSchema>[number];

export async function benchPages(options: BenchOptions): Promise<void> {
  say(
    `seed ${options.seed}, ${options.pages} pages: npm run bench -- pages --seed ${options.seed} --pages ${options.pages}`,
  );
  const catalogue = loadCatalogue();
  const set = await renderSet(options);
  const reader = createPaperReader({ modelFolder });
  try {
    const plain = findPlainly(set.pages);
    // The models load with the first question; that is no page's cost.
    await reader.describeModels({ signal: new AbortController().signal, timeoutMs });
    const figures: PageFigures[] = [];
    for (const [i, page] of set.pages.entries())
      figures.push(await measure(reader, catalogue, page, plain[i]));
    print(figures, options);
    for (const line of await reportPreviews(reader, set.pages, options.memoryPages)) say(line);
    if (options.json)
      await writeFile(options.json, `${JSON.stringify({ seed: options.seed, figures }, undefined, 2)}\n`);
  } finally {
    await Promise.all([reader.close(), set.dispose()]);
  }
}

async function measure(
  reader: ManagedPaperReader,
  catalogue: Catalogue,
  page: EvaluationPage,
  plain: Plain | undefined,
): Promise<PageFigures> {
  const certificate = certificateOf(catalogue, page);
  const bytes = await readFile(page.pictureFile);
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const wait = { signal: new AbortController().signal, timeoutMs };
  const [opened, open] = await costOf(reader, () =>
    reader.openDocument(bytes, { ...wait, ...(certificate ? { paperSizes: certificate.papers } : {}) }),
  );
  const [straight] = opened;
  if (!straight) throw new Error(`${page.name}: no page came back`);
  const [{ lines }, read] = await costOf(reader, () => reader.readPage(straight.jpeg, wait));
  const before = performance.now();
  const readings = certificate ? extractFields(certificate, [{ ...straight, lines }]) : {};
  const fieldsMs = performance.now() - before;
  const fields = certificate
    ? trueFields(certificate, page).map(({ field, value }) => {
        const found = readings[field.id]?.value;
        const exact = found !== undefined && fieldRules[field.kind].agrees(value, found, field);
        return { id: field.id, truth: value, read: found, exact };
      })
    : [];
  return {
    name: page.name,
    kind: page.kind,
    condition: page.condition,
    issues: straight.quality.issues,
    cornerError: cornerError(straight.corners, page.corners, { width, height }),
    plainCornerError: plain?.corners
      ? cornerError(plain.corners, page.corners, { width, height })
      : undefined,
    plainCpuSeconds: plain?.cpuSeconds ?? 0,
    upright: isUpright(straight.corners, page.corners),
    skewDeg: skewLeft(straight.corners, page.corners, straight),
    open,
    read,
    fieldsMs,
    fields,
  };
}

async function costOf<Result>(
  reader: ManagedPaperReader,
  work: () => Promise<Result>,
): Promise<[Result, Cost]> {
  const pid = reader.status().pid;
  const [wall, cpu] = [performance.now(), cpuSecondsOf(pid)];
  const result = await work();
  return [result, { wall: (performance.now() - wall) / 1000, cpu: cpuSecondsOf(pid) - cpu }];
}

function findPlainly(pages: readonly EvaluationPage[]): Plain[] {
  const script = fileURLToPath(new URL('./pages/plain_finder.py', import.meta.url));
  const input = JSON.stringify({ pictures: pages.map(({ pictureFile }) => pictureFile) });
  const { status, stdout } = spawnSync(findPython(), [script], {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`plain_finder.py ended with ${String(status)}`);
  return plainSchema.parse(JSON.parse(stdout));
}

function print(figures: readonly PageFigures[], { kinds, conditions }: BenchOptions): void {
  const groups: [string, PageFigures[]][] = [
    ['all', [...figures]],
    ...conditions.map((name): [string, PageFigures[]] => [
      name,
      figures.filter((page) => page.condition === name),
    ]),
    ...kinds.map((name): [string, PageFigures[]] => [name, figures.filter((page) => page.kind === name)]),
  ];
  const seen = groups.filter(([, pages]) => pages.length > 0);
  const share = (pages: readonly PageFigures[], holds: (page: PageFigures) => boolean): string =>
    percent(pages.filter(holds).length / pages.length);
  say('\nFinding the page: all four corners within 1 % of the picture diagonal');
  say(
    table(
      [
        'pages',
        'number',
        'found %',
        'plain finder %',
        'median error %',
        'upright %',
        'skew left, median °',
        '95 % under °',
      ],
      seen.map(([name, pages]) => [
        name,
        String(pages.length),
        share(pages, (page) => page.cornerError <= CORNER_LIMIT),
        share(pages, (page) => (page.plainCornerError ?? 1) <= CORNER_LIMIT),
        percent(median(pages.map((page) => page.cornerError))),
        share(pages, (page) => page.upright),
        degrees(median(pages.map((page) => page.skewDeg))),
        degrees(
          quantile(
            pages.map((page) => page.skewDeg),
            0.95,
          ),
        ),
      ]),
    ),
  );
  say('\nFields exact % by kind and condition');
  const withFields = kinds.filter((kind) =>
    figures.some((page) => page.kind === kind && page.fields.length > 0),
  );
  say(
    table(
      ['kind', 'all', ...conditions],
      ['all', ...withFields].map((kind) => [
        kind,
        ...[undefined, ...conditions].map((condition) => {
          const fields = figures
            .filter(
              (page) =>
                (kind === 'all' || page.kind === kind) && (!condition || page.condition === condition),
            )
            .flatMap((page) => page.fields);
          return fields.length === 0
            ? '-'
            : percent(fields.filter(({ exact }) => exact).length / fields.length);
        }),
      ]),
    ),
  );
  say('\nFrom the picture to the fields, median a page');
  const part = (name: string, values: readonly number[], cpu: readonly number[]): string[] => [
    name,
    (median(values) ?? 0).toFixed(2),
    (median(cpu) ?? 0).toFixed(2),
  ];
  const total = (pick: (cost: Cost) => number) => figures.map((page) => pick(page.open) + pick(page.read));
  say(
    table(
      ['part', 'wall s', 'CPU s'],
      [
        part(
          'find, straighten, turn upright, judge',
          figures.map(({ open }) => open.wall),
          figures.map(({ open }) => open.cpu),
        ),
        part(
          'read the lines',
          figures.map(({ read }) => read.wall),
          figures.map(({ read }) => read.cpu),
        ),
        part(
          'extract the fields',
          figures.map(({ fieldsMs }) => fieldsMs / 1000),
          figures.map(({ fieldsMs }) => fieldsMs / 1000),
        ),
        part(
          'all',
          total(({ wall }) => wall),
          total(({ cpu }) => cpu),
        ),
        part(
          'plain finder, corners only',
          figures.map(({ plainCpuSeconds }) => plainCpuSeconds),
          figures.map(({ plainCpuSeconds }) => plainCpuSeconds),
        ),
      ],
    ),
  );
}

const degrees = (value: number | undefined): string => (value === undefined ? '-' : value.toFixed(2));

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
