/** The eSCL driver against a scanner that speaks it over HTTP. */
import sharp from 'sharp';
import { afterEach, describe, expect, test } from 'vitest';
import { announceScanner, hearsMulticast } from '#tests/emulators/scanner-escl/announce.ts';
import { startEsclEmulator } from '#tests/emulators/scanner-escl/emulator.ts';
import type { EsclEmulator } from '#tests/emulators/scanner-escl/emulator.ts';
import { collectSheets, writtenSheet, writtenSheets } from '#tests/support/scan-sheets.ts';
import { esclDriver } from '#tests/support/scanner-table.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { findEscl } from '../../scanner-agent/devices/scanners/escl/find-escl.ts';
import type { PageSource, ScanSettings } from '../../scanner-agent/ports/page-source.ts';

const feeder: ScanSettings = { source: 'feeder', dpi: 75, colour: 'colour' };
const never = new AbortController().signal;
const emulators: EsclEmulator[] = [];
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close();
});

async function bench(
  sheets = 3,
): Promise<{ emulator: EsclEmulator; scanner: PageSource; look: () => Promise<void> }> {
  const emulator = await startEsclEmulator({ sheets: await writtenSheets(sheets) });
  emulators.push(emulator);
  const finder = findEscl(esclDriver, {
    configured: [{ driver: esclDriver.id, address: emulator.url, simulated: true }],
    find: false,
    onError: () => undefined,
  });
  await finder.refresh(never);
  const [scanner] = finder.list();
  if (!scanner) throw new Error('the finder lists nothing');
  return { emulator, scanner, look: () => finder.refresh(never) };
}

const isHeard = await hearsMulticast();

describe('an eSCL scanner', () => {
  test('says its name and what it can', async () => {
    const { scanner } = await bench();
    expect(scanner.health()).toMatchObject({
      driver: 'escl',
      name: '模拟网络扫描仪',
      state: 'ready',
      simulated: true,
      can: {
        sources: ['feeder', 'feeder-duplex', 'flatbed'],
        dpis: [200, 300, 600],
        colours: ['colour', 'grey', 'black-white'],
      },
    });
  });

  test('yields the sheets of the feeder until there is no next one, at the asked resolution and colours', async () => {
    const { scanner, emulator } = await bench();
    const { sheets, code } = await collectSheets(scanner, { ...feeder, dpi: 300, colour: 'grey' });
    expect([sheets.length, code]).toEqual([3, undefined]);
    expect(emulator.jobs()).toMatchObject([{ input: 'Feeder', duplex: false, mode: 'Grayscale8', dpi: 300 }]);
    expect(await sharp(sheets[2]?.bytes).metadata()).toMatchObject({
      width: 2480,
      height: 3508,
      channels: 1,
    });
    // An empty feeder is no end of anything.
    expect((await collectSheets(scanner, feeder)).code).toBe('SCANNER_EMPTY');
  });

  test('yields both sides of each sheet in duplex, and one from the glass', async () => {
    const { scanner, emulator } = await bench(2);
    expect((await collectSheets(scanner, { ...feeder, source: 'feeder-duplex' })).sheets).toHaveLength(4);
    emulator.lay(await writtenSheet(7));
    expect((await collectSheets(scanner, { ...feeder, source: 'flatbed' })).sheets).toHaveLength(1);
  });

  test.each([
    ['jam', 'SCANNER_JAMMED'],
    ['hatch-open', 'SCANNER_COVER_OPEN'],
    ['double-feed', 'SCANNER_DOUBLE_FEED'],
    ['unplug', 'SCANNER_LOST'],
  ] as const)(
    'keeps the sheets before a %s, says %s, and goes on after it is cleared',
    async (kind, code) => {
      const { scanner, emulator, look } = await bench();
      emulator.misbehave({ kind, atSheet: 1 });
      const before = await collectSheets(scanner, feeder);
      expect([before.sheets.length, before.code]).toEqual([1, code]);
      emulator.clear();
      await look();
      expect(scanner.health().state).toBe('ready');
      expect((await collectSheets(scanner, feeder)).sheets).toHaveLength(2);
    },
  );

  test('waits for a sheet that is not ready yet', async () => {
    const { scanner, emulator } = await bench();
    emulator.misbehave({ kind: 'slow', times: 3 });
    expect((await collectSheets(scanner, feeder)).sheets).toHaveLength(3);
  });

  test('says DEVICE_BUSY when another computer scans, and DEVICE_TIMEOUT when a sheet never comes', async () => {
    const { scanner, emulator } = await bench();
    emulator.misbehave({ kind: 'busy' });
    expect((await collectSheets(scanner, feeder)).code).toBe('DEVICE_BUSY');
    emulator.misbehave({ kind: 'hang', atSheet: 0 });
    expect((await collectSheets(scanner, feeder, { sheetTimeoutMs: 300 })).code).toBe('DEVICE_TIMEOUT');
    // The job was called off: the scanner is free for the next one.
    emulator.clear();
    expect((await collectSheets(scanner, feeder)).sheets).toHaveLength(3);
  });

  test('says that the feeder is open before it begins', async () => {
    const { scanner, emulator } = await bench();
    emulator.misbehave({ kind: 'hatch-open', atSheet: 0 });
    expect((await collectSheets(scanner, feeder)).code).toBe('SCANNER_COVER_OPEN');
  });

  test('is missing when nothing answers at its address, and at fault when something else does', async () => {
    const { scanner, emulator, look } = await bench();
    emulator.misbehave({ kind: 'garbage' });
    await look();
    expect(scanner.health()).toMatchObject({ state: 'fault', errorCode: 'DEVICE_FAULT' });
    await emulator.close();
    await look();
    expect(scanner.health()).toMatchObject({ state: 'missing', errorCode: 'SCANNER_MISSING' });
  });

  test('ends without an error when the person stops it, and leaves the scanner free', async () => {
    const { scanner, emulator } = await bench();
    const stop = new AbortController();
    const sheets = scanner.scan(feeder, { signal: stop.signal, sheetTimeoutMs: 10_000 });
    await sheets.next();
    stop.abort();
    expect((await sheets.next()).done).toBe(true);
    expect(emulator.sheetsLeft()).toBe(2);
    expect((await collectSheets(scanner, feeder)).sheets).toHaveLength(2);
  });

  test.skipIf(!isHeard)(
    'that announces itself in the network is found by its name and scans (skipped where no multicast is heard)',
    async () => {
      const emulator = await startEsclEmulator({ sheets: await writtenSheets(1) });
      emulators.push(emulator);
      const { hostname: address, port, pathname } = new URL(emulator.url);
      const name = `走廊扫描仪 ${port}`;
      const path = pathname.replaceAll('/', '');
      const announced = await announceScanner({ name, address, port: Number(port), path });
      const finder = findEscl(esclDriver, { configured: [], find: true, onError: () => undefined });
      try {
        // Other scanners of this network may be found too.
        const found = await waitUntil(
          async () => {
            await finder.refresh(never);
            return finder.list().find((one) => one.health().name === name && one.health().state === 'ready');
          },
          { what: 'the announced scanner', timeoutMs: 60_000 },
        );
        expect(found.health()).toMatchObject({ address: emulator.url, simulated: false });
        expect((await collectSheets(found, feeder)).sheets).toHaveLength(1);
      } finally {
        await finder.close();
        await announced.close();
      }
    },
  );
});

