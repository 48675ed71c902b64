/** Records that are checked and sealed as a station does it, each part of which a test can spoil. */
import sharp from 'sharp';
import { ulid } from 'ulid';
import { canonicalJson } from '#domain/canonical-json.ts';
import { buildCatalogue } from '#domain/catalogue/build-catalogue.ts';
import { getDocumentType } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { LudengRecord, Material, SealedContent } from '#domain/record/schema.ts';
import { decideMaterial } from '#domain/verdict/decide-material.ts';
import type { FieldEvidence } from '#domain/verdict/schema.ts';
import { assemblePdf } from '#sealing/assemble-pdf.ts';
import { makePage } from '#tests/support/record-fixtures.ts';
import {
  createTestAuthority,
  createTestCompany,
  sealAs,
  sealRecordAs,
} from '#tests/support/sealed-material.ts';
import type { TestCompany } from '#tests/support/sealed-material.ts';
import { catalogueFiles } from './server-catalogue.ts';
import type { CatalogueOptions } from './server-catalogue.ts';
import { makeBlob, makeItem, sha256 } from './server-support.ts';
import type { TestItem } from './server-support.ts';

export const subject = { name: '辽宁沈北建设工程有限公司', creditCode: '91210113MA0P4XU82N' };

export function makeCatalogue(options: CatalogueOptions = {}): Catalogue {
  const built = buildCatalogue(catalogueFiles(options), sha256);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  return built.catalogue;
}

export const authority = createTestAuthority();
export const company = createTestCompany(authority, {
  subject: { companyName: subject.name, creditCode: subject.creditCode },
});
export const authorityPem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(authority.certificateDer)
  .toString('base64')
  .replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

function evidenceOf(values: Record<string, string>, marks: Material['marks']): Record<string, FieldEvidence> {
  return Object.fromEntries(
    Object.entries(values).map(([id, claim]) => [
      id,
      {
        claim,
        marks: marks[id] ?? [],
        recognised: claim,
        score: {
          probability: 0.99,
          support: -0.01,
          rivalMargin: 6,
          freeReading: claim,
          freeConfidence: 0.99,
          modelHash: 'm',
        },
      },
    ]),
  );
}

export interface SubmissionOptions {
  catalogue: Catalogue;
  stationId: string;
  seq: number;
  kind?: 'by-hand' | 'by-machine';
  light?: 'green' | 'yellow';
  signer?: TestCompany;
  supersedes?: string;
  /** Of a record that comes again. */
  recordId?: string;
  companyName?: string;
  /** A paper that shows something, with the places of its fields; a bare sheet if left out. */
  paper?: { jpeg: Uint8Array; widthPx: number; heightPx: number; marks: Material['marks'] };
  /** Before sealing. */
  spoilContent?: (content: SealedContent) => SealedContent;
  /** After sealing. */
  spoilPdf?: (pdf: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** The record that is sent beside the PDF, before it is sealed as a whole. */
  spoilRecord?: (record: LudengRecord) => LudengRecord;
  /** The same afterwards. */
  spoilSealed?: (record: LudengRecord) => LudengRecord;
  form?: Record<string, string>;
}

export interface Submission {
  item: TestItem;
  record: LudengRecord;
  pdf: Uint8Array;
  jpeg: Uint8Array;
}

const box: [[number, number], [number, number], [number, number], [number, number]] = [
  [10, 10],
  [90, 10],
  [90, 30],
  [10, 30],
];

export async function makeSealedSubmission(options: SubmissionOptions): Promise<Submission> {
  const { catalogue, stationId, seq, kind = 'by-hand', light = 'green', signer = company } = options;
  const { spoilContent, spoilPdf, spoilRecord, spoilSealed, paper } = options;
  const jpeg =
    paper?.jpeg ??
    new Uint8Array(
      await sharp({ create: { width: 105, height: 148, channels: 3, background: `#fd${seq % 10}df8` } })
        .jpeg()
        .toBuffer(),
    );
  const values = {
    companyName: options.companyName ?? subject.name,
    address: '辽宁省沈阳市沈北新区道义南大街37号',
  };
  const mark = [{ page: 0, box }];
  const marks: Material['marks'] =
    paper?.marks ?? (light === 'green' ? { companyName: mark, address: mark } : { companyName: mark });
  const evidence = evidenceOf(values, marks);
  const bare = makePage(sha256(jpeg), jpeg.length);
  const page = paper ? { ...bare, widthPx: paper.widthPx, heightPx: paper.heightPx } : bare;
  const at = new Date().toISOString();
  const day = at.slice(0, 10);
  const verdict = decideMaterial({
    documentType: getDocumentType(catalogue, 'test-paper'),
    values,
    evidence,
    subject,
    otherMaterials: [],
    day,
  });
  const recordId = options.recordId ?? ulid();
  const content: SealedContent = {
    format: 'ludeng-material/1',
    recordId,
    programme: 'test-programme',
    kind,
    slot: 'paper',
    certificate: 'test-paper',
    catalogueHash: catalogue.hash,
    subject,
    answers: {},
    values,
    chip: {},
    marks,
    pages: [{ sha: page.sha, widthPx: page.widthPx, heightPx: page.heightPx }],
  };
  const plain = await assemblePdf({
    pages: [{ jpeg, widthMm: 210, heightMm: 297 }],
    attachment: Buffer.from(canonicalJson(spoilContent?.(content) ?? content), 'utf8'),
    title: '测试证书',
    createdAt: at,
  });
  const sealed = await sealAs(signer, plain, { sealedAt: at });
  const pdf = (await spoilPdf?.(sealed)) ?? sealed;
  const record: LudengRecord = {
    id: recordId,
    programme: 'test-programme',
    kind,
    role: 'bidder',
    subject,
    answers: {},
    form: options.form ?? {},
    materials: [
      {
        slot: 'paper',
        certificate: 'test-paper',
        mode: 'smart',
        values,
        readings: {},
        chip: {},
        pages: [page],
        marks,
        confirmed: true,
        checked: { at, day, catalogueHash: catalogue.hash, modelHash: 'm', evidence, verdict },
        seal: {
          pdfSha: sha256(pdf),
          pdfSize: pdf.length,
          sealedAt: at,
          signerName: subject.name,
          certificateSerial: '07',
          simulated: true,
        },
      },
    ],
    state: 'submitted',
    revision: 4,
    createdAt: at,
    updatedAt: at,
    submittedAt: at,
    light: verdict.light,
    ...(options.supersedes === undefined ? {} : { supersedes: options.supersedes }),
    operations: [{ at, by: '经办人', action: '提交入库' }],
    pushes: [],
  };
  const entered = spoilRecord?.(record) ?? record;
  const whole = { ...entered, recordSeal: sealRecordAs(signer, entered, catalogue.hash) };
  const sent = spoilSealed?.(whole) ?? whole;
  const item = makeItem('submission', seq, JSON.stringify({ record: sent, stationId }), [
    makeBlob(jpeg),
    makeBlob(pdf, 'sealed-pdf'),
  ]);
  return { item, record: sent, pdf, jpeg };
}
