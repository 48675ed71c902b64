/** A watched folder through the whole station: what falls into it at once, good and bad, and where each is found again. */
import {
  chmodSync,
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
import { execFileSync, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BatchView } from '#domain/contracts/kiosk/batches.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { encryptedPdf, noiseWithHead, pdfOfManyPages, tiffOf } from '#tests/support/bad-paper.ts';
import { writtenSheet } from '#tests/support/scan-sheets.ts';
import { folderDriver } from '#tests/support/scanner-table.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

/** Only a file that is never dealt with is a failure, however slow the machine. */
const patienceMs = 300_000;
const settings = { source: 'folder', dpi: 300, colour: 'colour' } as const;
const isRoot = process.getuid?.() === 0;
let place: string;
let folder: string;
let whole: WholeStation;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'ludeng-watched-'));
  folder = join(place, 'scans');
  whole = await startWholeStation({
    withServer: false,
    profile: { scanners: [{ driver: 'watched-folder', address: folder, name: '复印机', simulated: true }] },
  });
  const token = await eventually('the UKey is seen', async () => (await whole.station.call('tokens'))[0]);
  const certificate = token.certificates.find(({ use }) => use === 'sign');
  await whole.station.call('login', {
    body: { tokenId: token.id, certificateId: certificate?.id, pin: demoPin },
  });
  await whole.station.call('role', { body: { role: 'bidder' } });
}, 120_000);
afterAll(async () => {
  await whole?.close();
  rmSync(place, { recursive: true, force: true });
});
beforeEach(() => mkdirSync(folder));
afterEach(async () => {
  for (const { id } of await whole.station.call('batches')) await stop(id);
  if (existsSync(folder)) chmodSync(folder, 0o755);
  for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true });
});

async function begin(): Promise<string> {
  const { id } = await whole.station.call('createBatch');
  const found = await eventually('the folder is listed', async () =>
    (await whole.station.call('scanners')).find(({ driver }) => driver === 'watched-folder'),
  );
  await whole.station.call('scanBatch', { params: { batch: id }, body: { scannerId: found.id, settings } });
  return id;
}
const look = (batch: string): Promise<BatchView> => whole.station.call('batch', { params: { batch } });
const until = (what: string, batch: string, holds: (now: BatchView) => boolean): Promise<BatchView> =>
  eventually(
    what,
    async () => {
      const now = await look(batch);
      return holds(now) ? now : undefined;
    },
    patienceMs,
  );
const stop = (batch: string): Promise<BatchView> => whole.station.call('stopScan', { params: { batch } });
/** File names are bytes: this one is 扫描 in GBK, which is no UTF-8. */
const gbkName = Buffer.from([0xc9, 0xa8, 0xc3, 0xe8, 0x2e, 0x6a, 0x70, 0x67]);
const atName = (name: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);

async function smallJpeg(number: number): Promise<Buffer> {
  const { front } = await writtenSheet(number);
  return sharp(front.png).jpeg().toBuffer();
}
async function smallPdf(number: number): Promise<Buffer> {
  const document = await PDFDocument.create();
  const picture = await document.embedJpg(await smallJpeg(number));
  document.addPage([595, 842]).drawImage(picture, { x: 0, y: 0, width: 595, height: 842 });
  return Buffer.from(await document.save());
}
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, Math.floor(bytes.length / 2));

