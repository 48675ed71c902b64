/** The administrator's commands, beside a server that runs or not. Sees everything, as start-server.ts does. */
import { createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { monotonicFactory } from 'ulid';
import { administerLog } from './administer-log.ts';
import { administerImport, administerRebuild, registerHelp } from './administer-registers.ts';
import { accountHelp, administerAccounts } from './administer-accounts.ts';
import { checkRecipients, makeBackupKey, readIdentities } from './backup-keys.ts';
import { keyPathOf, openBlobs } from './choose-stores.ts';
import { installationOf, readMark } from './high-water.ts';
import type { ServerSettings } from './settings.ts';
import { createAdministration } from './store/administration.ts';
import { writeBackup } from './store/backup.ts';
import { openStore } from './store/open-store.ts';
import type { OpenStore } from './store/open-store.ts';
import { findFact } from './store/facts.ts';
import { restoreBackup } from './store/restore.ts';
import { skipNumbers } from './store/skip-numbers.ts';

export const help = `用法：./ludeng server [命令]

  （无命令）                    启动服务器
  --new                         用空的数据库重新开始，尽管旁边有旧的密钥、编号记录或扫描件
  backup-key 私钥文件            生成一对备份钥匙：私钥写入文件（请移到别处保管），公钥用来加密备份
  backup 文件 [--recipient 公钥]… [--plain] [--without-files]
                                备份到一个文件，用公钥加密（配置 backup.recipients 或 --recipient），服务器可以照常运行；
                                --plain 不加密；--without-files 不含扫描件（S3 自行备份时）
  restore 文件 [--key 私钥文件]… [--complete]
                                恢复到空的数据库；--complete 表示备份之后旧服务器再没有运行过（迁移）
  skip-numbers                  数据库换回了较旧的副本、又没有更新的：跳过可能已发出的编号（先停止服务器）
  alarms                        列出未处理的告警
  resend 编号|--all              重新处理停放的任务
  verify-log [--heads 文件]…    检查登录、操作日志的校验链和签名，指出被改写、删除、截断、调换、插入的行；
                                --heads 另与采集站导出的签名（./ludeng log-heads）核对
${registerHelp}
  release 采集站编号             解除采集站的隔离，允许它（或更换后的新机）继续上传
${accountHelp}
`;

/** Runs one command and answers what to print. Throws with a message for people. */
export async function administer(settings: ServerSettings, args: readonly string[]): Promise<string> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'without-files': { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      recipient: { type: 'string', multiple: true, default: [] },
      key: { type: 'string', multiple: true, default: [] },
      complete: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      name: { type: 'string' },
      department: { type: 'string' },
      permissions: { type: 'string' },
      'credit-code': { type: 'string' },
      write: { type: 'boolean', default: false },
      report: { type: 'string', default: 'import-report.csv' },
      programme: { type: 'string' },
      heads: { type: 'string', multiple: true, default: [] },
    },
  });
  const [command, subject] = positionals;
  switch (command) {
    case 'backup':
      return backup(settings, {
        file: needed(subject, '备份文件'),
        recipients: [...settings.backup.recipients, ...values.recipient],
        isPlain: values.plain,
        withoutFiles: values['without-files'],
      });
    case 'backup-key':
      return makeBackupKey(needed(subject, '私钥文件'));
    case 'restore':
      return restore(settings, {
        file: needed(subject, '备份文件'),
        identities: values.key.flatMap(readIdentities),
        isComplete: values.complete,
      });
    case 'skip-numbers':
      return skipAhead(settings);
    case 'alarms':
      return withStore(settings, async ({ db }) => {
        const alarms = await createAdministration(db).openAlarms();
        if (alarms.length === 0) return '没有未处理的告警';
        return alarms.map(({ at, kind, refId, detail }) => `${at}  ${kind}  ${refId}  ${detail}`).join('\n');
      });
    case 'resend':
      return withStore(settings, async ({ db }) => {
        const id = values.all ? undefined : needed(subject, '任务编号，或 --all');
        const count = await createAdministration(db).resend(id, now());
        if (count === 0) throw new Error('没有这样的停放任务');
        return `已重新排队 ${count} 个任务，一分钟内处理`;
      });
    case 'verify-log':
      return withStore(settings, ({ db }) => administerLog(db, values.heads, now));
    case 'rebuild-registers':
      return withStore(settings, ({ db }) => administerRebuild(db, settings));
    case 'import-registers': {
      const { write, report, programme } = values;
      const files = positionals.slice(1);
      return withStore(settings, ({ db }) =>
        administerImport(db, settings, { files, isTrial: !write, report, programme }),
      );
    }
    case 'release':
      return withStore(settings, async ({ db }) => {
        const id = needed(subject, '采集站编号');
        if (!(await createAdministration(db).release(id, now()))) throw new Error(`采集站 ${id} 没有被隔离`);
        return `采集站 ${id} 已解除隔离；它下次连接时的数据从此算作新的一段`;
      });
    case 'account': {
      const { name, department, permissions, 'credit-code': creditCode } = values;
      const [, verb, id] = positionals;
      return withStore(settings, ({ db }) =>
        administerAccounts(db, settings, { verb, id, name, department, permissions, creditCode }),
      );
    }
    case undefined:
    default:
      throw new Error(help);
  }
}

