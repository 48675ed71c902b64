import { beforeEach, expect, test } from 'vitest';
import { openAccess } from './access.ts';

let asked: { url: string; body: unknown }[];
let status: number;
const agent: typeof fetch = async (input, init) => {
  const { url } = new Request(input);
  asked.push({ url, body: JSON.parse(typeof init?.body === 'string' ? init.body : '{}') });
  return new Response('{}', { status });
};

beforeEach(() => {
  asked = [];
  status = 200;
  sessionStorage.clear();
  Reflect.deleteProperty(window, 'ludeng');
  window.location.hash = '';
});

test('takes the code out of the address, exchanges it, and keeps nothing that a script could read', async () => {
  window.location.hash = '#code=once';
  const opening = openAccess(window, agent);
  expect(window.location.hash).not.toContain('once');
  expect(await opening).toEqual({ agentUrl: window.location.origin, isFresh: true });
  expect(asked).toEqual([{ url: `${window.location.origin}/api/page-session`, body: { code: 'once' } }]);
  expect(JSON.stringify({ ...sessionStorage, ...localStorage }) + document.cookie).not.toContain('once');
});

test('takes both values from the preload where there is one', async () => {
  Object.assign(window, { ludeng: { agentUrl: 'http://127.0.0.1:9', code: 'c' } });
  expect(await openAccess(window, agent)).toEqual({ agentUrl: 'http://127.0.0.1:9', isFresh: true });
  expect(asked).toEqual([{ url: 'http://127.0.0.1:9/api/page-session', body: { code: 'c' } }]);
});

test('is a reload without a code, and with one that was used', async () => {
  expect(await openAccess(window, agent)).toMatchObject({ isFresh: false });
  expect(asked).toEqual([]);
  window.location.hash = '#code=used';
  status = 403;
  expect(await openAccess(window, agent)).toMatchObject({ isFresh: false });
});
