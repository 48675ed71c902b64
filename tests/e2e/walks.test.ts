/** How `npm run requirements` tells a test that walks a row from one that only reads: seen on small things. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { startBrowser } from '#tests/support/browser.ts';

let server: Server;
let url: string;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  server = createServer((_request, response) =>
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<button>保存</button>'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await startBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser.close();
  server.close();
});
beforeEach(async () => {
  await (await fetch(`${url}/api/session`)).text();
  await page.goto(url);
});

test('what only reads the configuration walks nothing, whatever its hooks did', ({ task }) => {
  expect(loadCatalogue().programmes.length).toBeGreaterThan(0);
  expect(task.meta.walks).toBeUndefined();
});

test('a request is a walk, without the ids of its address', async ({ task }) => {
  await (await fetch(`${url}/api/records/01M8NXS3EVFEE6GFTM0N7JVJ5Z/form`, { method: 'PUT' })).text();
  expect(task.meta.walks).toEqual(['PUT /api/records/:id/form']);
});

test('what is done on a page is a walk', async ({ task }) => {
  await page.getByRole('button', { name: '保存' }).click();
  expect(task.meta.walks).toEqual(['page /']);
});
