/** What a field is: its kind, its weight, its choices, and how it is found on paper. */
import { z } from 'zod';
import { fieldIdSchema, idSchema } from './ids.ts';

/** key: 关键实质性信息, a deviation is red. digital: 数字化智能评估信息 (●), a deviation is yellow. plain: not compared. */
export const weightSchema = z.enum(['key', 'digital', 'plain']);
export type Weight = z.infer<typeof weightSchema>;

export const fieldKindSchema = z.enum([
  'text',
  'long-text',
  'company-name',
  'person-name',
  'address',
  'date',
  'month',
  'period',
  'money',
  'credit-code',
  'id-number',
  'certificate-number',
  'choice',
  'yes-no',
  'phone',
]);
export type FieldKind = z.infer<typeof fieldKindSchema>;

export const choiceSchema = z.strictObject({
  value: z.string().min(1),
  label: z.string().min(1),
  /** Other ways in which the choice stands on paper. */
  aliases: z.array(z.string()).default([]),
  /** How a document says it that this choice asks for, whole; `*` for any text. See `agreements` of the record kind. */
  paper: z.array(z.string().min(1)).min(1).exactOptional(),
  /** Shown beside the choice, e.g. who should take it. */
  remark: z.string().optional(),
});

/** How to find a field on paper. Labels are compared without spaces and may be misread by a character. */
export const findSchema = z.strictObject({
  labels: z.array(z.string().min(1)).default([]),
  /** Where the value stands relative to the label; `column`: in the cells under the head of a table's column. */
  direction: z.enum(['right', 'below', 'right-or-below', 'column']).default('right'),
  /** Only labels that stand behind a line with one of these texts: 受托人 before 姓名 where 委托人 has a 姓名 too. */
  after: z.array(z.string().min(2)).optional(),
  /** Of equal labels on the pages, take this one; the first if left out. */
  which: z.enum(['first', 'last']).optional(),
  /** The value may run over this many lines. */
  maxLines: z.int().min(1).max(40).default(1),
  /** A regular expression over a whole line of text without spaces; its first group (or the match) is the value. */
  pattern: z.string().optional(),
  /**
   * A regular expression over the running text of a page, for a value inside sentences that may break across lines. The
   * text is folded: half-width, one kind of bracket, no spaces, `.` for 。 and `,` for 、. Its first group is the value.
   */
  passage: z.string().optional(),
  /** Take the value from this region of the page, as parts of its width and height (0..1). */
  region: z
    .strictObject({
      left: z.number().min(0).max(1),
      top: z.number().min(0).max(1),
      right: z.number().min(0).max(1),
      bottom: z.number().min(0).max(1),
    })
    .optional(),
  /** Only on this page of several (0 first). */
  page: z.int().min(0).optional(),
  /** The value stands in the round seal beside or under the label, where nothing of the pattern's form is printed. */
  seal: z.literal(true).exactOptional(),
});

/** Lists of words of which a value is one, or begins with one; they mend what was read nearly right. */
export const dictionarySchema = z.enum([
  'company-types',
  'nations',
  'qualifications',
  'authorities',
  'places',
  'insurances',
]);
export type DictionaryId = z.infer<typeof dictionarySchema>;

export const fieldSchema = z.strictObject({
  id: fieldIdSchema,
  label: z.string().min(1),
  kind: fieldKindSchema,
  weight: weightSchema.default('plain'),
  required: z.boolean().default(false),
  /** 去标记 is offered for this field. Default: weight is not plain. */
  markable: z.boolean().optional(),
  placeholder: z.string().optional(),
  hint: z.string().optional(),
  maxLength: z.int().min(1).max(5000).default(200),
  choices: z.array(choiceSchema).default([]),
  /** Only for `choice`: several may be ticked; the value joins them with commas, in the order of `choices`. */
  multiple: z.boolean().optional(),
  /** Only for `period`: the paper gives months; the value runs from the first day of one to the last day of the other. */
  precision: z.enum(['day', 'month']).optional(),
  /** The words the value is made of: see domain/fields/dictionaries. */
  dictionary: dictionarySchema.optional(),
  /** Where the value comes from when the form is opened: the subject's name or code, or the answer of the same id. */
  prefill: z.enum(['subject-name', 'subject-credit-code', 'answer']).optional(),
  /** Of a form: it must agree with what the business register (工商备案) says of the unit. */
  register: z
    .enum([
      'name',
      'creditCode',
      'legalRepresentative',
      'type',
      'address',
      'registeredCapital',
      'establishedOn',
      'businessScope',
    ])
    .exactOptional(),
  find: findSchema.optional(),
  /** Asked only while another field of the same form says this. */
  onlyIf: z.strictObject({ field: fieldIdSchema, is: z.string().min(1) }).exactOptional(),
  /** Of what is asked before the page opens: chosen from this field of the subject's records of that kind that were handed in. */
  from: z.strictObject({ kind: idSchema, form: fieldIdSchema }).exactOptional(),
});
export type Field = z.infer<typeof fieldSchema>;
