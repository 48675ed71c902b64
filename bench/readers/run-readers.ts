/** Every reader in a process of its own, one after the other, on one thread, over the same straight pages. */
import { fork, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addPack } from '#paper/ocr/packs/station-packs.ts';
import type { StraightTruth } from '../set/straight-pages.ts';
import { readerResultSchema } from './reader-process.ts';
import type { ReaderJob, ReaderResult } from './reader-process.ts';

export interface ReaderUnderTest {
  id: string;
  title: string;
  /** What it is compared with: all else equal, the same task. */
  mode: ReaderJob['mode'];
  isOurs: boolean;
  read(pages: readonly StraightTruth[]): Promise<ReaderResult>;
}

const modelFolder = fileURLToPath(new URL('../../models/weights', import.meta.url));

/** `outsidePack` adds the pack twice: as it comes, and reading the red channel alone. */
export async function gatherReaders(options: {
  outsidePack: string | undefined;
  python: string;
}): Promise<{ readers: ReaderUnderTest[]; dispose: () => Promise<void> }> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ludeng-bench-packs-'));
  const readers = [
    ...packReaders('ludeng', 'built-in pack', { modelFolder }, true),
    ...packReaders('pp-ocr-v4-mobile', 'PP-OCRv4 mobile', { modelFolder, packId: 'pp-ocr-v4-mobile' }, false),
  ];
  if (options.outsidePack) {
    for (const channels of ['bgr', 'red'] as const) {
      const { id } = await addPack({ dataFolder, modelFolder }, options.outsidePack, {
        id: `outside-${channels}`,
        channels,
      });
      const title = channels === 'bgr' ? 'outside pack' : 'outside pack, red channel';
      readers.push(
        ...packReaders(id, title, { modelFolder: join(dataFolder, 'packs', id), packId: id }, false),
      );
    }
  }
  if (hasTesseract()) {
    readers.push({
      id: 'tesseract',
      title: 'Tesseract chi_sim',
      mode: 'page',
      isOurs: false,
      read: (pages) => runTesseract(options.python, pages),
    });
  }
  return { readers, dispose: () => rm(dataFolder, { recursive: true, force: true }) };
}

function packReaders(
  id: string,
  title: string,
  pack: { modelFolder: string; packId?: string },
  isOurs: boolean,
): ReaderUnderTest[] {
  return (['page', 'boxes'] as const).map((mode) => ({
    id: `${id}/${mode}`,
    title,
    mode,
    isOurs,
    read: (pages) =>
      runChild({
        ...pack,
        mode,
        pages: pages.map(({ file, lines }) => ({ file, boxes: lines.map(({ box }) => box) })),
      }),
  }));
}

function runChild(job: ReaderJob): Promise<ReaderResult> {
  return new Promise((done, fail) => {
    const child = fork(fileURLToPath(new URL('./reader-process.ts', import.meta.url)), { execArgv: [] });
    let result: ReaderResult | undefined;
    child.on('message', (message: unknown) => {
      result = readerResultSchema.parse(message);
    });
    child.on('error', fail);
    child.on('exit', (code, signal) => {
      if (result) done(result);
      else fail(new Error(`the reader's process ended with ${String(signal ?? code)}`));
    });
    child.send(job);
  });
}

function hasTesseract(): boolean {
  const { stdout } = spawnSync('tesseract', ['--list-langs'], { encoding: 'utf8' });
  return typeof stdout === 'string' && stdout.includes('chi_sim');
}

function runTesseract(python: string, pages: readonly StraightTruth[]): Promise<ReaderResult> {
  return new Promise((done, fail) => {
    const script = fileURLToPath(new URL('./tesseract.py', import.meta.url));
    const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(readerResultSchema.parse(JSON.parse(output)));
      else fail(new Error(`tesseract.py ended with ${String(code)}`));
    });
    child.stdin.end(JSON.stringify({ pages: pages.map(({ file }) => file) }));
  });
}
