/** `import-registers`, `rebuild-registers`: the registers from files, and from their own log. */
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadCatalogue } from '#config/load-catalogue.ts';
import type { LoadedProgramme } from '#domain/catalogue/lookup.ts';
import { columnsOf, importKinds, importKindTitles, shapeOf } from '#domain/registers/import/columns.ts';
import type { ImportNouns, ShapeProblem } from '#domain/registers/import/columns.ts';
import { importRefusals } from '#domain/registers/import/refusals.ts';
import { readCsv, writeCsvRow } from '#domain/text/csv.ts';
import { decodeTable } from '#domain/text/decode-table.ts';
import { maskIdNumber } from '#domain/text/masking.ts';
import { importRegisters } from './services/works/import-registers.ts';
import type { ImportFile, LineReport } from './services/works/import-registers.ts';
import { importTexts } from './services/texts.ts';
import type { ServerSettings } from './settings.ts';
import type { Db } from './store/open-store.ts';
import { createRegisterImportRows } from './store/register-import-rows.ts';
import { rebuildRegisters } from './store/rebuild-registers.ts';

export const registerHelp = `  rebuild-registers             按登记簿的流水重新生成人员、工程、任职、锁定，并与原有内容逐字节核对
  import-registers 文件… [--write] [--report 报告.csv] [--programme 业务]
                                从 CSV 表格导入已有的人员、工程、任职；不加 --write 只试运行，不写入任何内容；
                                每一行的结果写入报告，可以重复运行`;

/** Beyond this a file is to be parted: all of it is looked at in the memory. */
const maxBytes = 256 * 1024 * 1024;
/** Of a title that nobody knows: it may be all of a file without an end of line. */
const maxShown = 100;

export interface ImportArguments {
  files: readonly string[];
  isTrial: boolean;
  /** Where each line's result goes. */
  report: string;
  programme: string | undefined;
}

const rulesOf = (programmes: readonly LoadedProgramme[]) => programmes.flatMap(({ locks }) => locks ?? []);

