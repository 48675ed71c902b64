/**
 * The rig's kernel: Debian's own, and a small first file system with the modules that make a USB bus, devices to plug
 * into it, a camera and shared folders. Fetched once, kept under node_modules/.cache.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface RigKernel {
  kernel: string;
  initrd: string;
}

/** Module and what it is loaded with. Two readers and a spare one can be plugged in at once. */
const modules: readonly [string, string][] = [
  ['virtio_pci', ''],
  ['virtio_blk', ''],
  ['virtio_net', ''],
  ['9p', ''],
  ['9pnet_virtio', ''],
  ['overlay', ''],
  ['ext4', ''],
  ['libcomposite', ''],
  ['dummy_hcd', 'num=3'],
  ['usb_f_hid', ''],
  ['usb_f_acm', ''],
  ['usb_f_fs', ''],
  ['usbhid', ''],
  ['hid_generic', ''],
  ['cdc_acm', ''],
  // One camera that gives pictures and one sink whose pictures it can be told to give.
  ['vivid', 'n_devs=1 node_types=0x101 num_inputs=2 input_types=0x0c'],
];

const programs: readonly [string, string][] = [
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/bin/busybox', 'busybox-static'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/sbin/modprobe', 'kmod'],
  ['/usr/bin/apt-get', 'apt'],
];

const rigFolder = fileURLToPath(new URL('.', import.meta.url));
const cacheFolder = fileURLToPath(new URL('../../node_modules/.cache/usb-rig/', import.meta.url));
const downloadMs = 120_000;

/** The kernel, or why there is none on this machine. */
export async function prepareKernel(): Promise<RigKernel | { missing: string }> {
  const absent = programs.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  if (absent.length > 0) return { missing: `the USB rig needs Debian's ${absent.join(', ')}` };
  const init = await readFile(join(rigFolder, 'init.sh'), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([init, modules]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, key);
  const prepared = { kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd.gz') };
  if (existsSync(folder)) return prepared;
  const work = await mkdtemp(join(tmpdir(), 'usb-rig-'));
  try {
    const fetched = await fetchKernelPackage(work);
    if ('missing' in fetched) return fetched;
    await build({ work, init, ...fetched });
    await mkdir(cacheFolder, { recursive: true });
    // Copied beside its place and renamed, so that a folder that is there is whole; of two builders the first one wins.
    const whole = await mkdtemp(join(cacheFolder, 'new-'));
    await cp(join(work, 'made'), whole, { recursive: true });
    await rename(whole, folder).catch(() => rm(whole, { recursive: true, force: true }));
    return prepared;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchKernelPackage(
  work: string,
): Promise<{ root: string; release: string } | { missing: string }> {
  let complaint = '';
  for (const refresh of [false, true]) {
    try {
      if (refresh) await run('apt-get', ['-qq', 'update'], { timeout: downloadMs });
      const { stdout } = await run('apt-cache', ['depends', 'linux-image-amd64']);
      const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
      if (!name) throw new Error('no kernel package is known to apt');
      const asRoot = ['-o', 'APT::Sandbox::User=root', 'download', name];
      await run('apt-get', asRoot, { cwd: work, timeout: downloadMs });
      const archive = (await readdir(work)).find((file) => file.endsWith('.deb'));
      if (!archive) throw new Error(`${name} was not downloaded`);
      await run('dpkg-deb', ['-x', join(work, archive), join(work, 'root')]);
      return { root: join(work, 'root'), release: name.replace('linux-image-', '') };
    } catch (error) {
      complaint = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    }
  }
  return { missing: `the USB rig's kernel could not be fetched from Debian (${complaint})` };
}

async function build(options: { work: string; init: string; root: string; release: string }): Promise<void> {
  const { work, init, root, release } = options;
  const made = join(work, 'made');
  const files = join(work, 'initrd');
  await mkdir(made);
  await mkdir(join(files, 'bin'), { recursive: true });
  await mkdir(join(files, 'modules'));
  await run('depmod', ['-b', root, release]);
  const order = new Map<string, string>();
  for (const [name, parameters] of modules) {
    const args = ['-S', release, '-d', root, '--show-depends', name];
    const { stdout } = await run('/usr/sbin/modprobe', args);
    const needed = [...stdout.matchAll(/^insmod (\S+)/gm)].map((match) => match[1] ?? '');
    for (const [index, file] of needed.entries()) {
      if (order.has(file)) continue;
      await copyFile(file, join(files, 'modules', basename(file)));
      order.set(file, index === needed.length - 1 ? parameters : '');
    }
  }
  const lines = [...order].map(([file, parameters]) => `${basename(file)} ${parameters}`.trim());
  await writeFile(join(files, 'modules', 'order'), `${lines.join('\n')}\n`);
  await copyFile('/bin/busybox', join(files, 'bin', 'busybox'));
  await writeFile(join(files, 'init'), init, { mode: 0o755 });
  const pack = `find . | cpio --quiet -o -H newc | gzip -1 > '${join(made, 'initrd.gz')}'`;
  await run('/bin/sh', ['-c', pack], { cwd: files });
  await copyFile(join(root, 'boot', `vmlinuz-${release}`), join(made, 'vmlinuz'));
}
