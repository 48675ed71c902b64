/** Station and server killed while they work; hundreds of cuts: `node tests/faults/kills.ts --cuts 500`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { killBoth } from './kills/kill-both.ts';
import { sampled } from '#tests/support/nightly.ts';

const folder = mkdtempSync(join(tmpdir(), 'kills-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(
  'nothing is lost, doubled or corrupt when station and server are killed again and again',
  async () => {
    const { lost, doubled, corrupt, queued } = await killBoth({ folder, cuts: sampled(3, 60) });
    expect({ lost, doubled, corrupt }).toEqual({ lost: [], doubled: [], corrupt: [] });
    expect(queued).toBeGreaterThan(0);
  },
  sampled(420_000, 8 * 3_600_000),
);
