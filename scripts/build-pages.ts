/** Builds the pages of station and server where they are missing or older than what they are made of. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface PageSet {
  configFile: string;
  /** What is there once it is built whole. */
  built: string;
  sources: readonly string[];
}
const shared = ['domain', 'ui', 'package-lock.json'];
const kioskPage: PageSet = {
  configFile: 'kiosk/vite.config.ts',
  built: 'kiosk/dist/index.html',
  sources: ['kiosk/app', 'kiosk/public', 'kiosk/index.html', 'kiosk/vite.config.ts', ...shared],
};
const consoles = [
  ...['client', 'widgets', 'desk', 'mobile', 'user-centre', 'portal', 'public'],
  ...['computer.css', 'vite.config.ts'],
];
const consolePages: PageSet = {
  configFile: 'sync-server/consoles/vite.config.ts',
  built: 'sync-server/consoles/dist/desk/index.html',
  sources: [...consoles.map((name) => `sync-server/consoles/${name}`), ...shared],
};

/** Throws what Vite says where a page cannot be built. Answers whether something had to be done. */
export const buildKioskPage = (): Promise<boolean> => buildWhereOld(kioskPage);
export const buildConsolePages = (): Promise<boolean> => buildWhereOld(consolePages);

async function buildWhereOld(set: PageSet): Promise<boolean> {
  if (isUpToDate({ built: join(root, set.built), sources: set.sources.map((one) => join(root, one)) }))
    return false;
  await build({ configFile: join(root, set.configFile), logLevel: 'warn' });
  return true;
}

/** Whether `built` is there and nothing among the sources, files or folders, is newer. */
export function isUpToDate({ built, sources }: { built: string; sources: readonly string[] }): boolean {
  return existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources.map(newestIn));
}

function newestIn(place: string): number {
  if (!existsSync(place)) return 0;
  if (statSync(place).isFile()) return statSync(place).mtimeMs;
  return Math.max(0, ...readdirSync(place).map((name) => newestIn(join(place, name))));
}
