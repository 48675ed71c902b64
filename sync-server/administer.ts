/** The administrator's commands, beside a server that runs or not. Sees everything, as start-server.ts does. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { monotonicFactory } from 'ulid';
import { accountHelp, administerAccounts } from './administer-accounts.ts';
import { keyPathOf, openBlobs } from './choose-stores.ts';
import type { ServerSettings } from './settings.ts';
import { createAdministration } from './store/administration.ts';
import { writeBackup } from './store/backup.ts';
import { openStore } from './store/open-store.ts';
import type { OpenStore } from './store/open-store.ts';
import { restoreBackup } from './store/restore.ts';

export const help = `用法：./ludeng server [命令]

  （无命令）                    启动服务器
  backup 文件 [--without-files]  备份到一个文件，服务器可以照常运行；--without-files 不含扫描件（S3 自行备份时）
  restore 文件 [--complete]      恢复到空的数据库；--complete 表示备份之后旧服务器再没有运行过（迁移）
  alarms                        列出未处理的告警
  resend 编号|--all              重新处理停放的任务
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
      complete: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      name: { type: 'string' },
      department: { type: 'string' },
      permissions: { type: 'string' },
    },
  });
  const [command, subject] = positionals;
  switch (command) {
    case 'backup':
      return backup(settings, needed(subject, '备份文件'), values['without-files']);
    case 'restore':
      return restore(settings, needed(subject, '备份文件'), values.complete);
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
    case 'release':
      return withStore(settings, async ({ db }) => {
        const id = needed(subject, '采集站编号');
        if (!(await createAdministration(db).release(id, now()))) throw new Error(`采集站 ${id} 没有被隔离`);
        return `采集站 ${id} 已解除隔离；它下次连接时的数据从此算作新的一段`;
      });
    case 'account': {
      const { name, department, permissions } = values;
      const [, verb, id] = positionals;
      return withStore(settings, ({ db }) =>
        administerAccounts(db, settings, { verb, id, name, department, permissions }),
      );
    }
    case undefined:
    default:
      throw new Error(help);
  }
}

const now = (): string => new Date().toISOString();

async function backup(settings: ServerSettings, file: string, withoutFiles: boolean): Promise<string> {
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
        at: now(),
      });
      return `已备份 ${copied.items} 项、${copied.blobs} 个文件到 ${file}。其中有服务器密钥，请妥善保管`;
    });
  } finally {
    close();
  }
}

async function restore(settings: ServerSettings, file: string, isComplete: boolean): Promise<string> {
  const { blobs, close } = openBlobs(settings);
  // alone: a server that runs would write meanwhile
  const store = await openStore({ folder: settings.dataFolder, database: settings.database });
  try {
    const copied = await restoreBackup({
      file: resolve(file),
      db: store.db,
      blobs,
      workFile: join(settings.dataFolder, 'restoring.sqlite'),
      keepKey: (pem) => keepKey(keyPathOf(settings), pem),
      isComplete,
      makeId: monotonicFactory(),
    });
    return `已恢复 ${copied.items} 项、${copied.blobs} 个文件`;
  } finally {
    await store.close();
    close();
  }
}

function keepKey(path: string, pem: string): void {
  if (existsSync(path)) {
    if (readFileSync(path, 'utf8') === pem) return;
    throw new Error(`${path} 已是另一个密钥：请先把它移走，再恢复`);
  }
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
