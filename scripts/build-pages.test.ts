import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isUpToDate } from './build-pages.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ludeng-pages-'));
  mkdirSync(join(folder, 'app', 'views'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, seconds: number): void {
  writeFileSync(join(folder, name), name);
  utimesSync(join(folder, name), seconds, seconds);
}
const asked = () =>
  isUpToDate({ built: join(folder, 'index.html'), sources: [join(folder, 'app'), join(folder, 'lock')] });

test('a page is built where it is missing, or where something that it is made of is newer', () => {
  write('app/views/Page.vue', 100);
  write('lock', 100);
  expect(asked()).toBe(false);
  write('index.html', 200);
  expect(asked()).toBe(true);
  write('app/views/Page.vue', 300);
  expect(asked()).toBe(false);
  write('index.html', 400);
  write('lock', 500);
  expect(asked()).toBe(false);
});
