/**
 * A small emulated machine that has what the host may lack: a USB bus with devices to plug in and pull out, hidraw,
 * a camera, and a disk that can lose its power. Nothing of the host is changed: the guest sees its files read-only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RigKernel } from './kernel.ts';

export interface RigOptions {
  /** Program and arguments, run as root in the guest in the repository's folder, with the host's programs and libraries. */
  command: readonly string[];
  /** An existing folder that host and guest both write: /rig/out in the guest. */
  outFolder: string;
  memoryMb?: number;
  /** A raw image, /dev/vda in the guest. The guest mounts it itself, e.g. at /rig/disk. */
  diskFile?: string;
  /** A TCP port of the host's loopback that leads to one of the guest. The guest reaches nothing by itself. */
  forward?: { hostPort: number; guestPort: number };
  /** After this the power is cut. */
  timeoutMs?: number;
}

export interface RigEnd {
  how: 'finished' | 'power-cut' | 'time-up' | 'died';
  /** Of the command; undefined unless it finished. */
  status: number | undefined;
  /** The end of what the guest printed. */
  console: string;
}

export interface Rig {
  ended: Promise<RigEnd>;
  /** What the guest has not flushed to the disk is gone, as when the plug is pulled. Resolves when the machine is off. */
  cutPower(): Promise<RigEnd>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const longestConsole = 20_000;

export async function bootRig({ kernel, initrd }: RigKernel, options: RigOptions): Promise<Rig> {
  const { command, outFolder, memoryMb = 1536, diskFile, forward, timeoutMs = 180_000 } = options;
  const control = join(outFolder, '.rig');
  await rm(control, { recursive: true, force: true });
  await mkdir(control, { recursive: true });
  const script = [
    'export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8',
    `cd ${quote(root)}`,
    command.map(quote).join(' '),
  ];
  await writeFile(join(control, 'command.sh'), `${script.join('\n')}\n`);

  const share = (id: string, path: string, more = '') => [
    ...['-fsdev', `local,id=${id},path=${path},security_model=none${more}`],
    ...['-device', `virtio-9p-pci,fsdev=${id},mount_tag=${id}`],
  ];
  const machine = spawn(
    'qemu-system-x86_64',
    [
      ...[
        '-machine',
        'q35',
        '-accel',
        'tcg,thread=multi',
        '-cpu',
        'max',
        '-smp',
        '2',
        '-m',
        String(memoryMb),
      ],
      ...['-display', 'none', '-monitor', 'none', '-serial', 'stdio', '-no-reboot'],
      ...(forward ? network(forward) : ['-nic', 'none']),
      ...['-kernel', kernel, '-initrd', initrd],
      ...['-append', 'console=ttyS0 quiet panic=-1 rdinit=/init mitigations=off no_timer_check'],
      ...share('host', '/', ',readonly=on,multidevs=remap'),
      ...share('out', outFolder),
      ...(diskFile ? ['-drive', `file=${diskFile},format=raw,if=virtio,cache=writeback`] : []),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  const keep = (bytes: Buffer): void => {
    printed = (printed + bytes.toString()).slice(-longestConsole);
  };
  machine.stdout.on('data', keep);
  machine.stderr.on('data', keep);
  machine.once('error', (error) => keep(Buffer.from(error.message)));

  let cut: 'power-cut' | 'time-up' | undefined;
  const stop = (how: typeof cut): void => {
    cut ??= how;
    machine.kill('SIGKILL');
  };
  const timer = setTimeout(() => stop('time-up'), timeoutMs);
  const ended = once(machine, 'close')
    .catch(() => undefined)
    .then(async (): Promise<RigEnd> => {
      clearTimeout(timer);
      const written = await readFile(join(control, 'status'), 'utf8').catch(() => '');
      const status = written.trim() === '' ? undefined : Number(written);
      const how = status === undefined ? (cut ?? 'died') : 'finished';
      return { how, status, console: printed };
    });
  return {
    ended,
    cutPower() {
      stop('power-cut');
      return ended;
    },
  };
}

function network({ hostPort, guestPort }: { hostPort: number; guestPort: number }): string[] {
  const way = `hostfwd=tcp:127.0.0.1:${hostPort}-:${guestPort}`;
  return ['-netdev', `user,id=net,restrict=on,${way}`, '-device', 'virtio-net-pci,netdev=net,romfile='];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
