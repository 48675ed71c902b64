import { expect, it } from 'vitest';
import { runBeside } from './run-beside.ts';

/** Steps that end when they are told to; answers what has begun so far. */
function steps(...order: (string | { name: string; after: string[] })[]) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    all: order.map((one) => ({
      ...(typeof one === 'string' ? { name: one } : one),
      run: () => {
        const name = typeof one === 'string' ? one : one.name;
        begun.push(name);
        return new Promise<void>((resolve) => ends.set(name, resolve));
      },
    })),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

it('keeps so many running, in their order, and begins what waits when that has ended', async () => {
  const { all, begun, end } = steps('build', 'types', { name: 'pages', after: ['build'] }, 'unit');
  const done = runBeside(all, 2);
  expect(begun).toEqual(['build', 'types']);
  await end('types');
  // the pages still wait for the build
  expect(begun).toEqual(['build', 'types', 'unit']);
  await end('build');
  expect(begun).toEqual(['build', 'types', 'unit', 'pages']);
  await end('unit');
  await end('pages');
  await done;
});

it('refuses what waits for a step that is not there', async () => {
  await expect(runBeside(steps({ name: 'pages', after: ['build'] }).all, 2)).rejects.toThrow('pages');
});
