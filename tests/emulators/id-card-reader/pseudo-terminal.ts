/** A serial line without a device: socat makes the terminal, we stand at its far end. */
import { execFile, spawn } from 'node:child_process';
import { constants, existsSync, lstatSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** The device's end of a line. */
export interface DeviceSide {
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Buffer) => void): void;
  /** The rate that the other side has set, for lines that have one. */
  readBaudRate?(): Promise<number>;
  /** Pulls the plug: whoever has the other end open sees the device vanish. */
  close(): Promise<void>;
}

const openMs = 5000;

/** `path`: where the terminal's name shall appear. Throws when socat is missing or the path is taken by a real file. */
export async function openPseudoTerminal(path: string): Promise<DeviceSide> {
  await removeStaleLink(path);
  const socat = spawn('socat', [`PTY,raw,echo=0,link=${path}`, 'STDIO'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let complaint = '';
  let isGone = false;
  let listener: (bytes: Buffer) => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    socat.once('error', (error) => {
      complaint ||= error.message;
      isGone = true;
      resolve();
    });
    socat.once('exit', () => {
      isGone = true;
      resolve();
    });
  });
  socat.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-1000);
  });
  socat.stdin.on('error', () => undefined);
  socat.stdout.on('data', (bytes: Buffer) => listener(bytes));

  const until = Date.now() + openMs;
  while (!existsSync(path)) {
    if (isGone || Date.now() > until) {
      socat.kill('SIGKILL');
      throw new Error(`socat made no terminal at ${path}: ${complaint || 'no message'}`);
    }
    await delay(10);
  }
  // Held open, never read: a terminal that nobody has open hangs up, and socat with it.
  const keeper = await open(path, constants.O_RDWR | constants.O_NOCTTY);

  return {
    write(bytes) {
      if (!isGone) socat.stdin.write(bytes);
    },
    onData(next) {
      listener = next;
    },
    async readBaudRate() {
      const { stdout } = await promisify(execFile)('stty', ['-F', path, 'speed']);
      return Number(stdout);
    },
    async close() {
      listener = () => undefined;
      await keeper.close().catch(() => undefined);
      if (!isGone) socat.kill('SIGTERM');
      await gone;
      await removeStaleLink(path);
    },
  };
}

async function removeStaleLink(path: string): Promise<void> {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  if (!stat.isSymbolicLink()) throw new Error(`${path} is taken`);
  await unlink(path).catch(() => undefined);
}
