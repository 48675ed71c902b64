import { createChildJobs } from '#sandbox/child-jobs.ts';
import type { ChildJobs } from '#sandbox/child-jobs.ts';
import type { PdfJob } from './pdf-worker.ts';

/** 2.7 GB beyond what Node, pdf.js and its WebAssembly reserve: a page of an A3 sheet at 600 dots per inch takes 1. */
const memory = { heapMb: 1_024, addressMb: 15_000 };

/** Starts with the first PDF and stays for the next. */
export function createPdfChild(): ChildJobs<PdfJob> {
  return createChildJobs<PdfJob>({ file: new URL('./pdf-worker.ts', import.meta.url), ...memory });
}
