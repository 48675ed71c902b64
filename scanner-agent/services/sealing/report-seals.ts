/** 验证 at the counter: the strict verifier over a file of this station, told in words. */
import { hash } from 'node:crypto';
import type { SealReportAnswer } from '#domain/contracts/kiosk/seal.ts';
import { describeSealReport } from '#sealing/seal-report.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import { trustQuestion } from './apply-seal.ts';
import type { StationTrust } from './apply-seal.ts';

export async function reportSeals(
  pdf: Uint8Array,
  { title, at, trust }: { title: string; at: string; trust: StationTrust },
): Promise<SealReportAnswer> {
  const report = await verifySeal(pdf, trustQuestion(trust, at));
  return describeSealReport(report, { title, at, sha: hash('sha256', pdf) });
}
