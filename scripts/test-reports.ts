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

/** Projects that run in several parts: the longest ones, so that none of them is left over alone at the end. */
const shards: Readonly<Record<string, number>> = { e2e: 2, integration: 2 };

/** How the parts of a project are called, `e2e 1/2`, and what vitest is told for each. */
export function partsOf(project: string): { title: string; args: string[] }[] {
  const count = shards[project] ?? 1;
  if (count === 1) return [{ title: project, args: [] }];
  return Array.from({ length: count }, (_, index) => {
    const part = `${index + 1}/${count}`;
    return { title: `${project} ${part}`, args: [`--shard=${part}`] };
  });
}

export function reportOf(title: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, `${title.replaceAll(/\W+/g, '-')}.json`);
}
