import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startAgentProcess } from './agent-process.ts';

let folder: string;
let running: { stop(): void } | undefined;
afterEach(() => {
  running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function started(script: string): Promise<string> {
  folder = mkdtempSync(join(tmpdir(), 'ludeng-shell-'));
  mkdirSync(join(folder, 'scanner-agent'));
  writeFileSync(join(folder, 'scanner-agent', 'main.ts'), script);
  return new Promise((onReady) => {
    const env = { ...process.env, LUDENG_NODE: process.execPath };
    running = startAgentProcess({ root: folder, env, onReady, onLog: () => undefined });
  });
}

test('waits for the line of readiness among other output', async () => {
  const ready = JSON.stringify({ ready: true, url: 'http://127.0.0.1:1/#code=a' });
  const url = await started(`console.log('…'); console.log('${ready}'); setInterval(() => {}, 1000);`);
  expect(url).toBe('http://127.0.0.1:1/#code=a');
});

test('starts the agent again when it falls', async () => {
  const script = `
    import { existsSync, writeFileSync } from 'node:fs';
    if (!existsSync('fell')) { writeFileSync('fell', ''); process.exit(1); }
    console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:2/#code=b' }));
    setInterval(() => {}, 1000);`;
  expect(await started(script)).toBe('http://127.0.0.1:2/#code=b');
});
