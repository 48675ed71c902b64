/** Where a signature stands in its file, what it covers, and what the file says of it beside the CMS. */
import { PDFArray, PDFHexString, PDFName, PDFNumber, PDFString } from '@cantoo/pdf-lib';
import type { PDFDict } from '@cantoo/pdf-lib';
import { readCms } from './cms.ts';
import { readTlv } from './der.ts';
import type { SealProblemCode } from './problems.ts';
import { profiles } from './profiles.ts';
import type { ProfileName } from './profiles.ts';

/** As the file names it; undefined for names that are not this product's. */
export function namedProfile(value: PDFDict): ProfileName | undefined {
  const names = Object.keys(profiles) as ProfileName[]; // the keys of a table of ours
  return names.find(
    (name) =>
      value.lookup(PDFName.of('Filter')) === PDFName.of(profiles[name].filter) &&
      value.lookup(PDFName.of('SubFilter')) === PDFName.of(profiles[name].subFilter),
  );
}

export interface Located {
  codes: SealProblemCode[];
  gap: { start: number; end: number };
  /** It covers the file to here; 0 where the range is none at all. */
  end: number;
  /** The digits of the signature, where they stand in the gap. */
  contents: string;
}

/** Digits of the largest signature that is looked into; ours have 32,768. */
const maxContents = 1_000_000;

/** Finds the gap that ByteRange leaves and makes sure that it holds this signature's Contents and nothing else. */
export function locateSignature(pdf: Uint8Array, value: PDFDict): Located {
  const range = value.lookup(PDFName.of('ByteRange'));
  const contents = value.lookup(PDFName.of('Contents'));
  const nowhere: Located = { codes: [], gap: { start: 0, end: 0 }, end: 0, contents: '' };
  if (!(contents instanceof PDFHexString)) nowhere.codes.push('CONTENTS_WRONG');
  if (!(range instanceof PDFArray) || range.size() !== 4)
    return { ...nowhere, codes: [...nowhere.codes, 'BYTE_RANGE_WRONG'] };
  const numbers = range.asArray().map((item) => (item instanceof PDFNumber ? item.asNumber() : Number.NaN));
  const [first = -1, start = -1, end = -1, tail = -1] = numbers;
  const isWhole = numbers.every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!isWhole || first !== 0 || start >= end || end + tail > pdf.length || tail === 0)
    return { ...nowhere, codes: [...nowhere.codes, 'BYTE_RANGE_WRONG'] };
  const located = { codes: nowhere.codes, gap: { start, end }, end: end + tail };
  if (!(contents instanceof PDFHexString)) return { ...located, contents: '' };
  if (end - start > maxContents)
    return { ...located, codes: [...located.codes, 'CONTENTS_WRONG'], contents: '' };
  const text = Buffer.from(pdf.subarray(start, end)).toString('latin1');
  const isOwn = text === `<${contents.asString()}>`;
  if (!isOwn) located.codes.push('BYTE_RANGE_WRONG');
  // digits in any other writing than ours: the signature may be good, and is refused all the same
  if (!/^<(?:[0-9a-f]{2})+>$/.test(text)) located.codes.push('CONTENTS_WRONG');
  const isReadable = isOwn && /^<(?:[0-9a-f]{2})+>$/i.test(text);
  return { ...located, contents: isReadable ? text.slice(1, -1) : '' };
}

/** The CMS, if it is exactly what this product's builder would have written; otherwise `codes` learns why not. */
export function checkContents(
  contents: string,
  codes: Set<SealProblemCode>,
): Extract<ReturnType<typeof readCms>, { ok: true }> | undefined {
  const bytes = Buffer.from(contents, 'hex');
  let cms: Uint8Array;
  try {
    cms = readTlv(bytes).raw;
  } catch {
    // no DER element at the start
    codes.add('CMS_MALFORMED');
    return undefined;
  }
  if (bytes.subarray(cms.length).some((byte) => byte !== 0)) codes.add('PADDING_NOT_ZERO');
  const reading = readCms(cms);
  if (reading.ok) return reading;
  codes.add(cmsProblems[reading.reason]);
  return undefined;
}

export const cmsProblems = {
  malformed: 'CMS_MALFORMED',
  signers: 'SIGNER_COUNT_WRONG',
  'no-signer-certificate': 'SIGNER_CERTIFICATE_MISSING',
  'not-profile': 'PROFILE_WRONG',
} as const;

export function endsWithEof(revision: Uint8Array): boolean {
  return /%%EOF(?:\r\n|\n|\r)?$/.test(Buffer.from(revision.subarray(-8)).toString('latin1'));
}

export function readClaims(value: PDFDict): { claimedAt?: string; reason?: string } {
  const when = value.lookup(PDFName.of('M'));
  const why = value.lookup(PDFName.of('Reason'));
  const claims: { claimedAt?: string; reason?: string } = {};
  try {
    if (when instanceof PDFString) claims.claimedAt = when.decodeDate().toISOString();
    if (why instanceof PDFHexString || why instanceof PDFString) claims.reason = why.decodeText();
  } catch {
    // a claim that cannot be read is no claim
  }
  return claims;
}
