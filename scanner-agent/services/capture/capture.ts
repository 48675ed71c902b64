/**
 * Paper comes in: open the file, straighten, keep the pictures, read the lines, find the fields, propose the marks.
 * Pages that cannot be read stay, with a note: nothing else of the batch is lost.
 */
import { AppError } from '#domain/errors/app-error.ts';
import { documentTypeOfSlot, getRecordKind } from '#domain/catalogue/lookup.ts';
import { refuseTooEarly } from '#domain/record/demanded-papers.ts';
import { askPages, knownValues, tellMissing } from '#domain/reading/ask-page.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import type { PageLines } from '#domain/reading/extract-fields.ts';
import { guessPlaces } from '#domain/reading/guess-places.ts';
import { proposeMarks } from '#domain/reading/propose-marks.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import type { Job } from '#domain/contracts/kiosk/jobs.ts';
import type { Quad } from '#domain/reading/schema.ts';
import type { LogLineKey } from '#domain/catalogue/log-lines.ts';
import type { LudengRecord, Page } from '#domain/record/schema.ts';
import type { OpenedPage, PageReading, PaperReader } from '#paper/ports/paper-reader.ts';
import type { BlobStore } from '../../ports/store.ts';
import type { JobContext, Jobs } from '../jobs.ts';
import type { KeepPage } from './keep-page.ts';
import { notesOf, refuseBlank, refuseUnseen } from './judge-pages.ts';
import { lookForCodes, pagesWithCodes, withCodes } from './find-codes.ts';
import { materialOf, pageOf } from '../records/record-service.ts';
import type { RecordService } from '../records/record-service.ts';

const openTimeoutMs = 600_000;
const readTimeoutMs = 60_000;

export interface Capture {
  /** Replaces the material's pages, or appends to them: further pages of the document, or auxiliary material (合并上传). */
  addPages(options: {
    recordId: string;
    slot: string;
    bytes: Uint8Array;
    source: 'camera' | 'upload';
    place: 'replace' | 'append' | 'auxiliary';
  }): Job;
  /** The same with pages that are straight and kept already: a document of a batch. */
  addKeptPages(options: {
    recordId: string;
    slot: string;
    pages: readonly Page[];
    place: 'replace' | 'append' | 'auxiliary';
    onStored: () => void;
  }): Job;
  /** Straightens one page again with corners set by hand. */
  setCorners(options: { recordId: string; slot: string; page: number; corners: Quad; revision: number }): Job;
}

export interface CaptureDeps {
  desk: RecordService;
  jobs: Jobs;
  reader: PaperReader;
  blobs: BlobStore;
  catalogue: Catalogue;
  storePage: KeepPage;
}

