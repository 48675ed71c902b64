/**
 * The journey that `npm run film` films, scene by scene, on the real pages: a paper from 上传 to 提交. The test of the film walks the
 * same scenes and holds what the pages say against what they said when the film was made.
 */
import type { Locator, Page } from 'playwright-core';
import type { JourneyStep } from '#domain/catalogue/record-kind.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { button, open } from './counter-walk.ts';
import { demoSafetyLicence, drawSafetyProductionLicence } from './documents.ts';

export interface Scene {
  step: JourneyStep;
  /** Beside the words of the step in the flow chart, what is seen here. */
  caption: string;
}
/** What a camera does; the test has none. */
export interface Camera {
  /** Before a press, with the pointer on its way there. */
  press(target: Locator): Promise<void>;
  /** What is seen now, for so long. */
  look(seconds: number): Promise<void>;
  /** A scene begins. */
  begin(scene: Scene): void;
  /** The scene stands still: what the page says now is what the film shows. */
  settled(scene: Scene): Promise<void>;
}

const reader = { timeout: 90_000 };

export async function walkScenes(page: Page, camera: Camera): Promise<void> {
  const press = async (target: Locator): Promise<void> => {
    await target.waitFor();
    await camera.press(target);
    await target.click();
  };
  const scene = async (of: Scene, act: () => Promise<void>): Promise<void> => {
    camera.begin(of);
    await act();
    await camera.settled(of);
    await camera.look(2.5);
  };
  /** On a slow machine the picture comes after what was read of it. */
  const pictureOpen = (): Promise<void> =>
    page.getByText('正在打开图片…', { exact: true }).first().waitFor({ state: 'hidden' });
  const sealing = page.getByRole('dialog', { name: '电子签章' });
  const result = page.getByRole('dialog', { name: '智慧校验结果' });

  await open(page, '经营资质', '安全生产许可证');
  await button(page, '增加安全生产许可证').waitFor();
  await scene(
    { step: 'capture', caption: '点“增加”打开录入页面，再点“上传图片”或“高拍仪拍照”' },
    async () => {
      await camera.look(1.5);
      await press(button(page, '增加安全生产许可证'));
      await button(page, '上传图片').waitFor();
      await camera.look(2);
      await camera.press(button(page, '上传图片'));
    },
  );
  await scene(
    { step: 'read', caption: '智能模式自动识别证照上的信息，左边是电子文件，右边是识别结果' },
    async () => {
      const { png } = await drawSafetyProductionLicence(demoSafetyLicence);
      const file = { name: '安全生产许可证.png', mimeType: 'image/png', buffer: Buffer.from(png) };
      await page.locator('input[type=file]').first().setInputFiles(file);
      await camera.look(1.5);
      await button(page, '确认信息').waitFor(reader);
      await pictureOpen();
    },
  );
  await scene(
    { step: 'confirm', caption: '逐项核对，有误的双击修改；点“确认信息”，表单自动填好' },
    async () => {
      await press(button(page, '确认信息'));
      await page.locator('.halves.fixed .mark-view img').waitFor();
      await pictureOpen();
    },
  );
  await scene(
    { step: 'mark', caption: '点“去标记”，看信息框在图片上的位置；不对的拖动或重新框选' },
    async () => {
      await press(page.locator('.form [data-field=certificateNumber] .go-mark'));
      await button(page, '删除此框').and(page.locator(':enabled')).waitFor();
    },
  );
  await scene(
    { step: 'seal', caption: '点“签章”，选择UKey，输入密码，加盖电子公章，再点“确认提交”' },
    async () => {
      await press(button(page, '签章'));
      await sealing.locator('[data-test=sheet] canvas:not(.hidden)').waitFor();
      await camera.look(2);
      await press(sealing.locator('.token').first());
      const pin = sealing.getByLabel('UKey密码', { exact: true });
      await pin.waitFor();
      for (const digit of demoPin) {
        await pin.press(digit);
        await camera.look(0.15);
      }
      await pin.press('Enter');
      await sealing.locator('.state.done').waitFor(reader);
      await sealing.locator('[data-test=sheet] canvas:not(.hidden)').waitFor();
    },
  );
  await scene(
    { step: 'check', caption: '点“保存”，看智慧校验结果：红灯须修正，黄灯、绿灯可以提交' },
    async () => {
      await press(button(sealing, '确认提交'));
      await page.locator('.seal-state.done', { hasText: '已签章' }).waitFor();
      await camera.look(1);
      await press(button(page, '保存'));
      await result.locator('.overall').waitFor(reader);
    },
  );
  await scene(
    { step: 'submit', caption: '点“确认”回到页面，再点“提交”：信息入库，绿灯生成数字证照' },
    async () => {
      await press(button(result, '确认'));
      await result.waitFor({ state: 'hidden' });
      await press(button(page, '提交'));
      await button(page.getByRole('dialog'), '提交').waitFor();
    },
  );
}

/** The film's last picture. */
export async function handIn(page: Page, camera: Camera): Promise<void> {
  const send = button(page.getByRole('dialog'), '提交');
  await camera.press(send);
  await send.click();
  await page.locator('[data-upload=received]').waitFor(reader);
  await camera.look(4);
}

/**
 * The words of the page that do not hang on the day, the station or who is there: headings, buttons, labels and notes, each once,
 * digits as #. Rows of tables and the keys that are plugged in are left out.
 */
export const wordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wanted = 'h1, h2, h3, button, label, th, legend, [role=radio], [role=tab], p.note, p.muted, .why';
    const besides = 'tbody *, .token *, .token, header.bar *, .state-line, .el-notification *';
    const words = [...document.querySelectorAll<HTMLElement>(wanted)]
      .filter((one) => !one.matches(besides) && one.checkVisibility({ visibilityProperty: true }))
      .map((one) => one.innerText.replaceAll(/\s+/g, ' ').replaceAll(/\d+/g, '#').trim())
      .filter((text) => text !== '');
    return [...new Set(words)].toSorted();
  });
