/** Files of 50 MB, many at once, and what they cost the agent's memory: a process of its own, so that it can be measured. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { startAgentProcess } from '#tests/support/agent-process.ts';
import type { AgentProcess } from '#tests/support/agent-process.ts';
import { slot } from '#tests/support/bad-input.ts';
import { startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';

const megabyte = 1024 * 1024;
const file = randomBytes(49 * megabyte);
let whole: WholeStation;
let agent: AgentProcess;
beforeAll(async () => {
  whole = await startWholeStation({ withServer: false });
  await whole.stopAgent();
  agent = await startAgentProcess(whole.agentEnvironment);
  const [token] = await agent.station.call('tokens');
  const certificate = token?.certificates.find(({ use }) => use === 'sign');
  if (!token || !certificate) throw new Error('no token is plugged in');
  await agent.station.call('login', {
    body: { tokenId: token.id, certificateId: certificate.id, pin: demoPin },
  });
  await agent.station.call('role', { body: { role: 'bidder' } });
});
afterAll(async () => {
  await agent?.kill();
  await whole?.close();
});

const newRecord = async (): Promise<string> =>
  (
    await agent.station.call('createRecord', {
      body: {
        kind: 'qualification-grade',
        answers: { certificateType: 'construction-general-building', isMain: 'yes' },
      },
    })
  ).id;

/** Not fetch: it would not say what was answered before the body had gone out. */
async function send(path: string, body: Uint8Array, type = 'application/octet-stream'): Promise<string> {
  const headers = { ...(await agent.station.headers()), 'content-type': type, 'content-length': body.length };
  return new Promise((resolve) => {
    const asked = request(new URL(path, agent.openingUrl), { method: 'POST', headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.on('end', () => {
        asked.destroy();
        resolve(wireErrorSchema.safeParse(JSON.parse(text)).data?.code ?? 'taken');
      });
    });
    // what is far too long is answered and the connection closed under the sender
    asked.on('error', () => resolve('closed')).end(body);
  });
}
const pagesOf = (id: string): string => `/api/records/${id}/materials/${slot}/pages?source=upload`;

/** proc(5): 5 sets the peak back to what is used now. */
async function peakGrowth(work: () => Promise<void>): Promise<number> {
  const status = (name: string): number =>
    Number(
      new RegExp(`${name}:\\s+(\\d+) kB`, 'u').exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))?.[1],
    ) / 1024;
  writeFileSync(`/proc/${agent.pid}/clear_refs`, '5');
  const before = status('VmRSS');
  await work();
  return status('VmHWM') - before;
}

test('twenty files to one material at once: one is taken, the others are refused unread', async () => {
  const id = await newRecord();
  const answers: string[] = [];
  const growth = await peakGrowth(async () => {
    answers.push(...(await Promise.all(Array.from({ length: 20 }, () => send(pagesOf(id), file)))));
  });
  // before the first one is whole, two more may be on their way; never twenty
  expect(answers.filter((code) => code === 'taken')).toHaveLength(1);
  expect(answers.filter((code) => code === 'WORK_IN_PROGRESS')).toHaveLength(19);
  expect(growth).toBeLessThan(600);
});

test('a file is refused unread where it has no place: no such record, another size, nobody logged in', async () => {
  const growth = await peakGrowth(async () => {
    for (let n = 0; n < 6; n += 1) expect(await send(pagesOf('none'), file)).toBe('NOT_FOUND');
    expect(await send('/api/stacks/none/files', file)).toBe('NOT_FOUND');
    expect(['VALUE_TOO_LONG', 'closed']).toContain(await send('/api/camera/frame', file));
    expect(['VALUE_TOO_LONG', 'closed']).toContain(await send('/api/records', file, 'application/json'));
    expect(['VALUE_TOO_LONG', 'closed']).toContain(await send('/api/seal-batches', file, 'application/json'));
  });
  expect(growth).toBeLessThan(100);
  await agent.station.call('logout');
  expect(await send(pagesOf('none'), file)).toBe('UNAUTHENTICATED');
});
