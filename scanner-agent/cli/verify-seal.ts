/** `./ludeng verify-seal`: the strict verifier's report on a file, in words, as JSON or as a page. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '#domain/errors/app-error.ts';
import { loadStationProfile } from '#config/load-table.ts';
import { writePrivateFile } from '#config/private-files.ts';
import type { TrustQuestion } from '#sealing/chain.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import { describeSealReport, sealReportPage, sealReportText } from '#sealing/seal-report.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import { readTrustFile } from '../services/read-trust-file.ts';
import type { AgentPaths } from '../settings.ts';

export interface VerifySealOptions extends Pick<AgentPaths, 'profileFile' | 'dataFolder'> {
  file: string;
  /** Files of authorities besides the station's own: PEM, DER or PKCS#7, one or a bundle. */
  trust: readonly string[];
  timestampTrust: readonly string[];
  lists: readonly string[];
  json: boolean;
  page: string | undefined;
}

/** Exit status: 0 the seals hold, 1 they do not. Throws FILE_MISSING for files that are not there. */
export async function verifySealFile(options: VerifySealOptions): Promise<number> {
  const pdf = await readOrSay(options.file);
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
    onTrouble: ({ source, reason }) => process.stderr.write(`${source}: ${reason}\n`),
  });
  await lists.refresh(AbortSignal.timeout(60_000));
  const trust: TrustQuestion = {
    trustAnchors: [...profile.trustAnchorFiles.map(beside), ...options.trust].flatMap(readTrustFile),
    timestampAnchors: [
      ...(profile.timestamp?.anchorFiles ?? []).map(beside),
      ...options.timestampTrust,
    ].flatMap(readTrustFile),
    revocation: lists.check,
    mustKnowRevocation: profile.revocation.mustKnow,
    at,
  };
  const report = await verifySeal(pdf, trust);
  const about = { title: basename(options.file), at, sha: createHash('sha256').update(pdf).digest('hex') };
  const document = describeSealReport(report, about);
  if (options.page !== undefined) writePrivateFile(options.page, sealReportPage(report, about));
  process.stdout.write(
    `${options.json ? JSON.stringify({ ...document, report }, undefined, 2) : sealReportText(document)}\n`,
  );
  const isStranger = report.problems.some(({ code }) => code === 'CERTIFICATE_UNTRUSTED');
  if (isStranger && !options.json)
    process.stdout.write('\n如该CA机构应受信任，请用 --trust 给出它的证书文件后再验证。\n');
  return report.valid ? 0 : 1;
}

async function readOrSay(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new AppError('FILE_MISSING', { file }, { cause: error });
  }
}
