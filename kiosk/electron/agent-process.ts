/** Starts the agent with Node, waits for its line of readiness, and starts it again when it falls. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const readySchema = z.object({ ready: z.literal(true), url: z.string() });
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/**
 * `onReady` gets the address with its code, again after every new start. Node is LUDENG_NODE, else the one that came with
 * the packages, else the PATH's: Electron's own Node has another set of algorithms.
 */
export function startAgentProcess(options: {
  root: string;
  env: NodeJS.ProcessEnv;
  onReady: (url: string) => void;
  onLog: (text: string) => void;
}): { stop(): void } {
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isStopping = false;
  let pauseMs = firstPauseMs;

  function start(): void {
    // With a channel the agent notices when this process is gone, even when it was killed.
    child = spawn(nodeProgram(options), [join(options.root, 'scanner-agent', 'main.ts')], {
      cwd: options.root,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (piece: Buffer) => options.onLog(piece.toString()));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', take);
    child.once('error', (error) => options.onLog(`${error.message}\n`));
    child.once('close', again);
  }
  function take(line: string): void {
    const ready = readySchema.safeParse(parseJson(line));
    if (!ready.success) return;
    pauseMs = firstPauseMs;
    options.onReady(ready.data.url);
  }
  function again(): void {
    if (isStopping) return;
    timer = setTimeout(start, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  start();
  return {
    stop() {
      isStopping = true;
      clearTimeout(timer);
      child?.kill('SIGTERM');
    },
  };
}

function nodeProgram({ root, env }: { root: string; env: NodeJS.ProcessEnv }): string {
  const packaged = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return env['LUDENG_NODE'] ?? (existsSync(packaged) ? packaged : 'node');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
