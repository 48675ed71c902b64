/**
 * Debian's Chromium with a fake camera fed by pictures. Its headless shell is the same browser without the windows around the
 * page, which nobody sees here and which take as much time again.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { noteTouches } from './walks.ts';

const shell = { program: '/usr/bin/chromium-headless-shell', brings: 'chromium-headless-shell' };
/** Asks whether a page may use the camera, and simulates several. */
const whole = { program: '/usr/bin/chromium', brings: 'chromium' };

/**
 * `cameraFeed`: an .mjpeg file; `cameras`: so many with the browser's own moving picture; with neither the machine has no
 * camera. `asksForCamera`: only a context that was granted the camera may use it. Throws with a sentence where Chromium
 * is missing.
 */
export async function startBrowser(
  options: { cameraFeed?: string; cameras?: number; asksForCamera?: boolean } = {},
): Promise<Browser> {
  const { program, brings } = options.asksForCamera || options.cameras ? whole : shell;
  if (!existsSync(program)) throw new Error(`these tests need Chromium (Debian: apt install ${brings})`);
  const camera = options.cameraFeed
    ? ['--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${options.cameraFeed}`]
    : options.cameras
      ? [`--use-fake-device-for-media-stream=device-count=${options.cameras}`]
      : [];
  const browser = await chromium.launch({
    executablePath: program,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(options.asksForCamera ? [] : ['--use-fake-ui-for-media-stream']),
      ...camera,
    ],
  });
  return noteTouches(browser);
}
