/** Feeders behind SANE that give less than they were asked for, or lose a sheet: told by a program in scanimage's place. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { collectSheets } from '#tests/support/scan-sheets.ts';
import { saneDriver } from '#tests/support/scanner-table.ts';
import { findSane } from '../../scanner-agent/devices/scanners/sane/find-sane.ts';
import type { PageSource, ScanSettings } from '../../scanner-agent/ports/page-source.ts';

const never = new AbortController().signal;
const feeder: ScanSettings = { source: 'feeder', dpi: 300, colour: 'colour' };
const list = `All options specific to device \`brand:1':
    --mode Black & White|Gray[Error Diffusion]|True Gray|24bit Color[Fast] [True Gray]
    --resolution 75|150|300|600dpi [75]
    --source FlatBed|Automatic Document Feeder(left aligned) [FlatBed]
    -x 0..215.9mm [215.9]
    -y 0..355.6mm [355.6]
`;
let place: string;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'ludeng-feeder-'));
  const page = (dpi: number, colours: 'srgb' | 'b-w', said?: number): Promise<unknown> => {
    const [width, height] = [Math.round((210 / 25.4) * dpi), Math.round((297 / 25.4) * dpi)];
    const picture = sharp({ create: { width, height, channels: 3, background: '#f4f4f4' } });
    return picture
      .toColourspace(colours)
      .withDensity(said ?? dpi)
      .tiff({ compression: 'lzw' })
      .toFile(join(place, `${colours}-${dpi}${said === undefined ? '' : `-as-${said}`}.tif`));
  };
  await Promise.all([page(75, 'srgb', 300), page(300, 'srgb'), page(300, 'b-w'), page(150, 'srgb')]);
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

let programs = 0;
/** `scan`: what it does when it is asked to scan, in the folder of the sheets; `give N FILE` gives a sheet. */
async function scannerOf(scan: string): Promise<PageSource & { asked: () => string }> {
  const program = join(place, `scanimage-${(programs += 1)}`);
  writeFileSync(join(place, 'list.txt'), list);
  writeFileSync(
    program,
    `#!/usr/bin/env bash
case " $* " in *" -A "*) cat "${place}/list.txt"; exit 0;; esac
echo "$*" > "${program}.asked"
say() { echo "$*" >&2; }
give() { read -r _ || exit 0; say "Scanning page $1"; cp "${place}/$2" "$(printf sheet%04d "$1")"; say "Scanned page $1. (scanner status = 5)"; printf 'sheet%04d\\n' "$1"; }
empty() { say 'scanimage: sane_start: Document feeder out of documents'; say "Batch terminated, $1 pages scanned"; exit 0; }
${scan}
`,
  );
  chmodSync(program, 0o755);
  const finder = findSane(
    { ...saneDriver, program },
    {
      configured: [{ driver: saneDriver.id, address: 'brand:1', simulated: true }],
      find: false,
      environment: { PATH: process.env['PATH'] ?? '' },
      scratchFolder: place,
    },
  );
  await finder.refresh(never);
  const [found] = finder.list();
  if (!found) throw new Error('the finder lists nothing');
  return { ...found, asked: () => readFileSync(`${program}.asked`, 'utf8') };
}
const page = 'srgb-300.tif';

test('is asked in its own words, and a whole stack comes with what was asked and what came', async () => {
  const scanner = await scannerOf(`give 1 ${page}; give 2 ${page}; empty 2`);
  const { sheets, code } = await collectSheets(scanner, feeder);
  expect(code).toBeUndefined();
  expect(sheets.map(({ dpi, colour, asked }) => ({ dpi, colour, asked }))).toEqual(
    Array.from({ length: 2 }, () => ({
      ...{ dpi: 300, colour: 'colour', asked: { dpi: 300, colour: 'colour' } },
    })),
  );
  const words = ['--source=Automatic Document Feeder(left aligned)', '--mode=24bit Color[Fast]'];
  for (const word of [...words, '--resolution=300']) expect(scanner.asked()).toContain(word);
});

