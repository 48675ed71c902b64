/** The watched folder on a real disk, with writers that pause. */
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderDriver } from '#tests/support/scanner-table.ts';
import { findFolders } from '../../scanner-agent/devices/scanners/watched-folder/folder-source.ts';
import type { PageSource, ScannedSheet } from '../../scanner-agent/ports/page-source.ts';

let folder: string;
let source: PageSource;
let stop: AbortController;
const settings = { source: 'folder', dpi: 300, colour: 'colour' } as const;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ludeng-folder-'));
  stop = new AbortController();
  source = await sourceOf();
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true, force: true });
});
async function sourceOf(): Promise<PageSource> {
  const configured = [{ driver: folderDriver.id, address: folder, simulated: true }];
  const finder = findFolders({ ...folderDriver, quietMs: 200 }, { configured });
  await finder.refresh(stop.signal);
  const [found] = finder.list();
  if (!found) throw new Error('no folder');
  return found;
}
const scan = () => source.scan(settings, { signal: stop.signal, sheetTimeoutMs: 5_000 });
const jpeg = (): Promise<Buffer> =>
  sharp({ create: { width: 400, height: 560, channels: 3, background: '#eee' } })
    .jpeg()
    .toBuffer();

test('takes files in the order of their names, and moves them only after they are kept', async () => {
  const picture = await jpeg();
  for (const name of ['scan10.jpg', 'scan2.jpg', 'notes.txt']) writeFileSync(join(folder, name), picture);
  expect(source.health()).toMatchObject({ driver: 'watched-folder', state: 'ready' });
  const files = scan();
  const seen: ScannedSheet[] = [];
  for (let count = 0; count < 2; count += 1) seen.push((await files.next()).value as ScannedSheet);
  expect(seen.map(({ fileName }) => fileName)).toEqual(['scan2.jpg', 'scan10.jpg']);
  expect(existsSync(join(folder, 'scan2.jpg'))).toBe(true);
  await seen[0]?.kept();
  expect(readdirSync(join(folder, folderDriver.doneFolder))).toEqual(['scan2.jpg']);
  expect(existsSync(join(folder, 'notes.txt'))).toBe(true);
});

test('waits for a file whose writer pauses in the middle', async () => {
  const picture = await jpeg();
  const path = join(folder, 'slow.jpg');
  writeFileSync(path, picture.subarray(0, picture.length / 2));
  const next = scan().next();
  // Longer than the quiet time: only the missing end tells that it is not whole.
  await new Promise((resolve) => setTimeout(resolve, 900));
  appendFileSync(path, picture.subarray(picture.length / 2));
  expect(((await next).value as ScannedSheet).bytes.length).toBe(picture.length);
});

test('offers a file again that was taken and never kept', async () => {
  writeFileSync(join(folder, 'a.jpg'), await jpeg());
  const first = scan();
  await first.next();
  await first.return();
  const again = await sourceOf();
  const sheet = await again.scan(settings, { signal: stop.signal, sheetTimeoutMs: 5_000 }).next();
  expect((sheet.value as ScannedSheet).fileName).toBe('a.jpg');
});

test('does not write over a file of the same name that was taken in before', async () => {
  const files = scan();
  for (let count = 0; count < 2; count += 1) {
    writeFileSync(join(folder, 'scan.jpg'), await jpeg());
    await ((await files.next()).value as ScannedSheet).kept();
  }
  expect(readdirSync(join(folder, folderDriver.doneFolder)).sort()).toEqual(['scan-2.jpg', 'scan.jpg']);
});

test('is missing when the folder is not there', async () => {
  rmSync(folder, { recursive: true });
  expect((await sourceOf()).health()).toMatchObject({ state: 'missing', errorCode: 'SCANNER_MISSING' });
});
