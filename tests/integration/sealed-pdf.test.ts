/** A material sealed with the simulated token, judged by our own verifier and by other people's. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { signingTokensFileSchema } from '#domain/catalogue/token-drivers.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import { prepareSimulatedTokens } from '#tests/emulators/signing-token/simulated-token.ts';
import type { SimulatedToken } from '#tests/emulators/signing-token/simulated-token.ts';
import { readOpensslCms, readPdfsig } from '#tests/support/outside-verifiers.ts';
import { createTestMaterial } from '#tests/support/sealed-material.ts';
import { createSigningTokens } from '../../scanner-agent/devices/signing-tokens.ts';
import type { CombinedTokens } from '../../scanner-agent/devices/token-host/combine-tokens.ts';
import { loadSealFonts } from '#sealing/seal-fonts.ts';

const pin = '13579246';
const company = { companyName: '昆明滇池建筑工程有限公司', creditCode: '91530100MA6K1234X5' };
const patience = { signal: new AbortController().signal, timeoutMs: 10_000 };

let folder: string;
let simulated: SimulatedToken;
let tokens: CombinedTokens;
let material: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ludeng-seal-'));
  simulated = await prepareSimulatedTokens({
    folder,
    holders: [
      { ...company, pin },
      { ...company, pin, keyKind: 'ec' },
    ],
  });
  tokens = createSigningTokens({ drivers: [simulated.driver] });
  material = await createTestMaterial(2);
});
afterAll(async () => {
  await tokens.close();
  await rm(folder, { recursive: true, force: true });
});

async function sealWithToken(pdf: Uint8Array, algorithm: string): Promise<Uint8Array> {
  const file = new URL('../../config/drivers/signing-tokens.yaml', import.meta.url);
  const { sealFonts } = signingTokensFileSchema.parse(parse(await readFile(file, 'utf8')));
  const listed = await tokens.list(patience);
  const token = listed.find(({ certificates }) => certificates[0]?.algorithm === algorithm);
  const certificate = token?.certificates[0];
  if (!token || !certificate) throw new Error(`no simulated token with ${algorithm}`);
  const prepared = await prepareSeal(pdf, {
    signerCertificate: certificate.der,
    placement: { kind: 'bottom-right' },
    appearance: { ...company, caption: '模拟 2026-11-21' },
    fonts: loadSealFonts(sealFonts),
    sealedAt: new Date().toISOString(),
    reason: '材料签章',
    chain: [simulated.caCertificateDer],
  });
  const [signature] = await tokens.sign({
    ...patience,
    tokenId: token.id,
    certificateId: certificate.id,
    pin,
    data: [prepared.dataToSign],
  });
  return completeSeal(prepared, signature ?? new Uint8Array());
}

const trust = (): Parameters<typeof verifySeal>[1] => ({
  trustAnchors: [simulated.caCertificateDer],
  at: new Date().toISOString(),
});

describe.each(['RSA-SHA256', 'ECDSA-SHA256'])('a material sealed with a token (%s)', (algorithm) => {
  it('is valid to us, to pdfsig and to OpenSSL', async () => {
    const sealed = await sealWithToken(material, algorithm);
    expect(await verifySeal(sealed, trust())).toMatchObject({
      valid: true,
      signer: { creditCode: company.creditCode },
    });

    const text = await readPdfsig(sealed, simulated.caCertificateDer, folder);
    expect(text).toContain('Signature is Valid.');
    expect(text).toContain('Certificate is Trusted.');
    expect(text).toContain('Total document signed');
    expect(text).toContain(company.companyName);

    expect(await readOpensslCms(sealed, simulated.caCertificateDer, folder)).toContain(
      'CAdES Verification successful',
    );
  });

  it('is invalid to all three after a change', async () => {
    const sealed = Buffer.from(await sealWithToken(material, algorithm));
    sealed.write('1', sealed.indexOf('/MediaBox') + 12);
    expect(await verifySeal(sealed, trust())).toMatchObject({ valid: false });
    expect(await readPdfsig(sealed, simulated.caCertificateDer, folder)).not.toContain('Signature is Valid.');
    expect(await readOpensslCms(sealed, simulated.caCertificateDer, folder)).toMatch(
      /verification failure|Verification failure/,
    );
  });
});

it('keeps the first seal valid under a second one, also to pdfsig', async () => {
  const twice = await sealWithToken(await sealWithToken(material, 'RSA-SHA256'), 'ECDSA-SHA256');
  const text = await readPdfsig(twice, simulated.caCertificateDer, folder);
  expect(text.match(/Signature is Valid\./g)).toHaveLength(2);
  expect(await verifySeal(twice, trust())).toMatchObject({ valid: true });
});

it('shows a red round seal of 40 mm at the bottom right of the last page', async () => {
  const file = join(folder, 'look.pdf');
  await writeFile(file, await sealWithToken(material, 'RSA-SHA256'));
  await promisify(execFile)('pdftoppm', [
    '-r',
    '100',
    '-f',
    '2',
    '-l',
    '2',
    '-png',
    file,
    join(folder, 'look'),
  ]);
  const { data, info } = await sharp(join(folder, 'look-2.png'))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const red = { left: info.width, top: info.height, right: 0, bottom: 0, count: 0 };
  for (let y = 0; y < info.height; y++) {
    for (let x = 0; x < info.width; x++) {
      const at = (y * info.width + x) * 3;
      if ((data[at] ?? 0) < 150 || (data[at + 1] ?? 0) > 90 || (data[at + 2] ?? 0) > 90) continue;
      red.left = Math.min(red.left, x);
      red.right = Math.max(red.right, x);
      red.top = Math.min(red.top, y);
      red.bottom = Math.max(red.bottom, y);
      red.count++;
    }
  }
  const mm = (pixels: number): number => (pixels / 100) * 25.4;
  expect(mm(red.right - red.left)).toBeCloseTo(40 * 0.99, -0.5);
  expect(mm(red.bottom - red.top)).toBeCloseTo(40 * 0.99, -0.5);
  expect(mm(info.width - red.right)).toBeLessThan(14);
  expect(mm(info.height - red.bottom)).toBeLessThan(14);
  // a ring alone, without name and star, would fill about a ninth of the square
  const share = red.count / ((red.right - red.left) * (red.bottom - red.top));
  expect(share).toBeGreaterThan(0.18);
  expect(share).toBeLessThan(0.5);
});
