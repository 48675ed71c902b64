/**
 * The certificates of NIST's PKITS, where they are at hand: `LUDENG_SEAL_SUITES` names the folder that holds `pkits/certs`.
 * Lists are another matter (seal-trust.test.ts), and policies are not judged: a chain that demands one is refused.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { checkChain } from './chain.ts';

const suites = process.env['LUDENG_SEAL_SUITES'] ?? resolve(import.meta.dirname, '../../shared/seal-suites');
const folder = join(suites, 'pkits', 'certs');
const isHere = existsSync(folder);
const isWhole = process.env['LUDENG_NIGHTLY'] !== undefined;

/** Judged by lists alone, which are not asked here. */
const byLists =
  /CRL|Revoked|cRLIssuer|IDP|delta|distributionPoint|onlyContains|onlySomeReasons|issuingDistributionPoint|SeparateDocument|^Invalid(?:BasicSelfIssued(?:NewWithOld|OldWithNew)|LongSerial|NegativeSerial)/i;
/** DSA keys, and policies that are demanded or mapped. */
const beyond =
  /DSA|xplicitPolicy|PolicyMapping|nhibitAnyPolicy|Polic|anyPolicy|Mapping|UserNotice|CPSPointer/;

it.skipIf(!isHere)(
  `PKITS: valid paths are accepted and invalid ones refused${isHere ? '' : ' (no suite: set LUDENG_SEAL_SUITES)'}`,
  { timeout: 180_000 },
  () => {
    const files = readdirSync(folder);
    const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
    const root = read('TrustAnchorRootCertificate.crt');
    const authorities = files.filter((name) => /CA.*Cert\.crt$|CACert\.crt$/.test(name)).map(read);
    const wrong: string[] = [];
    let judged = 0;
    const asked = files.filter(
      (name) => /^(?:Valid|Invalid).*EE\.crt$/.test(name) && !byLists.test(name) && !beyond.test(name),
    );
    for (const [index, name] of asked.entries()) {
      if (!isWhole && index % 4 !== 0) continue;
      const { problems } = checkChain(read(name), authorities, {
        trustAnchors: [root],
        at: '2026-11-21T09:00:00.000Z',
      });
      // every authority of the suite is offered: what is not on the way is not the matter here
      const found = problems.filter((problem) => problem !== 'CERTIFICATE_UNKNOWN_EXTRA');
      judged++;
      if (name.startsWith('Valid') !== (found.length === 0)) wrong.push(`${name}: ${found.join(' ')}`);
    }
    expect(wrong).toEqual([]);
    expect(judged).toBeGreaterThan(isWhole ? 60 : 15);
  },
);
