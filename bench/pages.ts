/** `npm run bench -- pages`: from the picture to the fields as the station goes, beside a plain OpenCV page finder. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { fieldRules } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { recogniseDocumentType } from '#domain/reading/recognise-document-type.ts';
import type { FieldReadings, Quad } from '#domain/reading/schema.ts';
import sharp from 'sharp';
import { decodePicture } from '#paper/imaging/files/decode.ts';
import { loadOpenCv } from '#paper/imaging/opencv.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { ManagedPaperReader } from '#paper/ocr/paper-reader.ts';
import type { BenchOptions } from './options.ts';
import { cornerError, isUpright, skewLeft } from './pages/corner-scores.ts';
import { openOutsideReader } from './pages/outside-reader.ts';
import { reportMemory, reportPreviews } from './pages/preview-cost.ts';
import { findPlainly } from './pages/plain-finder.ts';
import { benchRealPages } from './pages/real-pages.ts';
import { reportPages } from './pages/report.ts';
import type { Cost, FieldFigures, PageFigures } from './pages/report.ts';
import { cpuSecondsOf } from './readers/process-cost.ts';
import { renderSet } from './set/render-set.ts';
import type { EvaluationPage } from './set/render-set.ts';
import { documentTypeOf, trueFields } from './set/true-fields.ts';

const modelFolder = fileURLToPath(new URL('../models/weights', import.meta.url));
const timeoutMs = 120_000;

interface Plain {
  corners: Quad | undefined;
  cpuSeconds: number;
}

export async function benchPages(options: BenchOptions): Promise<void> {
  if (options.real) return benchRealPages({ ...options, real: options.real });
  say(
    `seed ${options.seed}, ${options.pages} pages: npm run bench -- pages --seed ${options.seed} --pages ${options.pages}`,
  );
  const catalogue = loadCatalogue();
  const set = await renderSet(options);
  const reader = createPaperReader({ modelFolder });
  const outside = options.outsidePack ? await openOutsideReader(modelFolder, options.outsidePack) : undefined;
  try {
    const plain = await findAllPlainly(set.pages);
    // The models load with the first question; that is no page's cost.
    await reader.describeModels({ signal: new AbortController().signal, timeoutMs });
    await outside?.reader.describeModels({ signal: new AbortController().signal, timeoutMs });
    const figures: PageFigures[] = [];
    for (const [i, page] of set.pages.entries())
      figures.push(await measure({ reader, outside: outside?.reader, catalogue }, page, plain[i]));
    for (const line of reportPages(figures, options)) say(line);
    for (const line of await reportPreviews(reader, set.pages)) say(line);
    if (options.memoryPages > 0) say(await reportMemory(modelFolder, set.pages, options.memoryPages));
    if (options.json)
      await writeFile(options.json, `${JSON.stringify({ seed: options.seed, figures }, undefined, 2)}\n`);
  } finally {
    await Promise.all([reader.close(), outside?.close(), set.dispose()]);
  }
}

interface Readers {
  reader: ManagedPaperReader;
  outside: ManagedPaperReader | undefined;
  catalogue: Catalogue;
}

async function measure(
  { reader, outside, catalogue }: Readers,
  page: EvaluationPage,
  plain: Plain | undefined,
): Promise<PageFigures> {
  const documentType = documentTypeOf(catalogue, page);
  const bytes = await readFile(page.pictureFile);
  const { width = 0, height = 0 } = await sharp(bytes).metadata();
  const wait = { signal: new AbortController().signal, timeoutMs };
  const spent = costSince(reader);
  let open = spent();
  // As the station asks: one call for the page, its lines and its codes.
  const [straight] = await reader.openDocument(bytes, {
    ...wait,
    ...(documentType ? { paperSizes: documentType.papers } : {}),
    reads: ['lines', 'codes'],
    onPage: () => {
      open = spent();
    },
  });
  if (!straight) throw new Error(`${page.name}: no page came back`);
  const all = spent();
  const read = { wall: all.wall - open.wall, cpu: all.cpu - open.cpu };
  const { lines = [], seals = [] } = straight.reading ?? {};
  const before = performance.now();
  const readings = documentType ? extractFields(documentType, [{ ...straight, lines, seals }]) : {};
  const fieldsMs = performance.now() - before;
  const scored = (found: FieldReadings): FieldFigures[] =>
    documentType ? scoreFields(documentType, page, found) : [];
  const [offered] = recogniseDocumentType(catalogue.documentTypes, [{ lines }]);
  let fromOutside: PageFigures['outside'];
  if (outside) {
    const theirCost = costSince(outside);
    const { lines: theirs, seals: theirSeals } = await outside.readPage(straight.jpeg, wait);
    const cost = theirCost();
    const found = documentType
      ? extractFields(documentType, [{ ...straight, lines: theirs, seals: theirSeals }])
      : {};
    fromOutside = { read: cost, fields: scored(found) };
  }
  return {
    name: page.name,
    kind: page.kind,
    condition: page.condition,
    issues: straight.quality.issues,
    cornerError: cornerError(straight.corners, page.corners, { width, height }),
    plainCornerError: plain?.corners
      ? cornerError(plain.corners, page.corners, { width, height })
      : undefined,
    plainCpuSeconds: plain?.cpuSeconds ?? 0,
    upright: isUpright(straight.corners, page.corners),
    skewDeg: skewLeft(straight.corners, page.corners, straight),
    open,
    read,
    fieldsMs,
    fields: scored(readings),
    recognised: documentType && { truth: documentType.id, offered: offered?.documentType },
    outside: fromOutside,
  };
}

function scoreFields(
  documentType: DocumentType,
  page: EvaluationPage,
  readings: FieldReadings,
): FieldFigures[] {
  return trueFields(documentType, page).map(({ field, value }) => {
    const found = readings[field.id]?.value;
    const exact = found !== undefined && fieldRules[field.kind].agrees(value, found, field);
    return { id: field.id, truth: value, read: found, exact };
  });
}

/** What has been spent since, whenever it is asked. */
function costSince(reader: ManagedPaperReader): () => Cost {
  const pid = reader.status().pid;
  const [wall, cpu] = [performance.now(), cpuSecondsOf(pid)];
  return () => ({ wall: (performance.now() - wall) / 1000, cpu: cpuSecondsOf(pid) - cpu });
}

async function findAllPlainly(pages: readonly EvaluationPage[]): Promise<Plain[]> {
  const { cv } = await loadOpenCv();
  const found: Plain[] = [];
  for (const { pictureFile } of pages) {
    const picture = await decodePicture(await readFile(pictureFile));
    const before = process.cpuUsage();
    const corners = findPlainly(cv, picture);
    const { user, system } = process.cpuUsage(before);
    found.push({ corners, cpuSeconds: (user + system) / 1e6 });
  }
  return found;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
