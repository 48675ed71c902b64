/** What a person is told about pages that came in, and which pages are refused. */
import { AppError } from '#domain/errors/app-error.ts';
import { sayCorners } from '#domain/reading/corners.ts';
import type { Line, QualityIssue } from '#domain/reading/schema.ts';
import type { Page } from '#domain/record/schema.ts';
import type { StraightPage } from '#paper/ports/paper-reader.ts';

/** An empty sheet or an empty mat takes nothing's place: what was there before stays. */
export function refuseBlank(pages: readonly Pick<StraightPage, 'quality'>[]): void {
  if (!pages.every(({ quality }) => quality.issues.includes('blank'))) return;
  const isPaper = pages.some(({ quality }) => !quality.issues.includes('page-not-found'));
  throw new AppError(isPaper ? 'PAGE_BLANK' : 'PAGE_NOT_FOUND');
}

/** What fur and carpets are taken for stays under this; the smallest document has some dozens. */
const minCharacters = 8;
const minConfidence = 0.8;

/** A picture with neither a sheet nor a text in it is of something else. A sheet alone is kept, for the manual mode. */
export function refuseUnseen(added: readonly Page[], linesOf: (page: Page) => readonly Line[]): void {
  if (added.length === 0) return;
  const isUnseen = (page: Page) =>
    page.quality.issues.includes('page-not-found') && countCharacters(linesOf(page)) < minCharacters;
  if (added.every(isUnseen)) throw new AppError('PAGE_NOT_FOUND');
}

function countCharacters(lines: readonly Line[]): number {
  return lines
    .filter(({ confidence }) => confidence >= minConfidence)
    .reduce((sum, { text }) => sum + text.length, 0);
}

export function notesOf({ quality: { issues, foldedCorners = [] } }: Pick<Page, 'quality'>): string[] {
  // How a page of many that could not be decoded comes from the reader.
  if (issues.includes('blank') && issues.includes('page-not-found')) return [damagedPageText];
  return issues.map((issue) =>
    issue === 'folded' && foldedCorners.length > 0
      ? `页面${sayCorners(foldedCorners)}折起，请展平后重拍`
      : issueTexts[issue],
  );
}

const damagedPageText = '此页已损坏，无法打开，请单独扫描此页后补传';

const issueTexts = {
  blurred: '画面模糊，请放稳证件后重拍',
  glare: '画面有反光，请调整角度或取下塑封后重拍',
  'too-dark': '画面太暗，请打开补光灯后重拍',
  'too-small': '证件在画面中太小，请放低高拍仪或改用更高分辨率',
  'cut-off': '证件没有完整进入画面，请移动证件后重拍',
  blank: '此页没有内容；如原件有内容，请单独扫描此页后补传',
  'upside-down': '页面是倒置的，已自动转正',
  'page-not-found': '没有找到证件边缘，已使用整幅画面，可手动调整边角',
  finger: '手指遮住了页面，请移开手指后重拍',
  folded: '页面有折角，请展平后重拍',
  screen: '拍到的像是屏幕，请拍摄纸质原件或上传电子文件',
} as const satisfies Record<QualityIssue, string>;
