/** 证照上传操作流程: the flow chart and the film, and that the film still shows the pages as they are. */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { button, open } from '#tests/support/counter-walk.ts';
import { walkScenes, wordsOf } from '#tests/support/film-scenes.ts';
import { test } from '#tests/support/row-test.ts';

const help = (ending: string): string =>
  fileURLToPath(new URL(`../../kiosk/public/help/liaoning-subject-library.${ending}`, import.meta.url));
const steps = ['上传', '识别', '确认', '标记', '签章', '保存', '提交'];
const tab = (dialog: Locator, name: string): Locator => dialog.getByRole('tab', { name, exact: true });

async function openHelp(page: Page): Promise<Locator> {
  const link = button(page, '证照上传操作流程');
  const box = await link.boundingBox();
  // top right
  expect(box && box.x + box.width / 2).toBeGreaterThan(1366 / 2);
  expect(box?.y).toBeLessThan(768 / 4);
  await link.click();
  return page.getByRole('dialog', { name: '证照上传操作流程' });
}

/** What the film shows at a second, small. */
const frameAt = (video: Locator, second: number): Promise<string> =>
  video.evaluate(async (one, at) => {
    const film = one as HTMLVideoElement;
    const sought = new Promise((done) => film.addEventListener('seeked', done, { once: true }));
    film.pause();
    film.currentTime = at;
    await sought;
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    canvas.getContext('2d')?.drawImage(film, 0, 0, 160, 90);
    return canvas.toDataURL('image/png');
  }, second);

test.concurrent(
  'LNC-024 top right 证照上传操作流程 leads to 流程图 with the steps of the kind, and to 视频 with its captions',
  async ({ page, expect }) => {
    await open(page, '经营资质', '安全生产许可证');
    const dialog = await openHelp(page);
    const chart = dialog.getByRole('img', { name: '流程图' });
    const drawn = chart.locator('[data-step]:not([data-step=back]) .title');
    await drawn.first().waitFor();
    expect(await drawn.allTextContents()).toEqual(
      steps.map((step): unknown => expect.stringContaining(step)),
    );
    await chart.locator('[data-step=back]').getByText('红灯：返回修正或补充材料').waitFor();

    await tab(dialog, '视频').click();
    const video = dialog.locator('video');
    const chapters = dialog.getByRole('navigation', { name: '按步骤观看' }).getByRole('button');
    await chapters.nth(steps.length - 1).waitFor();
    expect((await chapters.allTextContents()).map((text) => text.trim())).toEqual(
      steps.map((step, index) => `${index + 1} ${step}`),
    );
    await expect
      .poll(() => video.evaluate((one) => (one as HTMLVideoElement).readyState), { timeout: 30_000 })
      .toBeGreaterThanOrEqual(2);
    const seconds = await video.evaluate((one) => (one as HTMLVideoElement).duration);
    expect(seconds).toBeGreaterThan(30);
    const frames = new Set([
      await frameAt(video, 2),
      await frameAt(video, 14),
      await frameAt(video, seconds - 2),
    ]);
    expect(frames.size).toBe(3);

    await chapters.nth(4).click();
    const shown = () =>
      video.evaluate((one) => {
        const [track] = [...(one as HTMLVideoElement).textTracks];
        return [track?.mode, ...[...(track?.activeCues ?? [])].map((cue) => (cue as VTTCue).text)];
      });
    await expect
      .poll(shown, { timeout: 30_000 })
      .toEqual(['showing', '点“签章”，选择UKey，输入密码，加盖电子公章，再点“确认提交”']);
    await expect.poll(() => chapters.nth(4).getAttribute('aria-current'), { timeout: 30_000 }).toBe('step');
  },
);

test.concurrent(
  'LNC-064 on the page of a paper help on marking is at the top: 流程图 tells 去标记, and 视频 goes to 标记',
  async ({ page, expect }) => {
    await open(page, '经营资质', '安全生产许可证');
    await button(page, '增加安全生产许可证').click();
    await page.getByRole('region', { name: '智能校验器' }).waitFor();
    const dialog = await openHelp(page);
    const mark = dialog.locator('[data-step=mark] .text');
    await mark.first().waitFor();
    expect((await mark.allTextContents()).map((line) => line.trim()).join('')).toBe(
      '点“去标记”，在图片上框出信息所在位置',
    );
    await tab(dialog, '视频').click();
    await button(dialog, '4 标记').click();
    await expect
      .poll(() => dialog.locator('video').evaluate((one) => (one as HTMLVideoElement).currentTime), {
        timeout: 30_000,
      })
      .toBeGreaterThan(10);
    await button(dialog, '4 标记').and(page.locator('[aria-current=step]')).waitFor();
    await tab(dialog, '流程图').click();
    await dialog.getByRole('img', { name: '流程图' }).waitFor();
    expect(await dialog.locator('video').count()).toBe(0);
  },
);

test('the film is at most 5 MiB, and shows the pages as they are; where it does not, npm run film makes it anew', async ({
  page,
}) => {
  expect(statSync(help('webm')).size).toBeLessThanOrEqual(5 * 1024 * 1024);
  const { screens } = JSON.parse(readFileSync(help('json'), 'utf8')) as {
    screens: { step: string; words: string[] }[];
  };
  const left = [...screens];
  await walkScenes(page, {
    press: () => Promise.resolve(),
    look: () => Promise.resolve(),
    begin: () => undefined,
    settled: async ({ step }) => {
      await expect.poll(() => wordsOf(page), { timeout: 30_000 }).toEqual(left[0]?.words);
      expect(left.shift()?.step).toBe(step);
    },
  });
  expect(left).toEqual([]);
});
