/** Tables of persons, works and appointments as a province has them, and the import of them as a process of its own. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { idNumberCheck } from '#domain/fields/check-digits.ts';
import { readCsv } from '#domain/text/csv.ts';
import type { ServerSettingsInput } from '../../sync-server/settings.ts';
import { codeOf } from './companies.ts';

const main = fileURLToPath(new URL('../../sync-server/main.ts', import.meta.url));

export const contractor = codeOf('91530100MA6K000B1');
export const supervision = codeOf('91530100MA6K000B2');
export const builder = codeOf('12530000431200B31');

let made = 0;
/** Of how many persons this process knows. */
export const personsMade = (): number => made;
/** Nobody else's in this process, also where a test comes again. */
export function newId(): string {
  made += 1;
  const year = 1970 + Math.floor(made / 1000);
  const body = `530102${year}0101${String(made % 1000).padStart(3, '0')}`;
  return `${body}${idNumberCheck(body)}`;
}

export const table = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.map((cell) => (cell.includes(',') ? `"${cell}"` : cell)).join(',')).join('\n');

export const workRow = (
  id: string,
  change: { state?: string; contract?: string; permit?: string } = {},
): string[] => [
  ...[id, `${id}号楼`, change.state ?? '', change.contract ?? '', change.permit ?? '', builder],
  ...['昆明市住房和城乡建设局', '昆明市质量安全监督站', '云南建工', contractor, '昆明市,五华区'],
];

export const personHeader = ['身份证号', '姓名', '单位统一社会信用代码'];
const workHeader = [
  ...['工程编号', '工程名称', '工程状态', '合同登记编号', '施工许可证编号', '建设单位统一社会信用代码'],
  ...['主管部门', '监督机构', '施工单位', '施工单位统一社会信用代码', '工程地点'],
];
const postHeader = ['身份证号', '姓名', '工程编号', '岗位', '任职日期', '离任日期', '存量'];

/** Each answers where it wrote the file. */
export function registerFiles(folder: string) {
  function keep(name: string, content: string | Uint8Array): string {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  }
  return {
    keep,
    persons: (name: string, rows: string[][]) => keep(name, table([personHeader, ...rows])),
    works: (name: string, rows: string[][]) => keep(name, table([workHeader, ...rows])),
    posts: (name: string, rows: string[][]) => keep(name, table([postHeader, ...rows])),
  };
}

export interface ReportRow {
  kind: string;
  line: number;
  outcome: string;
  because: string;
}
/** As far as it is written. */
export function readReport(report: string): ReportRow[] {
  if (!existsSync(report)) return [];
  const [, ...rows] = readCsv(readFileSync(report, 'utf8').slice(1));
  return rows.map(({ cells: [, line = '', kind = '', , outcome = '', because = ''] }) => ({
    ...{ kind, line: Number(line), outcome, because },
  }));
}

/** `import-registers --write`, so that it can be killed in earnest. `settings`: of the server beside it. */
export function startImport(
  files: readonly string[],
  { folder, settings, report }: { folder: string; settings: ServerSettingsInput; report: string },
) {
  const settingsFile = join(folder, 'import-settings.yaml');
  // JSON is YAML
  writeFileSync(settingsFile, JSON.stringify(settings));
  const child = spawn(process.execPath, [main, 'import-registers', ...files, '--report', report, '--write'], {
    env: { ...process.env, LUDENG_SERVER_SETTINGS: settingsFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said }));
  });
  return {
    ended,
    rows: () => readReport(report),
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}
