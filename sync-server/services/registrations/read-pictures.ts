/**
 * What the reader makes of a stranger's picture. Its child process, its queue and its time are of uploads alone: no submission
 * waits for one, and whoever is not served in time fills in by hand.
 */
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { AttachmentSlot } from '#domain/catalogue/record-kind.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Field } from '#domain/catalogue/field.ts';
import type { PictureLook } from '#domain/contracts/public/registration.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { canonicalOf, fieldRules } from '#domain/fields/field-rules.ts';
import type { Values } from '#domain/primitives.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { OpenedPage, PaperReader } from '#paper/ports/paper-reader.ts';
import type { Log } from '../../ports/surroundings.ts';

export interface ReadPicturesOptions {
  /** Undefined: turned off in the settings. */
  reader: Pick<PaperReader, 'openDocument'> | undefined;
  catalogue: Catalogue;
  log: Pick<Log, 'warn'>;
}

export interface PictureQuestion {
  bytes: Uint8Array;
  slot: AttachmentSlot;
  form: readonly Field[];
  /** Whose upload it is, for a fair queue. */
  address: string;
}

export interface PictureAnswer {
  look: PictureLook;
  /** Values of the form, by field. */
  readings: Values;
}

const maxWaiting = 12;
const maxWaitingOfOne = 3;
/** One picture, however long it waited before. */
const timeoutMs = 60_000;
/** Another paper is believed to be one from here on. */
const otherPaperFrom = 0.5;

/** What the picture itself is to blame for: it is refused, and nothing is kept. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  'FILE_DAMAGED',
  'FILE_UNSUPPORTED',
  'PICTURE_TOO_LARGE',
  'PICTURE_TOO_SMALL',
]);

export function createReadPictures({ reader, catalogue, log }: ReadPicturesOptions) {
  const waiting = new Map<string, number>();
  let inLine = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** Throws FILE_DAMAGED, FILE_UNSUPPORTED, PICTURE_TOO_LARGE, PICTURE_TOO_SMALL. */
  async function readPicture(question: PictureQuestion): Promise<PictureAnswer> {
    if (!reader) return { look: { issues: [], reading: 'off' }, readings: {} };
    const { address } = question;
    const own = waiting.get(address) ?? 0;
    if (inLine >= maxWaiting || own >= maxWaitingOfOne)
      return { look: { issues: [], reading: 'busy' }, readings: {} };
    inLine += 1;
    waiting.set(address, own + 1);
    const turn = last.then(() => look(reader, question));
    last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      inLine -= 1;
      const left = (waiting.get(address) ?? 1) - 1;
      if (left === 0) waiting.delete(address);
      else waiting.set(address, left);
    }
  }

  async function look(
    own: Pick<PaperReader, 'openDocument'>,
    { bytes, slot, form }: PictureQuestion,
  ): Promise<PictureAnswer> {
    const { reads } = slot;
    const papers = reads ? { paperSizes: getDocumentType(catalogue, reads.documentType).papers } : {};
    try {
      const pages = await own.openDocument(bytes, {
        ...{ signal: AbortSignal.timeout(timeoutMs), timeoutMs, reads: reads ? ['lines'] : [] },
        ...papers,
      });
      if (pages.some(({ unreadable }) => unreadable)) throw new AppError('FILE_DAMAGED');
      const issues = [...new Set(pages.flatMap(({ quality }) => quality.issues))];
      if (!reads) return { look: { issues, reading: 'done' }, readings: {} };
      const { paper, paperName } = paperOf(reads.documentType, pages);
      const readings = paper === 'other' ? {} : valuesOf(reads, pages, form);
      return {
        look: { issues, paper, ...(paperName === undefined ? {} : { paperName }), reading: 'done' },
        readings,
      };
    } catch (error) {
      if (error instanceof AppError && refusals.has(error.code)) throw error;
      log.warn({ error, attachment: slot.id }, 'picture of a registration not read');
      return { look: { issues: [], reading: 'failed' }, readings: {} };
    }
  }

  /** Which paper it is by its own words. */
  function paperOf(
    wanted: string,
    pages: readonly OpenedPage[],
  ): { paper: NonNullable<PictureLook['paper']>; paperName?: string } {
    const found = recogniseDocumentType(catalogue.documentTypes, linesOf(pages));
    const right = found.find(({ documentType }) => documentType === wanted);
    const [best] = found;
    if (!best) return { paper: 'unknown' };
    if (best.documentType === wanted || (right && right.confidence >= otherPaperFrom))
      return { paper: 'right' };
    if (best.confidence < otherPaperFrom) return { paper: right ? 'right' : 'unknown' };
    return { paper: 'other', paperName: getDocumentType(catalogue, best.documentType).name };
  }

  function valuesOf(
    { documentType, fills }: NonNullable<AttachmentSlot['reads']>,
    pages: readonly OpenedPage[],
    form: readonly Field[],
  ): Values {
    const readings = extractFields(getDocumentType(catalogue, documentType), linesOf(pages));
    const values: Values = {};
    for (const [from, to] of Object.entries(fills)) {
      const reading = readings[from];
      const field = form.find(({ id }) => id === to);
      if (!reading || !field || reading.value === '') continue;
      // as a person would type it
      const shown = fieldRules[field.kind].format(canonicalOf(reading.value, field), field);
      values[to] = shown.slice(0, field.maxLength);
    }
    return values;
  }

  return readPicture;
}
export type ReadPictures = ReturnType<typeof createReadPictures>;

const linesOf = (pages: readonly OpenedPage[]) =>
  pages.map(({ reading, ...page }) => ({
    ...page,
    lines: reading?.lines ?? [],
    seals: reading?.seals ?? [],
  }));
