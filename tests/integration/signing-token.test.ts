/**
 * The PKCS#11 driver against SoftHSM behind the shim: real library calls in a real child process, and a token that
 * counts PINs, locks, is pulled out, hangs and crashes.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#domain/errors/app-error.ts';
import type { TokenDriver } from '#domain/catalogue/token-drivers.ts';
import { challengeBytes, verifyChallenge } from '#sealing/challenge.ts';
import { isSignatureOf } from '#sealing/signature.ts';
import {
  prepareSimulatedToken,
  prepareSimulatedTokens,
} from '#tests/emulators/signing-token/simulated-token.ts';
import type { SimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import { createSigningTokens } from '../../scanner-agent/devices/signing-tokens.ts';
import type { CombinedTokens } from '../../scanner-agent/devices/token-host/combine-tokens.ts';
import type { SignRequest, Token } from '../../scanner-agent/ports/signing-token.ts';

const pin = '13579246';
const data = [Buffer.from('第一份材料'), Buffer.from('第二份材料')];
const patience = { signal: new AbortController().signal, timeoutMs: 10_000 };

let folder: string;
let simulated: SimulatedToken;
let tokens: CombinedTokens;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ludeng-token-'));
  simulated = await prepareSimulatedTokens({
    folder,
    maxTries: 4,
    holders: [
      {
        companyName: '昆明滇池建筑工程有限公司',
        creditCode: '91530100MA6K1234X5',
        pin,
        hasEncryptionCertificate: true,
      },
      { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5', pin, keyKind: 'ec' },
    ],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  await simulated.setFault();
  await simulated.unlock();
  tokens = createSigningTokens({ drivers: [simulated.driver] });
});
afterEach(() => tokens.close());

const serialOf = (index: number): string => simulated.tokens[index]?.serialNumber ?? '';

async function findToken(index = 0): Promise<Token> {
  const found = (await tokens.list(patience)).find(({ serialNumber }) => serialNumber === serialOf(index));
  if (!found) throw new Error('the simulated token is not listed');
  return found;
}

async function requestFor(index = 0, change: Partial<SignRequest> = {}): Promise<SignRequest> {
  const token = await findToken(index);
  const certificate = token.certificates.find(({ use }) => use === 'sign');
  return { ...patience, tokenId: token.id, certificateId: certificate?.id ?? '', pin, data, ...change };
}

const refusal = (request: SignRequest): Promise<AppError> =>
  tokens.sign(request).then(
    () => Promise.reject(new Error('the token signed')),
    (error: AppError) => error,
  );

describe('listing', () => {
  it('shows both tokens of one company with their certificates before any PIN, and picks none', async () => {
    const listed = await tokens.list(patience);
    expect(listed).toHaveLength(2);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(2);
    expect(await findToken(0)).toMatchObject({
      label: '模拟UKey',
      simulated: true,
      driver: 'simulated',
      pin: { locked: false, lastTry: false, countLow: false },
    });
    const [rsa, ec] = [await findToken(0), await findToken(1)];
    expect(rsa.certificates.map(({ use }) => use).sort()).toEqual(['encrypt', 'sign']);
    expect(rsa.certificates[0]).toMatchObject({
      holderName: '昆明滇池建筑工程有限公司',
      creditCode: '91530100MA6K1234X5',
      issuerName: '绿灯站模拟认证中心',
      algorithm: 'RSA-SHA256',
    });
    expect(ec.certificates[0]).toMatchObject({ algorithm: 'ECDSA-SHA256', use: 'sign' });
  });

  it('follows tokens that are pulled out and plugged in again', async () => {
    await simulated.setFault({ trouble: 'removed', serialNumber: serialOf(0) });
    expect((await tokens.list(patience)).map(({ serialNumber }) => serialNumber)).toEqual([serialOf(1)]);
    await simulated.setFault({ trouble: 'removed' });
    expect(await tokens.list(patience)).toEqual([]);
    await simulated.setFault();
    expect(await tokens.list(patience)).toHaveLength(2);
  });

  it('keeps the token and its authority between starts', async () => {
    const holder = {
      folder: join(folder, 'kept'),
      companyName: '甲公司',
      creditCode: '91530100MA6K1234X5',
      pin,
    };
    const first = await prepareSimulatedToken(holder);
    const second = await prepareSimulatedToken(holder);
    expect(second.tokens).toEqual(first.tokens);
    const other = await prepareSimulatedToken({ ...holder, companyName: '乙公司' });
    expect(other.tokens).not.toEqual(first.tokens);
    expect(Buffer.compare(other.caCertificateDer, first.caCertificateDer)).toBe(0);
  });
});

describe('signing', () => {
  it.each([
    ['RSA', 0],
    ['ECDSA', 1],
  ])('signs several documents under one PIN entry (%s)', async (_, index) => {
    const request = await requestFor(index);
    const signatures = await tokens.sign(request);
    const certificate = (await findToken(index)).certificates.find(
      ({ id }) => id === request.certificateId,
    )?.der;
    expect(signatures).toHaveLength(2);
    signatures.forEach((signature, at) => {
      expect(
        isSignatureOf({
          certificate: certificate ?? new Uint8Array(),
          data: data[at] ?? new Uint8Array(),
          signature,
        }),
      ).toBe(true);
    });
  });

  it('answers a login challenge that the server accepts once the certificate is checked', async () => {
    const challenge = {
      nonce: 'b64nonce',
      origin: 'http://127.0.0.1:8443',
      sessionId: 's1',
      issuedAt: new Date(Date.now() - 1000).toISOString(),
    };
    const request = await requestFor(0, { data: [challengeBytes(challenge)] });
    const [signature] = await tokens.sign(request);
    const certificate = (await findToken(0)).certificates.find(({ id }) => id === request.certificateId)?.der;
    const identity = verifyChallenge({
      challenge,
      signature: signature ?? new Uint8Array(),
      certificate: certificate ?? new Uint8Array(),
      trustAnchors: [simulated.caCertificateDer],
      at: new Date().toISOString(),
      maxAgeMs: 120_000,
    });
    expect(identity).toMatchObject({ creditCode: '91530100MA6K1234X5' });
  });

  it('signs for callers one after the other', async () => {
    const request = await requestFor(0);
    const all = await Promise.all([tokens.sign(request), tokens.list(patience), tokens.sign(request)]);
    expect(all[0]).toEqual(all[2]);
  });

  it('does not offer the encryption certificate for signing', async () => {
    const encryption = (await findToken(0)).certificates.find(({ use }) => use === 'encrypt');
    const request = await requestFor(0, { certificateId: encryption?.id ?? '' });
    expect(await refusal(request)).toMatchObject({ code: 'CERTIFICATE_WRONG_USE' });
  });
});

describe('the PIN', () => {
  it.each([
    ['empty', ''],
    ['too short', '12345'],
    ['too long', '12345678901234567'],
    ['in full-width digits', '１３５７９２４６'],
    ['with a blank', '1357 9246'],
  ])('never reaches the token when it is %s', async (_, wrong) => {
    expect(await refusal(await requestFor(0, { pin: wrong }))).toMatchObject({ code: 'PIN_FORMAT' });
    expect((await findToken()).pin.countLow).toBe(false);
  });

  it('warns at the last try, locks after it, and stays locked for the right PIN', async () => {
    const wrong = await requestFor(0, { pin: '11111111' });
    expect(await refusal(wrong)).toMatchObject({ code: 'PIN_INCORRECT', details: { lastTry: false } });
    expect((await findToken()).pin).toMatchObject({ countLow: true, lastTry: false, locked: false });
    await refusal(wrong);
    expect(await refusal(wrong)).toMatchObject({
      code: 'PIN_INCORRECT',
      details: { lastTry: true, remainingTries: 1 },
    });
    expect((await findToken()).pin).toMatchObject({ lastTry: true, remainingTries: 1 });
    expect(await refusal(wrong)).toMatchObject({ code: 'PIN_LOCKED' });
    expect((await findToken()).pin).toMatchObject({ locked: true, remainingTries: 0 });
    expect(await refusal(await requestFor(0))).toMatchObject({ code: 'PIN_LOCKED' });
    expect((await findToken(1)).pin.locked).toBe(false);
  });

  it('is counted anew after the right one', async () => {
    await refusal(await requestFor(0, { pin: '11111111' }));
    await tokens.sign(await requestFor(0));
    expect((await findToken()).pin.countLow).toBe(false);
  });

  it('stands in no failure', async () => {
    const error = await refusal(await requestFor(0, { pin: '97531864' }));
    expect(JSON.stringify([error, error.details, error.stack])).not.toContain('97531864');
  });
});

describe('a token pulled out', () => {
  it('before the PIN is a missing token', async () => {
    const request = await requestFor(0);
    await simulated.setFault({ trouble: 'removed', serialNumber: serialOf(0) });
    expect(await refusal(request)).toMatchObject({ code: 'TOKEN_MISSING' });
  });

  it.each(['remove-at-login', 'remove-after-login', 'remove-at-sign'] as const)(
    'at the worst moment is called removed, never a wrong PIN (%s)',
    async (trouble) => {
      const request = await requestFor(0);
      await simulated.setFault({ trouble });
      expect(await refusal(request)).toMatchObject({ code: 'TOKEN_REMOVED' });
      await simulated.setFault();
      expect(await tokens.sign(request)).toHaveLength(2);
      expect((await findToken()).pin.countLow).toBe(false);
    },
  );

  it('and swapped for another is not signed with', async () => {
    const request = await requestFor(0);
    await simulated.setFault({ trouble: 'removed', serialNumber: serialOf(0) });
    const [other] = await tokens.list(patience);
    const swapped = { ...request, tokenId: other?.id ?? '' };
    expect(await refusal(swapped)).toMatchObject({ code: 'TOKEN_MISSING' });
  });
});

describe('a vendor library', () => {
  it('that answers oddly while the token is there is a fault with its raw code', async () => {
    const request = await requestFor(0);
    await simulated.setFault({ trouble: 'odd-at-sign' });
    expect(await refusal(request)).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { ckr: '0x5', stage: 'sign' },
    });
    await simulated.setFault();
    expect(await tokens.sign(request)).toHaveLength(2);
  });

  it('that crashes takes only its own process with it and is started again', async () => {
    const request = await requestFor(0);
    await simulated.setFault({ trouble: 'crash-at-sign' });
    expect(await refusal(request)).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { reason: 'driver-crashed' },
    });
    await simulated.setFault({ trouble: 'crash-at-list' });
    await expect(tokens.list(patience)).rejects.toMatchObject({ code: 'DEVICE_FAULT' });
    expect(tokens.health()).toMatchObject([{ id: 'simulated', state: 'fault', errorCode: 'DEVICE_FAULT' }]);
    await simulated.setFault();
    expect(await tokens.sign(request)).toHaveLength(2);
    expect(tokens.health()).toMatchObject([{ state: 'ready', simulated: true }]);
  });

  it.each(['hang-at-list', 'hang-at-sign'] as const)(
    'that hangs is ended in time and started again (%s)',
    async (trouble) => {
      const request = await requestFor(0);
      await simulated.setFault({ trouble });
      expect(await refusal({ ...request, timeoutMs: 800 })).toMatchObject({ code: 'DEVICE_TIMEOUT' });
      await simulated.setFault();
      expect(await tokens.sign(request)).toHaveLength(2);
    },
  );

  it('makes no signature for a caller who has left', async () => {
    const leaving = new AbortController();
    const request = await requestFor(0);
    await simulated.setFault({ trouble: 'hang-at-sign' });
    const signing = refusal({ ...request, signal: leaving.signal });
    leaving.abort(new Error('the page was closed'));
    expect(await signing).toMatchObject({ message: 'the page was closed' });
    await simulated.setFault();
    expect(await tokens.sign(request)).toHaveLength(2);
  });

  it.each([
    ['missing', '/nowhere/lib.so', undefined],
    ['no library at all', 'text.so', 'not-pkcs11'],
    ['a library that is not PKCS#11', 'empty.so', 'not-pkcs11'],
  ])('that is %s is named as the cause', async (_, file, reason) => {
    const path = file.startsWith('/') ? file : join(folder, file);
    if (file === 'text.so') await writeFile(path, 'text');
    if (file === 'empty.so') {
      await writeFile(join(folder, 'empty.c'), 'int nothing;');
      await promisify(execFile)('cc', ['-shared', '-o', path, join(folder, 'empty.c')]);
    }
    const driver: TokenDriver = {
      ...simulated.driver,
      id: 'broken',
      libraries: [{ ...simulated.driver.libraries[0], path } as TokenDriver['libraries'][number]],
    };
    const broken = createSigningTokens({ drivers: [driver] });
    await expect(broken.list(patience)).rejects.toMatchObject({
      code: 'DRIVER_MISSING',
      ...(reason ? { details: { reason } } : {}),
    });
    await broken.close();

    // a broken driver does not hide the token that another driver sees
    const both = createSigningTokens({ drivers: [driver, simulated.driver] });
    expect(await both.list(patience)).toHaveLength(2);
    await both.close();
  });
});
