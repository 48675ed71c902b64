/** Options that all benchmarks share. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

/** A wrong argument or a missing tool: the message says what to do. */
export class BenchError extends Error {}

export interface BenchOptions {
  /** How many pages are rendered, spread over kinds and conditions. */
  pages: number;
  seed: number;
  kinds: string[];
  conditions: string[];
  /** Where the figures go as JSON. */
  json: string | undefined;
  /** Where the rendered pages stay; a temporary folder that is removed if left out. */
  keep: string | undefined;
  /** Claims judged by earlier runs (their --json, joined by commas), instead of fresh pages. */
  from: string[];
  /** verify: from the photograph alone, without the true page and other readers. */
  quick: boolean;
  /** Where a bench that draws puts its picture, PNG. */
  figure: string | undefined;
  /** pages: the pictures are opened again until so many pages were seen, and memory is watched; 0 for none. */
  memoryPages: number;
  /** A PP-OCR export to compare with: det.onnx, rec.onnx, keys.txt. */
  outsidePack: string | undefined;
  /** pages, reading: real pictures with marks made by eye in this folder, instead of rendered ones. */
  real: string | undefined;
  /** opencv: another build, by the name of its package, beside the one in use. */
  beside: string | undefined;
  /** Of the real pictures: those that the product may be mended on, those set aside for measuring, or all. */
  part: RealPart;
}

export const realParts = ['all', 'development', 'set aside'] as const;
export type RealPart = (typeof realParts)[number];

export const kinds = [
  'business-licence',
  'construction-qualification',
  'resident-id-card',
  'resident-id-card-back',
  'prose',
  'table',
  'form',
];
export const conditions = ['scan', 'camera', 'hard'];

/** Throws BenchError. `--outside-pack` or `LUDENG_OUTSIDE_PACK` names the outside pack. */
export function readBenchOptions(args: string[], env: NodeJS.ProcessEnv): BenchOptions {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        pages: { type: 'string' },
        seed: { type: 'string' },
        kinds: { type: 'string' },
        conditions: { type: 'string' },
        json: { type: 'string' },
        keep: { type: 'string' },
        figure: { type: 'string' },
        from: { type: 'string' },
        quick: { type: 'boolean' },
        'memory-pages': { type: 'string' },
        real: { type: 'string' },
        beside: { type: 'string' },
        part: { type: 'string' },
        'outside-pack': { type: 'string' },
      },
    }));
  } catch (error) {
    throw new BenchError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return {
    pages: count(values.pages, '--pages') ?? 42,
    seed: count(values.seed, '--seed') ?? randomInt(1, 1_000_000),
    kinds: choice(values.kinds, kinds, '--kinds'),
    conditions: choice(values.conditions, conditions, '--conditions'),
    memoryPages: count(values['memory-pages'], '--memory-pages') ?? 0,
    json: values.json,
    keep: values.keep,
    figure: values.figure,
    from: values.from?.split(',') ?? [],
    quick: values.quick ?? false,
    outsidePack: values['outside-pack'] ?? (env['LUDENG_OUTSIDE_PACK'] || undefined),
    real: values.real,
    beside: values.beside,
    part: partOf(values.part),
  };
}

function partOf(text = 'all'): RealPart {
  const part = realParts.find((name) => name.replace(' ', '-') === text);
  if (!part)
    throw new BenchError(
      `--part takes ${realParts.map((name) => name.replace(' ', '-')).join(', ')}, not ${text}`,
    );
  return part;
}

function count(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new BenchError(`${name} takes a whole number, not ${text}`);
  return Number(text);
}

function choice(text: string | undefined, known: readonly string[], name: string): string[] {
  if (text === undefined) return [...known];
  const wanted = text.split(',');
  const unknown = wanted.filter((word) => !known.includes(word));
  if (unknown.length > 0)
    throw new BenchError(`${name}: ${unknown.join(', ')} unknown; known are ${known.join(', ')}`);
  return wanted;
}
