/** Opens strangers' PDFs in processes of their own, with limits of time and memory. */
import { ChildBusy, ChildLost, createChildJobs } from '#sandbox/child-jobs.ts';
import type { ChildJobs } from '#sandbox/child-jobs.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { PdfInspection, PdfOpener } from '../inspect-pdf.ts';

export type InspectionJob =
  { kind: 'inspect'; pdf: Uint8Array } | { kind: 'picture'; pdf: Uint8Array; sha: string };

export interface PdfInspectorOptions {
  /** For one file; a file of many megabytes gets more. */
  limitMs?: number;
  /** A machine may be slow once; a file that ends two children is not opened a third time. */
  tries?: number;
  /** Who asks for thousands of files wants an answer: what takes too long does so once. */
  waitsOnce?: boolean;
  /** Children that work side by side: one bad file does not keep the others waiting. */
  children?: number;
  /** Told about faults of our own in a child. */
  onError?: (text: string) => void;
}

export interface PdfInspector extends PdfOpener {
  /** Starts the children, so that the first file finds them warm. */
  warm(): void;
  close(): Promise<void>;
}

/** 2.2 GB beyond what Node itself reserves: a paper of 50 MB with two seals takes some 1.5. */
const memory = { heapMb: 512, addressMb: 4_200 };
const msPerMegabyte = 40;

export function createPdfInspector({
  limitMs = 20_000,
  tries = 2,
  waitsOnce = false,
  children = 2,
  onError = () => undefined,
}: PdfInspectorOptions = {}): PdfInspector {
  const file = new URL('./main.ts', import.meta.url);
  const pool = Array.from({ length: children }, () => ({
    jobs: createChildJobs<InspectionJob>({ file, ...memory, maxWaiting: 16 }),
    running: 0,
  }));

  /** In the child that has least to do. */
  async function ask<Result>(job: InspectionJob): Promise<Result> {
    // one that was just lost is being started anew
    const load = ({ jobs, running }: (typeof pool)[number]): number =>
      running * 2 + (jobs.status().isReady ? 0 : 1);
    const [own] = pool.toSorted((left, right) => load(left) - load(right));
    if (!own) throw new Error('a pool has a child');
    own.running++;
    try {
      return await own.jobs.run<Result>(job, { limitMs: limitMs + (job.pdf.length / 1e6) * msPerMegabyte });
    } finally {
      own.running--;
    }
  }

  /** Undefined where every child was lost over it. Throws SERVER_BUSY. */
  async function askAgain<Result>(job: InspectionJob): Promise<Result | undefined> {
    for (let left = tries; left > 0; left--) {
      try {
        return await ask<Result>(job);
      } catch (error) {
        if (waitsOnce && error instanceof ChildLost && error.reason === 'time') return undefined;
        if (error instanceof ChildBusy) throw new AppError('SERVER_BUSY', {}, { cause: error });
        // whatever a reader of ours throws over is no paper, and the reader has a fault
        if (!(error instanceof ChildLost)) onError(error instanceof Error ? error.message : String(error));
      }
    }
    return undefined;
  }

  return {
    inspect: async (pdf) =>
      (await askAgain<PdfInspection>({ kind: 'inspect', pdf })) ?? {
        problems: [{ code: 'TOO_COMPLEX' }],
        signatures: [],
      },
    picture: (pdf, sha) => askAgain<Uint8Array>({ kind: 'picture', pdf, sha }),
    warm: () => pool.forEach(({ jobs }) => jobs.warm()),
    close: async () =>
      void (await Promise.all(pool.map(({ jobs }): ReturnType<ChildJobs<unknown>['close']> => jobs.close()))),
  };
}
