/** The reader's child process: owns the models, the imaging thread and the PDF child; answers jobs by number. */
import { AppError } from '#domain/errors/app-error.ts';
import { nameCorners } from '#domain/reading/corners.ts';
import { cutMarks } from '../../imaging/cut-marks.ts';
import { decodePicture } from '../../imaging/decode.ts';
import { createCodeReader } from '../../barcodes/read-codes.ts';
import type { ReadCodes } from '../../barcodes/read-codes.ts';
import { createPdfChild } from '../../imaging/pdf-child.ts';
import { createJobThread } from '../../imaging/thread.ts';
import type { ImagingJob } from '../../imaging/worker.ts';
import type { FrameHint } from '../../ports/paper-reader.ts';
import { scoreClaims } from '../claims/score-claims.ts';
import { loadModelPack } from '../model-pack.ts';
import type { ModelPack } from '../model-pack.ts';
import { openReader } from '../open-reader.ts';
import { findFolds, loadPageFinder } from '../page-finder.ts';
import { readLines } from '../read-page.ts';
import type { Reader } from '../read-page.ts';
import { openDocument } from './open-document.ts';
import { createPageCache } from './page-cache.ts';
import { hostSettingsSchema } from './protocol.ts';
import type { FromHost, HostJob, HostSettings, ToHost } from './protocol.ts';

const HINT_LIMIT_MS = 5_000;
const CACHED_PAGES = 3;

class Cancelled extends Error {}

function serve(settings: HostSettings): void {
  const imaging = createJobThread<ImagingJob>(new URL('../../imaging/worker.ts', import.meta.url));
  const pdf = createPdfChild();
  const cancelled = new Set<number>();
  let readCodes: Promise<ReadCodes> | undefined;
  const loaded = load(settings);
  const finding = loadPageFinder(settings.finderFolder, settings.threads);
  // Answered where they are awaited; a preview needs the finder alone.
  loaded.catch(() => undefined);
  finding.catch(() => undefined);
  let lastPdf: Promise<unknown> = Promise.resolve();

  async function handle(id: number, job: HostJob): Promise<unknown> {
    const check = (): void => {
      if (cancelled.has(id)) throw new Cancelled('the caller has given up');
    };
    if (job.kind === 'hint') {
      const [picture, finder] = await Promise.all([decodePicture(job.jpeg), finding]);
      check();
      const map = await finder.look(picture);
      check();
      const hint = await imaging.run<FrameHint>({ kind: 'hint', picture, map }, { limitMs: HINT_LIMIT_MS });
      return hint.corners ? withFolds(hint, await findFolds(finder, picture, hint.corners)) : hint;
    }
    const { reader, pack, cache } = await loaded;
    const finder = await finding;
    check();
    switch (job.kind) {
      case 'describe':
        return { packId: pack.packId, modelHash: pack.modelHash, licence: pack.licence };
      case 'read':
        return {
          lines: await readLines(reader, await cache.load(job.jpeg), check),
          modelHash: pack.modelHash,
        };
      case 'codes': {
        const { page } = await cache.load(job.jpeg);
        readCodes ??= createCodeReader();
        return (await readCodes)(page);
      }
      case 'score': {
        const page = await cache.load(job.jpeg);
        return scoreClaims(reader, page, job.questions, { modelHash: pack.modelHash, check });
      }
      case 'cut': {
        const { page } = await cache.load(job.jpeg);
        return Promise.all(job.marks.map((places) => cutMarks(page, places)));
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
              check,
              onPage: (page, total) => send({ kind: 'page', id, page, total }),
            },
          ),
        );
        lastPdf = turn.catch(() => undefined);
        return turn;
      }
    }
  }

  process.on('message', (message: ToHost) => {
    if (message.kind === 'stop') {
      process.disconnect();
      void Promise.all([imaging.close(), pdf.close()]);
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
  process.on('disconnect', () => void Promise.all([imaging.close(), pdf.close()]));
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
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

async function load({
  modelFolder,
  packId,
  threads,
}: HostSettings): Promise<{ reader: Reader; pack: ModelPack; cache: ReturnType<typeof createPageCache> }> {
  const pack = await loadModelPack(modelFolder, packId);
  try {
    const reader = await openReader(pack, threads);
    return { reader, pack, cache: createPageCache(reader, CACHED_PAGES) };
  } catch (error) {
    throw new AppError('MODEL_INVALID', { reason: 'the runtime refuses the model' }, { cause: error });
  }
}

serve(hostSettingsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
