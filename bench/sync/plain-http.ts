import { Agent, request } from 'node:http';
import { parallel, pause } from './client-side.ts';
import type { Work } from './client-side.ts';

const retryMs = 500;
/** As long as our own line waits: without it a silent connection is waited for without end. */
const silenceMs = 7_000;

/** Whole bodies on kept connections, each sent again until it is there. */
export function createSender({ url }: Pick<Work, 'url'>) {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const once = (method: 'PUT' | 'POST', path: string, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-length': bytes.length };
      const sending = request(new URL(path, url), { agent, method, headers }, (answer) => {
        answer.resume().once('error', reject);
        answer.once('end', () =>
          answer.statusCode === 201 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        );
      });
      sending.setTimeout(silenceMs, () => sending.destroy(new Error('silence')));
      sending.once('error', reject).end(bytes);
    });
  return async (method: 'PUT' | 'POST', path: string, bytes: Buffer): Promise<void> => {
    for (;;)
      try {
        return await once(method, path, bytes);
      } catch {
        await pause(retryMs);
      }
  };
}
