/** Which rows of docs/requirements.md the tests of a report hold, and how. A test speaks for a row by its id in its name. */
import { z } from 'zod';

const rowPattern = /^\| ([A-Z]{3}-\d{3}) \| (.*?) \| ([A-Z]) \| (.*) \|$/;
const idPattern = /\b(?:YNU|YNQ|HNR|LNC|SHW)-\d{3}\b/g;

/** What is read of vitest's report. */
export const testReportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          meta: z.object({ walks: z.array(z.string()).optional() }).default({}),
        }),
      ),
    }),
  ),
});
export type TestReport = z.infer<typeof testReportSchema>;

export interface RowTest {
  file: string;
  name: string;
  passed: boolean;
  /** Pages and routes that its body asked (tests/support/walks.ts); empty: it only reads the configuration. */
  walks: readonly string[];
}

export interface JudgedRow {
  id: string;
  text: string;
  /** walked: all its tests passed, and at least one asked the running product. */
  state: 'walked' | 'read' | 'failed' | 'none';
  tests: readonly RowTest[];
}

export function readRows(document: string): { id: string; text: string }[] {
  return document.split('\n').flatMap((line) => {
    const [, id, , , text] = rowPattern.exec(line) ?? [];
    return id !== undefined && text !== undefined ? [{ id, text }] : [];
  });
}

/** The rows with what the tests say of them, and the ids that tests name and no row has. */
export function judgeRows(
  rows: readonly { id: string; text: string }[],
  reports: readonly TestReport[],
): { rows: JudgedRow[]; unknown: string[] } {
  const byId = new Map<string, RowTest[]>();
  for (const { name: file, assertionResults } of reports.flatMap(({ testResults }) => testResults)) {
    for (const { fullName, status, meta } of assertionResults) {
      if (status !== 'passed' && status !== 'failed') continue;
      const one = { file, name: fullName, passed: status === 'passed', walks: meta.walks ?? [] };
      for (const id of new Set(fullName.match(idPattern))) byId.set(id, [...(byId.get(id) ?? []), one]);
    }
  }
  const known = new Set(rows.map(({ id }) => id));
  return {
    rows: rows.map((row) => {
      const tests = byId.get(row.id) ?? [];
      return { ...row, tests, state: stateOf(tests) };
    }),
    unknown: [...byId.keys()].filter((id) => !known.has(id)).toSorted(),
  };
}

function stateOf(tests: readonly RowTest[]): JudgedRow['state'] {
  if (tests.length === 0) return 'none';
  if (tests.some(({ passed }) => !passed)) return 'failed';
  return tests.some(({ walks }) => walks.length > 0) ? 'walked' : 'read';
}
