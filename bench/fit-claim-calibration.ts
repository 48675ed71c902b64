/**
 * Fits the constants of paper/ocr/claims/calibration.ts on claims that `npm run bench -- verify --json FILE` judged: pages
 * with typefaces, words and layouts kept out of the recogniser's training. Every second page fits; the other half shows
 * how true the probabilities are, as figures and as a picture. True and forged claims weigh the same on both sides.
 * Run: node bench/fit-claim-calibration.ts CASES.json[,MORE.json] [CURVE.png]
 */
import { writeFile } from 'node:fs/promises';
import { claimCalibration, featuresOf, probabilityOf } from '#paper/ocr/claims/calibration.ts';
import type { ClaimEvidence } from '#paper/ocr/claims/calibration.ts';
import { drawReliability } from './verify/draw-reliability.ts';
import type { ReliabilityBin } from './verify/draw-reliability.ts';
import { evidenceOf, loadCases } from './verify/saved-cases.ts';
import { marksMended } from './verify/whole-way.ts';

interface Sample {
  isTrue: boolean;
  change: string;
  evidence: ClaimEvidence;
}
type Constants = Record<keyof typeof claimCalibration, number>;

const [file = '', figure] = process.argv.slice(2);
if (file === '') {
  process.stderr.write('usage: node bench/fit-claim-calibration.ts CASES.json[,MORE.json] [CURVE.png]\n');
  process.exit(2);
}
const { cases, seed } = await loadCases(file.split(','));
const pages = [...new Set(cases.map(({ page }) => page))];
const samplesOf = (half: 0 | 1): Sample[] =>
  cases
    .filter(({ page }) => pages.indexOf(page) % 2 === half)
    .flatMap((one) =>
      [one.score, one.scores[marksMended]].flatMap((score, i) =>
        // a quick run has one score for both
        score && (i === 0 || score.support !== one.score.support)
          ? [{ isTrue: one.change === 'none', change: one.change, evidence: evidenceOf(one, score) }]
          : [],
      ),
    );
const [fitted, kept] = [samplesOf(0), samplesOf(1)];
const constants = fit(fitted);
console.log(JSON.stringify(constants, undefined, 2));
for (const [name, own] of [
  ['present constants', claimCalibration],
  ['fitted constants', constants],
] as const) {
  console.log(`\n${name}, the half that was kept out: log loss ${logLoss(kept, own).toFixed(4)}`);
  for (const change of new Set(kept.map((sample) => sample.change))) {
    const values = kept
      .filter((sample) => sample.change === change)
      .map(({ evidence }) => probabilityOf(evidence, own));
    const share = (low: number, high: number): string =>
      `${((100 * values.filter((p) => p >= low && p < high).length) / values.length).toFixed(2)} %`;
    console.log(
      `${change.padEnd(14)} ${String(values.length).padStart(5)}  >=0.9 ${share(0.9, 2)}  0.1..0.9 ${share(0.1, 0.9)}  <0.1 ${share(-1, 0.1)}`,
    );
  }
}
if (figure !== undefined) {
  const note = `${kept.length} scores of pages kept out of the fit, seed ${seed}; true and forged claims weigh the same`;
  await writeFile(
    figure,
    await drawReliability({
      title: 'How true the probability of a claim is',
      note,
      bins: binsOf(kept, claimCalibration),
    }),
  );
}

/** Newton's method on the weighted log loss with a little ridge; a handful of rounds is enough. */
function fit(samples: readonly Sample[]): Constants {
  const weightOf = weigher(samples);
  let w = [0, 0, 0, 0];
  const n = w.length;
  for (let round = 0; round < 25; round += 1) {
    const rows = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n + 1 }, (_u, j) => (i === j ? 1 : j === n ? -(w[i] ?? 0) : 0)),
    );
    for (const sample of samples) {
      const { support, rivalMargin, agreement } = featuresOf(sample.evidence);
      const x = [1, support, rivalMargin, agreement];
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, i) => sum + value * (w[i] ?? 0), 0)));
      const weight = weightOf(sample);
      for (let i = 0; i < n; i += 1) {
        const row = rows[i] as number[];
        for (let j = 0; j < n; j += 1)
          row[j] = (row[j] ?? 0) + weight * p * (1 - p) * (x[i] ?? 0) * (x[j] ?? 0);
        row[n] = (row[n] ?? 0) + weight * ((sample.isTrue ? 1 : 0) - p) * (x[i] ?? 0);
      }
    }
    const step = solve(rows);
    w = w.map((value, i) => value + (step[i] ?? 0));
  }
  const rounded = w.map((value) => Math.round(1000 * value) / 1000);
  const [bias = 0, support = 0, rivalMargin = 0, agreement = 0] = rounded;
  return { bias, support, rivalMargin, agreement };
}

/** Half of all weight lies on the true claims. */
function weigher(samples: readonly Sample[]): (sample: Sample) => number {
  const honest = samples.filter(({ isTrue }) => isTrue).length;
  const [own, other] = [samples.length / (2 * honest), samples.length / (2 * (samples.length - honest))];
  return ({ isTrue }) => (isTrue ? own : other);
}

function logLoss(samples: readonly Sample[], own: Constants): number {
  const weightOf = weigher(samples);
  const losses = samples.map((sample) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, probabilityOf(sample.evidence, own)));
    return -weightOf(sample) * Math.log(sample.isTrue ? p : 1 - p);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / samples.length;
}

function binsOf(samples: readonly Sample[], own: Constants): ReliabilityBin[] {
  const weightOf = weigher(samples);
  const edges = [0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001];
  return edges.slice(1).flatMap((to, i) => {
    const inside = samples
      .map((sample) => ({ sample, p: probabilityOf(sample.evidence, own) }))
      .filter(({ p }) => p >= (edges[i] ?? 0) && p < to);
    const weight = inside.reduce((sum, { sample }) => sum + weightOf(sample), 0);
    if (weight === 0) return [];
    const mean = (of: (one: (typeof inside)[number]) => number): number =>
      inside.reduce((sum, one) => sum + weightOf(one.sample) * of(one), 0) / weight;
    return [
      { said: mean(({ p }) => p), held: mean(({ sample }) => (sample.isTrue ? 1 : 0)), count: inside.length },
    ];
  });
}

function solve(rows: number[][]): number[] {
  const n = rows.length;
  for (let c = 0; c < n; c += 1) {
    const pivot = rows[c] as number[];
    for (let r = 0; r < n; r += 1) {
      if (r === c) continue;
      const row = rows[r] as number[];
      const factor = (row[c] ?? 0) / (pivot[c] || 1e-9);
      for (let k = c; k <= n; k += 1) row[k] = (row[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[n] ?? 0) / (row[i] || 1e-9));
}
