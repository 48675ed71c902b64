/** `npm run bench -- reading`: our readers beside an outside pack and Tesseract, over the same fresh pages. */
import { writeFile } from 'node:fs/promises';
import type { BenchOptions } from './options.ts';
import { gatherReaders } from './readers/run-readers.ts';
import type { ReaderUnderTest } from './readers/run-readers.ts';
import { scoreInOrder, scorePage, withoutIgnored } from './score/match-lines.ts';
import { percent, table } from './score/table.ts';
import { createTally } from './score/tally.ts';
import type { Rates } from './score/tally.ts';
import { openRealSet } from './set/real-set.ts';
import type { RealPicture } from './set/real-set.ts';
import { findPython, renderSet } from './set/render-set.ts';
import { straightenSet } from './set/straight-pages.ts';
import type { StraightTruth } from './set/straight-pages.ts';

export interface ReaderFigures {
  id: string;
  title: string;
  mode: ReaderUnderTest['mode'];
  isOurs: boolean;
  /** By heading: `all`, a condition, a kind. */
  rates: Record<string, Rates>;
  cpuSecondsPerPage: number;
  peakMb: number;
}

export async function benchReading(options: BenchOptions): Promise<void> {
  if (options.real) return benchRealReading({ ...options, real: options.real });
  say(
    `seed ${options.seed}, ${options.pages} pages: npm run bench -- reading --seed ${options.seed} --pages ${options.pages}`,
  );
  if (!options.outsidePack) say('no outside pack: LUDENG_OUTSIDE_PACK is not set');
  const set = await renderSet(options);
  const { readers, dispose } = await gatherReaders({
    outsidePack: options.outsidePack,
    python: findPython(),
  });
  try {
    const pages = await straightenSet(set.pages);
    const figures: ReaderFigures[] = [];
    for (const reader of readers) {
      figures.push(await measure(reader, pages));
      say(`read: ${reader.id}`);
    }
    print(figures, options);
    if (options.json) {
      const { seed, kinds, conditions } = options;
      await writeFile(
        options.json,
        `${JSON.stringify({ seed, pages: pages.length, kinds, conditions, figures }, undefined, 2)}\n`,
      );
    }
  } finally {
    await Promise.all([dispose(), set.dispose()]);
  }
}

/** `npm run bench -- reading --real FOLDER`: the whole pictures as they are, and their true line boxes. */
async function benchRealReading(options: BenchOptions & { real: string }): Promise<void> {
  const set = await openRealSet(options.real);
  say(`${set.pictures.length} real pictures, ${set.pictures.flatMap(({ lines }) => lines).length} lines`);
  if (set.missing.length > 0) say(`not in the folder: ${set.missing.join(', ')}`);
  if (!options.outsidePack) say('no outside pack: neither --outside-pack nor LUDENG_OUTSIDE_PACK is set');
  const { readers, dispose } = await gatherReaders({ outsidePack: options.outsidePack, python: 'python3' });
  if (!readers.some(({ id }) => id === 'tesseract'))
    say('no Tesseract: Debian has it as tesseract-ocr and tesseract-ocr-chi-sim');
  try {
    const figures: ReaderFigures[] = [];
    for (const reader of readers) figures.push(await measure(reader, set.pictures));
    print(figures, { ...options, conditions: ['real'], kinds: set.pictures.map(({ name }) => name) });
    if (options.json) await writeFile(options.json, `${JSON.stringify({ figures }, undefined, 2)}\n`);
  } finally {
    await Promise.all([dispose(), set.dispose()]);
  }
}

async function measure(
  reader: ReaderUnderTest,
  pages: readonly (StraightTruth | RealPicture)[],
): Promise<ReaderFigures> {
  const result = await reader.read(pages);
  const tally = createTally();
  pages.forEach((page, i) => {
    const all = result.pages[i]?.lines ?? [];
    const kept = 'ignore' in page ? withoutIgnored(page.lines, all, page.ignore) : all;
    const isCapital = 'ignoreCase' in page && page.ignoreCase;
    const inCase = <Item extends { text: string }>(items: readonly Item[]): Item[] =>
      items.map((item) => (isCapital ? { ...item, text: item.text.toUpperCase() } : item));
    const [truth, found] = [inCase(page.lines), inCase(kept)];
    const score = reader.mode === 'page' ? scorePage(truth, found) : scoreInOrder(truth, found);
    tally.add(['all', page.condition, page.kind], score);
  });
  const { id, title, mode, isOurs } = reader;
  const seconds = result.pages.map(({ cpuSeconds }) => cpuSeconds);
  return {
    id,
    title,
    mode,
    isOurs,
    rates: tally.rates(),
    cpuSecondsPerPage: seconds.reduce((sum, value) => sum + value, 0) / Math.max(1, seconds.length),
    peakMb: result.peakMb,
  };
}

function print(figures: readonly ReaderFigures[], { conditions, kinds }: BenchOptions): void {
  for (const mode of ['page', 'boxes'] as const) {
    const rows = figures.filter((row) => row.mode === mode);
    say(mode === 'page' ? '\nWhole pages: lines found and read' : '\nTrue line boxes: the recogniser alone');
    say(
      table(
        [
          'reader',
          'CER %',
          'under seals %',
          'lines exact %',
          'codes exact %',
          'extra %',
          'CPU s/page',
          'peak MB',
        ],
        rows.map(({ title, rates, cpuSecondsPerPage, peakMb }) => {
          const all = rates['all'];
          const shares = [all?.cer, all?.cerUnderSeals, all?.linesExact, all?.codesExact, all?.extra];
          return [title, ...shares.map(percent), cpuSecondsPerPage.toFixed(2), peakMb.toFixed(0)];
        }),
      ),
    );
    for (const [name, headings] of [
      ['condition', conditions],
      ['kind', kinds],
    ] as const) {
      say(`\nCER % / under seals % by ${name}`);
      const cells = (row: ReaderFigures): string[] =>
        headings.map(
          (heading) => `${percent(row.rates[heading]?.cer)} / ${percent(row.rates[heading]?.cerUnderSeals)}`,
        );
      say(
        table(
          ['reader', ...headings],
          rows.map((row) => [row.title, ...cells(row)]),
        ),
      );
    }
    printRatios(rows);
  }
}

/** Ours against each other reader of the same run: the machine, the pages and the load are the same. */
function printRatios(rows: readonly ReaderFigures[]): void {
  const ours = rows.find(({ isOurs }) => isOurs);
  const others = rows.filter(({ isOurs }) => !isOurs);
  if (!ours || others.length === 0) return;
  const ratio = (a: number | undefined, b: number | undefined): string =>
    a === undefined || b === undefined || b === 0 ? '-' : (a / b).toFixed(2);
  say('\nOurs divided by (under 1 is better)');
  say(
    table(
      ['reader', 'CER', 'CER under seals', 'CPU time', 'memory'],
      others.map(({ title, rates, cpuSecondsPerPage, peakMb }) => [
        title,
        ratio(ours.rates['all']?.cer, rates['all']?.cer),
        ratio(ours.rates['all']?.cerUnderSeals, rates['all']?.cerUnderSeals),
        ratio(ours.cpuSecondsPerPage, cpuSecondsPerPage),
        ratio(ours.peakMb, peakMb),
      ]),
    ),
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
