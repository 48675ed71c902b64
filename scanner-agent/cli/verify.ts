/** `./ludeng verify`: claims about files in, lights with reasons and scores out, in the same order. */
import { chinaDay } from '#domain/primitives.ts';
import { hash } from 'node:crypto';
import { z } from 'zod';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { Catalogue, DocumentType } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { canonicalOf } from '#domain/fields/field-rules.ts';
import { extractFields } from '#domain/reading/extract-fields.ts';
import { guessPlaces } from '#domain/reading/guess-places.ts';
import { proposeMarks } from '#domain/reading/propose-marks.ts';
import { quadSchema } from '#domain/reading/schema.ts';
import type { Marks } from '#domain/reading/schema.ts';
import type { Values } from '#domain/primitives.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { examineMaterial } from '#paper/evidence/examine-material.ts';
import { resolveModelPack } from '#paper/ocr/packs/station-packs.ts';
import { createPaperReader } from '#paper/ocr/paper-reader.ts';
import type { PaperReader } from '#paper/ports/paper-reader.ts';
import type { AgentPaths } from '../settings.ts';
import { UsageError } from './arguments.ts';
import { asFailure, createProgress, readInput, warnOfPack, writeOutput } from './batch.ts';
import { checkOutput } from './output.ts';
import { readDocument, toPage } from './read.ts';
import type { ReadDocument } from './read.ts';

const casesSchema = z.array(
  z.strictObject({
    file: z.string().min(1),
    certificate: z.string(),
    fields: z.record(
      z.string(),
      z.strictObject({
        value: z.string().max(5000),
        mark: z.strictObject({ page: z.int().nonnegative(), box: quadSchema }).optional(),
      }),
    ),
  }),
);
type Case = z.infer<typeof casesSchema>[number];

export async function verifyCases(options: AgentPaths & { cases: string; output: string }): Promise<number> {
  const catalogue = loadCatalogue(options.configFolder);
  checkOutput(options.output, [options.cases]);
  const cases = parseCases(options.cases, await readInput(options.cases));
  checkOutput(
    options.output,
    cases.map(({ file }) => file),
  );
  const reader = createPaperReader({ ...(await resolveModelPack(options, warnOfPack)), threads: 2 });
  const progress = createProgress(cases.length);
  const results: unknown[] = [];
  let failures = 0;
  // Cases about one file often follow each other: it is opened and read once.
  let last: { file: string; documentType: string; document: ReadDocument } | undefined;
  try {
    for (const one of cases) {
      progress.step(one.file);
      try {
        if (last?.file !== one.file || last.documentType !== one.certificate) {
          const documentType = getDocumentType(catalogue, one.certificate);
          const document = await readDocument(reader, await readInput(one.file), catalogue, documentType);
          last = { file: one.file, documentType: one.certificate, document };
        }
        results.push({ file: one.file, ...(await verifyCase(reader, catalogue, one, last.document)) });
      } catch (error) {
        failures++;
        results.push({ file: one.file, light: 'red', fields: {}, error: asFailure(error, one.file) });
      }
    }
    progress.end();
  } finally {
    await reader.close();
  }
  writeOutput(options.output, results);
  return failures > 0 ? 1 : 0;
}

/** Throws UsageError with the place that is wrong. */
function parseCases(file: string, bytes: Uint8Array): Case[] {
  let data: unknown;
  try {
    data = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    );
  } catch (error) {
    throw new UsageError(`案例文件 ${file} 不是 JSON：${error instanceof Error ? error.message : ''}`, {
      showsHelp: false,
    });
  }
  const parsed = casesSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const [index, ...path] = issue?.path ?? [];
  const where =
    typeof index === 'number' ? `第 ${index + 1} 个案例 ${path.join('.')}` : '整个文件（应是案例的列表）';
  throw new UsageError(`案例文件 ${file} 的 ${where} 不合格式：${issue?.message ?? ''}`, {
    showsHelp: false,
  });
}

async function verifyCase(
  reader: PaperReader,
  catalogue: Catalogue,
  one: Case,
  { pages }: ReadDocument,
): Promise<{ light: string; fields: Record<string, unknown> }> {
  const documentType = claimedPart(getDocumentType(catalogue, one.certificate), one);
  const values: Values = {};
  for (const field of documentType.fields)
    values[field.id] = canonicalOf(one.fields[field.id]?.value ?? '', field);
  const named = pages.map(({ jpeg }) => ({ sha: hash('sha256', jpeg), jpeg }));
  const pictures = new Map(named.map(({ sha, jpeg }) => [sha, jpeg]));
  const marks = marksOf(documentType, one, values, pages);
  const { evidence, verdict } = await examineMaterial({
    record: { materials: [] },
    material: { slot: documentType.id, values, chip: {}, marks, pages: named },
    documentType,
    catalogueHash: catalogue.hash,
    reader,
    signal: new AbortController().signal,
    day: chinaDay(Date.now()),
    now: () => new Date().toISOString(),
    picture: (sha) => Promise.resolve(pictures.get(sha) as Uint8Array),
  });
  return {
    light: verdict.light,
    fields: Object.fromEntries(
      verdict.fields.map(({ field, light, recognised, reasons }) => [
        field,
        {
          light: light ?? null,
          reason: reasons.map(({ text }) => text).join('；'),
          /** Calibrated probability that the paper says exactly the claim; null when nothing was compared. */
          score: evidence[field]?.score?.probability ?? null,
          recognised,
          evidence: evidence[field]?.score ?? null,
        },
      ]),
    ),
  };
}

/** Only what the case claims is verified. Throws BAD_REQUEST for a field that the document has not. */
function claimedPart(documentType: DocumentType, one: Case): DocumentType {
  for (const id of Object.keys(one.fields)) {
    if (!documentType.fields.some((field) => field.id === id))
      throw new AppError('BAD_REQUEST', { field: id });
  }
  const fields = documentType.fields.filter(({ id }) => one.fields[id] !== undefined);
  const checks = documentType.checks.filter(({ field }) => one.fields[field] !== undefined);
  return { ...documentType, fields, checks };
}

/** Marks as given, the rest looked for. */
function marksOf(documentType: DocumentType, one: Case, values: Values, pages: ReadDocument['pages']): Marks {
  const readings = extractFields(documentType, pages);
  const marks = proposeMarks(documentType, readings, values, guessPlaces(documentType, pages, readings));
  for (const [id, { mark }] of Object.entries(one.fields)) {
    if (!mark) continue;
    const page = pages[mark.page];
    if (!page) throw new AppError('BAD_REQUEST', { field: id, page: mark.page });
    marks[id] = [{ page: mark.page, box: toPage(page, mark.box) }];
  }
  return marks;
}
