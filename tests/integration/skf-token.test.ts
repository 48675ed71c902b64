/**
 * The SKF driver against a software token: real GM/T 0016 calls in a real child process, and a token that counts PINs,
 * locks, is pulled out, hangs and crashes.
 */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#domain/errors/app-error.ts';
import { loadCatalogue } from '#config/load-catalogue.ts';
import { isSignatureOf } from '#sealing/signature.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import { requestTimestamp } from '#sealing/request-timestamp.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import { prepareSkfTokens } from '#tests/emulators/skf-token/simulated-skf-token.ts';
import type { SimulatedSkfToken, SkfContainer } from '#tests/emulators/skf-token/simulated-skf-token.ts';
import { prepareSimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import type { SimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import { startTimeAuthority } from '#tests/support/openssl-authority.ts';
import type { TimeAuthority } from '#tests/support/openssl-authority.ts';
import { readBouncyCastle, readPdfsig } from '#tests/support/outside-verifiers.ts';
import { createTestMaterial, squareFont } from '#tests/support/sealed-material.ts';
import { createSigningTokens } from '../../scanner-agent/devices/signing-tokens.ts';
import type { CombinedTokens } from '../../scanner-agent/devices/token-host/combine-tokens.ts';
import type { SignRequest, Token } from '../../scanner-agent/ports/signing-token.ts';
import { createSessions } from '../../scanner-agent/services/login/session.ts';
import { createPdfSeals } from '../../sync-server/seals/pdf-seals.ts';

const pin = '13579246';
const company = { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' };
const data = [Buffer.from('第一份材料'), Buffer.from('第二份材料')];
const patience = { signal: new AbortController().signal, timeoutMs: 15_000 };
const sm2Container: SkfContainer = {
  name: '国密容器',
  keyKind: 'sm2',
  ...company,
  hasEncryptionCertificate: true,
};
const devices = [
  {
    name: 'GM3000-模拟-1',
    label: '模拟国密UKey',
    serialNumber: 'SKF0001',
    applications: [
      {
        name: '认证应用',
        pin,
        containers: [sm2Container, { name: 'RSA', keyKind: 'rsa' as const, ...company }],
      },
    ],
  },
  {
    name: 'GM3000-模拟-2',
    label: '模拟国密UKey',
    serialNumber: 'SKF0002',
    applications: [
      { name: 'A', pin, containers: [sm2Container] },
      { name: 'B', pin: '24681357', containers: [sm2Container] },
    ],
  },
];

let folder: string;
let simulated: SimulatedSkfToken;
let tokens: CombinedTokens;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ludeng-skf-'));
  simulated = await prepareSkfTokens({ folder: join(folder, 'skf'), devices, maxTries: 4 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  await simulated.setFault();
  await simulated.unlock();
  tokens = createSigningTokens({ drivers: [simulated.driver] });
});
afterEach(() => tokens.close());

async function findToken(id = 'simulated-skf:SKF0001', among = tokens): Promise<Token> {
  const found = (await among.list(patience)).find((token) => token.id === id);
  if (!found) throw new Error(`${id} is not listed`);
  return found;
}

function requestFor(token: Token, change: Partial<SignRequest> = {}, algorithm = 'SM2-SM3'): SignRequest {
  const certificate = token.certificates.find((one) => one.use === 'sign' && one.algorithm === algorithm);
  return { ...patience, tokenId: token.id, certificateId: certificate?.id ?? '', pin, data, ...change };
}

const refusal = (request: SignRequest): Promise<AppError> =>
  tokens.sign(request).then(
    () => Promise.reject(new Error('the token signed')),
    (error: AppError) => error,
  );

function expectSigned(token: Token, request: SignRequest, signatures: Uint8Array[]): void {
  const certificate = token.certificates.find(({ id }) => id === request.certificateId)?.der;
  expect(signatures).toHaveLength(request.data.length);
  signatures.forEach((signature, at) => {
    const signed = {
      certificate: certificate ?? new Uint8Array(),
      data: request.data[at] ?? new Uint8Array(),
    };
    expect(isSignatureOf({ ...signed, signature })).toBe(true);
    expect(isSignatureOf({ ...signed, data: Buffer.from('other'), signature })).toBe(false);
  });
}

describe('listing', () => {
  it('shows certificates, names in GBK and the tries left before any PIN', async () => {
    const token = await findToken();
    expect(token).toMatchObject({
      label: '模拟国密UKey',
      serialNumber: 'SKF0001',
      simulated: true,
      pin: { locked: false, remainingTries: 4, maxTries: 4, countLow: false, isDefault: true },
    });
    expect(token.certificates.map(({ use, algorithm }) => `${use} ${algorithm}`)).toEqual([
      'sign SM2-SM3',
      'encrypt SM2-SM3',
      'sign RSA-SHA256',
    ]);
    expect(token.certificates[0]).toMatchObject({
      holderName: company.companyName,
      creditCode: company.creditCode,
      issuerName: '绿灯站模拟国密认证中心',
    });
  });

  it('makes a token of each application, since each has a PIN of its own', async () => {
    const listed = await tokens.list(patience);
    expect(listed.map(({ label }) => label)).toEqual([
      '模拟国密UKey',
      '模拟国密UKey（A）',
      '模拟国密UKey（B）',
    ]);
    const second = listed[2] as Token;
    const request = requestFor(second, { pin: '24681357' });
    expectSigned(second, request, await tokens.sign(request));
    expect(await refusal(requestFor(second))).toMatchObject({ code: 'PIN_INCORRECT' });
  });

  it.each([
    ['nothing is plugged in', 'removed', 0],
    ['a token has no application', 'no-applications', 0],
    ['a token has no container', 'no-containers', 3],
  ] as const)('is no failure where %s', async (_, trouble, count) => {
    await simulated.setFault({ trouble });
    const listed = await tokens.list(patience);
    expect(listed).toHaveLength(count);
    expect(listed.flatMap(({ certificates }) => certificates)).toEqual([]);
  });

  it('asks again where a list grew between its size and its bytes', async () => {
    await simulated.setFault({ trouble: 'growing-lists' });
    expect(await tokens.list(patience)).toHaveLength(3);
  });

  it('gives up with the raw code on a library that finds every buffer too small', async () => {
    await simulated.setFault({ trouble: 'small-buffer' });
    await expect(tokens.list(patience)).rejects.toMatchObject({
      code: 'DEVICE_FAULT',
      details: { sar: '0xa000020', stage: 'list' },
    });
  });

  it('reads the libraries of vendors whose ULONG and DEVINFO are others', async () => {
    const wide = await prepareSkfTokens({ folder: join(folder, 'wide'), devices, wide: true });
    const others = createSigningTokens({ drivers: [wide.driver] });
    const token = await findToken(undefined, others);
    const request = requestFor(token);
    expectSigned(token, request, await others.sign(request));
    await others.close();
  });
});

describe('signing', () => {
  it.each(['SM2-SM3', 'RSA-SHA256'])('several documents under one PIN entry (%s)', async (algorithm) => {
    const token = await findToken();
    const request = requestFor(token, {}, algorithm);
    expectSigned(token, request, await tokens.sign(request));
  });

  it('gives the same kind of signature where the station makes the digest', async () => {
    const driver = { ...simulated.driver, skf: { ...simulated.driver.skf, sm2DigestBy: 'station' as const } };
    const others = createSigningTokens({ drivers: [driver] });
    const token = await findToken(undefined, others);
    const request = requestFor(token);
    expectSigned(token, request, await others.sign(request));
    await others.close();
  });

  it('is refused with the encryption certificate', async () => {
    const token = await findToken();
    const encryption = token.certificates.find(({ use }) => use === 'encrypt');
    expect(await refusal(requestFor(token, { certificateId: encryption?.id ?? '' }))).toMatchObject({
      code: 'CERTIFICATE_WRONG_USE',
    });
  });

  it('clears a login that somebody left behind before it takes the PIN', async () => {
    const token = await findToken();
    await simulated.setFault({ trouble: 'logged-in' });
    expectSigned(token, requestFor(token), await tokens.sign(requestFor(token)));
  });

  it('logs in at the station with an SM2 token', async () => {
    const programme = loadCatalogue().programmes.find(({ id }) => id === 'liaoning-subject-library');
    if (!programme) throw new Error('no programme');
    const sessions = createSessions({
      tokens,
      trust: {
        anchors: () => [simulated.authorities.sm2.certificateDer],
        timestampAnchors: [],
        revocation: () => ({ kind: 'unknown' }),
        mustKnowRevocation: false,
      },
      origin: 'http://127.0.0.1:8710',
      programmes: [programme],
      clock: { now: () => new Date().toISOString(), today: () => new Date().toISOString().slice(0, 10) },
      createId: () => 's1',
      idleEndMs: 60_000,
      onEnded: () => undefined,
    });
    const { tokenId, certificateId } = requestFor(await findToken());
    const { signal } = patience;
    expect(await sessions.login({ tokenId, certificateId, pin, signal })).toMatchObject({
      subject: { name: company.companyName, creditCode: company.creditCode },
    });
    sessions.logout('logout');
  });
});

describe('the PIN', () => {
  it.each(['', '12345', '12345678901234567', '１３５７９２４６'])(
    'never reaches the token when it has the wrong form (%s)',
    async (wrong) => {
      expect(await refusal(requestFor(await findToken(), { pin: wrong }))).toMatchObject({
        code: 'PIN_FORMAT',
      });
      expect((await findToken()).pin.remainingTries).toBe(4);
    },
  );

  it('is counted down, locks, and stays locked for the right one', async () => {
    const wrong = requestFor(await findToken(), { pin: '11111111' });
    for (const remainingTries of [3, 2, 1]) {
      expect(await refusal(wrong)).toMatchObject({ code: 'PIN_INCORRECT', details: { remainingTries } });
      expect((await findToken()).pin).toMatchObject({ remainingTries, lastTry: remainingTries === 1 });
    }
    expect(await refusal(wrong)).toMatchObject({ code: 'PIN_LOCKED' });
    const locked = await findToken();
    expect(locked.pin).toMatchObject({ locked: true, remainingTries: 0 });
    expect(await refusal(requestFor(locked))).toMatchObject({ code: 'PIN_LOCKED' });
  });

  it('can be changed, and is the default no longer', async () => {
    const { id: tokenId } = await findToken();
    const change = { ...patience, tokenId, pin, newPin: '86427531' };
    await expect(tokens.changePin({ ...change, newPin: '123' })).rejects.toMatchObject({
      code: 'PIN_FORMAT',
    });
    await expect(tokens.changePin({ ...change, pin: '11111111' })).rejects.toMatchObject({
      code: 'PIN_INCORRECT',
      details: { remainingTries: 3 },
    });
    await tokens.changePin(change);
    const token = await findToken();
    expect(token.pin).toMatchObject({ isDefault: false, remainingTries: 4 });
    expect(await refusal(requestFor(token))).toMatchObject({ code: 'PIN_INCORRECT' });
    expect(await tokens.sign(requestFor(token, { pin: '86427531' }))).toHaveLength(2);
  });

  it('stands in no failure', async () => {
    const error = await refusal(requestFor(await findToken(), { pin: '97531864' }));
    expect(JSON.stringify([error, error.details, error.stack])).not.toContain('97531864');
  });
});

describe('a token pulled out', () => {
  it('before the PIN is a missing token', async () => {
    const request = requestFor(await findToken());
    await simulated.setFault({ trouble: 'removed', device: devices[0]?.name ?? '' });
    expect(await refusal(request)).toMatchObject({ code: 'TOKEN_MISSING' });
    expect(await tokens.list(patience)).toHaveLength(2);
  });

  it.each(['remove-at-verify', 'remove-after-verify', 'remove-at-sign'] as const)(
    'at the worst moment is called removed, never a wrong PIN (%s)',
    async (trouble) => {
      const request = requestFor(await findToken());
      await simulated.setFault({ trouble });
      expect(await refusal(request)).toMatchObject({ code: 'TOKEN_REMOVED' });
      await simulated.setFault();
      expect(await tokens.sign(request)).toHaveLength(2);
      expect((await findToken()).pin.remainingTries).toBe(4);
    },
  );
});

describe('a vendor library', () => {
  it('that answers oddly while the token is there is a fault with its raw code', async () => {
    const request = requestFor(await findToken());
    await simulated.setFault({ trouble: 'odd-at-sign' });
    expect(await refusal(request)).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { sar: '0xa00001f', stage: 'sign' },
    });
  });

  it('that gives a signature which does not verify is a fault', async () => {
    const request = requestFor(await findToken(), {}, 'RSA-SHA256');
    await simulated.setFault({ trouble: 'wrong-signature' });
    expect(await refusal(request)).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { reason: 'signature-does-not-verify' },
    });
  });

  it('that crashes takes only its own process with it and is started again', async () => {
    const request = requestFor(await findToken());
    await simulated.setFault({ trouble: 'crash-at-sign' });
    expect(await refusal(request)).toMatchObject({
      code: 'DEVICE_FAULT',
      details: { reason: 'driver-crashed' },
    });
    await simulated.setFault({ trouble: 'crash-at-list' });
    await expect(tokens.list(patience)).rejects.toMatchObject({ code: 'DEVICE_FAULT' });
    await simulated.setFault();
    expect(await tokens.sign(request)).toHaveLength(2);
    expect(tokens.health()).toMatchObject([{ id: 'simulated-skf', state: 'ready', simulated: true }]);
  });

  it.each(['hang-at-list', 'hang-at-sign'] as const)(
    'that hangs is ended in time and started again (%s)',
    async (trouble) => {
      const request = requestFor(await findToken());
      await simulated.setFault({ trouble });
      expect(await refusal({ ...request, timeoutMs: 1_500 })).toMatchObject({ code: 'DEVICE_TIMEOUT' });
      await simulated.setFault();
      expect(await tokens.sign(request)).toHaveLength(2);
    },
  );

  it('that lacks the functions is named as the cause', async () => {
    const path = join(folder, 'empty.so');
    await writeFile(join(folder, 'empty.c'), 'int nothing;');
    await promisify(execFile)('cc', ['-shared', '-o', path, join(folder, 'empty.c')]);
    const libraries = simulated.driver.libraries.map((library) => ({ ...library, path }));
    const broken = createSigningTokens({ drivers: [{ ...simulated.driver, libraries }] });
    await expect(broken.list(patience)).rejects.toMatchObject({
      code: 'DRIVER_MISSING',
      details: { reason: 'not-skf' },
    });
    await broken.close();
  });
});

