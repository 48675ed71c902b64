/** The reader's child process: owns the models, the imaging thread and the PDF child; answers jobs by number. */
import { AppError } from '#domain/errors/app-error.ts';
import { nameCorners } from '#domain/reading/corners.ts';
import { cutMarks } from '../../imaging/files/cut-marks.ts';
import { decodePicture } from '../../imaging/files/decode.ts';
import { createPdfChild } from '../../imaging/files/pdf-child.ts';
import { createJobThread } from '../../imaging/thread.ts';
import type { ImagingJob } from '../../imaging/worker.ts';
import type {
  FrameHint,
  PageAnswers,
  PageCode,
  PageContent,
  StraightPage,
} from '../../ports/paper-reader.ts';
import { scoreClaims } from '../claims/score-claims.ts';
import { loadModelPack } from '../model-pack.ts';
import type { ModelPack } from '../model-pack.ts';
import { openReader } from '../open-reader.ts';
import { findFolds, loadPageFinder } from '../../imaging/detect/page-finder.ts';
import type { DetectedPage, Reader } from '../read-page.ts';
import { openDocument } from './open-document.ts';
import { createPageCache } from './page-cache.ts';
import { hostSettingsSchema } from './protocol.ts';
import type { FromHost, HostJob, HostSettings, ToHost } from './protocol.ts';
import { readContents } from './read-contents.ts';

const hintLimitMs = 5_000;
const codesLimitMs = 20_000;
const cachedPages = 3;

class Cancelled extends Error {}

function serve(settings: HostSettings): void {
  const imaging = createJobThread<ImagingJob>(new URL('../../imaging/worker.ts', import.meta.url));
  const pdf = createPdfChild();
  const cancelled = new Set<number>();
  const loaded = load(settings);
  const finding = loadPageFinder(settings.finderFolder, settings.threads);
  // Answered where they are awaited; a preview needs the finder alone.
  loaded.catch(() => undefined);
  finding.catch(() => undefined);
  let lastPdf: Promise<unknown> = Promise.resolve();
  // While the reader reads the lines, the imaging thread looks for codes.
  const readCodes = ({ page }: DetectedPage): Promise<PageCode[]> =>
    imaging.run<PageCode[]>({ kind: 'codes', picture: page }, { limitMs: codesLimitMs });

  async function handle(id: number, job: HostJob): Promise<unknown> {
    const check = (): void => {
      if (cancelled.has(id)) throw new Cancelled('the caller has given up');
    };
    if (job.kind === 'hint') {
      const [picture, finder] = await Promise.all([decodePicture(job.jpeg), finding]);
      check();
      const map = await finder.look(picture);
      check();
      const hint = await imaging.run<FrameHint>({ kind: 'hint', picture, map }, { limitMs: hintLimitMs });
      return hint.corners ? withFolds(hint, await findFolds(finder, picture, hint.corners)) : hint;
    }
    const { reader, pack, cache } = await loaded;
    const finder = await finding;
    check();
    switch (job.kind) {
      case 'describe':
        return { packId: pack.packId, modelHash: pack.modelHash, licence: pack.licence };
      case 'read':
        return readContents({ reader, pack, readCodes }, await cache.load(job.jpeg), job.reads, check);
      case 'examine': {
        const page = await cache.load(job.jpeg);
        const { claims, cuts = [], codes = false } = job.questions;
        return {
          scores: await scoreClaims(reader, page, claims, { modelHash: pack.modelHash, check }),
          cuts: await Promise.all(cuts.map((places) => cutMarks(page.page, places))),
          codes: codes ? await readCodes(page) : [],
        } satisfies PageAnswers;
      }
      case 'open': {
        // The PDF child holds one document at a time, so documents take turns; previews do not wait for them.
        const turn = lastPdf.then(() =>
          openDocument(
            { reader, finder, imaging, pdf, remember: cache.remember },
            {
              bytes: job.bytes,
              ...(job.paperSizes ? { paperSizes: job.paperSizes } : {}),
              ...(job.corners ? { corners: job.corners } : {}),
              ...(job.scannedAtDpi ? { scannedAtDpi: job.scannedAtDpi } : {}),
              isRead: job.reads.length > 0,
              check,
              onPage: async (page, total) => {
                send({ kind: 'page', id, page, total });
                const { reads, codePages = Infinity } = job;
                const here = reads.filter((content) => content !== 'codes' || page.index < codePages);
                if (reads.length > 0) await readOpened(id, page, here, check);
              },
            },
          ),
        );
        lastPdf = turn.catch(() => undefined);
        return turn;
      }
    }
  }

  async function closeAll(): Promise<void> {
    const closeReader = loaded.then(({ reader }) => reader.close?.()).catch(() => undefined);
    await Promise.all([imaging.close(), pdf.close(), closeReader]);
  }

  /** A page that cannot be read costs itself alone: it goes out without a reading. */
  async function readOpened(
    id: number,
    page: StraightPage,
    reads: readonly PageContent[],
    check: () => void,
  ): Promise<void> {
    const isEmpty = page.unreadable ?? page.quality.issues.includes('blank');
    if (isEmpty) return send({ kind: 'reading', id });
    try {
      const { reader, pack, cache } = await loaded;
      const detected = await cache.load(page.jpeg);
      const reading = await readContents({ reader, pack, readCodes }, detected, reads, check);
      send({ kind: 'reading', id, reading });
    } catch (error) {
      if (error instanceof Cancelled) throw error;
      send({ kind: 'trouble', text: textOf(error) });
      send({ kind: 'reading', id });
    }
  }

  process.on('message', (message: ToHost) => {
    if (message.kind === 'stop') {
      process.disconnect();
      void closeAll();
      return;
    }
    if (message.kind === 'cancel') {
      cancelled.add(message.id);
      return;
    }
    const { id, job } = message;
    handle(id, job)
      .then((result) => send({ kind: 'done', id, result }))
      .catch((error: unknown) => send(failureOf(id, error)))
      .finally(() => cancelled.delete(id));
  });
  // The agent is gone: nobody is left to answer.
  process.on('disconnect', () => void closeAll());
  send({ kind: 'ready' });
}

function withFolds(hint: FrameHint, folded: readonly number[]): FrameHint {
  if (folded.length === 0) return hint;
  return { ...hint, hints: [...hint.hints, 'folded'], foldedCorners: nameCorners(folded) };
}

function send(message: FromHost): void {
  if (process.connected) process.send?.(message);
}

function failureOf(id: number, error: unknown): FromHost {
  if (error instanceof AppError)
    return { kind: 'failed', id, code: error.code, details: error.details, text: error.message };
  return {
    kind: 'failed',
    id,
    details: {},
    text: textOf(error),
  };
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

async function load({
  modelFolder,
  packId,
  threads,
}: HostSettings): Promise<{ reader: Reader; pack: ModelPack; cache: ReturnType<typeof createPageCache> }> {
  const pack = await loadModelPack(modelFolder, packId);
  try {
    const reader = await openReader(pack, threads);
    return { reader, pack, cache: createPageCache(reader, cachedPages) };
  } catch (error) {
    throw new AppError('MODEL_INVALID', { reason: 'the runtime refuses the model' }, { cause: error });
  }
}

serve(hostSettingsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