export function createCapture(deps: CaptureDeps): Capture {
  const { desk, jobs, reader, blobs, catalogue, storePage } = deps;

  function documentTypeFor(record: LudengRecord, slot: string): DocumentType {
    return documentTypeOfSlot(catalogue, getRecordKind(catalogue, record.programme, record.kind), slot);
  }

  async function open(
    bytes: Uint8Array,
    documentType: DocumentType,
    context: JobContext,
    { corners, codePages }: { corners?: Quad; codePages: number },
  ): Promise<OpenedPage[]> {
    const options = {
      signal: context.signal,
      timeoutMs: openTimeoutMs,
      paperSizes: documentType.papers,
      ...(corners ? { corners } : {}),
      onPage: (done: number, total: number) => context.report({ stage: 'opening', done, total }),
    };
    try {
      return await reader.openDocument(bytes, {
        ...options,
        reads: ['lines', 'codes'],
        codePages,
        onRead: (done, total) => context.report({ stage: 'reading', done, total }),
      });
    } catch (error) {
      // A page on which the reader ends must not take the others with it: each is read alone then.
      if (!(error instanceof AppError) || error.code !== 'READER_FAILED' || context.signal.aborted)
        throw error;
      return reader.openDocument(bytes, options);
    }
  }

  /** Lines of every page, in order; a page that fails is empty and noted. `known` by the page's hash. */
  async function readAll(
    pages: readonly Page[],
    known: ReadonlyMap<string, PageReading>,
    context: JobContext,
    notes: Job['notes'],
  ): Promise<PageLines[]> {
    const read: PageLines[] = [];
    for (const [index, page] of pages.entries()) {
      const reading = known.get(page.sha);
      if (reading) {
        const { lines, seals } = reading;
        read.push({ lines, seals, widthPx: page.widthPx, heightPx: page.heightPx });
        continue;
      }
      context.report({ stage: 'reading', done: index, total: pages.length });
      const empty = { lines: [], widthPx: page.widthPx, heightPx: page.heightPx };
      if (page.quality.issues.includes('blank')) {
        read.push(empty);
        continue;
      }
      try {
        const { lines, seals } = await reader.readPage(await blobs.get(page.sha), {
          signal: context.signal,
          timeoutMs: readTimeoutMs,
        });
        read.push({ ...empty, lines, seals });
      } catch (error) {
        if (context.signal.aborted || !(error instanceof AppError)) throw error;
        notes.push({ page: index, text: '此页识别失败，可重新拍摄或用人工模式填写' });
        read.push(empty);
      }
    }
    context.report({ stage: 'reading', done: pages.length, total: pages.length });
    return read;
  }

  /** Reads the pages and writes them with readings and proposed marks into the record as it is by then. */
  async function readAndStore(
    options: {
      recordId: string;
      slot: string;
      pages: Page[];
      added: Page[];
      /** What was read while the file was opened, by the page's hash. */
      known?: ReadonlyMap<string, PageReading>;
      line: LogLineKey;
      /** What was marked and confirmed stays: the pages before are as they were. */
      keepsMarks?: boolean;
    },
    context: JobContext,
  ): Promise<void> {
    const { recordId, slot, added, known = new Map<string, PageReading>(), keepsMarks = false } = options;
    const pages = options.pages.map((page, index) => {
      const reading = known.get(page.sha);
      return reading && index < pagesWithCodes && !page.codes ? withCodes(page, reading.codes) : page;
    });
    const notes: Job['notes'] = [];
    const documentType = documentTypeFor(desk.get(recordId), slot);
    const read = await readAll(pages, known, context, notes);
    const shown = await lookForCodes(pages, { reader, blobs, signal: context.signal });
    context.report({ stage: 'extracting' });
    refuseUnseen(added, (page) => read[options.pages.indexOf(page)]?.lines ?? []);
    for (const [index, page] of pages.entries()) {
      for (const text of notesOf(page)) notes.push({ page: index, text });
    }
    if (read.every(({ lines }) => lines.length === 0))
      notes.push({ text: '没有识别到文字，请确认上传的是证件，或改用人工模式填写' });
    const recognised = recogniseDocumentType(catalogue.documentTypes, read);
    const readings = extractFields(documentType, read);
    const asked = askWhatIsKnown(documentType, read, readings, desk.get(recordId), slot);
    // Where a label says where the value belongs, that place is asked and no other.
    const guesses = { ...asked.found, ...guessPlaces(documentType, read, readings) };
    // Of a wrong paper it is said that it is the wrong one.
    if (recognised[0]?.documentType === documentType.id)
      for (const one of asked.missing) notes.push({ text: tellMissing(one) });
    // A receipt, a letter: it has text, and none of it is known.
    if (recognised.length === 0 && read.some(({ lines }) => lines.length > 0))
      notes.push({
        text: `没有认出是哪种证件，请确认上传的是${documentType.name}；确认无误可用人工模式填写`,
      });
    context.report({ stage: 'storing', notes, recognised });
    desk.editMaterial({
      id: recordId,
      slot,
      revision: desk.get(recordId).revision,
      line: options.line,
      edit: (material) => ({
        ...material,
        pages: shown,
        readings,
        guesses,
        marks: {
          ...proposeMarks(documentType, readings, material.values, guesses),
          ...(keepsMarks ? material.marks : {}),
        },
        confirmed: keepsMarks && material.confirmed,
      }),
    });
  }

  return {
    addPages({ recordId, slot, bytes, source, place }) {
      const record = desk.getEditable(recordId);
      const documentType = documentTypeFor(record, slot);
      materialOf(record, slot);
      refuseTooEarly(getRecordKind(catalogue, record.programme, record.kind), slot, record);
      return jobs.start({
        kind: 'capture',
        recordId,
        slot,
        stage: 'opening',
        run: async (context) => {
          const standing = place === 'replace' ? 0 : materialOf(desk.get(recordId), slot).pages.length;
          const codePages = Math.max(0, pagesWithCodes - standing);
          const straight = await open(bytes, documentType, context, { codePages });
          refuseBlank(straight);
          context.report({ stage: 'storing', done: 0, total: straight.length });
          const added: Page[] = [];
          const known = new Map<string, PageReading>();
          for (const { reading, ...page } of straight) {
            // A single picture is kept untouched, so that its corners can be set again by hand.
            const original = page.hasCorners ? bytes : undefined;
            const kept = await storePage(page, { original, source, auxiliary: place === 'auxiliary' });
            added.push(kept);
            if (reading) known.set(kept.sha, reading);
          }
          const before = place === 'replace' ? [] : materialOf(desk.get(recordId), slot).pages;
          const keepsMarks = place === 'auxiliary';
          const line = keepsMarks ? 'auxiliary-uploaded' : 'uploaded';
          await readAndStore(
            { recordId, slot, pages: [...before, ...added], added, known, line, keepsMarks },
            context,
          );
        },
      });
    },
    addKeptPages({ recordId, slot, pages, place, onStored }) {
      materialOf(desk.getEditable(recordId), slot);
      return jobs.start({
        kind: 'capture',
        recordId,
        slot,
        stage: 'reading',
        run: async (context) => {
          const auxiliary = place === 'auxiliary';
          const added = pages.map((page) => ({ ...page, auxiliary }));
          const before = place === 'replace' ? [] : materialOf(desk.get(recordId), slot).pages;
          const line = auxiliary ? 'auxiliary-uploaded' : 'scanned';
          await readAndStore(
            { recordId, slot, pages: [...before, ...added], added, line, keepsMarks: auxiliary },
            context,
          );
          onStored();
        },
      });
    },
    setCorners({ recordId, slot, page: index, corners, revision }) {
      const record = desk.getEditable(recordId, revision);
      const material = materialOf(record, slot);
      const page = pageOf(material, index);
      const { original } = page;
      if (!original) throw new AppError('NOT_FOUND', { original: index });
      return jobs.start({
        kind: 'corners',
        recordId,
        slot,
        stage: 'opening',
        run: async (context) => {
          const bytes = await blobs.get(original.sha);
          const codePages = index < pagesWithCodes ? 1 : 0;
          const documentType = documentTypeFor(record, slot);
          const [opened] = await open(bytes, documentType, context, { corners, codePages });
          if (!opened) throw new AppError('PAGE_NOT_FOUND');
          const { reading, ...straight } = opened;
          const replaced = await storePage(straight, {
            original: bytes,
            source: page.source,
            auxiliary: page.auxiliary,
          });
          const pages = material.pages.map((old, position) => (position === index ? replaced : old));
          const known = new Map(reading ? [[replaced.sha, reading]] : []);
          await readAndStore({ recordId, slot, pages, added: [], known, line: 'corners-set' }, context);
        },
      });
    },
  };
}

/** The token's company and the chip's values, looked for on the pages that were read. */
function askWhatIsKnown(
  documentType: DocumentType,
  read: readonly PageLines[],
  readings: ReturnType<typeof extractFields>,
  record: LudengRecord,
  slot: string,
): ReturnType<typeof askPages> {
  const known = knownValues(documentType, { subject: record.subject, chip: materialOf(record, slot).chip });
  return askPages(read, known, readings);
}
