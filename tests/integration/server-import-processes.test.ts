/** The import of registers as a process: killed wherever it is, run twice at once, and beside a server at which works go on. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openQuality } from '#tests/support/quality-portal.ts';
import type { Quality } from '#tests/support/quality-portal.ts';
import {
  contractor,
  newId,
  readReport,
  registerFiles,
  startImport,
  workRow,
} from '#tests/support/register-files.ts';
import type { ReportRow } from '#tests/support/register-files.ts';
import { storeSettings } from '#tests/support/server-stores.ts';
import { waitUntil } from '#tests/support/wait-until.ts';
import { administer } from '../../sync-server/administer.ts';
import { serverSettingsSchema } from '../../sync-server/settings.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { testSettings } from './server-support.ts';

let quality: Quality;
let folder: string;
let settings: ServerSettingsInput;
beforeAll(async () => {
  quality = await openQuality();
  ({ folder } = quality.portal.data);
  settings = testSettings(folder, await storeSettings(folder));
});
afterAll(() => quality?.close());

const command = (...args: string[]): Promise<string> =>
  administer(serverSettingsSchema.parse(settings), args);
const kinds = ['人员', '工程', '任职'] as const;

let tries = 0;
/** So many persons, each the manager of a work of his own. */
function makeFiles(count: number) {
  tries += 1;
  const name = `M${tries}-${Date.now()}`;
  const people = Array.from({ length: count }, (_, index) => ({
    ...{ id: newId(), name: `吴${index}`, work: `${name}-${index}` },
  }));
  const { persons, works, posts } = registerFiles(folder);
  const files = [
    persons(
      `${name}人员.csv`,
      people.map((one) => [one.id, one.name, contractor]),
    ),
    works(
      `${name}工程.csv`,
      people.map(({ work }) => workRow(work)),
    ),
    posts(
      `${name}任职.csv`,
      people.map((one) => [one.id, one.name, one.work, '项目经理', '2025-01-01', '', '']),
    ),
  ];
  return { name, people, files, report: (of: string) => join(folder, `${name}报告${of}.csv`) };
}
type Files = ReturnType<typeof makeFiles>;
const start = ({ files, report }: Files, of: string) =>
  startImport(files, { folder, settings, report: report(of) });

const ofKind = (rows: readonly ReportRow[], kind: string): ReportRow[] =>
  rows.filter((row) => row.kind === kind);
const isWritten = ({ outcome }: ReportRow): boolean => outcome === '已写入';
/** Each line of each file once, in its order. */
function expectWhole(rows: readonly ReportRow[], { people }: Files): void {
  for (const kind of kinds)
    expect([kind, ofKind(rows, kind).map(({ line }) => line)]).toEqual([
      kind,
      people.map((_, index) => index + 2),
    ]);
}

/** Who is appointed where; each line of the log and of the works' histories that says so. */
async function standing({ people, name }: Files) {
  const ids = people.map(({ id }) => id);
  const { db } = quality;
  const appointed = await db.selectFrom('appointment').selectAll().where('person', 'in', ids).execute();
  const told = await db.selectFrom('work_change').select('work').where('work', 'like', `${name}-%`).execute();
  const entries = await db
    .selectFrom('register_entry')
    .select('stream')
    .where((eb) =>
      eb.or([
        eb('stream', 'like', `work ${name}-%`),
        eb(
          'stream',
          'in',
          ids.map((id) => `person ${id}`),
        ),
      ]),
    )
    .execute();
  const locked = await db.selectFrom('person_lock').select('person').where('person', 'in', ids).execute();
  return { appointed, told: told.length, entries: entries.length, locked: locked.length };
}

for (const kind of kinds)
  test(`killed while it writes ${kind} it goes on where it was, and ends as if it had never been killed`, async () => {
    const files = makeFiles(230);
    const killed = start(files, '中断');
    await waitUntil(() => ofKind(killed.rows(), kind).some(isWritten), {
      ...{ what: `a first chunk of ${kind}`, timeoutMs: 60_000 },
    });
    const { code } = await killed.kill();
    expect(code).toBeNull();
    const before = killed.rows().filter(isWritten);

    const said = await command(
      'import-registers',
      ...files.files,
      '--report',
      files.report('再来'),
      '--write',
    );
    const after = readReport(files.report('再来'));
    expectWhole(after, files);
    // what the first told of stands; what it wrote and had no time to tell of stands too, and nothing else did
    for (const row of before) expect(after).toContainEqual({ ...row, outcome: '已有，不变' });
    for (const one of kinds) {
      const written = ofKind(after, one).map(isWritten);
      const present = written.filter((is) => !is).length;
      expect(written).toEqual(written.map((_, index) => index >= present));
      expect(said).toContain(`${one} 230 行：已写入 ${230 - present}，已有 ${present}，未接收 0`);
    }
    const { appointed, ...counts } = await standing(files);
    expect(new Set(appointed.map(({ person }) => person)).size).toBe(230);
    expect(appointed).toHaveLength(230);
    // a work and an appointment in each history; a person, an appointment and a work in the log
    expect(counts).toEqual({ told: 460, entries: 690, locked: 230 });
    expect(await command('rebuild-registers')).toContain('逐字节一致');
  }, 180_000);

test('run twice at once, beside works from 工改系统 that want the same people, each line is taken once and nobody is in two works', async () => {
  const files = makeFiles(230);
  const known = [files.files[0] ?? '', '--report', files.report('人员'), '--write'];
  await command('import-registers', ...known);
  const runs = [start(files, '甲'), start(files, '乙')];
  const isWriting = () => runs.some((run) => ofKind(run.rows(), '工程').some(isWritten));
  await waitUntil(isWriting, { what: 'a first work', timeoutMs: 60_000 });
  const pushed: string[] = [];
  for (const one of files.people.toReversed().filter((_, index) => index % 5 === 0)) {
    const arrives = () =>
      quality.push(`${one.work}-另`, { post: 'project-manager', people: [{ id: one.id, name: one.name }] });
    // of three processes at one database the server may have to wait longer than it does: it says so, and the sender comes again
    const { status, body } = await waitUntil(async () => {
      const answer = await arrives();
      return answer.status === 503 ? undefined : answer;
    });
    if (status === 200) pushed.push(one.id);
    else {
      expect(body).toMatchObject({ code: 'WORK_PUSH_REFUSED' });
      expect(JSON.stringify(body)).toContain('已被锁定');
    }
  }
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  expect(ends.map(({ code, said }) => (code === 0 ? 0 : said))).toEqual([0, 0]);

  expect(pushed.length).toBeGreaterThan(0);
  const reports = runs.map(({ rows }) => rows());
  for (const rows of reports) expectWhole(rows, files);
  const [left = [], right = []] = reports;
  const lockedOut = '该人员已被锁定，不能承担新的在建工程';
  for (const [index, one] of left.entries()) {
    const both = [one, right[index]].map((row) => `${row?.outcome}${row?.because}`).toSorted();
    const person = files.people[one.line - 2]?.id ?? '';
    if (one.kind === '人员') expect(both).toEqual(['已有，不变', '已有，不变']);
    else if (one.kind === '任职' && pushed.includes(person))
      expect(both).toEqual([`未接收${lockedOut}`, `未接收${lockedOut}`]);
    else expect(both).toEqual(['已写入', '已有，不变'].toSorted());
  }
  const { appointed, locked } = await standing(files);
  expect(new Set(appointed.map(({ person }) => person)).size).toBe(230);
  expect(appointed).toHaveLength(230);
  expect(locked).toBe(230);
  expect(await command('rebuild-registers')).toContain('逐字节一致');
}, 180_000);
