import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { keepPrivate, tighten, tightenTree } from '#config/private-files.ts';
import { keyPathOf } from './choose-stores.ts';
import type { Log } from './ports/surroundings.ts';
import type { ServerSettings } from './settings.ts';

const pagesName = 'blobs';

/**
 * Data folder, keys: this account's alone. Pages may be a million, so they are waited for only where somebody could have
 * reached them until now; otherwise they are looked through beside the start (`done`).
 */
export function keepFilesPrivate(settings: ServerSettings, log: Pick<Log, 'warn'>): { done: Promise<void> } {
  const { dataFolder, tls } = settings;
  const pages = join(dataFolder, pagesName);
  const warn = (message: string, about: { count: number; first: string[] }): void => log.warn(about, message);
  const wasOpen = [dataFolder, pages].map(tightenFolder).some((outcome) => outcome !== 'private');
  if (wasOpen) log.warn({ dataFolder }, '数据目录曾可被本机其他用户进入，权限已收紧为仅限本程序的用户');
  keepPrivate(
    {
      folder: dataFolder,
      ...(wasOpen ? {} : { except: pagesName }),
      files: [keyPathOf(settings), ...(tls ? [tls.keyFile] : [])],
    },
    warn,
  );
  return { done: wasOpen ? Promise.resolve() : lookThrough(pages, log) };
}

const tightenFolder = (path: string) => tighten(existsSync(path) ? realpathSync(path) : path);

async function lookThrough(pages: string, log: Pick<Log, 'warn'>): Promise<void> {
  let count = 0;
  for (let shelf = 0; shelf < 256; shelf += 1) {
    await turn();
    count += tightenTree(join(pages, shelf.toString(16).padStart(2, '0'))).tightened.length;
  }
  for (const name of ['incoming', 'damaged']) count += tightenTree(join(pages, name)).tightened.length;
  if (count > 0) log.warn({ count }, '扫描件曾可被本机其他用户读取，权限已收紧');
}
