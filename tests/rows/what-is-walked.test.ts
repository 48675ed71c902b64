/** What the fixtures of a row test do is not its own: it walks what it does itself. */
import { expect } from 'vitest';
import { test } from '#tests/support/row-test.ts';

test('a test that has a page and looks at nothing walks nothing', ({ page, task }) => {
  expect(page.url()).toContain('#/section/');
  expect(task.meta.walks).toBeUndefined();
});

test('a test that looks at its page walks that page', async ({ page, task }) => {
  await page.getByRole('link', { name: '企业业绩' }).waitFor();
  expect(task.meta.walks).toEqual(['page /#/section/qualifications']);
});