describe('an eSCL scanner that gives less than it says', () => {
  test.each([
    ['lose', 2, 'SCANNER_SHEET_LOST'],
    ['give-up', 1, 'SCANNER_STOPPED'],
    ['early-end', 1, 'SCANNER_STOPPED'],
  ] as const)('%s: the sheets that came stay, and it never ends as complete', async (kind, count, code) => {
    const { scanner, emulator } = await bench();
    emulator.misbehave({ kind, atSheet: 1 });
    const { sheets, code: told } = await collectSheets(scanner, feeder);
    expect([sheets.length, told]).toEqual([count, code]);
  });

  test('a resolution that it did not scan with is not believed, though it writes it into the picture', async () => {
    const { scanner, emulator } = await bench(1);
    emulator.misbehave({ kind: 'coarse', dpi: 75 });
    const [sheet] = (await collectSheets(scanner, { ...feeder, dpi: 300 })).sheets;
    expect(sheet).toMatchObject({ dpi: 75, asked: { dpi: 300, colour: 'colour' }, colour: 'colour' });
  });

  test('a resolution that it has not is asked as the next it has, and told as that', async () => {
    const { scanner, emulator } = await bench(1);
    const [sheet] = (await collectSheets(scanner, { ...feeder, dpi: 240 })).sheets;
    expect(emulator.jobs().at(-1)?.dpi).toBe(300);
    expect(sheet).toMatchObject({ dpi: 300, asked: { dpi: 240 } });
  });

  test('a person who stops leaves what lies in the tray', async () => {
    const { scanner, emulator } = await bench(3);
    const finish = new AbortController();
    let came = 0;
    for await (const one of scanner.scan(feeder, {
      signal: never,
      finish: finish.signal,
      sheetTimeoutMs: 9_000,
    })) {
      if ('bytes' in one) came += 1;
      finish.abort();
    }
    expect([came, emulator.sheetsLeft()]).toEqual([1, 2]);
  });
});
