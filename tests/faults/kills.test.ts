/** Station and server killed while they work; hundreds of cuts: `node tests/faults/kills.ts --cuts 500`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killBoth } from './kills/kill-both.ts';

const folder = mkdtempSync(join(tmpdir(), 'kills-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('nothing is lost, doubled or corrupt when station and server are killed again and again', async () => {
  const { lost, doubled, corrupt, queued } = await killBoth({ folder, cuts: 3 });
  expect({ lost, doubled, corrupt }).toEqual({ lost: [], doubled: [], corrupt: [] });
  expect(queued).toBeGreaterThan(0);
}, 420_000);