async function goodFiles(): Promise<[name: string | Buffer, bytes: Uint8Array, pages: number][]> {
  const picture = await smallJpeg(1);
  const png = Buffer.from((await writtenSheet(2)).front.png);
  const tail = Buffer.alloc(4096, 0x2a);
  return [
    ['scan1.jpg', await smallJpeg(3), 1],
    ['scan2.jpg', await smallJpeg(4), 1],
    ['scan10.jpg', await smallJpeg(5), 1],
    ['尾巴.jpg', Buffer.concat([picture, tail]), 1],
    ['motion.JPG', Buffer.concat([await smallJpeg(6), Buffer.alloc(3_000_000, 7)]), 1],
    ['tail.png', Buffer.concat([png, tail]), 1],
    ['nuls.pdf', Buffer.concat([await smallPdf(7), Buffer.alloc(8192)]), 1],
    ['plain.pdf', await smallPdf(8), 1],
    ['SCAN0009', await smallJpeg(9), 1],
    ['old.jfif', await smallJpeg(10), 1],
    ['two sheets.tiff', await tiffOf([png, png]), 2],
    [gbkName, await smallJpeg(11), 1],
  ];
}
async function badFiles(): Promise<[name: string, bytes: Uint8Array, code: string][]> {
  const tiff = await sharp((await writtenSheet(1)).front.png)
    .tiff()
    .toBuffer();
  return [
    ['locked.pdf', await encryptedPdf(), 'FILE_ENCRYPTED'],
    ['photo.jpg', noiseWithHead(0, 0, 0, 0x18, ...Buffer.from('ftypheic')), 'FILE_HEIC'],
    ['photo.heic', noiseWithHead(0, 0, 0, 0x18, ...Buffer.from('ftypheic')), 'FILE_HEIC'],
    ['cut.tif', half(tiff), 'FILE_DAMAGED'],
    ['cut.jpg', half(await smallJpeg(1)), 'FILE_DAMAGED'],
    ['cut.png', half((await writtenSheet(1)).front.png), 'FILE_DAMAGED'],
    ['noise.pdf', noiseWithHead(...Buffer.from('%PDF-1.7\n')), 'FILE_DAMAGED'],
    ['long.pdf', await pdfOfManyPages(301), 'TOO_MANY_PAGES'],
    ['large.tif', Buffer.alloc(51 * 1024 * 1024, 7), 'FILE_TOO_LARGE'],
    ['empty.jpg', new Uint8Array(), 'FILE_EMPTY'],
    ['empty.pdf', new Uint8Array(), 'FILE_EMPTY'],
    ['words.pdf', Buffer.from('扫描失败'), 'FILE_UNSUPPORTED'],
    ['letter.docx', noiseWithHead(0x50, 0x4b, 3, 4), 'FILE_OFFICE'],
    ['invoice.ofd', noiseWithHead(0x50, 0x4b, 3, 4), 'FILE_OFFICE'],
  ];
}
const passing = [
  ['._scan1.jpg', '.DS_Store', '.~lock.scan1.jpg#', '~$letter.docx', 'Thumbs.db', 'desktop.ini'],
  ['scan3.jpg.part', 'scan4.pdf.crdownload', 'scan5.tmp', 'scanner.log', '.scan6.jpg.Xy12'],
].flat();

test('of thirty odd files that fall in at once each good one is pages, each bad one is named and put aside, and nothing is lost', async () => {
  const id = await begin();
  const good = await goodFiles();
  const bad = await badFiles();
  const outside = join(place, 'outside.jpg');
  writeFileSync(outside, await smallJpeg(12));
  for (const name of passing) writeFileSync(join(folder, name), 'left alone');
  mkdirSync(join(folder, 'folder.jpg'));
  for (const [name, bytes] of bad) writeFileSync(join(folder, name), bytes);
  for (const [name, bytes] of good) writeFileSync(atName(name), bytes);
  symlinkSync(outside, join(folder, 'link.jpg'));
  execFileSync('mkfifo', [join(folder, 'pipe.pdf')]);
  if (!isRoot) {
    writeFileSync(join(folder, 'forbidden.jpg'), await smallJpeg(13));
    chmodSync(join(folder, 'forbidden.jpg'), 0);
  }
  const refused = [
    ...bad.map(([name, , code]) => [name, code]),
    ['link.jpg', 'FILE_NOT_PLAIN'],
    ['pipe.pdf', 'FILE_NOT_PLAIN'],
    ...(isRoot ? [] : [['forbidden.jpg', 'FILE_FORBIDDEN']]),
  ];
  const pages = good.reduce((sum, [, , count]) => sum + count, 0);
  const isOver = (now: BatchView): boolean =>
    now.pages.length + now.refused.length >= pages + refused.length &&
    now.refused.every(({ movedTo }) => movedTo);
  // What is missing at the end is said below.
  await until('all are dealt with', id, isOver).catch(() => undefined);
  const end = await stop(id);
  expect(end.refused.map(({ name, error }) => [name, error.code]).sort()).toEqual(refused.sort());
  for (const { error } of end.refused) expect([error.message, error.action].join()).toMatch(/[一-龥]{4}/);
  expect(end.pages).toHaveLength(pages);
  expect(end).toMatchObject({ complete: true, scanning: false });
  expect(end.trouble).toBeUndefined();
  const names = end.pages.map(({ fileName }) => fileName ?? '');
  expect(new Set(names)).toEqual(
    new Set(good.map(([name]) => (typeof name === 'string' ? name : '扫描.jpg'))),
  );
  const scans = names.filter((name) => name.startsWith('scan'));
  expect(scans).toEqual(['scan1.jpg', 'scan2.jpg', 'scan10.jpg']);

  // Where each lies now.
  const kept = readdirSync(join(folder, folderDriver.doneFolder), { encoding: 'buffer' });
  expect(kept).toHaveLength(good.length);
  expect(kept.some((name) => name.equals(gbkName))).toBe(true);
  for (const [name] of refused) {
    const reason = readFileSync(join(folder, folderDriver.refusedFolder, `${name}.原因.txt`), 'utf8');
    expect(reason).toContain(end.refused.find((one) => one.name === name)?.error.message);
  }
  for (const [name, bytes] of bad)
    expect(readFileSync(join(folder, folderDriver.refusedFolder, name)).equals(bytes), name).toBe(true);
  expect(readFileSync(outside).length).toBeGreaterThan(0);
  const left = readdirSync(folder).filter((name) => !Object.values(folderDriver).includes(name));
  expect(left.sort()).toEqual([...passing, 'folder.jpg'].sort());

  const dismissed = await whole.station.call('dismissRefused', {
    params: { batch: id, sheet: end.refused[0]?.id ?? '' },
  });
  expect(dismissed.refused).toHaveLength(refused.length - 1);
}, 360_000);

