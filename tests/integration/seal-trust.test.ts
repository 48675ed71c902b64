/** Revocation lists and time stamps made by OpenSSL, judged by our verifier; sealed PDFs with them judged by others. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCms, readCms } from '#sealing/cms.ts';
import { oid, readAll, readTlv, sequence, tlv } from '#sealing/der.ts';
import { describeCertificate } from '#sealing/certificate.ts';
import { completeSeal, prepareSeal } from '#sealing/prepare-seal.ts';
import type { PreparedSeal } from '#sealing/prepare-seal.ts';
import { requestTimestamp } from '#sealing/request-timestamp.ts';
import { createRevocationLists } from '#sealing/revocation-lists.ts';
import type { RevocationLists } from '#sealing/revocation-lists.ts';
import { verifySeal } from '#sealing/verify-seal.ts';
import type { SealReport } from '#sealing/verify-seal.ts';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import type { Authority } from '#tests/emulators/signing-token/demo-ca.ts';
import { makeRevocationList, startTimeAuthority } from '#tests/support/openssl-authority.ts';
import type { ListOrder, TimeAuthority } from '#tests/support/openssl-authority.ts';
import { readOpensslCms, readPdfsig } from '#tests/support/outside-verifiers.ts';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  squareFont,
} from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';

const signal = new AbortController().signal;
const now = new Date();
const validity = { notBefore: '2025-01-01T00:00:00.000Z', notAfter: '2035-01-01T00:00:00.000Z' };

let folder: string;
let authority: Authority;
let company: TestCompany;
let serial: string;
let material: Uint8Array;
let time: TimeAuthority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ludeng-trust-'));
  authority = createTestAuthority();
  company = createTestCompany(authority, { kind: 'rsa', validity });
  serial = describeCertificate(company.certificate).serialNumber;
  material = await createTestMaterial(2);
  time = await startTimeAuthority(folder);
});
afterAll(async () => {
  await time.close();
  await rm(folder, { recursive: true, force: true });
});

const codes = ({ problems }: SealReport): string[] => problems.map(({ code }) => code);

async function prepare(sealedAt = now.toISOString(), signer = company): Promise<[PreparedSeal, Uint8Array]> {
  const prepared = await prepareSeal(material, {
    signerCertificate: signer.certificate,
    placement: { kind: 'bottom-right' },
    appearance: { companyName: '昆明滇池建筑工程有限公司' },
    fonts: [squareFont],
    sealedAt,
    seam: { at: 0.5 },
    chain: [authority.certificateDer],
  });
  return [prepared, signAs(signer, prepared.dataToSign)];
}

describe('a revocation list', () => {
  async function listsOf(list: Uint8Array, at = now): Promise<RevocationLists> {
    const file = join(folder, 'list.crl');
    await writeFile(file, list);
    const lists = createRevocationLists({
      sources: [file],
      folder,
      now: () => at.toISOString(),
      onError: ({ reason }) => expect.fail(reason),
    });
    await lists.refresh(signal);
    return lists;
  }
  async function judge(
    order: ListOrder,
    mustKnowRevocation = false,
  ): Promise<[string[], string | undefined]> {
    const lists = await listsOf(await makeRevocationList(authority, folder, order));
    const [prepared, signature] = await prepare();
    const report = await verifySeal(completeSeal(prepared, signature), {
      trustAnchors: [authority.certificateDer],
      at: now.toISOString(),
      revocation: lists.check,
      mustKnowRevocation,
    });
    return [codes(report), report.signatures[0]?.revocation?.[0]?.kind];
  }

  it('that does not name the certificate leaves it good', async () => {
    expect(await judge({ revoked: [{ serial: '1234' }] }, true)).toEqual([[], 'good']);
  });

  it('that names the certificate withdraws it, and a hold that was lifted does not', async () => {
    expect(await judge({ revoked: [{ serial }] })).toEqual([['CERTIFICATE_REVOKED'], 'revoked']);
    expect(await judge({ revoked: [{ serial, reason: 'keyCompromise' }] })).toEqual([
      ['CERTIFICATE_REVOKED'],
      'revoked',
    ]);
    expect(await judge({ revoked: [{ serial, reason: 'removeFromCRL' }] })).toEqual([[], 'good']);
  });

  it('that has run out is stale: said always, refused where it must be known', async () => {
    const old = { lastUpdate: '20250101000000Z', nextUpdate: '20250201000000Z' };
    expect(await judge(old)).toEqual([[], 'stale']);
    expect(await judge(old, true)).toEqual([['REVOCATION_UNKNOWN'], 'stale']);
    expect(await judge({ ...old, revoked: [{ serial }] })).toEqual([['CERTIFICATE_REVOKED'], 'revoked']);
  });

  it('of a namesake of the authority counts for nothing', async () => {
    const namesake = createTestAuthority();
    const lists = await listsOf(await makeRevocationList(namesake, folder, { revoked: [{ serial }] }));
    const question = { certificate: company.certificate, issuer: authority.certificateDer };
    expect(lists.check({ ...question, at: now.toISOString() })).toEqual({ kind: 'unknown' });
  });

  it('with one changed bit counts for nothing', async () => {
    const list = Buffer.from(await makeRevocationList(authority, folder));
    for (let at = 40; at < list.length; at += 23) {
      const flipped = Buffer.from(list);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await writeFile(join(folder, 'flipped.crl'), flipped);
      const lists = createRevocationLists({
        sources: [join(folder, 'flipped.crl')],
        folder,
        now: () => now.toISOString(),
        onError: () => undefined,
      });
      await lists.refresh(signal);
      const question = { certificate: company.certificate, issuer: authority.certificateDer };
      expect(lists.check({ ...question, at: now.toISOString() }).kind, `byte ${at}`).toBe('unknown');
    }
  });

  it('is fetched, kept for days without a line, and never replaced by an older one', async () => {
    const newer = await makeRevocationList(authority, folder, { revoked: [{ serial }] });
    const older = await makeRevocationList(authority, folder, { lastUpdate: '20250101000000Z' });
    let served: Uint8Array | undefined = newer;
    const server: Server = createServer((_, response) => {
      if (served) response.end(Buffer.from(served));
      else response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ca.crl`;
    const question = {
      certificate: company.certificate,
      issuer: authority.certificateDer,
      at: now.toISOString(),
    };
    const troubles: string[] = [];
    const open = (): RevocationLists =>
      createRevocationLists({
        sources: [source],
        folder: join(folder, 'kept'),
        now: () => now.toISOString(),
        onError: ({ reason }) => troubles.push(reason),
      });
    const first = open();
    expect(first.describe()).toEqual([{ source, state: 'missing', revoked: 0 }]);
    await first.refresh(signal);
    expect(first.check(question).kind).toBe('revoked');
    expect(first.describe()).toMatchObject([{ state: 'fresh', revoked: 1 }]);

    served = undefined;
    const second = open();
    await second.refresh(signal);
    expect(troubles).toEqual(['HTTP 503']);
    expect(second.check(question).kind).toBe('revoked');

    served = older;
    const third = open();
    await third.refresh(signal);
    expect(third.check(question).kind).toBe('revoked');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('a time stamp', () => {
  const trust = (): Parameters<typeof verifySeal>[1] => ({
    trustAnchors: [authority.certificateDer],
    timestampAnchors: [time.certificateDer],
    at: new Date().toISOString(),
  });
  async function stamped(sealedAt?: string, signer?: TestCompany): Promise<Uint8Array> {
    const [prepared, signature] = await prepare(sealedAt, signer);
    const token = await requestTimestamp(signature, { url: time.url, signal, timeoutMs: 10_000 });
    return completeSeal(prepared, signature, { timestamp: token });
  }

  it('makes a seal that we, pdfsig and OpenSSL accept, with the time proven', async () => {
    const pdf = await stamped();
    const report = await verifySeal(pdf, trust());
    expect(report).toMatchObject({
      valid: true,
      problems: [],
      signatures: [{ timestamp: { isProven: true, authorityName: '模拟时间戳机构', problems: [] } }],
    });
    expect(report.signatures[0]?.judgedAt).toBe(report.signatures[0]?.timestamp?.at);
    const text = await readPdfsig(pdf, authority.certificateDer, folder);
    expect(text).toContain('Signature is Valid.');
    expect(text).toContain('Total document signed');
    expect(await readOpensslCms(pdf, authority.certificateDer, folder)).toContain(
      'CAdES Verification successful',
    );
  });

  it('keeps a seal valid after its certificate has run out', async () => {
    const later = { ...trust(), at: '2036-06-01T00:00:00.000Z' };
    expect(codes(await verifySeal(await stamped(), later))).toEqual([]);
    const [prepared, signature] = await prepare();
    expect(codes(await verifySeal(completeSeal(prepared, signature), later))).toContain(
      'CERTIFICATE_EXPIRED',
    );
  });

  it('of an authority that is not trusted for time is refused; where none is trusted it proves nothing', async () => {
    const pdf = await stamped();
    const stranger = { ...trust(), timestampAnchors: [authority.certificateDer] };
    expect(codes(await verifySeal(pdf, stranger))).toEqual(['TIMESTAMP_UNTRUSTED']);
    const { timestampAnchors: _none, ...nobody } = trust();
    expect(await verifySeal(pdf, nobody)).toMatchObject({
      valid: true,
      signatures: [{ timestamp: { isProven: false } }],
    });
  });

  it('over another signature is refused', async () => {
    const [prepared, signature] = await prepare();
    const [, other] = await prepare('2026-01-01T00:00:00.000Z');
    const token = await requestTimestamp(other, { url: time.url, signal, timeoutMs: 10_000 });
    const pdf = completeSeal(prepared, signature, { timestamp: token });
    expect(codes(await verifySeal(pdf, trust()))).toEqual(['TIMESTAMP_WRONG_IMPRINT']);
  });

  it('that is older than the seal, or from the future, is refused', async () => {
    const ahead = await stamped(new Date(Date.now() + 3_600_000).toISOString());
    expect(codes(await verifySeal(ahead, trust()))).toEqual(['TIMESTAMP_ORDER']);
    const early = { ...trust(), at: new Date(Date.now() - 3_600_000).toISOString() };
    expect(codes(await verifySeal(await stamped(), early))).toContain('TIMESTAMP_ORDER');
  });

  it('by a certificate that may do more than stamp time is refused', async () => {
    const loose = await startTimeAuthority(folder, { uses: 'timeStamping' });
    const [prepared, signature] = await prepare();
    // OpenSSL itself refuses to stamp with it: the loosest of its checks is ours too
    await expect(
      requestTimestamp(signature, { url: loose.url, signal, timeoutMs: 10_000 }),
    ).rejects.toThrow();
    expect(prepared.fieldName).toBe('Seal1');
    await loose.close();
  });

  it('in any other writing of the same token is refused', async () => {
    const pdf = Buffer.from(await stamped());
    const start = pdf.lastIndexOf('/Contents <') + '/Contents <'.length;
    const end = pdf.indexOf('>', start);
    const reading = readCms(readTlv(Buffer.from(pdf.toString('latin1', start, end), 'hex')).raw);
    const token = reading.ok ? reading.parts.timestamp : undefined;
    if (!reading.ok || !token) throw new Error('no time stamp');
    const [type, wrapped] = readAll(readTlv(token).value).map(({ raw }) => raw);
    const fields = readAll(readTlv(readTlv(wrapped ?? token).value).value).map(({ raw }) => raw);
    const [version, digests, content, certificates, signers] = fields.map((raw) => Buffer.from(raw));
    const own = readTlv(certificates ?? token).value;
    const rewritten = (set: Uint8Array, digestSet = digests): string => {
      const parts = [version, digestSet, content, tlv(0xa0, set), signers].map((raw) => raw ?? Buffer.of());
      const timestamp = sequence(type ?? token, tlv(0xa0, sequence(...parts)));
      return Buffer.from(buildCms({ ...reading.parts, timestamp }))
        .toString('hex')
        .padEnd(end - start, '0');
    };
    const judge = async (hex: string): Promise<string[]> => {
      const copy = Buffer.from(pdf);
      copy.write(hex, start, 'latin1');
      return codes(await verifySeal(copy, trust()));
    };
    expect(await judge(rewritten(own))).toEqual([]);
    expect(await judge(rewritten(Buffer.concat([own, own])))).toContain('TIMESTAMP_MALFORMED');
    // with NULL and without are both allowed, and nobody signed which
    const sha256 = tlv(0x31, sequence(oid('2.16.840.1.101.3.4.2.1')));
    expect(await judge(rewritten(own, Buffer.from(sha256)))).toContain('TIMESTAMP_MALFORMED');
  });

  it('is found changed, whichever byte of it was', { timeout: 60_000 }, async () => {
    const pdf = await stamped();
    const text = Buffer.from(pdf).toString('latin1');
    const start = text.indexOf('/Contents <') + '/Contents <'.length;
    const contents = Buffer.from(text.slice(start, text.indexOf('>', start)), 'hex');
    const { raw } = readTlv(contents);
    const reading = readCms(raw);
    const token = reading.ok ? reading.parts.timestamp : undefined;
    if (!token) throw new Error('no time stamp');
    const from = Buffer.from(raw).indexOf(token) - 30;
    const accepted: number[] = [];
    for (let at = from; at < raw.length; at += 31) {
      const flipped = Buffer.from(contents);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      const copy = Buffer.from(pdf);
      copy.write(flipped.toString('hex'), start, 'latin1');
      if ((await verifySeal(copy, trust())).valid) accepted.push(at);
    }
    expect(accepted).toEqual([]);
  });

  it.each(['refuse', 'fail', 'hang', 'other-nonce'] as const)(
    'is not had from an authority that would %s',
    async (mode) => {
      const [, signature] = await prepare();
      time.mode = mode;
      const asked = requestTimestamp(signature, { url: time.url, signal, timeoutMs: 1_500 });
      await expect(asked).rejects.toThrow();
      time.mode = 'answer';
    },
  );
});
