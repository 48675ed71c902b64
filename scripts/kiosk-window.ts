/** The window of `npm start` in which the kiosk's page opens. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writePrivateFile } from '#config/private-files.ts';
import { askOpeningUrl } from '../scanner-agent/api/opening-socket.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** As long as a code that was asked for is good. */
const openerMs = 120_000;

export interface WindowParts {
  /** What Chromium's simulated camera shows; undefined: a camera is there. */
  cameraFeed: string | undefined;
  data: string;
  stationData: string;
  /** What must end with the station is added to these. */
  children: ChildProcess[];
  closers: (() => Promise<void>)[];
}

/**
 * The kiosk's window, where there is a screen: Electron when its program is there, else Chromium. Answers which one. Everybody
 * on the machine can read a command line, so the address with its code goes over Electron's input, or in a file of ours.
 */
export async function openWindow({
  cameraFeed,
  data,
  stationData,
  children,
  closers,
}: WindowParts): Promise<string | undefined> {
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'] && process.platform === 'linux')
    return undefined;
  const electron = electronProgram();
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
    existsSync(file),
  );
  const program = cameraFeed ? (chromium ?? electron) : (electron ?? chromium);
  if (!program) return undefined;
  const url = await askOpeningUrl(stationData);
  if (url === undefined) return undefined;
  if (program === electron) {
    const shell = spawn(program, [root, '--agent-on-stdin'], { stdio: ['pipe', 'ignore', 'ignore'] });
    shell.stdin.end(`${url}\n`);
    children.push(shell);
    return 'Electron';
  }
  const camera = cameraFeed
    ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${cameraFeed}`]
    : [];
  const browser = spawn(
    program,
    [
      `--app=${pathToFileURL(writeOpener(url, { data, closers })).href}`,
      `--user-data-dir=${join(data, 'chromium')}`,
      '--no-first-run',
      '--use-fake-ui-for-media-stream',
      ...camera,
    ],
    { stdio: 'ignore' },
  );
  children.push(browser);
  return 'Chromium';
}

/** A page that goes on to the address, for this user's eyes only; gone when the code in it is too old. */
function writeOpener(url: string, { data, closers }: Pick<WindowParts, 'data' | 'closers'>): string {
  const file = join(data, 'open.html');
  rmSync(file, { force: true });
  writePrivateFile(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">`);
  const remove = async (): Promise<void> => rmSync(file, { force: true });
  setTimeout(() => void remove(), openerMs).unref();
  closers.push(remove);
  return file;
}

function electronProgram(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  const place = join(folder, 'path.txt');
  if (!existsSync(place)) return undefined;
  const program = join(folder, 'dist', readFileSync(place, 'utf8').trim());
  return existsSync(program) ? program : undefined;
}