test('a folder that goes away in the middle is told, and the scan goes on when it is back', async () => {
  const id = await begin();
  // In the middle: the scan has looked into the folder before.
  writeFileSync(join(folder, 'first.jpg'), await smallJpeg(19));
  await until('the first page is there', id, ({ pages }) => pages.length === 1);
  renameSync(folder, `${folder}-away`);
  const gone = await until('it is told', id, ({ trouble }) => trouble !== undefined);
  expect([gone.scanning, gone.trouble?.code]).toEqual([true, 'SCANNER_FOLDER_LOST']);
  renameSync(`${folder}-away`, folder);
  writeFileSync(join(folder, 'later.jpg'), await smallJpeg(20));
  const back = await until('the page is there', id, ({ pages }) => pages.length === 2);
  expect([back.scanning, back.trouble]).toEqual([true, undefined]);
  expect(await stop(id)).toMatchObject({ complete: true });
});

test('a file that stays open in another program is told by its name, and comes when it is done', async () => {
  const id = await begin();
  writeFileSync(join(folder, 'busy.pdf'), await smallPdf(22));
  // Another program holds it until its input ends.
  const holder = spawn('flock', [join(folder, 'busy.pdf'), 'cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
  writeFileSync(join(folder, 'free.jpg'), await smallJpeg(23));
  const waiting = await until('it is told', id, ({ trouble }) => trouble !== undefined);
  expect(waiting.pages.map(({ fileName }) => fileName)).toEqual(['free.jpg']);
  expect(waiting.trouble).toMatchObject({ code: 'FILE_IN_USE', details: { files: ['busy.pdf'] } });
  expect(waiting.trouble?.message).toContain('busy.pdf');
  holder.stdin.end();
  await until('it came', id, ({ pages }) => pages.length === 2);
  expect((await stop(id)).trouble).toBeUndefined();
});

test('a folder that takes no changes: each file comes in once, and the person is told', async () => {
  // Files in the places of the two folders: nothing can be moved, whoever runs the station.
  for (const name of [folderDriver.doneFolder, folderDriver.refusedFolder])
    writeFileSync(join(folder, name), 'in the way');
  const id = await begin();
  writeFileSync(join(folder, 'stays.jpg'), await smallJpeg(24));
  writeFileSync(join(folder, 'bad.pdf'), await encryptedPdf());
  const now = await until(
    'both are dealt with',
    id,
    ({ pages, refused, trouble }) => pages.length > 0 && refused.length > 0 && trouble !== undefined,
  );
  expect(now.trouble?.code).toBe('SCANNER_FOLDER_READ_ONLY');
  expect(now.refused[0]).toMatchObject({ name: 'bad.pdf', error: { code: 'FILE_ENCRYPTED' } });
  expect(now.refused[0]?.movedTo).toBeUndefined();
  expect(await stop(id)).toMatchObject({ complete: true });
  const again = await begin();
  await new Promise((resolve) => setTimeout(resolve, 3 * folderDriver.quietMs));
  const second = await stop(again);
  expect([second.pages.length, second.refused.length]).toEqual([0, 0]);
  expect(existsSync(join(folder, 'stays.jpg'))).toBe(true);
});
