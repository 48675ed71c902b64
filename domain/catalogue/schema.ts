/**
 * What a programme, a record kind, a document, a field and a push field ARE.
 * The data live in config/ as YAML; these schemas are the only description of their shape
 * (editors get JSON schemas generated from them). Unknown keys are errors.
 */
import { z } from 'zod';
import { loginWaysSchema } from '../accounts/login-ways.ts';
import { checkSchema, derivationSchema } from './checks.ts';
import { withDocumentType } from './earlier-names.ts';
import { editionSchema } from './edition.ts';
import { complaintsSchema } from './complaints.ts';
import { credentialsSchema } from './credentials.ts';
import type { Guard } from './guard.ts';
import { fieldIdSchema, idSchema } from './ids.ts';
import { ownLogLinesSchema } from './log-lines.ts';
import {
  actionsSchema,
  agreementSchema,
  attachmentSlotSchema,
  journeyStepSchema,
  needsSchema,
} from './record-kind.ts';
import { fieldSchema } from './field.ts';
import { inBrowserSchema, valuePlaceSchema } from './in-browser.ts';
import { fileOfKindSchema, partOfSchema } from './part-of.ts';
import { ofWorkSchema, worksSchema } from './works.ts';
import { consistencySchema } from './consistency.ts';
import { linkedSchema } from './linked.ts';
import { paperColumnSchema, paperSlotShape } from './paper-slot.ts';
import { portalSchema } from './portal.ts';
import { synchroniseSchema } from './synchronise.ts';
import { operatorsSchema } from './operators.ts';
import { userCentreSchema } from './user-centre.ts';
import type { Workflow } from './workflow.ts';
import { ownMessagesSchema } from './messages.ts';

export const paperSizeSchema = z.strictObject({
  name: z.string(),
  widthMm: z.number().positive(),
  heightMm: z.number().positive(),
});

export const documentTypeSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1),
  /** How the kind is recognised: texts of its title lines (spaces ignored, a misread character allowed) and texts that speak for it. */
  recognise: z.strictObject({
    titles: z.array(z.string().min(2)).min(1),
    supports: z.array(z.string().min(2)).default([]),
    /** Texts that together are as good as a title: the two labels on the back of an ID card. */
    together: z.array(z.array(z.string().min(2)).min(2)).optional(),
  }),
  papers: z.array(paperSizeSchema).min(1),
  /** Ways to bring the paper in; the first is the default. */
  capture: z
    .array(z.enum(['camera', 'upload', 'card-reader']))
    .min(1)
    .default(['camera', 'upload']),
  /** Which value of the chip fills which field, for documents read by the card reader. */
  chip: z.record(z.string(), fieldIdSchema).default({}),
  fields: z.array(fieldSchema).min(1),
  checks: z.array(checkSchema).default([]),
  /** Mends a reading of `field` by a sound `from`. */
  derivations: z.array(derivationSchema).optional(),
});
export type DocumentType = z.infer<typeof documentTypeSchema>;

/** One row of materials in a record (LNC-130: 【必要材料】). */
export const materialSlotSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1),
  documentType: idSchema,
  required: z.boolean().default(true),
  ...paperSlotShape,
});
export type MaterialSlot = z.infer<typeof materialSlotSchema>;

/** Sources of list columns: see domain/record/columns.ts. */
export const columnSchema = z.strictObject({
  title: z.string().min(1),
  source: z.union([
    z.enum([
      'index',
      'light',
      'sealed',
      'submitted-at',
      'pushes',
      'actions',
      'state',
      'unique-code',
      'review',
      'complaint',
    ]),
    valuePlaceSchema,
    z.strictObject({ mode: idSchema }),
  ]),
});
export type Column = z.infer<typeof columnSchema>;

