/** Real touch events, as Chromium's own input pipeline makes them, on the mark view. */
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { createServer } from 'vite';
import type { ViteDevServer } from 'vite';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { marksSchema } from '#domain/reading/schema.ts';
import type { Marks } from '#domain/reading/schema.ts';
import { startBrowser } from '#tests/support/browser.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let vite: ViteDevServer;
let browser: Browser;
let page: Page;
let cdp: CDPSession;

beforeAll(async () => {
  vite = await createServer({
    root,
    configFile: false,
    plugins: [vue()],
    optimizeDeps: { entries: ['tests/e2e/mark-view/index.html'] },
    cacheDir: 'node_modules/.vite-mark-view',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    logLevel: 'error',
  });
  await vite.listen();
  browser = await startBrowser();
  const context = await browser.newContext({ hasTouch: true, viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  cdp = await context.newCDPSession(page);
});
afterAll(async () => {
  await browser.close();
  await vite.close();
});
beforeEach(() => open(1));

/** `share` of 12 megapixels a side. */
async function open(share: number): Promise<void> {
  const address = `${vite.resolvedUrls?.local[0] ?? ''}tests/e2e/mark-view/index.html?share=${share}`;
  await page.goto(address, { timeout: 60_000 });
  await page.locator('[data-mark]').first().waitFor();
  await page.locator('img').waitFor();
}

type Finger = { x: number; y: number };
const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', fingers: Finger[]) =>
  cdp.send('Input.dispatchTouchEvent', {
    type,
    touchPoints: fingers.map(({ x, y }, id) => ({ x, y, id })),
  });
async function swipe(...ways: [from: Finger, to: Finger][]): Promise<void> {
  const at = (share: number): Finger[] =>
    ways.map(([from, to]) => ({ x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }));
  for (let count = 1; count <= ways.length; count += 1) await touch('touchStart', at(0).slice(0, count));
  for (let step = 1; step <= 8; step += 1) await touch('touchMove', at(step / 8));
  await touch('touchEnd', []);
}
const marks = async (): Promise<Marks> =>
  marksSchema.parse(JSON.parse((await page.locator('body').getAttribute('data-marks')) ?? ''));
const middleOf = async (name: string): Promise<Finger & { width: number; height: number }> => {
  const box = await page.locator(`[data-mark="${name}"]`).boundingBox();
  if (!box) throw new Error(`${name} is not in sight`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width, height: box.height };
};
const scale = (): Promise<number> =>
  page.locator('.layer').evaluate((layer) => new DOMMatrix(getComputedStyle(layer).transform).a);

test('two fingers zoom, also where one of them stands on a mark, and change no mark', async () => {
  const before = await marks();
  const first = await scale();
  const { x, y } = await middleOf('单位名称的标记');
  await swipe(
    [
      { x, y },
      { x, y: y - 60 },
    ],
    [
      { x, y: y + 60 },
      { x, y: y + 240 },
    ],
  );
  expect(await scale()).toBeGreaterThan(1.5 * first);
  expect(await marks()).toEqual(before);
});

test('a tap that trembles chooses a mark and leaves it where it stands, and the view stays', async () => {
  const before = await marks();
  const view = await page.locator('.layer').getAttribute('style');
  const { x, y } = await middleOf('证书编号的标记');
  await swipe([
    { x, y },
    { x: x + 6, y: y + 4 },
  ]);
  expect(await marks()).toEqual(before);
  expect(await page.locator('.layer').getAttribute('style')).toBe(view);
  expect(await page.locator('.mark.selected [data-mark]').getAttribute('data-mark')).toBe('证书编号的标记');
});

test('a finger moves a mark of another field, resizes it by its corner, and draws a new one', async () => {
  const first = await scale();
  const number = await middleOf('证书编号的标记');
  await swipe([number, { x: number.x + 40, y: number.y + 30 }]);
  const [moved] = (await marks())['number'] ?? [];
  expect(moved?.box[0][0]).toBeGreaterThan(900 + 25 / first);
  expect(moved?.box[0][0]).toBeLessThan(900 + 45 / first);

  const now = await middleOf('证书编号的标记');
  const corner = { x: now.x + now.width / 2, y: now.y + now.height / 2 };
  await swipe([corner, { x: corner.x + 50, y: corner.y + 20 }]);
  const [sized] = (await marks())['number'] ?? [];
  expect(sized?.box[0]).toEqual(moved?.box[0]);
  expect((sized?.box[2][0] ?? 0) - (moved?.box[2][0] ?? 0)).toBeGreaterThan(30 / first);

  const draw = page.getByRole('button', { name: '画框' });
  // the browser takes a tap right behind a swipe for the swipe's end
  await expect
    .poll(async () => {
      await draw.tap();
      return draw.getAttribute('aria-pressed');
    })
    .toBe('true');
  await swipe([
    { x: now.x, y: now.y + 120 },
    { x: now.x + 140, y: now.y + 160 },
  ]);
  expect((await marks())['number']).toHaveLength(2);
});

test('moving about a page of 12 megapixels costs hardly more than about a small one', async () => {
  await cdp.send('Performance.enable');
  const seconds = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  const middle = { x: 640, y: 500 };
  const costOf = async (share: number): Promise<number> => {
    await open(share);
    const before = await seconds();
    for (let turn = 0; turn < 3; turn += 1)
      await swipe(
        [middle, { x: 500, y: 400 }],
        [
          { x: 700, y: 560 },
          { x: 900, y: 700 },
        ],
      );
    return (await seconds()) - before;
  };
  // seconds of a busy machine tell nothing by themselves
  await costOf(0.1);
  const small = await costOf(0.1);
  expect(await costOf(1)).toBeLessThan(4 * small);
});
