/** The travelling record: what an applicant enters for one record kind, with its materials. */
import { z } from 'zod';
import { maxLength, maxCount, tableOf } from '../limits.ts';
import { instantSchema, sha256Schema, subjectSchema, ulidSchema, valuesSchema } from '../primitives.ts';
import { pageCodeSchema } from '../reading/say-code.ts';
import { fieldReadingsSchema, marksSchema, qualitySchema, quadSchema } from '../reading/schema.ts';
import {
  fieldDifferenceSchema,
  fieldEvidenceSchema,
  lightColourSchema,
  materialVerdictSchema,
} from '../verdict/schema.ts';
import { handedInSchema, recordCaseSchema } from './standing.ts';
import { recordLinksSchema } from './links.ts';
import { verificationCodeSchema } from './verification-code.ts';

/** One straightened page of a material; `sha` names the archive JPEG. */
export const pageSchema = z.object({
  sha: sha256Schema,
  size: z.int().positive(),
  widthPx: z.int().positive(),
  heightPx: z.int().positive(),
  widthMm: z.number().positive(),
  heightMm: z.number().positive(),
  dpi: z.number().positive(),
  quality: qualitySchema,
  source: z.enum(['camera', 'upload', 'card-reader', 'scanner']),
  capturedAt: instantSchema,
  /** The untouched picture and the corners used, for setting corners by hand again; stays on the station. */
  original: z
    .object({ sha: sha256Schema, corners: quadSchema, widthPx: z.int(), heightPx: z.int() })
    .optional(),
  /** QR codes and barcodes that were seen when the page came in; absent where nobody looked. */
  codes: z.array(pageCodeSchema).max(maxCount.parts).exactOptional(),
  /** 合并上传: added to show what the certificate itself does not show clearly. */
  auxiliary: z.boolean().default(false),
});
export type Page = z.infer<typeof pageSchema>;

/** The check of a material (智能核验), with all it rests on. */
export const checkedSchema = z.object({
  at: instantSchema,
  /** Local day of the check, YYYY-MM-DD: expiry is judged against it, on the server too. */
  day: z.iso.date(),
  catalogueHash: z.string().max(maxLength.name),
  modelHash: z.string().max(maxLength.name),
  evidence: tableOf(fieldEvidenceSchema),
  verdict: materialVerdictSchema,
});
export type Checked = z.infer<typeof checkedSchema>;

/**
 * 服务端复核: the server's own check of the same pages, marks and claims. Written by the server alone; what a station
 * sends in its place is dropped. `failed`: the server's reader could not look (`reason` is a code of the error table).
 */
export const recheckSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('done'),
    checked: checkedSchema,
    differences: z.array(fieldDifferenceSchema).max(maxCount.parts),
  }),
  z.object({ state: z.literal('failed'), at: instantSchema, reason: z.string().max(maxLength.text) }),
  z.object({ state: z.literal('off') }),
]);
export type Recheck = z.infer<typeof recheckSchema>;

export const sealSchema = z.object({
  pdfSha: sha256Schema,
  pdfSize: z.int().positive(),
  sealedAt: instantSchema,
  signerName: z.string().max(maxLength.name),
  certificateSerial: z.string().max(maxLength.name),
  simulated: z.boolean(),
  /** 骑缝章: strips of the seal stand on all pages. */
  seam: z.boolean().optional(),
  /** Absent: no time authority is configured. unavailable: it was asked and did not answer; the seal is good without. */
  timestamp: z
    .union([
      z.object({
        state: z.literal('stamped'),
        at: instantSchema,
        authorityName: z.string().max(maxLength.name),
      }),
      z.object({ state: z.literal('unavailable') }),
    ])
    .optional(),
  /** 法定代表人章, set beside the company's with a key of the person's own. */
  legalPerson: z
    .object({
      signerName: z.string().max(maxLength.name),
      certificateSerial: z.string().max(maxLength.name),
      sealedAt: instantSchema,
      simulated: z.boolean(),
    })
    .optional(),
});
export type Seal = z.infer<typeof sealSchema>;