describe('several drivers', () => {
  let pkcs11: SimulatedToken;
  let both: CombinedTokens;
  beforeAll(async () => {
    pkcs11 = await prepareSimulatedToken({ folder: join(folder, 'pkcs11'), ...company, pin });
  });
  beforeEach(() => {
    both = createSigningTokens({ drivers: [pkcs11.driver, simulated.driver], graceMs: 500 });
  });
  afterEach(() => both.close());

  it('are one list, and each token signs through its own', async () => {
    const listed = await both.list(patience);
    expect(listed.map(({ driver }) => driver)).toEqual([
      'simulated',
      'simulated-skf',
      'simulated-skf',
      'simulated-skf',
    ]);
    for (const token of listed.slice(0, 2)) {
      const algorithm = token.driver === 'simulated' ? 'RSA-SHA256' : 'SM2-SM3';
      const request = requestFor(token, {}, algorithm);
      expectSigned(token, request, await both.sign(request));
    }
  });

  it('do not wait for the one that hangs, and say which one it is', async () => {
    await both.list(patience);
    await simulated.setFault({ trouble: 'hang-at-list' });
    const began = performance.now();
    for (let look = 0; look < 2; look++) {
      expect((await both.list(patience)).map(({ driver }) => driver)).toEqual(['simulated']);
    }
    expect(performance.now() - began).toBeLessThan(patience.timeoutMs / 2);
    expect(both.health()).toMatchObject([
      { id: 'simulated', state: 'ready' },
      { id: 'simulated-skf', state: 'fault', errorCode: 'DEVICE_TIMEOUT' },
    ]);
    await simulated.setFault();
    await expect.poll(async () => (await both.list(patience)).length, { timeout: 10_000 }).toBe(4);
    expect(both.health()).toMatchObject([{ state: 'ready' }, { state: 'ready' }]);
  });

  it('change the PIN of a PKCS#11 token as well, and count a wrong one', async () => {
    const [token] = await both.list(patience);
    const change = { ...patience, tokenId: token?.id ?? '', pin, newPin: '86427531' };
    await expect(both.changePin({ ...change, pin: '11111111' })).rejects.toMatchObject({
      code: 'PIN_INCORRECT',
    });
    expect((await both.list(patience))[0]?.pin.countLow).toBe(true);
    await both.changePin(change);
    const request = requestFor(token as Token, { pin: '86427531' }, 'RSA-SHA256');
    expect(await both.sign(request)).toHaveLength(2);
    await both.changePin({ ...change, pin: '86427531', newPin: pin });
  });
});

