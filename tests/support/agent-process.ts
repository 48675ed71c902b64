/** The agent as a process of its own, so that it can be killed in earnest. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createStationClient } from './station-client.ts';
import type { StationClient } from './station-client.ts';
import { waitUntil } from './wait-until.ts';

const main = fileURLToPath(new URL('../../scanner-agent/main.ts', import.meta.url));

export interface AgentProcess {
  station: StationClient;
  pid: number;
  /** Of its line of readiness; `station` has used it. */
  openingUrl: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Throws with what the process said when it ends before it is ready. */
export async function startAgentProcess(environment: Record<string, string>): Promise<AgentProcess> {
  const { child, output } = spawnAgent(environment);
  const address = await waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`the agent ended: ${output()}`);
      return /"url":"([^"]+)"/.exec(output())?.[1];
    },
    { what: 'an agent that is ready', timeoutMs: 60_000 },
  );
  return {
    station: createStationClient({ openingUrl: () => address }),
    pid: child.pid ?? 0,
    openingUrl: address,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const endsWithinMs = 30_000;

/** For an agent that is expected to refuse its start; one that runs nevertheless is killed and has no exit code. */
export async function agentThatEnds(
  environment: Record<string, string>,
): Promise<{ exitCode: number | null; output: string }> {
  const { child, output } = spawnAgent(environment);
  const timer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  await once(child, 'close');
  clearTimeout(timer);
  return { exitCode: child.exitCode, output: output() };
}

function spawnAgent(environment: Record<string, string>) {
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  return { child, output: () => text };
}
