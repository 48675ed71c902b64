/** Whatever is done to a sealed PDF or a certificate: never accepted, never thrown over, never long. */
import fc from '#tests/support/properties.ts';
import { beforeAll, expect, test } from 'vitest';
import {
  createTestAuthority,
  createTestCompany,
  createTestMaterial,
  sealAs,
  testMoment,
} from '#tests/support/sealed-material.ts';
import { describeCertificate } from './certificate.ts';
import { checkChain } from './chain.ts';
import { readRevocationList } from './revocation-list.ts';
import { verifySeal } from './verify-seal.ts';
import { sampled } from '#tests/support/nightly.ts';

const authority = createTestAuthority();
const company = createTestCompany(authority);
const trust = { trustAnchors: [authority.certificateDer], at: testMoment };
/** Of the processor's time: other tests run beside. */
const longestMs = 2_000;
const runs = sampled(200, 3_700);
let sealed: Uint8Array;
beforeAll(async () => {
  sealed = await sealAs(company, await createTestMaterial(2), { seam: { at: 0.5 } });
});

type Change = (bytes: Buffer) => Buffer;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const place = (bytes: Buffer, at: number): number =>
  Math.min(Math.floor(at * bytes.length), bytes.length - 1);
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(share, fc.uint8Array({ minLength: 1, maxLength: 40 })).map(
    ([at, put]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, place(bytes, at)), put, bytes.subarray(place(bytes, at))]),
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 400 })).map(
    ([at, count]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, place(bytes, at)), bytes.subarray(place(bytes, at) + count)]),
  ),
  fc.tuple(share, fc.integer({ min: 1, max: 255 })).map(([at, flip]): Change => (bytes) => {
    const copy = Buffer.from(bytes);
    copy[place(copy, at)] = (copy[place(copy, at)] ?? 0) ^ flip;
    return copy;
  }),
  share.map(
    (at): Change =>
      (bytes) =>
        bytes.subarray(0, place(bytes, at)),
  ),
  fc
    .constantFrom(
      '/ByteRange [ 0 0 0 1 ]',
      '/Contents <00>',
      '%%EOF\n',
      'startxref\n0\n',
      'trailer\n<</Root 2 0 R>>\n',
      '1 0 obj\n<</Kids[1 0 R 1 0 R]>>\nendobj\n',
      '/Kids [ 1 0 R ]',
      '/Length 999999999',
      '/Type /ObjStm /Filter /FlateDecode ',
      '/Prev 0 ',
      '/Encrypt 3 0 R ',
      'endstream\nendobj\n',
      '(',
      '<',
      '0'.repeat(60_000),
      '<<'.repeat(200),
      '[ '.repeat(900),
    )
    .chain((word) =>
      share.map(
        (at): Change =>
          (bytes) =>
            Buffer.concat([
              bytes.subarray(0, place(bytes, at)),
              Buffer.from(word),
              bytes.subarray(place(bytes, at)),
            ]),
      ),
    ),
);

test(
  'a sealed PDF that was changed in any way is refused, in good time',
  { timeout: 60_000 + runs * 600 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(changes, { minLength: 1, maxLength: 3 }), async (list) => {
        const original = Buffer.from(sealed);
        const changed = list.reduce<Buffer>((bytes, change) => change(bytes), original);
        if (Buffer.compare(changed, original) === 0) return;
        const before = process.cpuUsage();
        expect((await verifySeal(changed, trust)).valid).toBe(false);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1_000).toBeLessThan(longestMs);
      }),
      { numRuns: runs, seed: 20261121 },
    );
  },
);

test(
  'a certificate that was changed leads nowhere, and reading it ends',
  { timeout: sampled(60_000, 3_600_000) },
  () => {
    fc.assert(
      fc.property(changes, (change) => {
        const original = Buffer.from(company.certificate);
        const changed = change(original);
        if (Buffer.compare(changed, original) === 0) return;
        expect(checkChain(changed, [], trust).problems).not.toEqual([]);
      }),
      { numRuns: sampled(300, 6_000) },
    );
  },
);

test('bytes that are no certificate and no list are refused with an error, never a hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const framed = Uint8Array.of(0x30, 0x82, bytes.length >> 8, bytes.length & 255, ...bytes);
      for (const one of [bytes, framed]) {
        expect(() => describeCertificate(one)).toThrow();
        expect(() => readRevocationList(one)).toThrow();
      }
    }),
    { numRuns: sampled(300, 6_000) },
  );
});
