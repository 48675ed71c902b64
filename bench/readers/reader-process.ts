/** A child process that reads all pages with one model pack and says what that cost; see run-readers.ts. */
import { z } from 'zod';
import { growQuad } from '#paper/ocr/crop-line.ts';
import { decodeGreedily, dropTwins, meanConfidence } from '#paper/ocr/ctc/greedy.ts';
import { foldWidth } from '#paper/ocr/fold-width.ts';
import { loadModelPack } from '#paper/ocr/model-pack.ts';
import { openReader } from '#paper/ocr/open-reader.ts';
import { detectPage, readBoxes, readLines } from '#paper/ocr/read-page.ts';
import type { DetectedPage, Reader } from '#paper/ocr/read-page.ts';
import { lineSchema, quadSchema } from '#domain/reading/schema.ts';
import type { Line, Quad } from '#domain/reading/schema.ts';
import { readPpm } from '../set/straight-pages.ts';

/** True boxes are tight; readers want a margin, as parts of the line's height. */
const margin = 0.12;

export const readerJobSchema = z.object({
  modelFolder: z.string(),
  packId: z.string().optional(),
  /** `page`: find the lines, then read them. `boxes`: read the true boxes, in their order, whatever the confidence. */
  mode: z.enum(['page', 'boxes']),
  pages: z.array(z.object({ file: z.string(), boxes: z.array(quadSchema) })),
});
export type ReaderJob = z.infer<typeof readerJobSchema>;

export const readerResultSchema = z.object({
  pages: z.array(z.object({ lines: z.array(lineSchema), cpuSeconds: z.number() })),
  /** Greatest resident memory of the process. */
  peakMb: z.number(),
});
export type ReaderResult = z.infer<typeof readerResultSchema>;

async function read(job: ReaderJob): Promise<ReaderResult> {
  const pack = await loadModelPack(job.modelFolder, job.packId);
  const reader = await openReader(pack, 1);
  const pages: ReaderResult['pages'] = [];
  for (const { file, boxes } of job.pages) {
    const page = await readPpm(file);
    const before = process.cpuUsage();
    const lines =
      job.mode === 'page'
        ? await readLines(reader, await detectPage(reader, page), () => undefined)
        : await readTrueBoxes(reader, await detectPage(reader, page, boxes));
    const { user, system } = process.cpuUsage(before);
    pages.push({ lines, cpuSeconds: (user + system) / 1e6 });
  }
  return { pages, peakMb: process.resourceUsage().maxRSS / 1024 };
}

async function readTrueBoxes(reader: Reader, page: DetectedPage): Promise<Line[]> {
  const grown = page.boxes.map((box) => growQuad(box, margin, margin));
  const read = await readBoxes(reader, page, grown, () => undefined);
  return read.map((line, i) => {
    const decoded = dropTwins(decodeGreedily(line), reader.chars.areTwins);
    const text = foldWidth(decoded.map(({ classId }) => reader.chars.charOf(classId)).join(''));
    return { text, box: page.boxes[i] as Quad, confidence: meanConfidence(decoded) };
  });
}

// Only as a child: tests and the parent import the schemas.
if (process.send) {
  process.once('message', (message: unknown) => {
    void read(readerJobSchema.parse(message)).then((result) => {
      process.send?.(result, () => process.disconnect());
    });
  });
}