describe('a material sealed with an SM2 token', () => {
  /** With a time authority: three pages, strips of the seal at their edges, and a stamp. */
  async function sealed(time?: TimeAuthority): Promise<Uint8Array> {
    const token = await findToken();
    const certificate = token.certificates[0];
    if (!certificate) throw new Error('no certificate');
    const prepared = await prepareSeal(await createTestMaterial(time ? 3 : 1), {
      signerCertificate: certificate.der,
      placement: { kind: 'bottom-right' },
      ...(time ? { seam: { at: 0.5 } } : {}),
      appearance: company,
      fonts: [squareFont],
      sealedAt: new Date().toISOString(),
      chain: [simulated.authorities.sm2.certificateDer],
    });
    const [signature] = await tokens.sign(requestFor(token, { data: [prepared.dataToSign] }));
    if (!signature) throw new Error('nothing was signed');
    const stamp =
      time &&
      (await requestTimestamp(signature, { url: time.url, signal: patience.signal, timeoutMs: 15_000 }));
    return completeSeal(prepared, signature, stamp ? { timestamp: stamp } : {});
  }
  const trust = (): Parameters<typeof verifySeal>[1] => ({
    trustAnchors: [simulated.authorities.sm2.certificateDer],
    at: new Date().toISOString(),
  });

  it('is valid to us and to BouncyCastle, and invalid to both after a change', async () => {
    const pdf = await sealed();
    const authority = simulated.authorities.sm2.certificateDer;
    expect(await verifySeal(pdf, trust())).toMatchObject({
      valid: true,
      signer: { creditCode: company.creditCode, algorithm: 'SM2-SM3' },
      signatures: [{ profile: 'gm' }],
    });
    const said = await readBouncyCastle(pdf, authority, folder);
    expect(said.split('\n').slice(0, 4)).toEqual([
      'content 1.2.156.10197.6.1.4.2.1',
      'digest 1.2.156.10197.1.401',
      'signature 1.2.156.10197.1.501',
      'valid',
    ]);

    const changed = Buffer.from(pdf);
    changed.write('1', changed.indexOf('/MediaBox') + 12);
    expect(await verifySeal(changed, trust())).toMatchObject({
      valid: false,
      problems: [{ code: 'DIGEST_WRONG' }],
    });
    expect(await readBouncyCastle(changed, authority, folder)).toContain('invalid');
  });

  it('with seam strips and a time stamp is valid to us and to BouncyCastle, seal and stamp', async () => {
    const time = await startTimeAuthority(folder);
    try {
      const pdf = await sealed(time);
      const report = await verifySeal(pdf, { ...trust(), timestampAnchors: [time.certificateDer] });
      expect(report).toMatchObject({
        valid: true,
        problems: [],
        signatures: [{ profile: 'gm', timestamp: { isProven: true, authorityName: '模拟时间戳机构' } }],
      });
      const authority = simulated.authorities.sm2.certificateDer;
      const said = (await readBouncyCastle(pdf, authority, folder, time.certificateDer)).trim().split('\n');
      expect(said.slice(3, 5)).toEqual(['valid', expect.stringMatching(/^stamp valid /u)]);
      const stampedAt = said[4]?.slice('stamp valid '.length) ?? '';
      expect(new Date(stampedAt).getTime()).toBe(
        new Date(report.signatures[0]?.timestamp?.at ?? 0).getTime(),
      );
      expect(await readBouncyCastle(pdf, authority, folder, authority)).toContain('stamp invalid');
    } finally {
      await time.close();
    }
  });

  it('is accepted by the server, which trusts the SM2 authority by its PEM', async () => {
    const pem = new X509Certificate(simulated.authorities.sm2.certificateDer).toString();
    const { report } = await createPdfSeals({ trustAnchors: [pem] }).verify(await sealed(), {
      at: new Date().toISOString(),
    });
    expect(report).toMatchObject({ valid: true, creditCode: company.creditCode });
  });

  it('claims nowhere to be what Adobe can check', async () => {
    const pdf = await sealed();
    const text = Buffer.from(pdf).toString('latin1');
    expect(text).not.toContain('Adobe.PPKLite');
    expect(text).not.toContain('ETSI.CAdES.detached');
    expect(await readPdfsig(pdf, simulated.authorities.sm2.certificateDer, folder)).not.toContain(
      'Signature is Valid.',
    );
  });

  it('is refused under the names of the other profile', async () => {
    const pdf = Buffer.from(await sealed());
    const at = pdf.indexOf('/Ludeng.GMT0010.detached');
    pdf.write('/ETSI.CAdES.detached    ', at, 'latin1');
    const { problems } = await verifySeal(pdf, trust());
    expect(problems.map(({ code }) => code)).toContain('PROFILE_WRONG');
  });
});
