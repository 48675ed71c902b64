/** The table of failures against the code that uses it: a line that nothing raises promises what nobody keeps. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorCodes } from './table.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const rooms = [
  'config',
  'domain',
  'kiosk',
  'paper',
  'scanner-agent',
  'sandbox',
  'sealing',
  'sync-server',
  'ui',
];
const built = new Set(['dist', 'dist-electron', 'node_modules']);

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return built.has(entry.name) ? [] : sourcesIn(path);
    return /\.(ts|vue)$/.test(entry.name) && !entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

test('no code stands in two parts of the table', () => {
  const parts = readdirSync(join(root, 'domain', 'errors', 'codes'));
  const written = parts.flatMap((name) => [
    ...readFileSync(join(root, 'domain', 'errors', 'codes', name), 'utf8').matchAll(
      /^  ([A-Z_0-9]+): entry\(/gm,
    ),
  ]);
  expect(written.map(([, code = '']) => code).toSorted()).toEqual([...errorCodes].toSorted());
});

test('every code is raised or read somewhere', () => {
  const text = rooms
    .flatMap((room) => sourcesIn(join(root, room)))
    .filter((file) => !file.endsWith(join('errors', 'table.ts')))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(text.length).toBeGreaterThan(1_000_000);
  expect(errorCodes.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
});

test('no source names a code that the table does not have', () => {
  const known = new Set<string>(errorCodes);
  const named = rooms
    .flatMap((room) => sourcesIn(join(root, room)))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/new AppError\(\s*'([A-Z_0-9]+)'/g)])
    .map(([, code = '']) => code);
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((code) => !known.has(code))).toEqual([]);
});
