/**
 * What an installation keeps is for the account it runs under and nobody else: files 0600, folders 0700, from their first
 * byte, and again at each start where somebody loosened them. On Windows modes mean nothing; the folder's own list governs.
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const forOthers = 0o077;
const hasModes = process.platform !== 'win32';

/** Makes the folder, or tightens the one that is there. Folders above it stay as they are. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // an installation's folder may be a link to another disk
  tighten(realpathSync(path));
}

/** Makes the file, empty, before a library opens it with a mode of its own; SQLite gives its log and index the same. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
  tighten(path);
}

/** Over whatever stands there; an existing file is tightened before the first byte is written. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w', 0o600);
  try {
    if (hasModes && fstatSync(file).isFile() && fstatSync(file).uid === process.getuid?.())
      fchmodSync(file, 0o600);
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
}

/**
 * Takes what others may do from a file or a folder. Answers `tightened` where there was something to take, `foreign` where
 * it belongs to another account and others may read it, so that somebody can be told.
 */
export function tighten(path: string): 'private' | 'tightened' | 'foreign' {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!hasModes || !found || found.isSymbolicLink() || (found.mode & forOthers) === 0) return 'private';
  try {
    chmodSync(path, found.mode & 0o700);
    return 'tightened';
  } catch {
    return 'foreign';
  }
}

/** `tighten` for everything in and under a folder, but for what is named `except`. Links are neither followed nor touched. Answers what was too loose. */
export function tightenTree(folder: string, except?: string): { tightened: string[]; foreign: string[] } {
  const result = { tightened: [] as string[], foreign: [] as string[] };
  const visit = (path: string): void => {
    const outcome = tighten(path);
    if (outcome !== 'private') result[outcome].push(path);
  };
  const walk = (path: string): void => {
    visit(path);
    for (const entry of entriesOf(path)) {
      const inner = join(path, entry.name);
      if (entry.name === except) continue;
      if (entry.isDirectory()) walk(inner);
      else if (!entry.isSymbolicLink()) visit(inner);
    }
  };
  if (hasModes && existsSync(folder)) walk(realpathSync(folder));
  return result;
}

/** None where the folder went away meanwhile, or is another account's. */
function entriesOf(path: string) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Tightens a folder with all in it, and single files, and says what was too loose; `warn` hears of it at most twice. */
export function keepPrivate(
  places: { folder?: string; except?: string; files?: readonly string[] },
  warn: (message: string, about: { count: number; first: string[] }) => void,
): void {
  const tightened: string[] = [];
  const foreign: string[] = [];
  if (places.folder !== undefined) {
    const found = tightenTree(places.folder, places.except);
    tightened.push(...found.tightened);
    foreign.push(...found.foreign);
  }
  for (const file of places.files ?? []) {
    const outcome = tighten(file);
    if (outcome !== 'private') (outcome === 'tightened' ? tightened : foreign).push(file);
  }
  const say = (list: string[]) => ({ count: list.length, first: list.slice(0, 5) });
  if (tightened.length > 0)
    warn('这些文件曾可被本机其他用户读取，权限已收紧为仅限本程序的用户', say(tightened));
  if (foreign.length > 0)
    warn('这些文件可被本机其他用户读取，且不属于本程序的用户，请管理员收紧权限', say(foreign));
}
