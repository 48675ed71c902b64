import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { judgeRows, readRows, testReportSchema } from './judge-rows.ts';

const rows = readRows(
  [
    '| id | section | kind | requirement |',
    '|---|---|---|---|',
    ...['001', '002', '003', '004'].map((n) => `| LNC-${n} | 一 | F | The row ${n}. |`),
  ].join('\n'),
);
const reportOf = (...tests: { fullName: string; status?: string; walks?: string[] }[]) =>
  testReportSchema.parse({
    testResults: [
      {
        name: 'tests/acceptance/counter.test.ts',
        assertionResults: tests.map(({ fullName, status = 'passed', walks }) => ({
          fullName,
          status,
          meta: walks ? { walks } : {},
        })),
      },
    ],
  });

it('tells rows that are walked from those whose tests only read', () => {
  const judged = judgeRows(rows, [
    reportOf(
      { fullName: 'LNC-001 LNC-002 the menu opens', walks: ['page /#/home'] },
      { fullName: 'LNC-002 LNC-003 the titles are those of the manual' },
      { fullName: 'something without a row', walks: ['GET /api/records'] },
    ),
  ]);
  expect(judged.rows.map(({ id, state }) => [id, state])).toEqual([
    ['LNC-001', 'walked'],
    ['LNC-002', 'walked'],
    ['LNC-003', 'read'],
    ['LNC-004', 'none'],
  ]);
  expect(judged.rows[1]?.tests.map(({ walks }) => walks)).toEqual([['page /#/home'], []]);
});

it('counts no row as held one of whose tests failed, and says which ids no row has', () => {
  const judged = judgeRows(rows, [
    reportOf(
      { fullName: 'LNC-001 the menu opens', walks: ['page /#/home'] },
      { fullName: 'LNC-001 the menu is in order', status: 'failed', walks: ['page /#/home'] },
      { fullName: 'LNC-002 not run today', status: 'skipped' },
      { fullName: 'LNC-999 is no row', walks: ['GET /api/records'] },
    ),
  ]);
  expect(judged.rows.map(({ state }) => state)).toEqual(['failed', 'none', 'none', 'none']);
  expect(judged.unknown).toEqual(['LNC-999']);
});

it('finds each row of the document once, and as many as its table counts', () => {
  const document = readFileSync(new URL('../docs/requirements.md', import.meta.url), 'utf8');
  const ids = readRows(document).map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const counted = [...document.matchAll(/^\| [^|]+ \| ([A-Z]{3}) \| (\d+) \|/gm)].map(([, prefix, n]) => [
    prefix,
    Number(n),
  ]);
  expect(counted).toHaveLength(5);
  for (const [prefix, n] of counted)
    expect([prefix, ids.filter((id) => id.startsWith(String(prefix))).length]).toEqual([prefix, n]);
  expect(document).toContain(`| **total** | | **${ids.length}** |`);
});
