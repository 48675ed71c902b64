/** CA登录 in a browser: the server, the station program of the computer with a simulated key, and those who would like to go in instead. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserKeySchema } from '#domain/contracts/kiosk/browser-login.ts';
import { browserChallengeSchema, captchaSchema } from '#domain/contracts/public/ca-login.ts';
import type { BrowserChallenge } from '#domain/contracts/public/ca-login.ts';
import { keyProofSchema } from '#domain/sync/subject-feed.ts';
import type { KeyProof } from '#domain/sync/subject-feed.ts';
import { demoPin } from '#tests/emulators/counter.ts';
import { workFor } from '#tests/support/captcha-work.ts';
import { hearCaptcha } from '#tests/support/hear-captcha.ts';
import { demoLicence } from '#tests/support/documents.ts';
import { sampled } from '#tests/support/nightly.ts';
import { openUnitAccounts } from '#tests/support/unit-accounts.ts';
import type { UnitAccounts } from '#tests/support/unit-accounts.ts';
import { eventually, startWholeStation } from '#tests/support/whole-station.ts';
import type { WholeStation } from '#tests/support/whole-station.ts';
import { createKeyProofs } from '../../sync-server/seals/key-proofs.ts';
import { readVoice } from '../../sync-server/read-voice.ts';
import { createCaptcha } from '../../sync-server/services/accounts/captcha.ts';
import { createAtomicRows } from '../../sync-server/store/atomic-rows.ts';

const programme = 'yunnan-user-centre';
const unit = { name: demoLicence.companyName, creditCode: demoLicence.creditCode };
const stranger = { companyName: '昆明翠湖监理有限公司', creditCode: '91530100MA6K3T5A2U', pin: demoPin };
const main = { name: '李小红', idNumber: '530102199001011231', mobile: '13800000002' };
const handler = { name: '阿依古丽·买买提', idNumber: '530102198812122344', mobile: '13800000003' };

/** The server as browsers of the network have it, which the station's operator has named. */
const lan = 'https://192.168.8.20:8721';
let whole: WholeStation;
let accounts: UnitAccounts;
let agent: string;
let origin: string;
beforeAll(async () => {
  whole = await startWholeStation({ otherHolders: [stranger], browserOrigins: [lan] });
  accounts = await openUnitAccounts(join(whole.folder, 'server'));
  agent = whole.agent.url.replace(/\/$/u, '');
  origin = whole.serverUrl();
  await eventually('a station that is enrolled', async () =>
    (await fromPage('GET', 'keys')).status === 200 ? true : undefined,
  );
});
afterAll(async () => {
  await accounts?.close();
  await whole?.close();
});

async function send(url: string, method: string, headers: Record<string, string>, body?: unknown) {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  const told: unknown = text === '' ? {} : JSON.parse(text);
  const code = typeof told === 'object' && told !== null && 'code' in told ? told.code : undefined;
  return { status: answer.status, headers: answer.headers, told, code };
}
/** What a page of the server asks the station program. */
const fromPage = (method: string, path: string, body?: unknown, from = origin) =>
  send(`${agent}/api/browser-login/${path}`, method, { origin: from, 'sec-fetch-site': 'cross-site' }, body);
const atServer = (method: string, path: string, cookie: string, body?: unknown) =>
  send(`${origin}${path}`, method, { cookie }, body);
