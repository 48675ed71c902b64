/** Guessing passwords and codes: slow for whoever guesses, never shut for whoever knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountListSchema } from '#domain/contracts/desk/accounts.ts';
import { wireErrorSchema } from '#domain/errors/app-error.ts';
import type { RunningServer } from '../../sync-server/start-server.ts';
import { makeCatalogue } from './server-fixtures.ts';
import { enrolmentCode, makeDataFolder, makeIdentity, startTestServer } from './server-support.ts';

const password = 'a-long-password';
const ids = ['burst', 'owner', 'steady', 'restart', 'keeper', 'spoof', 'chained', 'other'];
const data = makeDataFolder();
let server: RunningServer;

const start = () =>
  startTestServer(
    data.folder,
    {
      // a balancer on another machine, as far as the server can tell
      trustedProxies: ['127.0.0.1', '10.9.0.0/16'],
      accounts: ids.map((id) => ({
        ...{ id, name: id, department: '房建处', password },
        permissions: id === 'keeper' ? ['accounts'] : ['review'],
      })),
    },
    { catalogue: makeCatalogue() },
  );
beforeAll(async () => {
  server = await start();
});
afterAll(async () => {
  await server.close();
  data.remove();
});

let addresses = 0;
/** An address nobody had before. */
const newAddress = (): string => `203.0.${(addresses += 1) >> 8}.${addresses & 255}`;

interface Answer {
  status: number;
  code: string;
  cookies: string[];
  retryAfter: string | null;
}
async function ask(path: string, body: unknown, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const said: unknown = await response.json();
  const failure = wireErrorSchema.safeParse(said);
  return {
    status: response.status,
    code: failure.success ? failure.data.code : 'OK',
    cookies: response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? ''),
    retryAfter: response.headers.get('retry-after'),
  };
}
const signIn = (account: string, from: string, { word = password, cookie = '' } = {}) =>
  ask('/api/session', { account, password: word }, { 'x-forwarded-for': from, cookie });
const codes = (answers: readonly Answer[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { code } of answers) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
};

describe('a burst of sign-ins', () => {
  it('is refused before it is hashed: from one address to one account', async () => {
    const from = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => signIn('burst', from, { word: 'wrong' })),
    );
    expect(codes(answers)).toEqual({ SIGN_IN_FAILED: 5, TOO_MANY_ATTEMPTS: 195 });
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.every(({ retryAfter }) => Number(retryAfter) > 0)).toBe(true);
  });

  it('is refused from one address to many accounts, and others still sign in meanwhile', async () => {
    const from = newAddress();
    const before = process.memoryUsage.rss();
    const burst = Promise.all(
      Array.from({ length: 150 }, (_, n) => signIn(`nobody-${n}`, from, { word: 'wrong' })),
    );
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    const answers = await burst;
    const counts = codes(answers);
    // what found no place in the queue was no guess
    expect(counts['SIGN_IN_FAILED']).toBeLessThanOrEqual(50);
    const refused = (counts['TOO_MANY_ATTEMPTS'] ?? 0) + (counts['SERVER_BUSY'] ?? 0);
    expect([refused >= 100, refused + (counts['SIGN_IN_FAILED'] ?? 0)]).toEqual([true, 150]);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
    expect((await signIn('other', newAddress())).status).toBe(200);
  });

  it('from many addresses fills a short queue, in which a known browser goes first', async () => {
    const known = await signIn('other', newAddress());
    const burst = Promise.all(
      Array.from({ length: 50 }, () => signIn('nobody', newAddress(), { word: 'wrong' })),
    );
    const mine = await signIn('other', newAddress(), { cookie: known.cookies.join('; ') });
    expect(mine.code).toBe('OK');
    const counts = codes(await burst);
    expect(counts['OK']).toBeUndefined();
    expect(counts['INTERNAL']).toBeUndefined();
  });
});

