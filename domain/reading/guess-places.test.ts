import { expect, test } from 'vitest';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { line, page } from '#tests/support/written-page.ts';
import { getDocumentType } from '../catalogue/lookup.ts';
import { extractFields } from './extract-fields.ts';
import { guessPlaces } from './guess-places.ts';
import { boundsOf } from './layout.ts';
import { proposeMarks } from './propose-marks.ts';
import type { Line } from './schema.ts';

const catalogue = loadCatalogue();
const guessed = (documentTypeId: string, ...lines: Line[]) => {
  const documentType = getDocumentType(catalogue, documentTypeId);
  const pages = [page(...lines)];
  const readings = extractFields(documentType, pages);
  return { documentType, readings, guesses: guessPlaces(documentType, pages, readings) };
};
const placeOf = (marks: ReturnType<typeof guessPlaces>, field: string) =>
  (marks[field] ?? []).map(({ box }) => boundsOf([box]).map(Math.round));

test('a code that lost a character is no code, and its place behind the label is proposed as a guess', () => {
  const { documentType, readings, guesses } = guessed(
    'construction-qualification',
    line('统一社会信用代码：93150818LYMAKPY30', 100, 400),
    line('证书编号：D223628206', 100, 500),
  );
  expect(readings['creditCode']).toBeUndefined();
  const [[left = 0, top, right] = []] = placeOf(guesses, 'creditCode');
  expect(left).toBeGreaterThan(430);
  expect([top, right]).toEqual([400, 800]);
  const marks = (values: Record<string, string>) => proposeMarks(documentType, readings, values, guesses);
  expect(marks({ creditCode: '93150818LYMMAKPY30' })['creditCode']?.[0]?.guessed).toBe(true);
  // What was read is no guess, and what nobody claims is not asked for.
  expect(marks({})['certificateNumber']?.[0]).not.toHaveProperty('guessed');
  expect(marks({})).not.toHaveProperty('creditCode');
});

test('a code below its label is proposed there, and not the title that stands behind the label', () => {
  const title: Line = {
    ...line('营业执照', 700, 300),
    box: [
      [700, 300],
      [1300, 300],
      [1300, 450],
      [700, 450],
    ],
  };
  const { guesses } = guessed(
    'business-licence',
    line('统一社会信用代码', 100, 320),
    line('2370302MAMKD6PA3A', 100, 390),
    title,
  );
  expect(placeOf(guesses, 'creditCode')).toEqual([[100, 390, 440, 434]]);
});

test('where nothing was detected the room behind the label is proposed, up to the next text', () => {
  const { guesses } = guessed(
    'resident-id-card',
    line('姓名张三', 100, 100),
    line('性别', 100, 200),
    line('民族汉', 400, 200),
    line('住址北京市', 100, 300),
  );
  const [[left = 0, top = 0, right = 0, bottom = 0] = []] = placeOf(guesses, 'sex');
  expect([left > 180, left < 200, right > 380, right < 400]).toEqual([true, true, true, true]);
  expect([top < 200, bottom > 244]).toEqual([true, true]);
  expect(guesses).not.toHaveProperty('name');
});

test('without room or without a label nothing is proposed', () => {
  const { guesses } = guessed('resident-id-card', line('性别', 100, 200), line('民族汉', 190, 200));
  expect(guesses).not.toHaveProperty('sex');
  expect(guesses).not.toHaveProperty('idNumber');
});

test('text that was read as another value is not proposed a second time', () => {
  const { readings, guesses } = guessed(
    'business-licence',
    line('统一社会信用代码', 100, 320),
    line('名称', 100, 390),
    line('辽宁沈北建设工程有限公司', 200, 390),
  );
  expect(readings['companyName']?.value).toBe('辽宁沈北建设工程有限公司');
  expect(placeOf(guesses, 'creditCode').every(([, , , bottom = 0]) => bottom < 390)).toBe(true);
});
