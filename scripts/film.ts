/**
 * `npm run film`: the film of the journey, made from the real pages: a server, a station and simulated devices, Chromium, and
 * ffmpeg. Writes kiosk/public/help/NAME.webm, its captions (NAME.vtt) and what the pages said while it was made (NAME.json), by
 * which the test tests/rows/help.test.ts finds out that the film is older than the pages.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { createApplicant } from '#tests/support/applicant.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { handIn, walkScenes, wordsOf } from '#tests/support/film-scenes.ts';
import type { Camera, Scene } from '#tests/support/film-scenes.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import { buildKioskPage } from './build-pages.ts';

const name = 'liaoning-subject-library';
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'kiosk/public/help');
const size = { width: 1366, height: 768 };
const maxBytes = 5 * 1024 * 1024;

interface Take {
  file: string;
  seconds: number;
}
interface Caption extends Scene {
  from: number;
}

/** Pictures of the page, each with how long it is seen, and a pointer that is seen to go. */
async function createCamera(page: Page, takes: string) {
  const pictures: Take[] = [];
  const captions: Caption[] = [];
  const screens: { step: string; words: string[] }[] = [];
  let at = { x: size.width / 2, y: size.height / 2 };
  const elapsed = (): number => pictures.reduce((sum, { seconds }) => sum + seconds, 0);

  async function look(seconds: number): Promise<void> {
    const file = join(takes, `${String(pictures.length).padStart(4, '0')}.jpg`);
    await page.screenshot({ path: file, type: 'jpeg', quality: 92, caret: 'initial' });
    pictures.push({ file, seconds });
  }
  const point = (pressed: boolean): Promise<void> =>
    page.evaluate(
      ({ x, y, isPressed }) => {
        const pointer = document.getElementById('film-pointer') ?? document.createElement('div');
        pointer.id = 'film-pointer';
        const colour = isPressed ? 'rgb(212 13 23 / 55%)' : 'rgb(11 90 148 / 45%)';
        pointer.style.cssText =
          `position:fixed;left:${x - 17}px;top:${y - 17}px;width:34px;height:34px;border:3px solid #fff;` +
          `border-radius:50%;background:${colour};box-shadow:0 0 0 2px #0b5a94;z-index:2147483647;pointer-events:none`;
        document.body.append(pointer);
      },
      { ...at, isPressed: pressed },
    );
  const camera: Camera = {
    look,
    async press(target: Locator) {
      await target.scrollIntoViewIfNeeded();
      const box = await target.boundingBox();
      if (!box) throw new Error('what shall be pressed is not there');
      const from = at;
      const to = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      for (const share of [0.25, 0.5, 0.75, 0.9, 1]) {
        at = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
        await point(false);
        await look(0.12);
      }
      await look(0.5);
      await point(true);
      await look(0.4);
      await point(false);
    },
    begin(scene) {
      captions.push({ ...scene, from: elapsed() });
    },
    async settled({ step }) {
      screens.push({ step, words: await wordsOf(page) });
    },
  };
  return { camera, pictures, captions, screens, elapsed };
}

function clockOf(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${(seconds % 60).toFixed(3).padStart(6, '0')}`;
}
/** WebVTT; the id of each cue is the step. */
function captionsOf(captions: readonly Caption[], end: number): string {
  const cues = captions.map(({ step, caption, from }, index) => {
    const until = captions[index + 1]?.from ?? end;
    return `${step}\n${clockOf(from)} --> ${clockOf(until)}\n${caption}\n`;
  });
  return `WEBVTT\n\n${cues.join('\n')}`;
}

function writeFilm(takes: string, pictures: readonly Take[]): void {
  const list = join(takes, 'list.txt');
  const last = pictures.at(-1)?.file ?? '';
  writeFileSync(
    list,
    `${pictures.map(({ file, seconds }) => `file '${file}'\nduration ${seconds}`).join('\n')}\nfile '${last}'\n`,
  );
  const film = join(folder, `${name}.webm`);
  execFileSync('ffmpeg', [
    ...['-y', '-loglevel', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-an'],
    ...['-vf', 'scale=1280:720:flags=lanczos,fps=12,format=yuv420p'],
    ...[
      '-c:v',
      'libvpx-vp9',
      '-crf',
      '32',
      '-b:v',
      '0',
      '-deadline',
      'good',
      '-cpu-used',
      '4',
      '-row-mt',
      '1',
    ],
    ...['-g', '60', film],
  ]);
  const { size: bytes } = statSync(film);
  if (bytes > maxBytes) throw new Error(`the film has ${bytes} bytes, more than ${maxBytes}`);
  console.log(`${film}: ${Math.round(bytes / 1024)} KiB`);
}

await buildKioskPage();
const takes = mkdtempSync(join(tmpdir(), 'ludeng-film-'));
mkdirSync(folder, { recursive: true });
const whole = await startWholeStation({ inFolder: true });
const browser = await startBrowser();
try {
  await createApplicant(() => whole).login();
  const context = await browser.newContext({ viewport: size });
  const [cookie = '', value = ''] = (await whole.station.headers()).cookie.split('=');
  await context.addCookies([{ name: cookie, value, url: whole.agent.url }]);
  const page = await context.newPage();
  await page.goto(`${whole.agent.url}#/section/qualifications`);
  await page.locator('nav.menu a[aria-current=page]').waitFor();
  const { camera, pictures, captions, screens, elapsed } = await createCamera(page, takes);
  await walkScenes(page, camera);
  await handIn(page, camera);
  writeFilm(takes, pictures);
  writeFileSync(join(folder, `${name}.vtt`), captionsOf(captions, elapsed()));
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ screens }, undefined, 2)}\n`);
} finally {
  await browser.close();
  await whole.close();
  rmSync(takes, { recursive: true, force: true });
}