export const recordKindSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1),
  /** 'one': a single standing record of the subject (企业基本信息). 'many': a list with an add button. */
  cardinality: z.enum(['one', 'many']),
  /** The roles of one subject share these records (LNC-042: 企业基本信息). */
  sharedByRoles: z.boolean().default(false),
  addLabel: z.string().default('新增'),
  /** Asked in a dialog before the page opens (证件类型, 是否主项资质); answers cannot be changed later. */
  asked: z.array(fieldSchema).default([]),
  /** The record's own form (基本信息). */
  form: z.array(fieldSchema).default([]),
  /** Papers; a kind may have none. */
  materials: z.array(z.preprocess(withDocumentType, materialSlotSchema)),
  attachments: z.array(attachmentSlotSchema).min(1).exactOptional(),
  needs: needsSchema.exactOptional(),
  actions: actionsSchema.exactOptional(),
  journey: z.array(journeyStepSchema).min(1).exactOptional(),
  browser: inBrowserSchema.exactOptional(),
  /** What was chosen before must stand on the paper. */
  agreements: z.array(agreementSchema).min(1).exactOptional(),
  /** Of a subject one record and no more has these values together (one a month): it is replaced, and none stands beside it. */
  oncePer: z.array(valuePlaceSchema).min(1).max(4).exactOptional(),
  synchronise: synchroniseSchema.exactOptional(),
  file: fileOfKindSchema.exactOptional(),
  partOf: partOfSchema.exactOptional(),
  ofWork: ofWorkSchema.exactOptional(),
  linked: z
    .array(linkedSchema.extend({ columns: z.array(columnSchema).min(1) }))
    .min(1)
    .exactOptional(),
  consistency: consistencySchema.exactOptional(),
  columns: z.array(columnSchema).default([]),
  /** Of the list of its papers, where it is another than the usual one. */
  paperColumns: z.array(paperColumnSchema).min(1).exactOptional(),
  defaultMode: z.enum(['smart', 'manual']).default('smart'),
  workflow: idSchema,
  pushable: z.boolean().default(true),
  /** Words of this kind's page; falls back to the programme's. */
  texts: ownMessagesSchema.default({}),
});
export type RecordKind = z.infer<typeof recordKindSchema>;

export const programmeSchema = z.strictObject({
  id: idSchema,
  name: z.string().min(1),
  region: z.string().min(1),
  loginWays: loginWaysSchema,
  subjectRoles: z
    .array(
      z.strictObject({
        id: idSchema,
        name: z.string().min(1),
        /** Comes with an account's type, and is not chosen at the counter. */
        isOfAccount: z.literal(true).exactOptional(),
      }),
    )
    .min(1),
  /** Who holds that many works under construction in a post is locked; several with one contract number count once. */
  locks: z
    .array(z.strictObject({ post: idSchema, title: z.string().min(1), limit: z.int().min(1).max(100) }))
    .exactOptional(),
  works: worksSchema.exactOptional(),
  /** What guards ask persons for, and how the province's register of qualifications words each. */
  qualifications: z
    .array(z.strictObject({ id: idSchema, registeredAs: z.array(z.string().trim().min(1).max(100)).min(1) }))
    .min(1)
    .max(100)
    .exactOptional(),
  /** Left menu. A section shows its record kinds for the roles named (all when empty). */
  sections: z
    .array(
      z.strictObject({
        id: idSchema,
        title: z.string().min(1),
        /** Headings above it in the menus of a portal, the widest first. */
        under: z.array(z.string().trim().min(1).max(100)).min(1).max(5).exactOptional(),
        roles: z.array(idSchema).default([]),
        recordKinds: z.array(idSchema).default([]),
        /** What the module will do, shown behind 未开通 while it has no record kinds. */
        notOpen: z.string().trim().min(1).max(500).exactOptional(),
      }),
    )
    .min(1),
  pushFields: z
    .array(
      z.strictObject({
        id: idSchema,
        name: z.string().min(1),
        department: z.string().min(1),
        /** 核验方式 of this field; of the record's kind if left out. */
        workflow: idSchema.exactOptional(),
      }),
    )
    .default([]),
  complaints: complaintsSchema.exactOptional(),
  /** Without it a green light gives none. */
  credentials: credentialsSchema.exactOptional(),
  contacts: z.array(z.strictObject({ label: z.string(), value: z.string() })).default([]),
  edition: editionSchema.exactOptional(),
  /** The film of its journey, shown beside the flow chart: its name in kiosk/public/help. */
  film: idSchema.exactOptional(),
  userCentre: userCentreSchema.exactOptional(),
  portal: portalSchema.exactOptional(),
  operators: operatorsSchema.exactOptional(),
  /** The six tips of the check's result, word for word. */
  tips: z.array(z.string()).default([]),
  /** Words of the programme's pages that it puts otherwise than the standard. */
  texts: ownMessagesSchema.default({}),
  /** Lines of the record's log that this programme words otherwise. Optional: catalogues pinned before have none. */
  logLines: ownLogLinesSchema.exactOptional(),
  /** ISO 3166-2:CN style first four letters of the unique code, see domain/record/unique-code.ts. */
  codePrefix: z.string().regex(/^[A-Z]{2,6}$/),
});
export type Programme = z.infer<typeof programmeSchema>;

export interface Catalogue {
  /** SHA-256 (hex) of the canonical JSON of everything below; pins what a check was made with. */
  readonly hash: string;
  readonly programmes: readonly (Programme & { recordKinds: readonly RecordKind[] })[];
  readonly documentTypes: readonly DocumentType[];
  readonly workflows: readonly Workflow[];
  /** Absent in catalogues that were pinned before there were any. */
  readonly guards?: readonly Guard[];
}
