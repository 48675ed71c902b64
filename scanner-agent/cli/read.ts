/** `./ludeng read`: files in, pages with lines and fields out. */
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { FieldReadings, Line, Quad, SealText } from '#domain/reading/schema.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { applyHomography, homography } from '#paper/imaging/geometry.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { PaperReader, StraightPage } from '#paper/ports/paper-reader.ts';
import type { AgentPaths } from '../settings.ts';
import { UsageError } from './arguments.ts';
import { asFailure, createProgress, readInput, warnOfPack, writeOutput } from './batch.ts';
import { checkOutput } from './output.ts';

const openTimeoutMs = 1_800_000;
const readTimeoutMs = 120_000;

export interface ReadDocument {
  pages: (StraightPage & { lines: Line[]; seals: SealText[] })[];
  documentType: DocumentType | undefined;
  readings: FieldReadings;
  modelHash: string;
}

export async function readFiles(
  options: AgentPaths & { files: string[]; output: string; documentType: string | undefined },
): Promise<number> {
  checkOutput(options.output, options.files);
  const catalogue = loadCatalogue(options.configFolder);
  const given =
    options.documentType === undefined ? undefined : knownDocumentType(catalogue, options.documentType);
  const reader = createPaperReader({ ...(await resolveModelPack(options, warnOfPack)), threads: 2 });
  const progress = createProgress(options.files.length);
  const results: unknown[] = [];
  let failures = 0;
  try {
    for (const file of options.files) {
      progress.step(file);
      const startedAt = performance.now();
      try {
        const document = await readDocument(reader, await readInput(file), catalogue, given);
        results.push({
          file,
          certificate: document.documentType?.id ?? null,
          pages: document.pages.map(inPicture),
          fields: Object.fromEntries(
            Object.entries(document.readings).map(([id, reading]) => [
              id,
              fieldInPicture(reading, document.pages),
            ]),
          ),
          seconds: secondsSince(startedAt),
        });
      } catch (error) {
        failures++;
        results.push({ file, error: asFailure(error, file), seconds: secondsSince(startedAt) });
      }
    }
    progress.end();
  } finally {
    await reader.close();
  }
  writeOutput(options.output, results);
  return failures > 0 ? 1 : 0;
}

/** Throws UsageError with the names that there are. */
function knownDocumentType({ documentTypes }: Catalogue, id: string): DocumentType {
  const found = documentTypes.find((one) => one.id === id);
  if (found) return found;
  const known = documentTypes.map((one) => `${one.id}（${one.name}）`).join('、');
  throw new UsageError(`没有证件 ${id}；可用的有：${known}`, { showsHelp: false });
}

/** Opens, straightens and reads one file; the document's kind is recognised unless it is given. */
export async function readDocument(
  reader: PaperReader,
  bytes: Uint8Array,
  catalogue: Catalogue,
  given: DocumentType | undefined,
): Promise<ReadDocument> {
  const signal = new AbortController().signal;
  const straight = await reader.openDocument(bytes, {
    signal,
    timeoutMs: openTimeoutMs,
    reads: ['lines'],
    ...(given ? { paperSizes: given.papers } : {}),
  });
  const pages: ReadDocument['pages'] = [];
  let modelHash = '';
  for (const { reading, ...page } of straight) {
    // What was passed over as blank is looked at once more here, and what failed says why.
    const read = reading ?? (await reader.readPage(page.jpeg, { signal, timeoutMs: readTimeoutMs }));
    modelHash = read.modelHash;
    pages.push({ ...page, lines: read.lines, seals: read.seals });
  }
  const [best] = given ? [] : recogniseDocumentType(catalogue.documentTypes, pages);
  const documentType = given ?? (best ? getDocumentType(catalogue, best.documentType) : undefined);
  return { pages, documentType, readings: documentType ? extractFields(documentType, pages) : {}, modelHash };
}

/** From pixels of the straight page to pixels of the picture it was found in. */
export function toPicture(page: StraightPage, box: Quad): Quad {
  const map = homography(pageCorners(page), page.corners);
  return mapQuad(box, map);
}

/** From pixels of the picture to pixels of the straight page. */
export function toPage(page: StraightPage, box: Quad): Quad {
  return mapQuad(box, homography(page.corners, pageCorners(page)));
}

function mapQuad([a, b, c, d]: Quad, map: ReturnType<typeof homography>): Quad {
  return [applyHomography(map, a), applyHomography(map, b), applyHomography(map, c), applyHomography(map, d)];
}

function pageCorners({ widthPx, heightPx }: StraightPage): Quad {
  return [
    [0, 0],
    [widthPx, 0],
    [widthPx, heightPx],
    [0, heightPx],
  ];
}

function inPicture(page: ReadDocument['pages'][number]): unknown {
  const { index, corners, widthMm, heightMm, dpi, quality, lines, seals } = page;
  return {
    index,
    corners,
    widthMm,
    heightMm,
    dpi,
    quality,
    lines: lines.map((line) => ({ ...line, box: toPicture(page, line.box) })),
    seals: seals.map((seal) => ({ ...seal, box: toPicture(page, seal.box) })),
  };
}

function fieldInPicture(reading: FieldReadings[string], pages: ReadDocument['pages']): unknown {
  const page = pages[reading.page];
  return page ? { ...reading, box: toPicture(page, reading.box) } : reading;
}

function secondsSince(startedAt: number): number {
  return Math.round(performance.now() - startedAt) / 1000;
}