const now = (): string => new Date().toISOString();

interface BackupCommand {
  file: string;
  recipients: readonly string[];
  isPlain: boolean;
  withoutFiles: boolean;
}

async function backup(
  settings: ServerSettings,
  { file, recipients, isPlain, withoutFiles }: BackupCommand,
): Promise<string> {
  if (!isPlain && recipients.length === 0)
    throw new Error(
      '备份含有服务器私钥和全部材料，须用公钥加密：先用 ./ludeng server backup-key 私钥文件 生成钥匙，把公钥写入配置 backup.recipients（或用 --recipient 给出）；确要不加密请加 --plain',
    );
  const keyPath = keyPathOf(settings);
  if (!existsSync(keyPath)) throw new Error(`没有找到服务器密钥 ${keyPath}：请用与服务器相同的配置运行备份`);
  const { blobs, close } = openBlobs(settings);
  try {
    return await withStore(settings, async ({ db }) => {
      const copied = await writeBackup({
        db,
        blobs: withoutFiles ? undefined : blobs,
        serverKeyPem: readFileSync(keyPath, 'utf8'),
        file: resolve(file),
        recipients: isPlain ? [] : checkRecipients(recipients),
        workFolder: settings.dataFolder,
        at: now(),
      });
      const done = `已备份 ${copied.items} 项、${copied.blobs} 个文件到 ${file}`;
      return isPlain
        ? `${done}\n注意：这份备份没有加密，谁拿到它就有服务器私钥和全部材料，请像保管私钥一样保管`
        : `${done}，已加密；恢复时需要对应的私钥`;
    });
  } finally {
    close();
  }
}

interface RestoreCommand {
  file: string;
  identities: readonly string[];
  isComplete: boolean;
}

async function restore(
  settings: ServerSettings,
  { file, identities, isComplete }: RestoreCommand,
): Promise<string> {
  const { blobs, close } = openBlobs(settings);
  try {
    // alone: a server that runs would write meanwhile
    const store = await openStore({ folder: settings.dataFolder, database: settings.database });
    try {
      const copied = await restoreBackup({
        file: resolve(file),
        db: store.db,
        blobs,
        identities,
        workFile: join(settings.dataFolder, 'restoring.sqlite'),
        checkKey: (pem) => checkKey(keyPathOf(settings), pem),
        keepKey: (pem) => keepKey(keyPathOf(settings), pem),
        isComplete,
        given: (pem) => {
          const mark = readMark(settings.dataFolder);
          return mark?.installation === installationOf(publicHalfOf(pem)) ? mark.counters : {};
        },
        makeId: monotonicFactory(),
      });
      return `已恢复 ${copied.items} 项、${copied.blobs} 个文件`;
    } finally {
      await store.close();
    }
  } finally {
    close();
  }
}

const publicHalfOf = (pem: string): string =>
  createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();

/** For a database that was put back from an older copy, without a newer one: it goes on beyond what was given out. */
async function skipAhead(settings: ServerSettings): Promise<string> {
  const { dataFolder, database } = settings;
  const store = await openStore({ folder: dataFolder, database });
  try {
    const given = readMark(dataFolder)?.counters ?? {};
    if ((await findFact(store.db, 'server-key')) === undefined)
      throw new Error('数据库是空的：请先恢复备份，或用 --new 启动');
    await store.db.transaction().execute((trx) => skipNumbers(trx, { epoch: monotonicFactory()(), given }));
    return '编号已跳过可能发出过的部分，采集站会重新核对；现在可以启动服务器';
  } finally {
    await store.close();
  }
}

function checkKey(path: string, pem: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') !== pem)
    throw new Error(`${path} 已是另一个密钥：请先把它移走，再恢复`);
}

function keepKey(path: string, pem: string): void {
  checkKey(path, pem);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, pem, { mode: 0o600, flush: true });
}

async function withStore<T>(settings: ServerSettings, work: (store: OpenStore) => Promise<T>): Promise<T> {
  const { dataFolder, database } = settings;
  if (database === undefined && !existsSync(join(dataFolder, 'server.sqlite')))
    throw new Error(`${dataFolder} 中没有服务器数据库：请用与服务器相同的配置运行`);
  const store = await openStore({ folder: dataFolder, database, beside: true });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function needed(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`缺少${what}\n\n${help}`);
  return value;
}