/** Answers what to print. Throws with words where a file cannot be read: nothing of any file is taken then. */
export async function administerImport(
  db: Db,
  { catalogueFolder }: Pick<ServerSettings, 'catalogueFolder'>,
  { files, isTrial, report, programme }: ImportArguments,
): Promise<string> {
  if (files.length === 0) throw new Error(importTexts.noFiles);
  const { programmes } = loadCatalogue(catalogueFolder);
  const nouns = nounsOf(programmes, programme);
  const rules = rulesOf(programmes);
  const tables = files.map((file) => openTable(file, nouns));
  const counts = new Map<string, number>();
  writeFileSync(report, `\ufeff${writeCsvRow(importTexts.reportHeader)}`, { mode: 0o600 });
  const chunks = importRegisters(tables, {
    ...{ rules, nouns, isTrial, by: 'administrator', rows: createRegisterImportRows(db, rules) },
    clock: { now: () => new Date().toISOString() },
  });
  for await (const lines of chunks) {
    appendFileSync(report, lines.map((line) => reportRow(line, isTrial)).join(''));
    for (const { kind, outcome } of lines) {
      const key = `${kind} ${typeof outcome === 'string' ? outcome : 'refused'}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [
    ...countLines(counts, isTrial),
    importTexts.reportAt(report),
    ...(isTrial ? [importTexts.trial] : []),
  ].join('\n');
}

function nounsOf(programmes: readonly LoadedProgramme[], wanted: string | undefined): ImportNouns {
  const able = programmes.filter(({ works }) => works !== undefined);
  const [found, ...more] = wanted === undefined ? able : able.filter(({ id }) => id === wanted);
  if (!found?.works || more.length > 0)
    throw new Error(importTexts.whichProgramme(able.map(({ id, name }) => `${id}  ${name}`)));
  const { works, subjectRoles } = found;
  return { works, ownerTitle: subjectRoles.find(({ id }) => id === works.owner)?.name ?? works.owner };
}

function openTable(file: string, nouns: ImportNouns): ImportFile {
  const name = basename(file);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    throw new Error(importTexts.unreadable(name, importTexts.missingFile));
  if (statSync(file).size > maxBytes) throw new Error(importTexts.unreadable(name, importTexts.tooLarge));
  const decoded = decodeTable(readFileSync(file));
  if ('problem' in decoded) {
    const because = 'line' in decoded ? importTexts.otherCharacters(decoded.line) : importTexts.notText;
    throw new Error(importTexts.unreadable(name, because));
  }
  const { text } = decoded;
  const rows = function* () {
    let isFirst = true;
    for (const row of readCsv(text)) {
      if (!isFirst) yield row;
      isFirst = false;
    }
  };
  const [header] = readCsv(text);
  if (!header) throw new Error(importTexts.unreadable(name, importTexts.empty));
  if (header.fault !== undefined) {
    const { because, action } = importRefusals[header.fault];
    throw new Error(importTexts.unreadable(name, `${because}；${action}`));
  }
  const shape = shapeOf(header.cells, nouns);
  if ('problem' in shape) throw new Error(importTexts.unreadable(name, problemText(shape, nouns)));
  return { name, shape, rows };
}

function problemText(shape: ShapeProblem, nouns: ImportNouns): string {
  const columns = importKinds.map(
    (kind) =>
      `${importKindTitles[kind]}：${columnsOf(kind, nouns)
        .map(({ title, isNeeded }) => (isNeeded ? `${title}*` : title))
        .join(',')}`,
  );
  const said =
    shape.problem === 'no-kind'
      ? importTexts.noKind
      : importTexts[shape.problem](shape.title.slice(0, maxShown), importKindTitles[shape.kind]);
  return `${said}\n${importTexts.columns}\n${columns.join('\n')}`;
}

function reportRow({ file, line, kind, read, outcome }: LineReport, isTrial: boolean): string {
  const place = [file, String(line), importKindTitles[kind], read ? subjectOf(read) : ''];
  if (typeof outcome === 'string')
    return writeCsvRow([...place, importTexts.outcome(outcome, isTrial), '', '']);
  const { because, action } = importRefusals[outcome.refused];
  const told = outcome.column === undefined ? because : `${outcome.column}：${because}`;
  return writeCsvRow([...place, importTexts.refused, told, action]);
}

function subjectOf({ what, row }: NonNullable<LineReport['read']>): string {
  if (what === 'work') return row.id;
  return what === 'person' ? maskIdNumber(row.id) : `${maskIdNumber(row.person)} ${row.work}`;
}

const countLines = (counts: ReadonlyMap<string, number>, isTrial: boolean): string[] =>
  importKinds.flatMap((kind) => {
    const of = (outcome: string): number => counts.get(`${kind} ${outcome}`) ?? 0;
    const taken = of('taken') + of('beyond-limit');
    const all = taken + of('present') + of('refused');
    if (all === 0) return [];
    const said = importTexts.count({ taken, present: of('present'), refused: of('refused'), isTrial });
    return [`${importKindTitles[kind]} ${all} 行：${said}`];
  });

export async function administerRebuild(
  db: Db,
  { catalogueFolder }: Pick<ServerSettings, 'catalogueFolder'>,
): Promise<string> {
  const rules = rulesOf(loadCatalogue(catalogueFolder).programmes);
  const { before, after, persons, works, appointments, locks } = await rebuildRegisters(db, rules);
  const said = `已按流水重新生成：人员 ${persons}、工程 ${works}、任职 ${appointments}、锁定 ${locks}`;
  return before === after
    ? `${said}\n与原有内容逐字节一致：${after}`
    : `${said}\n与原有内容不一致，现以流水为准：原为 ${before}，现为 ${after}`;
}
