/** Every text, list and table of every contract has an end. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import * as cases from '../cases/schema.ts';
import * as errors from '../errors/app-error.ts';
import * as primitives from '../primitives.ts';
import * as record from '../record/schema.ts';
import * as batch from '../batch/schema.ts';
import * as fleet from '../sync/fleet.ts';
import * as sync from '../sync/schema.ts';
import * as verdict from '../verdict/schema.ts';

const others = { cases, errors, primitives, record, batch, fleet, sync, verdict };
/** Every file of this room, whatever it is called. */
const contracts = Object.fromEntries(
  await Promise.all(
    readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map(async (file) => [file, (await import(/* @vite-ignore */ `./${file}`)) as object] as const),
  ),
);
const modules = { ...others, ...contracts };

interface Part {
  _zod: { def: Record<string, unknown> & { type: string; checks?: { _zod: { def: CheckDefinition } }[] } };
}
interface CheckDefinition {
  check: string;
  maximum?: number;
  pattern?: RegExp;
}
const isPart = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && '_zod' in value && 'parse' in value;

/** A pattern without repetition that has no end is itself a limit: hashes and ids. */
const hasEnd = (pattern: RegExp): boolean =>
  /^\^.*\$$/.test(pattern.source) && !/(?<!\\)[*+]|\{\d+,\}/.test(pattern.source.replace(/\[[^\]]*\]/g, 'x'));

/** Where something has no end, as paths. */
function endless(schema: unknown, path: string, seen = new Set<unknown>()): string[] {
  if (!isPart(schema) || seen.has(schema)) return [];
  seen.add(schema);
  const { def } = schema._zod;
  // a format is a check of its own
  const checks: CheckDefinition[] = [...(def.checks ?? []).map((one) => one._zod.def), { check: '', ...def }];
  const isShort = checks.some(({ check, maximum }) => check === 'max_length' && maximum !== undefined);
  const inside = (part: unknown, name: string): string[] => endless(part, `${path}.${name}`, seen);
  const found: string[] = [];
  if (def.type === 'string') {
    const isShaped = checks.some(({ pattern }) => pattern !== undefined && hasEnd(pattern));
    if (!isShort && !isShaped) found.push(`${path}: a text`);
  }
  if (def.type === 'array') {
    if (!isShort) found.push(`${path}: a list`);
    found.push(...inside(def['element'], '[]'));
  }
  if (def.type === 'record') {
    // what JSON schemas are made from knows of no such limit: the maker of tables notes it
    const meta = z.globalRegistry.get(schema as unknown as z.ZodType);
    if (typeof meta?.['maxEntries'] !== 'number') found.push(`${path}: a table`);
    found.push(...inside(def['keyType'], 'key'), ...inside(def['valueType'], 'value'));
  }
  if (def.type === 'object')
    for (const [name, part] of Object.entries(def['shape'] as object)) found.push(...inside(part, name));
  for (const name of ['innerType', 'in', 'out', 'left', 'right', 'rest'])
    found.push(...inside(def[name], name));
  for (const name of ['options', 'items'])
    for (const [n, part] of (Array.isArray(def[name]) ? (def[name] as unknown[]) : []).entries())
      found.push(...inside(part, `${n}`));
  return found;
}

/** Schemas as they are exported, and those of routes. */
function schemasOf(value: unknown, path: string): [string, unknown][] {
  if (isPart(value)) return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => schemasOf(part, `${path}.${name}`));
}

const all = Object.entries(modules).flatMap(([name, exported]) => schemasOf({ ...exported }, name));

it('finds what has no end', () => {
  const bad = z.object({ a: z.string(), b: z.array(z.int()).optional(), c: z.record(z.string(), z.int()) });
  expect(endless(bad, 'x')).toEqual([
    'x.a: a text',
    'x.b.innerType: a list',
    'x.c: a table',
    'x.c.key: a text',
  ]);
  expect(endless(z.union([z.iso.datetime(), z.string().regex(/^a{3}$/)]), 'x')).toEqual(['x.0: a text']);
});

it('has an end everywhere, in some hundred messages', () => {
  expect(all.length).toBeGreaterThan(150);
  expect(all.flatMap(([path, schema]) => endless(schema, path))).toEqual([]);
});

it('refuses tables with more entries than anybody fills in', () => {
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`field${i}`, '1']));
  expect(primitives.valuesSchema.safeParse(many(1_000)).success).toBe(true);
  expect(primitives.valuesSchema.safeParse(many(1_001)).success).toBe(false);
});
