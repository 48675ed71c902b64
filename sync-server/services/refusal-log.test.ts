import { expect, it } from 'vitest';
import { createRefusalLog } from './refusal-log.ts';

function open() {
  const lines: Record<string, unknown>[] = [];
  let now = 0;
  const log = createRefusalLog({ warn: (context) => void lines.push(context) }, () => now);
  return { log, lines, pass: (ms: number) => (now += ms) };
}

it('writes a few lines of one kind and one that counts the rest', () => {
  const { log, lines, pass } = open();
  for (let n = 0; n < 10_000; n += 1) log.refused('refused', { code: 'A', route: '/x' }, { traceId: n });
  log.refused('refused', { code: 'B', route: '/x' }, { traceId: 0 });
  expect(lines).toHaveLength(6);
  pass(60_000);
  log.refused('refused', { code: 'A', route: '/x' }, { traceId: 'next' });
  expect(lines.slice(6)).toEqual([
    { code: 'A', route: '/x', more: 9_995, withinMs: 60_000 },
    { code: 'A', route: '/x', traceId: 'next' },
  ]);
});

it('holds a flood of kinds too, and tells what was counted at the end', () => {
  const { log, lines } = open();
  for (let n = 0; n < 5_000; n += 1) log.refused('refused', { code: `C${n}` }, {});
  expect(lines.length).toBeLessThan(210);
  log.flush();
  expect(lines.at(-1)).toMatchObject({ code: 'other', more: 4_795 });
});
