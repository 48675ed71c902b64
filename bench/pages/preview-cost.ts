/** What a preview frame costs, and whether the reader's memory grows over many pages. */
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import type { EvaluationPage } from '../set/render-set.ts';
import { quantile } from './corner-scores.ts';

/** As the camera's dialogue sends them. */
const frameWidthPx = 640;
const framesPerPage = 5;
const timeoutMs = 120_000;

export async function reportPreviews(
  reader: ManagedPaperReader,
  pages: readonly EvaluationPage[],
): Promise<string[]> {
  const times = await previewTimes(reader, pages);
  const ms = (q: number): string => (quantile(times, q) ?? 0).toFixed(0);
  return [
    `\nA preview frame: median ${ms(0.5)} ms, 95 % under ${ms(0.95)} ms (66 ms are 15 frames a second)`,
  ];
}

/** In one process: a station replaces its reader's after some hundreds of pages. */
export async function reportMemory(
  modelFolder: string,
  pages: readonly EvaluationPage[],
  count: number,
): Promise<string> {
  const reader = createPaperReader({ modelFolder, recycleAfterPages: Infinity });
  try {
    const memory = await memoryOver(reader, pages, count);
    return `\nMemory of one reader's process over ${count} pages, opened and read, MiB: ${memory.join(' ')}`;
  } finally {
    await reader.close();
  }
}

/** Milliseconds from a frame's JPEG to its answer, for some frames of each page. */
async function previewTimes(reader: ManagedPaperReader, pages: readonly EvaluationPage[]): Promise<number[]> {
  const times: number[] = [];
  for (const page of pages) {
    const frame = await sharp(page.pictureFile).resize({ width: frameWidthPx }).jpeg().toBuffer();
    for (let i = 0; i <= framesPerPage; i += 1) {
      const before = performance.now();
      await reader.lookAtFrame(frame, { signal: new AbortController().signal, timeoutMs });
      // The first may wait for OpenCV to load.
      if (i > 0) times.push(performance.now() - before);
    }
  }
  return times;
}

/** Opens and reads the pictures over and over; the reader's resident memory in MiB at the start, then after each tenth of `count`. */
async function memoryOver(
  reader: ManagedPaperReader,
  pages: readonly EvaluationPage[],
  count: number,
): Promise<number[]> {
  const memory: number[] = [];
  const each = Math.max(1, Math.round(count / 10));
  for (let i = 0; i < count; i += 1) {
    const page = pages[i % pages.length] as EvaluationPage;
    await reader.openDocument(await readFile(page.pictureFile), {
      signal: new AbortController().signal,
      timeoutMs,
      reads: ['lines', 'codes'],
    });
    if (i === 0 || (i + 1) % each === 0) memory.push(await residentMiB(reader.status().pid));
  }
  return memory;
}

async function residentMiB(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
