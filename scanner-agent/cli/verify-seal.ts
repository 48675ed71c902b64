/** `./ludeng verify-seal`: the strict verifier's report on a file, in words, as JSON or as a page. */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import type { WireError } from '#domain/errors/app-error.ts';
import { errorTable } from '#domain/errors/table.ts';
import { loadStationProfile } from '#config/load-table.ts';
import { writePrivateFile } from '#config/private-files.ts';
import type { TrustQuestion } from '#sealing/chain.ts';
import { createPdfInspector } from '#sealing/inspection/inspector.ts';
import type { PdfInspector } from '#sealing/inspection/inspector.ts';
import type { SealProblem } from '#sealing/problems.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { describeSealReport, sealReportPage, sealReportText } from '#sealing/seal-report.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { SealReport } from '#sealing/verify-seal.ts';
import type { SignatureReport } from '#sealing/verify-signature.ts';
import { readTrustFile } from '../services/read-trust-file.ts';
import type { AgentPaths } from '../settings.ts';
import { asFailure, readInput } from './batch.ts';

export interface VerifySealOptions extends Pick<AgentPaths, 'profileFile' | 'dataFolder'> {
  /** One is told about in full, of many each in a line. */
  files: readonly string[];
  /** Files of authorities besides the station's own: PEM, DER or PKCS#7, one or a bundle. */
  trust: readonly string[];
  timestampTrust: readonly string[];
  lists: readonly string[];
  json: boolean;
  page: string | undefined;
}

/** For one file; a seal takes some 30 ms. What takes longer than this was made to. */
const fileLimitMs = 1_200;

/**
 * Exit status: 0 the seals hold, 1 some do not. Each file is opened in a process of its own, so that none of them ends
 * or holds up the others. Throws FILE_MISSING, FILE_TOO_LARGE for a single file that cannot be read.
 */
export async function verifySealFiles(options: VerifySealOptions): Promise<number> {
  const [single, ...others] = options.files;
  const pdf = single !== undefined && others.length === 0 ? await readPaper(single) : undefined;
  const trust = await openTrust(options);
  const inspector = createPdfInspector({ limitMs: fileLimitMs, waitsOnce: true });
  inspector.warm();
  try {
    if (single === undefined || !pdf) return await verifyMany(options, trust, inspector);
    return await verifyOne({ ...options, file: single, pdf }, trust, inspector);
  } finally {
    await inspector.close();
  }
}

async function verifyOne(
  options: VerifySealOptions & { file: string; pdf: Uint8Array },
  trust: TrustQuestion,
  { inspect }: PdfInspector,
): Promise<number> {
  const { file, pdf, json, page } = options;
  const report = await verifySeal(pdf, trust, inspect);
  const about = { title: basename(file), at: trust.at, sha: shaOf(pdf) };
  const document = describeSealReport(report, about);
  if (page !== undefined) writePrivateFile(page, sealReportPage(report, about));
  process.stdout.write(
    `${json ? JSON.stringify({ ...document, report }, undefined, 2) : sealReportText(document)}\n`,
  );
  const isStranger = report.problems.some(({ code }) => code === 'CERTIFICATE_UNTRUSTED');
  if (isStranger && !json)
    process.stdout.write('\n如该CA机构应受信任，请用 --trust 给出它的证书文件后再验证。\n');
  return report.valid ? 0 : 1;
}

/** One line a file, as soon as it is known; with `--json` the lines are the entries of one array. */
async function verifyMany(
  { files, json }: VerifySealOptions,
  trust: TrustQuestion,
  { inspect }: PdfInspector,
): Promise<number> {
  let refused = 0;
  for (const [index, file] of files.entries()) {
    const startedAt = performance.now();
    const judged = await judge(file, (pdf) => verifySeal(pdf, trust, inspect), trust.at);
    if (!judged.valid) refused++;
    const seconds = Math.round(performance.now() - startedAt) / 1000;
    await print(
      json
        ? `${index === 0 ? '[' : ','}\n${JSON.stringify({ file, ...judged, seconds })}`
        : `${judged.valid ? '有效' : '无效'}\t${file}\t${judged.conclusion}\n`,
    );
  }
  if (json) await print('\n]\n');
  return refused > 0 ? 1 : 0;
}

interface Judged {
  valid: boolean;
  conclusion: string;
  sha?: string;
  problems?: SealProblem[];
  signatures?: SignatureReport[];
  error?: WireError;
}

/** Never throws for what a file is. */
async function judge(
  file: string,
  verify: (pdf: Uint8Array) => Promise<SealReport>,
  at: string,
): Promise<Judged> {
  try {
    const pdf = await readPaper(file);
    const { valid, problems, ...report } = await verify(pdf);
    const sha = shaOf(pdf);
    const { conclusion } = describeSealReport({ valid, problems, ...report }, { title: file, at, sha });
    return { valid, conclusion, sha, problems, signatures: report.signatures };
  } catch (error) {
    const failure = asFailure(error, file);
    const { message, action } = errorTable[failure.code];
    return { valid: false, conclusion: `${message}：${action}`, error: failure };
  }
}

/** Waits where whoever reads is slow: thousands of results must not pile up here. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

async function openTrust(options: VerifySealOptions): Promise<TrustQuestion> {
  const profile = loadStationProfile(options.profileFile);
  const beside = (file: string): string => resolve(dirname(options.profileFile), file);
  const at = new Date().toISOString();
  const lists = createRevocationLists({
    sources: [
      ...profile.revocation.lists.map((one) => (/^https?:/.test(one) ? one : beside(one))),
      ...options.lists,
    ],
    folder: join(options.dataFolder, 'revocation-lists'),
    now: () => at,
    onError: ({ source, reason }) => process.stderr.write(`${source}: ${reason}\n`),
  });
  await lists.refresh(AbortSignal.timeout(60_000));
  return {
    trustAnchors: [...profile.trustAnchorFiles.map(beside), ...options.trust].flatMap(readTrustFile),
    timestampAnchors: [
      ...(profile.timestamp?.anchorFiles ?? []).map(beside),
      ...options.timestampTrust,
    ].flatMap(readTrustFile),
    revocation: lists.check,
    mustKnowRevocation: profile.revocation.mustKnow,
    at,
  };
}

const maxBytes = 64 * 1024 * 1024;

/** Throws FILE_MISSING, FILE_TOO_LARGE. */
async function readPaper(file: string): Promise<Uint8Array> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new AppError('FILE_MISSING', { file });
  if (found.size > maxBytes) throw new AppError('FILE_TOO_LARGE', { file });
  return readInput(file);
}

const shaOf = (bytes: Uint8Array): string => hash('sha256', bytes);
