/** A real browser before the real desk. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { noteTouches } from './walks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const consoles = join(root, 'sync-server/consoles');

/** Builds the server's pages where they are missing or older than their sources. */
export async function buildConsoles(): Promise<void> {
  const built = join(consoles, 'dist/desk/index.html');
  const pages = ['client', 'desk', 'mobile', 'user-centre'].map((folder) => join(consoles, folder));
  const sources = [...pages, join(root, 'ui'), join(root, 'domain')];
  const newest = Math.max(...sources.map(newestIn));
  if (existsSync(built) && statSync(built).mtimeMs >= newest) return;
  await build({ configFile: join(consoles, 'vite.config.ts'), logLevel: 'warn' });
}

function newestIn(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

export async function startBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return noteTouches(browser);
}

/** A page that remembers what the browser complained about: errors in scripts, and what the policy refused. */
export async function openPage(
  browser: Browser,
  url: string,
  size = { width: 1440, height: 900 },
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage({ viewport: size, locale: 'zh-CN' });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // a refused request is the test's own doing; the page says what it means
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints };
}
