/**
 * Makes a fresh clone ready, so that `npm start` and `npm test` are all anyone needs. Plain JavaScript for the shell's own
 * Node (20 or newer): npm packages by the lockfile, then what the simulated devices and the tests use of Debian's packages.
 * Everything that is there already is left alone; a second run takes a moment.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forTests = process.argv.includes('--test');

/** A file or command whose presence proves the package, and the Debian package that brings it. */
const debianForStart = [
  ['/usr/bin/softhsm2-util', 'softhsm2'],
  ['/usr/bin/cc', 'gcc'],
  ['/usr/include/stdio.h', 'libc6-dev'],
  ['/usr/share/fonts/truetype/arphic/uming.ttc', 'fonts-arphic-uming'],
  ['/usr/bin/pdftoppm', 'poppler-utils'],
  ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', 'fonts-noto-cjk'],
  ['/usr/bin/socat', 'socat'],
  ['/usr/bin/fc-list', 'fontconfig'],
];
const debianForTests = [
  ['/usr/bin/chromium', 'chromium'],
  ['/usr/bin/chromium-headless-shell', 'chromium-headless-shell'],
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/bin/age', 'age'],
  ['/usr/bin/certutil', 'libnss3-tools'],
  ['/usr/bin/ffmpeg', 'ffmpeg'],
  ['/usr/include/openssl/evp.h', 'libssl-dev'],
  ['/usr/bin/java', 'default-jdk-headless'],
  ['/usr/share/java/bcprov.jar', 'libbcprov-java'],
  ['/usr/share/java/bcutil.jar', 'libbcutil-java'],
  ['/usr/share/java/bcpkix.jar', 'libbcpkix-java'],
  ['/usr/share/fonts/truetype/arphic/ukai.ttc', 'fonts-arphic-ukai'],
  ['/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc', 'fonts-wqy-zenhei'],
  ['/usr/bin/scanimage', 'sane-utils'],
  ['/usr/lib/postgresql', 'postgresql'],
  ['/usr/bin/qemu-system-x86_64', 'qemu-system-x86'],
  ['/usr/sbin/modinfo', 'kmod'],
  ['/usr/bin/cpio', 'cpio'],
  ['/usr/share/doc/busybox-static', 'busybox-static'],
  ['/usr/sbin/ip', 'iproute2'],
];

installDebianPackages(forTests ? [...debianForStart, ...debianForTests] : debianForStart);
if (!installPackages(root)) process.exitCode = 1;

function installDebianPackages(wanted) {
  const missing = wanted.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  if (missing.length === 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!existsSync('/usr/bin/apt-get') || !isRoot) {
    console.warn(`请先安装以下软件包 (please install first): ${missing.join(' ')}`);
    return;
  }
  console.log(`安装系统软件包 (installing Debian packages): ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...args], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  apt('update');
  if (apt('install', ...missing).status !== 0) {
    console.error('软件包安装失败，部分模拟设备或测试将不可用 (some packages could not be installed)');
  }
}
