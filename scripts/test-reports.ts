/** Where the last run of each vitest project left its report, and what it says. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const folder = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'node_modules',
  '.cache',
  'test-reports',
);

/** Projects that run in several parts: the longest ones, so that none of them is left over alone at the end. */
const shards: Readonly<Record<string, number>> = { e2e: 2, integration: 2 };

/** How the parts of a project are called, `e2e 1/2`, and what vitest is told for each. */
export function partsOf(project: string): { title: string; args: string[] }[] {
  const count = shards[project] ?? 1;
  if (count === 1) return [{ title: project, args: [] }];
  return Array.from({ length: count }, (_, index) => {
    const part = `${index + 1}/${count}`;
    return { title: `${project} ${part}`, args: [`--shard=${part}`] };
  });
}

export function reportOf(title: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, `${title.replaceAll(/\W+/g, '-')}.json`);
}

/** What is read of vitest's report; the rest is kept, since it may be written again with the files of a later run. */
const fileSchema = z.looseObject({
  name: z.string(),
  status: z.string(),
  message: z.string().default(''),
  assertionResults: z.array(
    z.looseObject({
      fullName: z.string(),
      status: z.string(),
      failureMessages: z.array(z.string()).default([]),
    }),
  ),
});
const reportSchema = z.looseObject({ testResults: z.array(fileSchema) });
export type TestedFile = z.infer<typeof fileSchema>;
export type VitestReport = z.infer<typeof reportSchema>;

/** Nothing where the run left none that can be read: it was killed. */
export function readReport(title: string): VitestReport | undefined {
  const file = reportOf(title);
  if (!existsSync(file)) return undefined;
  return reportSchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
}

export function writeReport(title: string, report: VitestReport): void {
  writeFileSync(reportOf(title), JSON.stringify(report));
}

/** The report with these files in the place of what it said of them. */
export function withFiles(report: VitestReport, later: readonly TestedFile[]): VitestReport {
  const laterByName = new Map(later.map((one) => [one.name, one]));
  return { ...report, testResults: report.testResults.map((one) => laterByName.get(one.name) ?? one) };
}

export interface FailedTest {
  name: string;
  /** The first line of the first. */
  error: string;
}

export interface Outcome {
  passed: number;
  skipped: number;
  failures: FailedTest[];
  /** Passed only when tried again. */
  unsteady: FailedTest[];
}

export function outcomeOf({ testResults }: VitestReport): Outcome {
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const withError = (wanted: string) =>
    results
      .filter(({ status, failureMessages }) => status === wanted && failureMessages.length > 0)
      .map(({ fullName, failureMessages: [message = ''] }) => failedTest(fullName, message));
  // a file that could not be loaded, or whose common set-up failed, has no failed test
  const withoutTests = testResults
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
    )
    .map(({ name, message }) => failedTest(name, message));
  const passed = results.filter(({ status }) => status === 'passed').length;
  return {
    passed,
    skipped: results.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
    failures: [...withError('failed'), ...withoutTests],
    unsteady: withError('passed'),
  };
}

const failedTest = (name: string, message: string): FailedTest => ({
  name,
  error: message.split('\n')[0] ?? '',
});
