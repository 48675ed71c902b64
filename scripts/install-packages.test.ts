/** The first part of every command of a clone, on a project of one package and without a network. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

// npm itself runs several times in each
vi.setConfig({ testTimeout: 120_000 });

let root: string;
let running: ChildProcess[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ludeng-install-test-'));
  running = [];
  mkdirSync(join(root, 'scripts'));
  copyFileSync(
    join(import.meta.dirname, 'install-packages.mjs'),
    join(root, 'scripts', 'install-packages.mjs'),
  );
  depend('1.0.0');
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** The project wants this version of its one package, which has a program of its own. */
function depend(version: string): void {
  const source = join(root, 'source');
  mkdirSync(source, { recursive: true });
  copyFileSync('/bin/sleep', join(source, 'program'));
  writeFileSync(join(source, 'package.json'), JSON.stringify({ name: 'tiny', version, files: ['program'] }));
  execFileSync('npm', ['pack', '--silent'], { cwd: source, stdio: 'ignore' });
  const resolved = `file:source/tiny-${version}.tgz`;
  const file = readFileSync(join(source, `tiny-${version}.tgz`));
  const integrity = `sha512-${createHash('sha512').update(file).digest('base64')}`;
  const project = { name: 'project', version: '1.0.0', dependencies: { tiny: resolved } };
  writeFileSync(join(root, 'package.json'), JSON.stringify(project));
  const packages = { '': project, 'node_modules/tiny': { version, resolved, integrity } };
  const lock = { name: 'project', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(lock));
}

/** As setup.mjs does it: the answer, and what was said. */
function install(): { isReady: boolean; said: string } {
  const script = `import { installPackages } from './scripts/install-packages.mjs'; process.exitCode = installPackages('.') ? 0 : 1;`;
  try {
    const said = execFileSync('node', ['--input-type=module', '-e', script], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, npm_config_cache: join(root, 'cache') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { isReady: true, said };
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return { isReady: false, said: stdout + stderr };
  }
}
const installedVersion = (): unknown =>
  (
    JSON.parse(readFileSync(join(root, 'node_modules', 'tiny', 'package.json'), 'utf8')) as {
      version: string;
    }
  ).version;
const folderId = (): number => statSync(join(root, 'node_modules', 'tiny')).ino;

it('installs once, and leaves everything alone as long as the lockfile says the same', () => {
  expect(install()).toMatchObject({ isReady: true, said: expect.stringContaining('npm ci') as string });
  const before = folderId();
  // touched, as a checkout does, and run by another Node
  const lock = join(root, 'package-lock.json');
  writeFileSync(lock, `${readFileSync(lock, 'utf8').trimEnd()}\n\n`);
  expect(install()).toEqual({ isReady: true, said: '' });
  expect(folderId()).toBe(before);
});

it('installs again when the lockfile wants another version', () => {
  install();
  depend('2.0.0');
  expect(install().isReady).toBe(true);
  expect(installedVersion()).toBe('2.0.0');
});

it('repairs an installation that was interrupted, and one from which a package is gone', () => {
  install();
  rmSync(join(root, 'node_modules', '.package-lock.json'));
  expect(install()).toMatchObject({ isReady: true, said: expect.stringContaining('npm ci') as string });
  rmSync(join(root, 'node_modules', 'tiny', 'package.json'));
  install();
  expect(installedVersion()).toBe('1.0.0');
});

it('takes nothing away under a program that runs from there, says so, and installs when it has ended', async () => {
  install();
  depend('2.0.0');
  const child = spawn(join(root, 'node_modules', 'tiny', 'program'), ['600'], { stdio: 'ignore' });
  running.push(child);
  const refused = install();
  expect(refused.isReady).toBe(false);
  expect(refused.said).toContain(String(child.pid));
  expect(existsSync(join(root, 'node_modules', 'tiny', 'program'))).toBe(true);
  expect(installedVersion()).toBe('1.0.0');
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
  expect(install().isReady).toBe(true);
  expect(installedVersion()).toBe('2.0.0');
});

it('says so when nothing could be installed', () => {
  rmSync(join(root, 'source'), { recursive: true });
  const { isReady, said } = install();
  expect(isReady).toBe(false);
  expect(said).toContain('再运行一次');
});
