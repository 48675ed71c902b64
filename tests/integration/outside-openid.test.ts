/** 统一身份认证: the server's half against a real OpenID provider, honest, broken and forged. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signInAtProvider } from '#tests/support/openid-browser.ts';
import { startOutsideServices } from '#tests/support/outside-services.ts';
import type { TestOutsideServices } from '#tests/support/outside-services.ts';
import type { OpenidProvider } from '../../sync-server/ports/outside/openid-provider.ts';
import { connectServices, refusal } from './outside-services-support.ts';

const programme = 'liaoning-subject-library';
const redirectUri = 'https://ludeng.example/portal/liaoning-subject-library/login/openid';

let sandbox: TestOutsideServices;
let provider: OpenidProvider;
const connect = () => connectServices({ services: sandbox.settings }).openid(programme, '辽易通');

beforeAll(async () => {
  sandbox = await startOutsideServices();
  await sandbox.openid.setRedirectUris([redirectUri]);
  provider = connect();
});
afterEach(() => sandbox.openid.setBehaviour({}));
afterAll(() => sandbox.close());

const makeAttempt = () => ({
  redirectUri,
  state: randomBytes(32).toString('base64url'),
  nonce: randomBytes(32).toString('base64url'),
  codeVerifier: randomBytes(32).toString('base64url'),
});
async function comeBack({ login }: { login: string | undefined } = { login: 'shenbei' }) {
  const attempt = makeAttempt();
  return { attempt, query: await signInAtProvider(await provider.begin(attempt), login) };
}

describe('a provider says whose browser it is', () => {
  it('names the unit, and the person who came for it', async () => {
    const { attempt, query } = await comeBack({ login: 'shenbei-li' });
    expect(await provider.finish(attempt, query)).toEqual({
      unit: { name: '辽宁沈北建设工程有限公司', creditCode: '91210113MA0P4XU88E' },
      person: { name: '李晓东', idNumber: '210105198803120034' },
    });
  });

  it('is asked with PKCE, state, nonce, a fresh sign-in and the exact address to come back to', async () => {
    const attempt = makeAttempt();
    const { searchParams } = new URL(await provider.begin(attempt));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ response_type: 'code', client_id: 'ludeng', redirect_uri: redirectUri, prompt: 'login' },
      ...{ state: attempt.state, nonce: attempt.nonce, code_challenge_method: 'S256' },
      scope: 'openid profile subject',
    });
    expect(searchParams.get('code_challenge')).not.toBe(attempt.codeVerifier);
    const elsewhere = { ...attempt, redirectUri: `${redirectUri}/more` };
    await expect(signInAtProvider(await provider.begin(elsewhere), 'shenbei')).rejects.toThrow('400');
  });

  it('says that the person said no', async () => {
    const { attempt, query } = await comeBack({ login: undefined });
    const denied = provider.finish(attempt, query);
    await expect(denied).rejects.toMatchObject({ code: 'OPENID_DENIED' });
  });

  it('is not believed when it names nobody by a number that can be one', async () => {
    await sandbox.openid.addUser({ login: 'odd', unitName: '某单位', creditCode: '91210113MA0P4XU88F' });
    for (const login of ['zhou', 'odd']) {
      const { attempt, query } = await comeBack({ login });
      const unnamed = provider.finish(attempt, query);
      await expect(unnamed, login).rejects.toMatchObject({ code: 'OPENID_SUBJECT_UNNAMED' });
    }
  });
});

describe('what is not the provider’s answer to this attempt is refused', () => {
  it.each([
    ['wrong-nonce'],
    ['wrong-issuer'],
    ['wrong-audience'],
    ['unsigned'],
    ['wrong-key'],
    ['tampered'],
    ['expired'],
  ] as const)('an ID token that is %s', async (forgery) => {
    const { attempt, query } = await comeBack();
    await sandbox.openid.setBehaviour({ forgery });
    const refused = await refusal(provider.finish(attempt, query));
    expect(refused.code).toBe('OPENID_ANSWER_REFUSED');
    // what was wrong is in the details; what was answered is not
    expect(JSON.stringify(refused.details)).not.toMatch(/沈北|91210113MA0P4XU88E/u);
  });

  it('another state, another issuer in the address, another verifier, and a code for the second time', async () => {
    const { attempt, query } = await comeBack();
    const other = query.replace(/iss=[^&]+/, `iss=${encodeURIComponent('https://elsewhere.example')}`);
    expect(other).not.toBe(query);
    const refused = [
      provider.finish({ ...attempt, state: makeAttempt().state }, query),
      provider.finish(attempt, other),
      provider.finish({ ...attempt, codeVerifier: makeAttempt().codeVerifier }, query),
    ];
    for (const one of refused) await expect(one).rejects.toMatchObject({ code: 'OPENID_ANSWER_REFUSED' });
    const second = await comeBack();
    await provider.finish(second.attempt, second.query);
    const again = provider.finish(second.attempt, second.query);
    await expect(again).rejects.toMatchObject({ code: 'OPENID_ANSWER_REFUSED' });
  });
});

describe('a provider that does not answer', () => {
  it('is named, whether it was known before or not, and asked anew once it is back', async () => {
    const { attempt, query } = await comeBack();
    const unreachable = { code: 'SERVICE_UNREACHABLE', details: { service: '辽易通' } };
    await sandbox.openid.setBehaviour({ mode: 'fail' });
    await expect(provider.finish(attempt, query)).rejects.toMatchObject(unreachable);
    const newcomer = connect();
    await expect(newcomer.begin(makeAttempt())).rejects.toMatchObject(unreachable);
    await sandbox.stop();
    await expect(newcomer.begin(makeAttempt())).rejects.toMatchObject(unreachable);
    await sandbox.start();
    expect(await newcomer.begin(makeAttempt())).toContain(sandbox.url);
  });

  it('is waited for no longer than the settings say', async () => {
    const { openid } = sandbox.settings;
    const own = openid[programme];
    if (!own) throw new Error('no provider in the settings');
    const hasty = connectServices({
      services: { openid: { [programme]: { ...own, timeoutSeconds: 1 } } },
    }).openid(programme, '辽易通');
    await sandbox.openid.setBehaviour({ mode: 'slow', delayMs: 3_000 });
    await expect(hasty.begin(makeAttempt())).rejects.toMatchObject({ code: 'SERVICE_UNREACHABLE' });
  });

  it('is missing where the settings name none', async () => {
    const none = connectServices({ services: {} }).openid(programme, '辽易通');
    const missing = { code: 'SERVICE_MISSING', details: { service: '辽易通' } };
    await expect(none.begin(makeAttempt())).rejects.toMatchObject(missing);
    await expect(none.finish(makeAttempt(), '?code=1')).rejects.toMatchObject(missing);
  });
});
