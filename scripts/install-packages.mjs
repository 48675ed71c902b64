/**
 * npm's packages by the lockfile, for setup.mjs. Plain JavaScript for the shell's own Node. Whether anything is to be done is
 * read from what the lockfile says and what lies in node_modules, never from times or from the Node that asks; nothing is taken
 * away under a process that runs from there.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Answers whether the packages of the lockfile are there now; says why where they are not. */
export function installPackages(root) {
  if (isInstalled(root)) return true;
  return alone(root, () => {
    // another command has done it meanwhile
    if (isInstalled(root)) return true;
    const users = findUsers(root);
    if (users.length > 0) {
      console.error(
        `程序依赖已变化，但仍有程序在使用现有的依赖（进程 ${users.join('、')}），没有改动它们。请先停止采集站、服务器或测试，再运行一次。\n` +
          `(the dependencies have changed, and processes ${users.join(', ')} run from node_modules: stop them, then run this again)`,
      );
      return false;
    }
    console.log('安装程序依赖 (npm ci)，约一分钟…');
    // The packages are run by the Node that is among them; npm, run by the shell's, warns that many want a newer one.
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: npmEnvironment(),
    });
    if (status === 0 && isInstalled(root)) return true;
    console.error('程序依赖没有装好，原因见上方；请再运行一次 (npm ci failed, run this again)');
    return false;
  });
}

/**
 * Whether node_modules holds every package of the lockfile. npm writes its own list there as the last act of an installation,
 * so that one that was interrupted has none; a package that was taken away afterwards is missed by its file.
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const there = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !there) return false;
  for (const [place, entry] of Object.entries(wanted)) {
    if (!place.startsWith('node_modules/')) continue;
    const found = there[place];
    // those of other systems are left out
    if (!found && (entry.optional || entry.devOptional || entry.peer)) continue;
    if (found?.version !== entry.version || found?.integrity !== entry.integrity) return false;
  }
  return Object.keys(there).every(
    (place) => wanted[place] !== undefined && existsSync(join(root, place, 'package.json')),
  );
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Processes that run a program of node_modules or have loaded a library from there, but for this one and those above it. */
export function findUsers(root) {
  if (!existsSync('/proc/self/maps')) return [];
  const folder = `${realpathSync(root)}/node_modules/`;
  const own = new Set();
  for (let pid = process.pid; pid > 1 && !own.has(pid); pid = parentOf(pid)) own.add(pid);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && !own.has(pid) && isFrom(folder, pid));
}

function parentOf(pid) {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  // the name in parentheses may hold anything
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function isFrom(folder, pid) {
  try {
    if (readlinkSync(`/proc/${pid}/exe`).startsWith(folder)) return true;
  } catch {
    return false; // of the kernel, of somebody else, or gone
  }
  return readOrNothing(`/proc/${pid}/maps`).includes(` ${folder}`);
}

function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Two commands that begin at once do not install over each other; what a killed one left is taken over. */
function alone(root, work) {
  const name = createHash('sha256').update(realpathSync(root)).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `ludeng-install-${name}`);
  let hasSaid = false;
  for (;;) {
    try {
      // never there without its content
      writeFileSync(`${file}.${process.pid}`, String(process.pid));
      linkSync(`${file}.${process.pid}`, file);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    } finally {
      rmSync(`${file}.${process.pid}`, { force: true });
    }
    if (!isAlive(Number(readOrNothing(file)))) rmSync(file, { force: true });
    else {
      if (!hasSaid) console.log('另一个命令正在安装程序依赖，等待它完成 (waiting for another installation)…');
      hasSaid = true;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  try {
    return work();
  } finally {
    rmSync(file, { force: true });
  }
}

function isAlive(pid) {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** node-gyp compiles against the headers beside this Node where they are, instead of fetching them. */
function npmEnvironment() {
  const prefix = dirname(dirname(process.execPath));
  const hasHeaders = existsSync(join(prefix, 'include', 'node', 'node_api.h'));
  return {
    ...process.env,
    // an npm that does not know `allowScripts` yet would fetch CUDA's libraries
    ONNXRUNTIME_NODE_INSTALL: 'skip',
    ...(hasHeaders ? { npm_config_nodedir: prefix } : {}),
  };
}
