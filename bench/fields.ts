/**
 * `npm run bench -- fields`: documents laid out at random, their fields found. Families that development never saw are
 * reported alone.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { featureNames } from '#domain/reading/judge-candidates.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { createDraws } from './fields/draws.ts';
import { candidateRows } from './fields/candidate-rows.ts';
import { makePage } from './fields/make-page.ts';
import type { Split } from './fields/make-page.ts';
import { readLike } from './fields/read-like.ts';
import { scorePage } from './fields/score.ts';
import type { PageOutcome } from './fields/score.ts';
import { BenchError } from './options.ts';

export async function benchFields(args: string[]): Promise<void> {
  const { pages, seed, split, json, show, features } = readOptions(args);
  const catalogue = loadCatalogue();
  const outcomes: PageOutcome[] = [];
  if (features !== undefined && split === 'unseen')
    throw new BenchError('weights are fitted on families of development alone: add --development');
  const rows: string[] | undefined = features === undefined ? undefined : [JSON.stringify(featureNames)];
  const startedAt = performance.now();
  for (let index = 0; index < pages; index += 1) {
    const page = makePage(catalogue, split, seed + index);
    const read = readLike(page.sheet, createDraws(seed + index));
    outcomes.push(scorePage(catalogue, page, read, read));
    if (rows) rows.push(...candidateRows(page, read));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  process.stdout.write(`${tableOf(outcomes, split)}\n${((seconds * 1000) / pages).toFixed(1)} ms a page\n`);
  if (show && split === 'unseen')
    throw new BenchError('pages of unseen families are not shown, so that nobody tunes on them');
  if (show) process.stdout.write(`${faultsOf(outcomes)}\n`);
  if (features !== undefined && rows) await writeFile(features, `${rows.join('\n')}\n`);
  if (json !== undefined) await writeFile(json, JSON.stringify(figuresOf(outcomes), undefined, 1));
}

function readOptions(args: string[]): {
  pages: number;
  seed: number;
  split: Split;
  json: string | undefined;
  show: boolean;
  features: string | undefined;
} {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        pages: { type: 'string' },
        seed: { type: 'string' },
        development: { type: 'boolean' },
        json: { type: 'string' },
        show: { type: 'boolean' },
        features: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new BenchError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  const number = (text: string | undefined, usual: number): number => {
    if (text === undefined) return usual;
    if (!/^[1-9]\d{0,6}$/u.test(text)) throw new BenchError(`a whole number is wanted, not ${text}`);
    return Number(text);
  };
  return {
    pages: number(values.pages, 1200),
    seed: number(values.seed, 1),
    split: values.development ? 'development' : 'unseen',
    json: values.json,
    show: values.show ?? false,
    features: values.features,
  };
}

interface Figures {
  pages: number;
  kinds: number;
  fields: number;
  keyFields: number;
  /** Of the key fields: the proposed mark lies on something else. */
  elsewhere: number;
  invented: number;
}

function figuresOf(outcomes: readonly PageOutcome[]): Record<string, Figures> {
  const families = Object.groupBy(outcomes, ({ page }) => page.family);
  const figures = Object.fromEntries(
    Object.entries(families).map(([name, own = []]) => [name, figuresOfOne(own)]),
  );
  return { ...figures, 'all families': figuresOfOne(outcomes) };
}

function figuresOfOne(outcomes: readonly PageOutcome[]): Figures {
  const fields = outcomes.flatMap((outcome) => outcome.fields);
  const key = fields.filter(({ field }) => field.weight === 'key');
  const share = (part: number, all: number): number =>
    all === 0 ? 0 : Math.round((10000 * part) / all) / 100;
  return {
    pages: outcomes.length,
    kinds: share(outcomes.filter(({ kind, page }) => kind === page.document.id).length, outcomes.length),
    fields: share(fields.filter(({ right }) => right).length, fields.length),
    keyFields: share(key.filter(({ right }) => right).length, key.length),
    elsewhere: share(key.filter(({ place }) => place === false).length, key.length),
    invented: outcomes.reduce((sum, { invented }) => sum + invented.length, 0),
  };
}

function tableOf(outcomes: readonly PageOutcome[], split: Split): string {
  const rows = Object.entries(figuresOf(outcomes)).map(
    ([name, { pages, kinds, fields, keyFields, elsewhere, invented }]) =>
      `| ${name.padEnd(24)} | ${[pages, kinds, fields, keyFields, elsewhere, invented].map((cell) => String(cell).padStart(9)).join(' | ')} |`,
  );
  const head = ['pages', 'kinds %', 'fields %', 'key %', 'elsewhere', 'invented'];
  return [
    `| ${`${split} families`.padEnd(24)} | ${head.map((cell) => cell.padStart(9)).join(' | ')} |`,
    `| ${'-'.repeat(24)} | ${head.map(() => '-'.repeat(9)).join(' | ')} |`,
    ...rows,
  ].join('\n');
}

function faultsOf(outcomes: readonly PageOutcome[]): string {
  return outcomes
    .flatMap(({ page, fields, kind }, index) => [
      ...(kind === page.document.id
        ? []
        : [`${index} ${page.family} ${page.document.id} KIND ${kind ?? '-'}`]),
      ...fields
        .filter(({ right }) => !right)
        .map(
          ({ field, truth, value }) =>
            `${index} ${page.family} ${page.document.id}.${field.id}: ${truth} <> ${value ?? '-'}`,
        ),
    ])
    .join('\n');
}
