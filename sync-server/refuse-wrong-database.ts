/** Before a server gives anything out: is this the database that belongs to the key, the pages and the numbers beside it? */
import { chinaYear } from '#domain/primitives.ts';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { writePrivateFile } from '#config/private-files.ts';
import { keyPathOf } from './choose-stores.ts';
import { behind, countersOf, installationOf, readMark } from './high-water.ts';
import type { BlobStore } from './ports/blob-store.ts';
import type { Clock, Log } from './ports/surroundings.ts';
import type { ServerSettings } from './settings.ts';
import { findFact } from './store/facts.ts';
import type { Db } from './store/open-store.ts';
import { skipped } from './store/skip-numbers.ts';

export interface DatabaseQuestion {
  settings: ServerSettings;
  db: Db;
  blobs: Pick<BlobStore, 'isEmpty'>;
  catalogue: Pick<Catalogue, 'programmes'>;
  /** `--new`: an empty database is meant, whatever lies beside it. */
  isNew: boolean;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'warn'>;
}

/** Where numbers begin when nobody knows what an earlier database has given out. */
const unknownFloor = 1_000_000;

/** Throws with a sentence for people. Call `done` when the new database knows the key: a crash before it is no loss of anything. */
export async function refuseWrongDatabase(question: DatabaseQuestion): Promise<{ done: () => void }> {
  const { settings, db, blobs, isNew } = question;
  const { dataFolder } = settings;
  const publicKey = await findFact(db, 'server-key');
  const mark = readMark(dataFolder);
  if (publicKey === undefined) return beginNew(question);
  if (isNew) throw new Error('数据库中已有数据，--new 只用于空的数据库：请去掉 --new 再启动');
  if (mark?.installation === installationOf(publicKey)) {
    const [first] = behind(await countersOf(db), mark);
    if (first)
      throw new Error(
        `数据库比本机的编号记录旧（${first.name}：数据库为 ${first.has}，已发出 ${first.given}），可能换回了旧的副本；继续会把同一个唯一标识码发出两次。请换回最新的数据库或恢复最新的备份；没有更新的，请运行 ./ludeng server skip-numbers 跳过已发出的编号，再启动`,
      );
  } else if (!mark && !(await knowsPages(db)) && !(await blobs.isEmpty()))
    throw new Error(emptied(['扫描件']));
  return { done: () => undefined };
}

async function beginNew(question: DatabaseQuestion): Promise<{ done: () => void }> {
  const { settings, db, blobs, catalogue, isNew, clock, log } = question;
  const marker = join(settings.dataFolder, 'first-start');
  const keyPath = keyPathOf(settings);
  // a key that was put elsewhere for several processes says nothing; one that we made here was of a database
  const isOurKey = resolve(dirname(keyPath)) === resolve(settings.dataFolder) && existsSync(keyPath);
  const mark = readMark(settings.dataFolder);
  const found = [
    ...(isOurKey && !existsSync(marker) ? ['服务器密钥'] : []),
    ...(mark ? ['编号记录'] : []),
    ...((await blobs.isEmpty()) ? [] : ['扫描件']),
  ];
  if (found.length > 0) {
    if (!isNew) throw new Error(emptied(found));
    const year = chinaYear(clock.now());
    const names = [
      'server-seq',
      ...catalogue.programmes.map(({ codePrefix }) => `unique-code:${codePrefix}-${year}`),
      ...Object.keys(mark?.counters ?? {}),
    ];
    const values = [...new Set(names)].map((name) => ({
      name,
      value: mark ? (mark.counters[name] ?? 0) + skipped : unknownFloor,
    }));
    await db
      .insertInto('counter')
      .values(values)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
    log.warn({ found, counters: values }, '按 --new 使用空的数据库重新开始；编号跳过以前可能已发出的部分');
  }
  writePrivateFile(marker, '');
  return { done: () => rmSync(marker, { force: true }) };
}

const emptied = (found: readonly string[]): string =>
  `数据库是空的，而这里已有${found.join('、')}：数据库可能丢失、被清空或指错了，继续会把同一个唯一标识码发出两次。请换回数据库，或用 ./ludeng server restore 恢复备份；确实要重新开始，请加 --new 启动一次`;

/** Of items, or of registrations that are being filled in. */
async function knowsPages(db: Db): Promise<boolean> {
  const of = [
    db.selectFrom('blob').select('sha as id').limit(1).executeTakeFirst(),
    db.selectFrom('registration').select('id').limit(1).executeTakeFirst(),
  ];
  return (await Promise.all(of)).some((row) => row !== undefined);
}