test.each([
  ['scans with 75 dpi and says 300', 'srgb-75-as-300.tif', { dpi: 75, colour: 'colour' }],
  ['scans with half the dots', 'srgb-150.tif', { dpi: 150, colour: 'colour' }],
  ['scans without colours', 'b-w-300.tif', { dpi: 300, colour: 'grey' }],
])('a scanner that %s is told by what came', async (_, file, came) => {
  const scanner = await scannerOf(`give 1 ${file}; empty 1`);
  const [sheet] = (await collectSheets(scanner, feeder)).sheets;
  expect(sheet).toMatchObject({ ...came, asked: { dpi: 300, colour: 'colour' } });
});

test.each([
  ['says three and gives two', `give 1 ${page}; give 2 ${page}; empty 3`, 2, 'SCANNER_SHEET_LOST'],
  ['leaves a number out', `give 1 ${page}; give 3 ${page}; empty 2`, 1, 'SCANNER_SHEET_LOST'],
  ['names a sheet that is not there', `give 1 ${page}; echo sheet0002; empty 2`, 1, 'SCANNER_SHEET_LOST'],
  [
    'stops without a word of an empty tray',
    `give 1 ${page}; say 'Batch terminated, 1 pages scanned'; exit 0`,
    1,
    'SCANNER_STOPPED',
  ],
  [
    'goes away in the middle of a sheet',
    `give 1 ${page}; say 'Scanning page 2'; exit 0`,
    1,
    'SCANNER_STOPPED',
  ],
  [
    'was cancelled at its buttons',
    `give 1 ${page}; say 'scanimage: sane_start: Operation was canceled'; say 'Batch terminated, 1 pages scanned'; exit 0`,
    1,
    'DEVICE_FAULT',
  ],
  [
    'jams and ends well all the same',
    `give 1 ${page}; say 'scanimage: sane_read: Document feeder jammed'; say 'Batch terminated, 1 pages scanned'; exit 0`,
    1,
    'SCANNER_JAMMED',
  ],
  [
    'jams',
    `give 1 ${page}; say 'scanimage: sane_start: Document feeder jammed'; exit 6`,
    1,
    'SCANNER_JAMMED',
  ],
  ['is opened', `give 1 ${page}; exit 8`, 1, 'SCANNER_COVER_OPEN'],
  ['is killed', `give 1 ${page}; kill -KILL $$`, 1, 'DEVICE_FAULT'],
  ['is empty from the start', `read -r _; empty 0`, 0, 'SCANNER_EMPTY'],
])('a feeder that %s never ends as complete', async (_, scan, count, code) => {
  const { sheets, code: told } = await collectSheets(await scannerOf(scan), feeder);
  expect([sheets.length, told]).toEqual([count, code]);
});

test('an end that is told by the status alone is an end', async () => {
  expect(await collectSheets(await scannerOf(`give 1 ${page}; exit 7`), feeder)).toMatchObject({
    code: undefined,
  });
});

test('a person who stops gets the sheets that had passed the feeder already', async () => {
  const scanner = await scannerOf(
    `for n in $(seq 1 50); do give $n ${page}; done; empty 50`.replace('exit 0; say', 'break; say'),
  );
  const finish = new AbortController();
  const came: number[] = [];
  for await (const one of scanner.scan(feeder, {
    signal: never,
    finish: finish.signal,
    sheetTimeoutMs: 20_000,
  })) {
    if ('bytes' in one) came.push(one.bytes.length);
    finish.abort();
  }
  expect(came.length).toBeGreaterThanOrEqual(1);
  expect(came.length).toBeLessThanOrEqual(5);
});

test('both sides are never scanned as one: a feeder without them is refused before it begins', async () => {
  const scanner = await scannerOf(`give 1 ${page}; empty 1`);
  const { sheets, code } = await collectSheets(scanner, { ...feeder, source: 'feeder-duplex' });
  expect([sheets, code]).toEqual([[], 'SCANNER_SETTING_UNSUPPORTED']);
});
