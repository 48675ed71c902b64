/** Revisions as somebody writes them who wants a sealed paper to show something else. */
import { createHash } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import { buildSignedAttributes } from '#sealing/cms.ts';
import { completeSeal, writeRevision } from '#sealing/prepare-seal.ts';
import { profiles } from '#sealing/profiles.ts';
import { drawSealMarks } from '#sealing/seal-marks.ts';
import { signAs } from '#tests/emulators/signing-token/demo-ca.ts';
import { squareFont, testMoment } from './sealed-material.ts';
import type { TestCompany } from './sealed-material.ts';

export interface ForgedObject {
  number: number;
  generation?: number;
  body: string;
  /** Left out of the table when false. */
  listed?: boolean;
}

export interface ForgedRevision {
  objects?: readonly ForgedObject[];
  free?: readonly number[];
  /** Entries that point where no object of the revision begins: object number and text to point at. */
  pointing?: readonly { number: number; at: string }[];
  trailer?: Record<string, string | undefined>;
  /** Put before the objects. */
  before?: string;
}

/** The offset that the last `startxref` names. */
export function lastXref(pdf: Uint8Array): number {
  return Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(pdf).toString('latin1'))?.[1]);
}

/** The last revision's text of an object, from `<<` or `[` to before `endobj`. */
export function bodyOf(pdf: Uint8Array, number: number): string {
  const text = Buffer.from(pdf).toString('latin1');
  const start = text.lastIndexOf(`\n${number} 0 obj\n`);
  if (start < 0) throw new Error(`no object ${number}`);
  return text.slice(start + `\n${number} 0 obj\n`.length, text.indexOf('\nendobj', start));
}

export function appendRevision(pdf: Uint8Array, revision: ForgedRevision): Uint8Array {
  const { objects = [], free = [], pointing = [], trailer = {}, before = '\n' } = revision;
  const text = Buffer.from(pdf).toString('latin1');
  const last = text.lastIndexOf('trailer\n<<');
  const old = text.slice(last, text.indexOf('>>', last));
  const entry = (key: string): string | undefined => new RegExp(`/${key} ([^\n]+)`).exec(old)?.[1];
  let out = before;
  const lines: string[] = [];
  const line = (number: number, offset: number, generation: number, kind: 'n' | 'f'): void => {
    lines.push(
      `${number} 1\n${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind} \n`,
    );
  };
  for (const { number, generation = 0, body, listed = true } of objects) {
    if (listed) line(number, pdf.length + out.length, generation, 'n');
    out += `${number} ${generation} obj\n${body}\nendobj\n`;
  }
  for (const { number, at } of pointing) line(number, pdf.length + out.indexOf(at), 0, 'n');
  for (const number of free) line(number, 0, 1, 'f');
  const size = Math.max(Number(entry('Size')), ...objects.map(({ number }) => number + 1));
  const entries = {
    Size: String(size),
    Root: entry('Root'),
    Info: entry('Info'),
    Prev: String(lastXref(pdf)),
    ...trailer,
  };
  const written = Object.entries(entries).flatMap(([key, value]) =>
    value === undefined ? [] : [`/${key} ${value}`],
  );
  const xref = pdf.length + out.length;
  out += `xref\n${lines.join('')}trailer\n<<\n${written.join('\n')}\n>>\nstartxref\n${xref}\n%%EOF`;
  return Buffer.concat([pdf, Buffer.from(out, 'latin1')]);
}

/** A seal upon whatever the file is, by the product's own writer; `change` is made in the same revision. */
export async function sealBlindly(
  company: TestCompany,
  pdf: Uint8Array,
  { change, fieldName = 'Seal9' }: { change?: (document: PDFDocument) => void; fieldName?: string } = {},
): Promise<Uint8Array> {
  const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true, updateMetadata: false });
  change?.(document);
  const page = document.getPage(0);
  const marks = drawSealMarks(document, {
    fieldName,
    signerName: '王芳',
    profile: profiles.pades,
    sealedAt: testMoment,
    reason: undefined,
    contents: '',
    unknownOffset: 0,
    page,
    box: { left: 50, top: 50, width: 100, height: 100 },
    appearance: { companyName: '王芳' },
    fonts: [squareFont],
    seam: undefined,
  });
  const { revision, contentsStart } = await writeRevision(document, marks, pdf.length);
  return signGap(company, Buffer.concat([pdf, revision]), contentsStart);
}

/** The signature over everything but the digits that begin at `contentsStart`. */
export function signGap(company: TestCompany, pdf: Uint8Array, contentsStart: number): Uint8Array {
  const contentsEnd = Buffer.from(pdf).indexOf('>', contentsStart, 'latin1') + 1;
  const digest = createHash('sha256')
    .update(pdf.subarray(0, contentsStart))
    .update(pdf.subarray(contentsEnd))
    .digest();
  const meaning = {
    form: 2 as const,
    digest,
    signerCertificate: company.certificate,
    others: [company.authority.certificateDer],
  };
  const dataToSign = buildSignedAttributes(meaning);
  const prepared = { dataToSign, pdf, contentsStart, meaning, fieldName: '' };
  return completeSeal(prepared, signAs(company, dataToSign));
}
