/** The same guards in a real Chromium, the agent's Node and the server: every answer is the same, whatever is known. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { createServer } from 'vite';
import type { ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { askGuard } from '#domain/cases/guards.ts';
import { momentOf } from '#domain/cases/guard-facts.ts';
import { startBrowser } from '#tests/support/browser.ts';
import { sampled } from '#tests/support/nightly.ts';
import { questionOf, ruleIds } from '#tests/support/random-guards.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const count = sampled(10_000, 100_000);
let vite: ViteDevServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  vite = await createServer({
    root,
    configFile: false,
    optimizeDeps: { entries: ['tests/e2e/guards/index.html'] },
    cacheDir: 'node_modules/.vite-guards',
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    logLevel: 'error',
  });
  await vite.listen();
  browser = await startBrowser();
  page = await browser.newPage();
  await page.goto(`${vite.resolvedUrls?.local[0] ?? ''}tests/e2e/guards/index.html`, { timeout: 60_000 });
  await page.locator('body[data-ready]').waitFor({ state: 'attached' });
}, 120_000);
afterAll(async () => {
  await browser.close();
  await vite.close();
});

interface Answers {
  hashes: string[];
  verdicts: Record<string, number>;
}
async function inNode(who: 'agent' | 'server'): Promise<Answers> {
  const script = fileURLToPath(new URL('../support/answer-guards.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, who, '0', String(count)], {
    cwd: root,
    maxBuffer: 50_000_000,
  });
  return JSON.parse(stdout) as Answers;
}

test(`browser, agent and server give ${count} questions the same answers`, async () => {
  const [browserSays, agentSays, serverSays] = await Promise.all([
    page.evaluate((range) => window.answer(range), { first: 0, count }),
    inNode('agent'),
    inNode('server'),
  ]);
  expect(agentSays.hashes).toEqual(browserSays.hashes);
  expect(serverSays.hashes).toEqual(browserSays.hashes);
  // every verdict is frequent: three that always say the same would agree too
  for (const verdict of ['allowed', 'refused', 'judged-later'])
    expect(browserSays.verdicts[verdict]).toBeGreaterThan(count / 50);
}, 600_000);

test('the questions hold registers that are missing and old, and every rule says yes, no and that it cannot tell', () => {
  const said = new Map<string, Set<string>>();
  const questions = Array.from({ length: 3_000 }, (_, n) => questionOf(n));
  for (const { guards, facts } of questions)
    for (const guard of guards) {
      const { answer } = askGuard(guard, { ...facts, ...momentOf(facts.now) });
      said.set(guard.rule, (said.get(guard.rule) ?? new Set()).add(answer));
    }
  // these two look at the record and at whoever acts, and so always know
  const knows = ['is-named-person', 'light-is'];
  for (const rule of ruleIds.filter((one) => !knows.includes(one)))
    expect([rule, [...(said.get(rule) ?? [])].toSorted()]).toEqual([rule, ['no', 'unknown', 'yes']]);
  for (const rule of knows)
    expect([...(said.get(rule) ?? [])]).toEqual(expect.arrayContaining(['no', 'yes']));
  expect(questions.map(({ facts }) => facts.registers.locks)).toContain(undefined);
});
