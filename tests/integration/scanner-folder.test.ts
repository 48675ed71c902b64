/** The watched folder on a real disk, with writers that pause. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '#domain/errors/app-error.ts';
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

test('a file that another one replaces while it is taken in is not moved away with it: both come in', async () => {
  const files = scan();
  const path = join(folder, 'scan.jpg');
  writeFileSync(path, await jpeg());
  const first = (await files.next()).value as ScannedSheet;
  const other = await sharp({ create: { width: 500, height: 700, channels: 3, background: '#ddd' } })
    .jpeg()
    .toBuffer();
  writeFileSync(`${path}.tmp`, other);
  renameSync(`${path}.tmp`, path);
  await first.kept();
  expect(readFileSync(path).equals(other)).toBe(true);
  const second = (await files.next()).value as ScannedSheet;
  expect(Buffer.from(second.bytes).equals(other)).toBe(true);
  await second.kept();
  expect(readdirSync(join(folder, folderDriver.doneFolder))).toEqual(['scan.jpg']);
});

test('a file that is removed while it is taken in, and one that is laid back to be tried again', async () => {
  const files = scan();
  writeFileSync(join(folder, 'a.jpg'), await jpeg());
  const gone = (await files.next()).value as ScannedSheet;
  rmSync(join(folder, 'a.jpg'));
  await gone.kept();
  writeFileSync(join(folder, 'b.jpg'), await jpeg());
  const bad = (await files.next()).value as ScannedSheet;
  const refusal = new AppError('FILE_DAMAGED');
  expect(await bad.setAside?.(refusal)).toBe(`${folderDriver.refusedFolder}/b.jpg`);
  renameSync(join(folder, folderDriver.refusedFolder, 'b.jpg'), join(folder, 'b.jpg'));
  const again = (await files.next()).value as ScannedSheet;
  expect(again.fileName).toBe('b.jpg');
  expect(await again.setAside?.(refusal)).toBe(`${folderDriver.refusedFolder}/b.jpg`);
});

test('nothing is moved through a link in the place of the done folder', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'ludeng-elsewhere-'));
  try {
    symlinkSync(elsewhere, join(folder, folderDriver.doneFolder));
    const files = scan();
    writeFileSync(join(folder, 'a.jpg'), await jpeg());
    await ((await files.next()).value as ScannedSheet).kept();
    const told = await files.next();
    expect(told.value).toMatchObject({ notice: { code: 'SCANNER_FOLDER_READ_ONLY' }, isIncomplete: false });
    expect([readdirSync(elsewhere), existsSync(join(folder, 'a.jpg'))]).toEqual([[], true]);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('names as long as the disk allows, and names that hide text, keep their files', async () => {
  const files = scan();
  const long = `${'证'.repeat(83)}.jpg`;
  mkdirSync(join(folder, folderDriver.refusedFolder));
  writeFileSync(join(folder, folderDriver.refusedFolder, long), 'the former one');
  writeFileSync(join(folder, long), await jpeg());
  const sheet = (await files.next()).value as ScannedSheet;
  await sheet.setAside?.(new AppError('FILE_DAMAGED'));
  const aside = readdirSync(join(folder, folderDriver.refusedFolder));
  expect(aside).toHaveLength(3);
  expect(aside.some((name) => name.endsWith('.原因.txt'))).toBe(true);
  writeFileSync(join(folder, 'a\u202egpj.jpg'), await jpeg());
  expect(((await files.next()).value as ScannedSheet).fileName).toBe('a\ufffdgpj.jpg');
});