describe('many wrong passwords of one account', () => {
  it('slow down browsers that are not known, and lock nobody out; whoever keeps accounts hears of it', async () => {
    const known = await signIn('owner', newAddress());
    const cookie = known.cookies.join('; ');
    for (let n = 0; n < 22; n += 1) {
      const { code } = await signIn('owner', newAddress(), { word: 'wrong' });
      expect(code).toBe('SIGN_IN_FAILED');
    }
    const at = performance.now();
    expect((await signIn('owner', newAddress(), { cookie })).code).toBe('OK');
    expect(performance.now() - at).toBeLessThan(3_000);
    // a new browser waits a little and comes in
    expect((await signIn('owner', newAddress())).code).toBe('OK');

    const keeper = await signIn('keeper', newAddress());
    const list = async (method: string, path: string) => {
      const headers = { cookie: keeper.cookies.join('; ') };
      const response = await fetch(`${server.url}${path}`, { method, headers });
      return accountListSchema.parse(await response.json()).guessing;
    };
    const guessing = await list('GET', '/api/accounts');
    expect(guessing.map(({ account }) => account)).toEqual(['owner']);
    expect(await list('PUT', `/api/account-alarms/${guessing[0]?.id}`)).toEqual([]);
  });

  it('in a known browser are limited too, and its cookie is of no use for another account', async () => {
    const known = await signIn('steady', newAddress());
    const cookie = known.cookies.join('; ');
    const answers: Answer[] = [];
    for (let n = 0; n < 12; n += 1)
      answers.push(await signIn('steady', newAddress(), { word: 'wrong', cookie }));
    expect(codes(answers)).toEqual({ SIGN_IN_FAILED: 10, TOO_MANY_ATTEMPTS: 2 });

    const value = known.cookies.find((one) => one.startsWith('ludeng-known-'))?.split('=')[1] ?? '';
    const { createHash } = await import('node:crypto');
    const name = `ludeng-known-${createHash('sha256').update('burst').digest('hex').slice(0, 12)}`;
    const from = newAddress();
    const others: Answer[] = [];
    for (let n = 0; n < 7; n += 1)
      others.push(await signIn('burst', from, { word: 'wrong', cookie: `${name}=${value}` }));
    expect(codes(others)).toEqual({ SIGN_IN_FAILED: 5, TOO_MANY_ATTEMPTS: 2 });
  });

  it('stay counted over a restart, and right ones are given back', async () => {
    const from = newAddress();
    for (let n = 0; n < 7; n += 1) expect((await signIn('restart', from)).code).toBe('OK');
    for (let n = 0; n < 5; n += 1)
      expect((await signIn('restart', from, { word: 'wrong' })).code).toBe('SIGN_IN_FAILED');
    await server.close();
    server = await start();
    expect((await signIn('restart', from)).code).toBe('TOO_MANY_ATTEMPTS');
    expect((await signIn('restart', newAddress())).code).toBe('OK');
  });
});

describe('the address of the caller', () => {
  it('is not what he writes before the proxy’s own word', async () => {
    const from = newAddress();
    const answers: Answer[] = [];
    for (let n = 0; n < 7; n += 1)
      answers.push(await signIn('chained', `${newAddress()}, ${from}, 10.9.1.${n}`, { word: 'wrong' }));
    expect(codes(answers)).toEqual({ SIGN_IN_FAILED: 5, TOO_MANY_ATTEMPTS: 2 });
  });

  it('is the same for a whole /64 of IPv6', async () => {
    const answers: Answer[] = [];
    for (let n = 0; n < 7; n += 1)
      answers.push(await signIn('spoof', `2001:db8:7:7::${n + 1}`, { word: 'wrong' }));
    expect(codes(answers)).toEqual({ SIGN_IN_FAILED: 5, TOO_MANY_ATTEMPTS: 2 });
  });
});

it('refuses a burst of enrolment codes, and takes the right one from elsewhere meanwhile', async () => {
  const from = newAddress();
  const enrol = (code: string, address: string) => {
    const { stationId, publicKey } = makeIdentity();
    const body = { code, stationId, stationName: '测试采集站', publicKey };
    return ask('/api/enrolments', body, { 'x-forwarded-for': address });
  };
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => enrol(`wrong-code-${n}`, from)));
  expect(codes(answers)).toEqual({ ENROLMENT_REFUSED: 5, TOO_MANY_ATTEMPTS: 195 });
  expect((await enrol(enrolmentCode, newAddress())).code).toBe('OK');
  // a hall's stations share an address: those that know the code are not counted
  const hall = newAddress();
  for (let n = 0; n < 12; n += 1) expect((await enrol(enrolmentCode, hall)).code).toBe('OK');
});
