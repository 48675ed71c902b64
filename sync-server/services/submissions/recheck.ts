/** 服务端复核: the server runs the claim check again, on the very pixels that were sealed and with its own reader. */
import { AppError } from '#domain/errors/app-error.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { chosenFor } from '#domain/record/redecide-record.ts';
import type { Checked, LudengRecord, Material, Recheck } from '#domain/record/schema.ts';
import { compareChecks } from '#domain/record/compare-checks.ts';
import { examineMaterial } from '#paper/evidence/examine-material.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import { sha256 } from '../hashing.ts';

export interface RecheckOptions {
  /** Undefined: turned off in the settings. */
  reader: PaperReader | undefined;
  clock: Clock;
  log: Log;
}

export interface RecheckQuestion {
  record: LudengRecord;
  material: Material & { checked: Checked };
  documentType: DocumentType;
  catalogue: Catalogue;
  /** The picture with this hash, out of what was sealed. */
  picture: (sha: string) => Promise<Uint8Array>;
  /** A reader that fails is asked again later: then this throws what the reader threw. The last try answers `failed`. */
  isLastTry: boolean;
  signal: AbortSignal;
}

export function createRecheck({ reader, clock, log }: RecheckOptions) {
  return async function readAgain(question: RecheckQuestion): Promise<Recheck> {
    if (!reader) return { state: 'off' };
    try {
      const checked = await check(reader, question);
      const differences = compareChecks(question.material.checked, checked);
      if (differences.length > 0)
        log.warn(
          { recordId: question.record.id, slot: question.material.slot, fields: differences.length },
          'station and server judge differently',
        );
      return { state: 'done', checked, differences };
    } catch (error) {
      // a model that does not load, and a page that does not open, will not do so later
      const isFinal = error instanceof AppError && finalCodes.has(error.code);
      if (!isFinal && !question.isLastTry) throw error;
      log.error({ error, recordId: question.record.id }, 'second reading failed');
      const reason = error instanceof AppError ? error.code : 'READER_FAILED';
      return { state: 'failed', at: clock.now(), reason };
    }
  };

  function check(
    own: PaperReader,
    { record, material, documentType, catalogue, picture, signal }: RecheckQuestion,
  ): Promise<Checked> {
    return examineMaterial({
      record,
      material,
      documentType,
      catalogueHash: catalogue.hash,
      chosen: chosenFor(record, material.slot, catalogue),
      reader: own,
      signal,
      // judged by the day of the station's check: what expired since then was valid at the counter
      day: material.checked.day,
      now: () => clock.now(),
      picture,
      // named, not kept: the desk cuts it from the sealed page whenever it is looked at
      keepCrop: (jpeg) => Promise.resolve({ sha: sha256(jpeg), size: jpeg.length }),
    });
  }
}
export type RecheckAttempt = ReturnType<typeof createRecheck>;

const finalCodes: ReadonlySet<string> = new Set(['MODEL_INVALID', 'FILE_DAMAGED', 'BAD_REQUEST']);