const cookieOf = (headers: Headers, name: string): string =>
  headers
    .getSetCookie()
    .find((one) => one.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

async function makeCaptcha() {
  return captchaSchema.parse((await atServer('POST', '/api/captchas', '')).told);
}
async function makeChallenge() {
  const captcha = await makeCaptcha();
  const body = { captcha: { id: captcha.id, work: await workFor(captcha) } };
  const { told, headers } = await atServer('POST', '/api/ca-login/challenges', '', body);
  return { challenge: browserChallengeSchema.parse(told), browser: cookieOf(headers, 'ludeng-ca') };
}
async function keyOf(companyName: string) {
  const keys = browserKeySchema.array().parse((await fromPage('GET', 'keys')).told);
  const found = keys.find(({ holderName }) => holderName === companyName);
  if (!found) throw new Error(`no key of ${companyName}`);
  return { tokenId: found.tokenId, certificateId: found.certificateId };
}
async function proofOf(challenge: BrowserChallenge, companyName = unit.name): Promise<KeyProof> {
  const key = await keyOf(companyName);
  const signed = await fromPage('POST', 'proof', { ...key, pin: demoPin, challenge });
  return keyProofSchema.parse(signed.told);
}
const signIn = (browser: string, challenge: BrowserChallenge, proof: KeyProof) =>
  atServer('POST', '/api/session/ukey', browser, { challenge, proof });

async function goIn(companyName?: string) {
  const { challenge, browser } = await makeChallenge();
  return signIn(browser, challenge, await proofOf(challenge, companyName));
}

describe('the unit’s key signs a browser in', () => {
  it('says that the unit has no account yet, and how it gets one', async () => {
    const refused = await goIn();
    expect(refused.told).toMatchObject({ code: 'UNIT_NOT_REGISTERED' });
    expect(JSON.stringify(refused.told)).toContain('立即注册');
  });

  it('into the unit’s main account, as the organisation, by its signature', async () => {
    const id = await accounts.open({ unit, person: main, kind: 'main', type: 'enterprise' });
    const entered = await goIn();
    expect(entered.told).toEqual({ destination: '/user-centre/home' });
    const session = cookieOf(entered.headers, 'ludeng-desk');
    expect((await atServer('GET', '/api/session', session)).told).toMatchObject({ id });
    expect(await accounts.assuranceOf(id)).toMatchObject([
      {
        ...{ way: 'ukey', level: 'signed' },
        identity: { kind: 'organisation', scheme: 'credit-code', value: unit.creditCode },
      },
    ]);
    expect((await goIn(stranger.companyName)).code).toBe('UNIT_NOT_REGISTERED');
  });

  it('into the account of the handler to whom the key is tied, and not where that is frozen with the unit’s own', async () => {
    const { challenge } = await makeChallenge();
    const { certificate } = await proofOf(challenge);
    const { describeCertificate } = await import('#sealing/certificate.ts');
    const keySerial = describeCertificate(Buffer.from(certificate, 'base64')).serialNumber;
    const id = await accounts.open({
      ...{ unit, person: handler, kind: 'handler', type: 'ordinary', systems: [programme] },
      keySerial: keySerial.toUpperCase(),
    });
    const entered = await goIn();
    const session = cookieOf(entered.headers, 'ludeng-desk');
    expect((await atServer('GET', '/api/session', session)).told).toMatchObject({ id });
    await accounts.tick(id, []);
    expect((await goIn()).code).toBe('SYSTEM_NOT_GRANTED');
    await accounts.tick(id, [programme]);
    const at = new Date().toISOString();
    await accounts.db.updateTable('account').set({ frozen_at: at }).where('kind', '!=', 'staff').execute();
    expect((await goIn()).code).toBe('ACCOUNT_FROZEN');
    await accounts.db.updateTable('account').set({ frozen_at: null }).execute();
  });
});

describe('the station program', () => {
  it('answers pages of its server alone, also to the browser’s question whether it may ask', async () => {
    const asked = await fromPage('OPTIONS', 'proof');
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-private-network': 'true',
      'access-control-allow-headers': 'content-type',
    });
    for (const from of [
      'https://evil.example',
      'null',
      origin.replace('127.0.0.1', 'localhost'),
      `${origin}0`,
    ])
      for (const method of ['OPTIONS', 'GET']) {
        const { code, headers } = await fromPage(method, 'keys', undefined, from);
        expect([from, method, code]).toEqual([from, method, 'FOREIGN_ORIGIN']);
        expect(headers.get('access-control-allow-origin')).toBeNull();
      }
    // without saying where from, as another program does
    expect((await send(`${agent}/api/browser-login/keys`, 'GET', {})).code).toBe('FOREIGN_ORIGIN');
  });

  it('answers the server’s pages at the other address that its operator named, and signs for that address alone', async () => {
    const asked = await fromPage('OPTIONS', 'proof', undefined, lan);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, lan]);
    for (const other of [lan.replace('https', 'http'), 'https://192.168.8.20', 'https://192.168.8.2:8721'])
      expect((await fromPage('GET', 'keys', undefined, other)).code).toBe('FOREIGN_ORIGIN');
    const { challenge, browser } = await makeChallenge();
    const body = { ...(await keyOf(unit.name)), pin: demoPin, challenge };
    const { told } = await fromPage('POST', 'proof', body, lan);
    const proof = keyProofSchema.parse(told);
    const verifier = createKeyProofs({ trustAnchors: [readFileSync(whole.counter.trustAnchorFile, 'utf8')] });
    const question = { agreesTo: 'browser-login', at: new Date().toISOString() } as const;
    expect(
      verifier.verify(proof, { ...question, challenge: { ...challenge, origin: lan } }).subject.creditCode,
    ).toBe(unit.creditCode);
    // what was signed for one address opens no other one
    expect((await signIn(browser, challenge, proof)).code).toBe('CHALLENGE_INVALID');
  });

  it('shows such a page nothing else of the station', async () => {
    for (const path of ['/api/station', '/api/tokens', '/api/records', '/api/events'])
      expect((await send(`${agent}${path}`, 'GET', { origin })).code).toBe('FOREIGN_ORIGIN');
  });

  it('says what is wrong with the key, in words', async () => {
    const { challenge } = await makeChallenge();
    const key = await keyOf(unit.name);
    const wrong = await fromPage('POST', 'proof', { ...key, pin: '87654321', challenge });
    expect(wrong.told).toMatchObject({ code: 'PIN_INCORRECT', message: 'UKey密码错误' });
    const none = await fromPage('POST', 'proof', { ...key, tokenId: 'another', pin: demoPin, challenge });
    expect(none.told).toMatchObject({ code: 'TOKEN_MISSING', message: '没有检测到UKey' });
    const bytes = { ...challenge, data: 'AAAA' };
    expect((await fromPage('POST', 'proof', { ...key, pin: demoPin, challenge: bytes })).code).toBe(
      'BAD_REQUEST',
    );
  });
});

