/** A fresh evaluation set: held-out fonts, words and layouts of models/render.py, never seen in training. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { quadSchema } from '#domain/reading/schema.ts';
import { BenchError } from '../options.ts';
import type { BenchOptions } from '../options.ts';

const truthSchema = z.object({
  picture: z.string(),
  certificate: z.string().nullable(),
  kind: z.string(),
  condition: z.string(),
  seed: z.number(),
  page: z.object({ widthMm: z.number(), heightMm: z.number() }),
  /** Of the page in the picture, clockwise from its own top left, pixels. */
  corners: quadSchema,
  fields: z.record(z.string(), z.string()),
  lines: z.array(
    z.object({
      text: z.string(),
      /** x, y, width, height in mm on the page. */
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
      field: z.string().nullable(),
      underSeal: z.boolean(),
    }),
  ),
});
export type Truth = z.infer<typeof truthSchema>;

export interface EvaluationPage extends Truth {
  name: string;
  /** The photograph or scan. */
  pictureFile: string;
}

export interface EvaluationSet {
  folder: string;
  pages: EvaluationPage[];
  dispose(): Promise<void>;
}

/** Page i takes kind i and a condition that moves on with each round, so that few pages still show all of both. */
export function jobsOf({
  pages,
  seed,
  kinds,
  conditions,
}: Pick<BenchOptions, 'pages' | 'seed' | 'kinds' | 'conditions'>): {
  kind: string;
  condition: string;
  seed: number;
}[] {
  return Array.from({ length: pages }, (_, i) => ({
    kind: kinds[i % kinds.length] as string,
    condition: conditions[((i % kinds.length) + Math.floor(i / kinds.length)) % conditions.length] as string,
    seed: seed + i,
  }));
}

/** Pages that are in the kept folder already are not rendered again. Throws BenchError when Python or one of its packages is missing. */
export async function renderSet(options: BenchOptions): Promise<EvaluationSet> {
  const python = findPython();
  const folder = options.keep ? resolve(options.keep) : await mkdtemp(join(tmpdir(), 'ludeng-bench-'));
  const dispose = async (): Promise<void> => {
    if (!options.keep) await rm(folder, { recursive: true, force: true });
  };
  try {
    const jobs = jobsOf(options);
    const missing = jobs.filter((job) => !existsSync(join(folder, nameOf(job))));
    if (missing.length > 0) await render(python, { out: folder, jobs: missing });
    const names = jobs.map(nameOf);
    const pages = await Promise.all(
      names.map(async (name) => {
        const truth = truthSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
        return { ...truth, name: name.replace(/\.json$/, ''), pictureFile: join(folder, truth.picture) };
      }),
    );
    return { folder, pages, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** As render_set.py names what it writes. */
function nameOf({ kind, condition, seed }: ReturnType<typeof jobsOf>[number]): string {
  return `${kind}-${condition}-${String(seed).padStart(4, '0')}.json`;
}

function render(python: string, order: unknown): Promise<void> {
  return new Promise((done, fail) => {
    const script = fileURLToPath(new URL('./render_set.py', import.meta.url));
    const child = spawn(python, [script], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done();
      else fail(new BenchError(`rendering the pages failed (${python} ended with ${String(code)})`));
    });
    child.stdin.end(JSON.stringify(order));
  });
}

/** Debian's own Python first: its packages come with apt. */
export function findPython(): string {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const tried = spawnSync(python, ['-c', 'import cv2, numpy, PIL, fontTools'], { stdio: 'ignore' });
    if (tried.status === 0) return python;
  }
  throw new BenchError(
    'The pages are rendered by Python. Please install: python3-pil python3-numpy python3-opencv python3-fonttools ' +
      'and the fonts named in models/setup.sh',
  );
}
