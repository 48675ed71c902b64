/** One side of a transfer as a process of its own, and what it costs, read from /proc: programs are run unchanged. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../options.ts';

export interface Side {
  /** User and system time so far, seconds. */
  cpuSeconds(): number;
  /** The greatest resident size so far, bytes. */
  peakBytes(): number;
  /** The resident size now, bytes. */
  residentBytes(): number;
  /** Resolves with the first group of the first match in what it says. Throws BenchError when it ends before. */
  hears(pattern: RegExp): Promise<string>;
  tell(word: string): void;
  end: () => Promise<void>;
}

/** The kernel's clock ticks of /proc are 1/100 s on every Linux Node runs on. */
const ticksPerSecond = 100;

export function startSide(program: string, args: string[], env: NodeJS.ProcessEnv = {}): Side {
  const path = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, [path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      for (const listener of listeners) listener();
    });
  child.on('exit', () => {
    for (const listener of listeners) listener();
  });
  const proc = (name: string): string => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');

  return {
    cpuSeconds() {
      // the name of the program, in brackets, may hold spaces
      const fields = proc('stat')
        .replace(/^.*\) /, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    },
    peakBytes: () => Number(/VmHWM:\s+(\d+) kB/.exec(proc('status'))?.[1]) * 1024,
    residentBytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(proc('status'))?.[1]) * 1024,
    hears: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = pattern.exec(said);
          if (!found && child.exitCode === null && child.signalCode === null) return;
          listeners.delete(look);
          if (found) resolve(found[1] ?? '');
          else reject(new BenchError(`${program} ended: ${said.slice(-2000)}`));
        };
        listeners.add(look);
        look();
      }),
    tell: (word) => child.stdin?.write(`${word}\n`),
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