describe('whoever would go in instead', () => {
  it('has no use for an answer that was used, of another browser, for another server, or too old', async () => {
    const { challenge, browser } = await makeChallenge();
    const proof = await proofOf(challenge);
    const other = await makeChallenge();
    expect((await signIn(other.browser, challenge, proof)).code).toBe('CHALLENGE_INVALID');
    expect((await signIn('', challenge, proof)).code).toBe('CHALLENGE_INVALID');
    expect((await signIn(other.browser, other.challenge, proof)).code).toBe('CHALLENGE_INVALID');
    const later = { ...challenge, issuedAt: new Date(Date.parse(challenge.issuedAt) + 1).toISOString() };
    expect((await signIn(browser, later, proof)).code).toBe('CHALLENGE_INVALID');
    // the same server under another name: the key signed for the first
    const elsewhere = origin.replace('127.0.0.1', 'localhost');
    const third = await makeChallenge();
    const body = { challenge: third.challenge, proof: await proofOf(third.challenge) };
    expect((await send(`${elsewhere}/api/session/ukey`, 'POST', { cookie: third.browser }, body)).code).toBe(
      'CHALLENGE_INVALID',
    );
    expect((await signIn(browser, challenge, proof)).status).toBe(200);
    expect((await signIn(browser, challenge, proof)).code).toBe('CHALLENGE_INVALID');
  });

  it('gets no challenge without the code of a picture, and each picture answers once', async () => {
    const ask = (captcha: unknown) => atServer('POST', '/api/ca-login/challenges', '', { captcha });
    const picture = await makeCaptcha();
    expect(picture.picture).toMatch(/^<svg /u);
    expect((await ask({ id: picture.id, answer: '0000' })).code).toBe('CAPTCHA_WRONG');
    expect((await ask({ id: picture.id, work: await workFor(picture) })).code).toBe('CAPTCHA_EXPIRED');
    const forged = await makeCaptcha();
    const [until = '', chance = '', signature = ''] = forged.id.split('.');
    const longer = { ...forged, id: `${Number(until) + 1}.${chance}.${signature}` };
    expect((await ask({ id: longer.id, work: await workFor(longer) })).code).toBe('CAPTCHA_EXPIRED');
    const done = await workFor(forged);
    const claimed = { ...done, solution: { ...done.solution, counter: done.solution.counter + 1 } };
    expect((await ask({ id: forged.id, work: claimed })).code).toBe('CAPTCHA_WRONG');
    const easier = await makeCaptcha();
    const parameters = { ...easier.work.parameters, keyPrefix: '0' };
    const easy = await workFor({ work: { ...easier.work, parameters } });
    expect((await ask({ id: easier.id, work: easy })).code).toBe('CAPTCHA_WRONG');
    const [one, other] = [await makeCaptcha(), await makeCaptcha()];
    expect((await ask({ id: one.id, work: await workFor(other) })).code).toBe('CAPTCHA_WRONG');
    const good = await makeCaptcha();
    expect((await ask({ id: good.id, work: await workFor(good) })).status).toBe(200);
    expect((await ask({ id: good.id, work: await workFor(good) })).code).toBe('CAPTCHA_EXPIRED');
  });
});

it('speaks the code of a picture to whoever cannot see it, and none that is not its own or too old', async () => {
  const captcha = await makeCaptcha();
  const soundOf = (id: string) => fetch(`${origin}/api/captchas/${encodeURIComponent(id)}/sound`);
  const sound = await soundOf(captcha.id);
  expect(sound.headers.get('content-type')).toBe('audio/wav');
  const answer = hearCaptcha(new Uint8Array(await sound.arrayBuffer()));
  const given = { captcha: { id: captcha.id, answer } };
  expect((await atServer('POST', '/api/ca-login/challenges', '', given)).status).toBe(200);
  const [until = '', chance = '', signature = ''] = captcha.id.split('.');
  for (const id of [`${Number(until) + 1}.${chance}.${signature}`, 'none'])
    expect(await (await soundOf(id)).json()).toMatchObject({ code: 'CAPTCHA_EXPIRED' });
});

it('takes a picture code once of fifty that come at once, every time', { timeout: 600_000 }, async () => {
  const captcha = createCaptcha({
    rows: createAtomicRows(accounts.db),
    serverKey: { mac: (purpose, id) => createHash('sha256').update(`${purpose} ${id}`).digest() },
    clock: { nowMs: () => Date.now() },
    voice: readVoice(),
  });
  const rounds = sampled(4, 200);
  let taken = 0;
  for (let round = 0; round < rounds; round += 1) {
    const made = await captcha.make();
    const answer = { id: made.id, work: await workFor(made) };
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => captcha.check(answer)));
    taken += tries.filter(({ status }) => status === 'fulfilled').length;
  }
  expect(taken).toBe(rounds);
});
