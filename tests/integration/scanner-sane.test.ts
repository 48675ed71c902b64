/** The SANE driver against the real scanimage and the test backend of Debian's sane-utils. */
import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { collectSheets } from '#tests/support/scan-sheets.ts';
import { prepareSane } from '#tests/support/sane-test-backend.ts';
import type { SaneBench } from '#tests/support/sane-test-backend.ts';
import type { PageSource, ScanSettings } from '../../scanner-agent/ports/page-source.ts';

const benches: SaneBench[] = [];
const never = new AbortController().signal;
const feeder: ScanSettings = { source: 'feeder', dpi: 200, colour: 'colour' };

async function scannerOf(
  options: Parameters<typeof prepareSane>[0] = {},
): Promise<PageSource & { bench: SaneBench }> {
  const bench = prepareSane(options);
  benches.push(bench);
  await bench.finder.refresh(never);
  const [scanner] = bench.finder.list();
  if (!scanner) throw new Error('the finder lists nothing');
  return { ...scanner, bench };
}
const collect = (
  scanner: PageSource,
  settings = feeder,
  options: { sheetTimeoutMs?: number } = {},
): ReturnType<typeof collectSheets> => collectSheets(scanner, settings, options);
afterEach(() => {
  for (const bench of benches.splice(0)) bench.remove();
});

describe.skipIf(!existsSync('/usr/bin/scanimage'))('a SANE scanner', () => {
  test('says what it can, and that it is simulated', async () => {
    const scanner = await scannerOf();
    expect(scanner.health()).toMatchObject({
      driver: 'sane',
      state: 'ready',
      simulated: true,
      can: { sources: ['flatbed', 'feeder'], dpis: [200, 300, 600], colours: ['grey', 'colour'] },
    });
  });

  test('yields the feeder’s ten sheets in colour at the asked resolution, and leaves no picture on the disk', async () => {
    const scanner = await scannerOf();
    const { sheets, code } = await collect(scanner);
    expect(code).toBeUndefined();
    expect(sheets).toHaveLength(10);
    const { width, height, channels } = await sharp(sheets[9]?.bytes).metadata();
    // The backend's glass ends at 200 mm.
    expect(Math.abs((width ?? 0) - (200 / 25.4) * 200)).toBeLessThan(3);
    expect([Math.abs((height ?? 0) - (200 / 25.4) * 200) < 3, channels]).toEqual([true, 3]);
    expect(readdirSync(scanner.bench.scratchFolder)).toEqual([]);
  });

  test('yields one sheet from the flatbed, packed where it would be too large', async () => {
    const scanner = await scannerOf();
    const { sheets } = await collect(scanner, { source: 'flatbed', dpi: 600, colour: 'grey' });
    expect(sheets).toHaveLength(1);
    expect((await sharp(sheets[0]?.bytes).metadata()).format).toBe('png');
  });

  test('lets the feeder run no farther ahead than a few sheets', async () => {
    const scanner = await scannerOf();
    const sheets = scanner.scan(feeder, { signal: never, sheetTimeoutMs: 20_000 });
    await sheets.next();
    // The next sheet is only asked for when this one is stored: what lies there by then is all that ever lies there.
    await new Promise((resolve) => setTimeout(resolve, 600));
    const [folder = ''] = readdirSync(scanner.bench.scratchFolder);
    expect(readdirSync(join(scanner.bench.scratchFolder, folder)).length).toBeLessThanOrEqual(3);
    await sheets.return();
    expect(readdirSync(scanner.bench.scratchFolder)).toEqual([]);
  });

  test.each([
    ['SANE_STATUS_JAMMED', 'SCANNER_JAMMED'],
    ['SANE_STATUS_COVER_OPEN', 'SCANNER_COVER_OPEN'],
    ['SANE_STATUS_NO_DOCS', 'SCANNER_EMPTY'],
    ['SANE_STATUS_DEVICE_BUSY', 'DEVICE_BUSY'],
    ['SANE_STATUS_ACCESS_DENIED', 'SCANNER_REFUSED'],
    ['SANE_STATUS_IO_ERROR', 'DEVICE_FAULT'],
  ])('tells %s as %s', async (status, code) => {
    const scanner = await scannerOf({ conf: [`read-status-code "${status}"`] });
    expect(await collect(scanner)).toEqual({ sheets: [], code });
  });

  test('gives up a scanner that hangs, and can be asked again', async () => {
    const scanner = await scannerOf({
      conf: ['read-limit true', 'read-limit-size 1', 'read-delay true', 'read-delay-duration 200000'],
    });
    expect(await collect(scanner, feeder, { sheetTimeoutMs: 700 })).toEqual({
      sheets: [],
      code: 'DEVICE_TIMEOUT',
    });
    expect(await collect(scanner, feeder, { sheetTimeoutMs: 300 })).toMatchObject({ code: 'DEVICE_TIMEOUT' });
  });

  test('says DEVICE_FAULT when the program crashes, and DRIVER_MISSING when it is not installed', async () => {
    const scanner = await scannerOf();
    const crashing = join(scanner.bench.scratchFolder, 'crashing');
    // Answers the question like the real one, and dies in the middle of a scan.
    writeFileSync(crashing, '#!/bin/sh\ncase "$*" in *-A*) exec scanimage "$@";; esac\nkill -SEGV $$\n');
    chmodSync(crashing, 0o755);
    expect((await collect(await scannerOf({ program: crashing }))).code).toBe('DEVICE_FAULT');
    const none = await scannerOf({ program: 'no-such-scanimage' });
    expect(none.health()).toMatchObject({ state: 'fault', errorCode: 'DRIVER_MISSING' });
  });

  test('says SCANNER_LOST when the device is gone after an I/O error', async () => {
    const scanner = await scannerOf();
    const pulled = join(scanner.bench.scratchFolder, 'pulled');
    writeFileSync(
      pulled,
      `#!/bin/sh\ncase "$*" in *-A*) if [ -e "$0.out" ]; then exec scanimage -d test:9 -A; fi; exec scanimage "$@";; esac\n` +
        `touch "$0.out"; exec scanimage "$@" --read-return-value=SANE_STATUS_IO_ERROR\n`,
    );
    chmodSync(pulled, 0o755);
    const other = await scannerOf({ program: pulled });
    expect((await collect(other)).code).toBe('SCANNER_LOST');
    expect(other.health().state).toBe('missing');
  });

  test('ends without an error when the person stops it, and a second scan meanwhile is refused', async () => {
    const scanner = await scannerOf();
    const stop = new AbortController();
    const sheets = scanner.scan(feeder, { signal: stop.signal, sheetTimeoutMs: 20_000 });
    await sheets.next();
    expect((await collect(scanner)).code).toBe('DEVICE_BUSY');
    stop.abort();
    expect((await sheets.next()).done).toBe(true);
    expect((await collect(scanner)).sheets).toHaveLength(10);
  });
});