export const materialSchema = z.object({
  slot: z.string().max(maxLength.name),
  certificate: z.string().max(maxLength.name),
  mode: z.enum(['smart', 'manual']),
  values: valuesSchema,
  /** What the reader extracted, before any correction. */
  readings: fieldReadingsSchema,
  /** Read from the chip of an ID card; kept apart from what the person typed. */
  chip: valuesSchema,
  pages: z.array(pageSchema).max(maxCount.parts),
  marks: marksSchema,
  /** Places of values that were not read, for when they are filled in. */
  guesses: marksSchema.exactOptional(),
  /** Of a record that replaces another: this paper was entered anew, so its key fields need not be the old one's. */
  anew: z.literal(true).exactOptional(),
  /** 确认信息 was pressed. */
  confirmed: z.boolean(),
  checked: checkedSchema.optional(),
  rechecked: recheckSchema.optional(),
  seal: sealSchema.optional(),
});
export type Material = z.infer<typeof materialSchema>;

/** Code of a `rejection` by which a department gave a stored record back (退回补正); the server's own are of the error table. */
export const returnedCode = 'RETURNED';

/**
 * draft: may be edited. saved: sealed, checked, not red, saved by 保存. submitted: queued for the server, frozen.
 * stored: the server's receipt is here. rejected: the server refused it, or a department gave it back, with a reason. superseded: a newer one replaced it.
 */
export const recordStateSchema = z.enum(['draft', 'saved', 'submitted', 'stored', 'rejected', 'superseded']);
export type RecordState = z.infer<typeof recordStateSchema>;

/** 操作记录: 序号, 操作人, 操作时间, 操作事项. Only ever appended. */
export const operationSchema = z.object({
  at: instantSchema,
  by: z.string().max(maxLength.name),
  action: z.string().max(maxLength.text),
  detail: z.string().max(maxLength.text).optional(),
});
export type Operation = z.infer<typeof operationSchema>;

/** 推送记录: 推送时间, 推送领域, 状态, 审核时间, 审核意见. */
export const pushSchema = z.object({
  id: ulidSchema,
  field: z.string().max(maxLength.name),
  fieldName: z.string().max(maxLength.name),
  pushedAt: instantSchema,
  state: z.enum(['queued', 'under-review', 'approved', 'refused']),
  decidedAt: instantSchema.optional(),
  opinion: z.string().max(maxLength.text).optional(),
  decidedBy: z.string().max(maxLength.name).optional(),
});
export type Push = z.infer<typeof pushSchema>;

/** 改判: the light that a reviewer set for a field against the check, and why. */
export const lightOverruleSchema = z.object({
  id: ulidSchema,
  slot: z.string().max(maxLength.name),
  field: z.string().max(maxLength.name),
  label: z.string().max(maxLength.name),
  from: lightColourSchema,
  to: lightColourSchema,
  reason: z.string().max(maxLength.text).min(1),
  at: instantSchema,
  by: z.string().max(maxLength.name),
});
export type LightOverrule = z.infer<typeof lightOverruleSchema>;

export const credentialSchema = z.object({
  uniqueCode: z.string().max(maxLength.name),
  issuedAt: instantSchema,
  /** Signature of the server over the certificate's canonical JSON, base64. */
  signature: z.string().max(maxLength.name),
  /** 电子证照标识 (GB/T 36904); absent in those that were issued before there were any. */
  identifier: z.string().max(maxLength.name).exactOptional(),
  /** 吊销. */
  revoked: z.object({ at: instantSchema, reason: z.string().max(maxLength.text) }).exactOptional(),
  /** 查验码; absent until the server has told it. */
  verificationCode: verificationCodeSchema.exactOptional(),
});
export type Credential = z.infer<typeof credentialSchema>;

/**
 * The seal of the record as a whole, set at 提交 over its form and over the sealed files of its materials (sealed-record.ts).
 * Absent in records of the first format, whose materials alone were sealed.
 */
export const recordSealSchema = z.object({
  format: z.literal('ludeng-record/2'),
  /** CMS over the canonical JSON of the content, base64. */
  cms: z
    .string()
    .max(60_000)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/),
  /** Of the configuration by which the record was filled in. */
  catalogueHash: z.string().max(maxLength.name),
  sealedAt: instantSchema,
  signerName: z.string().max(maxLength.name),
  certificateSerial: z.string().max(maxLength.name),
  simulated: z.boolean(),
});
export type RecordSeal = z.infer<typeof recordSealSchema>;

/** A file of an attachment of the kind (domain/record/attachments.ts), as it was given. */
export const attachedFileSchema = z.object({
  attachment: z.string().max(maxLength.name),
  sha: sha256Schema,
  size: z.int().positive(),
  mime: z.enum(['image/jpeg', 'image/png', 'application/pdf']),
  name: z.string().max(maxLength.name),
  addedAt: instantSchema,
});
export type AttachedFile = z.infer<typeof attachedFileSchema>;

