/**
 * A disk that can lose its power without a machine around it: an ext4 image mounted for one program of this machine alone
 * (its own mount namespace), and shut down under it as the file system's own power-cut tests do (EXT4_IOC_SHUTDOWN without
 * a flush of the journal). Seconds where the emulated machine takes minutes. Needs root and loop devices.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Rig, RigEnd, RigOptions } from './rig.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const longestConsole = 20_000;
const longestStopMs = 30_000;
const longestReleaseMs = 30_000;

/**
 * _IOR('X', 125, __u32) with EXT4_GOING_FLAGS_NOLOGFLUSH; Perl, since Node has no ioctl. Only of a loop device that is
 * mounted at this very folder: where nothing is mounted, the folder is this machine's own disk.
 */
const shutDown = [
  'open(my $f, "<", $ARGV[0]) or die "$!\\n";',
  'my $device = (stat $f)[0]; my $around = (stat "$ARGV[0]/..")[0];',
  'exit 0 if $device == $around;',
  'die "not a loop device\\n" unless (($device >> 8) & 0xfff) == 7;',
  'my $how = pack("L", 2); ioctl($f, 0x8004587d, $how) or die "$!\\n";',
].join(' ');

/** Why it cannot be done here; undefined where it can. */
export async function whyNotMounted(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'mounted-'));
  try {
    const image = join(folder, 'image');
    await run('truncate', ['-s', '16M', image]);
    await run('/usr/sbin/mkfs.ext4', ['-q', '-F', image]);
    const script = `mount -t ext4 "$1" "$2" && perl -e '${shutDown}' "$2"`;
    await mkdir(join(folder, 'disk'));
    await run('unshare', ['--mount', '/bin/sh', '-c', script, 'sh', image, join(folder, 'disk')]);
    await released(image);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
    return `this machine lets nobody mount and shut down an ext4 image here (${said})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As `bootRig`, for a command that mounts `diskFile` itself, at the folder it is told. Memory and ports are the host's. */
export async function startMounted(diskFolder: string, options: RigOptions): Promise<Rig> {
  const { command, diskFile, timeoutMs = 180_000 } = options;
  if (diskFile === undefined) throw new Error('without a disk there is nothing to cut');
  const program = spawn('unshare', ['--mount', ...command], {
    cwd: root,
    // a group, so that all of it ends at once
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const keep = (bytes: Buffer): void => {
    printed = (printed + bytes.toString()).slice(-longestConsole);
  };
  program.stdout.on('data', keep);
  program.stderr.on('data', keep);
  program.once('error', (error) => keep(Buffer.from(error.message)));

  let how: RigEnd['how'] | undefined;
  async function stop(reason: RigEnd['how']): Promise<void> {
    how ??= reason;
    if (program.pid !== undefined) await pullPlug(program.pid, diskFolder);
  }
  const timer = setTimeout(() => {
    stop('time-up').catch((error: unknown) => keep(Buffer.from(String(error))));
  }, timeoutMs);
  const ended = once(program, 'close')
    .catch(() => undefined)
    .then(async (): Promise<RigEnd> => {
      clearTimeout(timer);
      await released(diskFile);
      const status = program.exitCode ?? undefined;
      return { how: how ?? (status === undefined ? 'died' : 'finished'), status, console: printed };
    });
  return {
    ended,
    async cutPower() {
      await stop('power-cut');
      return ended;
    },
  };
}

/**
 * Stops the group of processes, takes their disk away, ends them. Stopped first, because a flush that is under way while an
 * ext4 is shut down may be told as done though nothing was written: that untruth is the kernel's, and no power cut's.
 */
async function pullPlug(group: number, diskFolder: string): Promise<void> {
  if (!signal('SIGSTOP')) return;
  try {
    await stopped(group);
    await run('perl', ['-e', shutDown, `/proc/${group}/root${diskFolder}`]);
  } finally {
    signal('SIGKILL');
  }

  /** False when none of them is left. */
  function signal(name: NodeJS.Signals): boolean {
    try {
      return process.kill(-group, name);
    } catch {
      return false;
    }
  }
}

/** Each thread stands still, or waits for the disk and will stand still before it can say anything. */
async function stopped(group: number): Promise<void> {
  const end = performance.now() + longestStopMs;
  while ((await statesOf(group)).some((state) => !'TtDZX'.includes(state))) {
    if (performance.now() > end) throw new Error('the programs do not stop');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** proc(5): after the program's name in brackets come state, parent and group. */
async function statesOf(group: number): Promise<string[]> {
  const states: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    if (partsOf(line)[2] !== String(group)) continue;
    for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
      const line = await readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8').catch(() => '');
      states.push(partsOf(line)[0] ?? 'X');
    }
  }
  return states;
}

const partsOf = (line: string): string[] => line.slice(line.lastIndexOf(')') + 2).split(' ');

/** The mount ends with its last process, a little later: two mounts of one image would spoil it. */
async function released(image: string): Promise<void> {
  const end = performance.now() + longestReleaseMs;
  while ((await run('losetup', ['-j', image])).stdout !== '') {
    if (performance.now() > end) throw new Error(`${image} is still mounted`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
