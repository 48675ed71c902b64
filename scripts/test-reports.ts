/** Where the last run of each vitest project left its report. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'node_modules',
  '.cache',
  'test-reports',
);

export function reportOf(name: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.json`);
}