export const recordSchema = z.object({
  id: ulidSchema,
  programme: z.string().max(maxLength.name),
  kind: z.string().max(maxLength.name),
  role: z.string().max(maxLength.name),
  subject: subjectSchema,
  /** Who enters it, where it is another's: a registration is the unit's that its form names (form-subject.ts). */
  applicant: subjectSchema.exactOptional(),
  /** Begun at a portal as this draft, and brought here by its code. */
  carried: z.object({ draft: ulidSchema, at: instantSchema }).exactOptional(),
  answers: valuesSchema,
  /** Where the kind's answers are a list: all of its lines. `answers` is the first. */
  answerList: z.array(valuesSchema).max(maxCount.parts).exactOptional(),
  /** The records that answers were chosen from, by the answer's field. */
  sources: tableOf(ulidSchema).exactOptional(),
  form: valuesSchema,
  /** What of the form was read from attachments, before any correction. */
  readForm: valuesSchema.exactOptional(),
  materials: z.array(materialSchema).max(maxCount.parts),
  /** In the order in which they came. */
  attachments: z.array(attachedFileSchema).max(maxCount.parts).exactOptional(),
  state: recordStateSchema,
  recordSeal: recordSealSchema.optional(),
  /** Of the configuration by which it was handed in; the record's seal says it where there is one. */
  catalogueHash: z.string().max(maxLength.name).exactOptional(),
  /** Raised by every change; an edit names the revision it saw. */
  revision: z.int().nonnegative(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
  submittedAt: instantSchema.optional(),
  handedIn: handedInSchema.exactOptional(),
  /** Worst light of its materials once all are checked. */
  light: lightColourSchema.optional(),
  /** Set by the server at storing: 唯一标识码. */
  uniqueCode: z.string().max(maxLength.name).optional(),
  digitalCertificate: credentialSchema.optional(),
  rejection: z
    .object({
      code: z.string().max(maxLength.name),
      message: z.string().max(maxLength.text),
      at: instantSchema,
    })
    .optional(),
  supersedes: ulidSchema.optional(),
  /** Begun from a row of an outside register: which, and when it came. */
  synchronised: z
    .object({ from: z.literal('building-market'), row: z.string().max(maxLength.name), at: instantSchema })
    .exactOptional(),
  /** Records that the engine tied to this one's file; set by the server. */
  links: recordLinksSchema.exactOptional(),
  /** 作废: it is kept, and counts for nothing until it is restored. */
  voided: z.object({ at: instantSchema, by: z.string().max(maxLength.name) }).exactOptional(),
  /** 解绑: whom the subject let go; it may see nothing of it any more. */
  released: z.object({ at: instantSchema, by: z.string().max(maxLength.name) }).exactOptional(),
  /** Set by the server for another station's eyes: where the record was entered, and when it came. Absent where it is. */
  entered: z
    .object({
      stationId: z.string().max(maxLength.name),
      stationName: z.string().max(maxLength.name),
      at: instantSchema,
    })
    .exactOptional(),
  /** Oldest first; from all departments that the record was pushed to. */
  overrules: z.array(lightOverruleSchema).max(maxCount.parts).optional(),
  operations: z.array(operationSchema).max(maxCount.list),
  pushes: z.array(pushSchema).max(maxCount.parts),
  /** What 提交 opened, oldest first. */
  cases: z.array(recordCaseSchema).max(maxCount.parts).exactOptional(),
});
export type LudengRecord = z.infer<typeof recordSchema>;

/** What travels inside the sealed PDF as ludeng.json: the material without its seal and check. */
export const sealedContentSchema = z.object({
  format: z.literal('ludeng-material/1'),
  recordId: ulidSchema,
  programme: z.string().max(maxLength.name),
  kind: z.string().max(maxLength.name),
  slot: z.string().max(maxLength.name),
  certificate: z.string().max(maxLength.name),
  catalogueHash: z.string().max(maxLength.name),
  subject: subjectSchema,
  answers: valuesSchema,
  values: valuesSchema,
  chip: valuesSchema,
  marks: marksSchema,
  pages: z.array(z.object({ sha: sha256Schema, widthPx: z.int(), heightPx: z.int() })).max(maxCount.parts),
});
export type SealedContent = z.infer<typeof sealedContentSchema>;
