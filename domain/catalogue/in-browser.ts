/**
 * 网上办理: how a kind of record is entered in an ordinary browser. A kind without it is the counter's: sealed there, checked on
 * its scanned pages. In a browser papers are attached as files, what stands on them is typed, and no light is given.
 */
import { z } from 'zod';
import { assuranceLevelSchema, identityKindSchema } from '../accounts/identity.ts';
import { fieldIdSchema, idSchema } from './ids.ts';
import { pickSchema } from './picks.ts';

const title = z.string().trim().min(1).max(100);
const text = z.string().trim().min(1).max(500);

const neededSchema = z.strictObject({ level: assuranceLevelSchema, kind: identityKindSchema });

/** Where a value of a record stands. */
export const valuePlaceSchema = z.union([
  z.strictObject({ answer: fieldIdSchema }),
  z.strictObject({ form: fieldIdSchema }),
  z.strictObject({ field: fieldIdSchema, slot: idSchema }),
]);
export type ValuePlace = z.infer<typeof valuePlaceSchema>;

export const inBrowserSchema = z.strictObject({
  /** How surely whoever hands it in must be known, and as what; any of several; like the kind's own when left out. */
  assurance: z.union([neededSchema, z.array(neededSchema).min(1).max(5)]).exactOptional(),
  /** What is said to whoever is not known surely enough: at the form, and where 提交 is refused. */
  refusal: text.exactOptional(),
  /** Shown above the form. */
  hints: z.array(text).max(10).default([]),
  /** The answers are a list within the record: what adds a line to it, the dialog's title, the list's title. */
  answers: z.strictObject({ add: title, dialog: title, list: title }).exactOptional(),
  /** How the form and each paper stand: one below the other, or a tab each. */
  layout: z.enum(['page', 'tabs']).default('page'),
  /** What is pressed to enter the kind's first page, before all of it is open (新增人员 → 保存). */
  first: z.strictObject({ slot: idSchema, save: title }).exactOptional(),
  /** 选择人员. */
  picks: z.array(pickSchema).min(1).max(10).exactOptional(),
  /** 操作日志: what was done with it, under these heads. */
  log: z
    .strictObject({
      title,
      columns: z
        .array(z.strictObject({ title, source: z.enum(['index', 'at', 'by', 'action', 'opinion']) }))
        .min(1)
        .max(10),
      none: title,
    })
    .exactOptional(),
  /** What leaves it as it is and goes back to the list (暂存), from where it is handed in too. */
  save: title.exactOptional(),
  /** 变更 of what was handed in. */
  mayChange: z.boolean().default(true),
  /**
   * 作废, with 取消作废. `reliedOnBy`: a record that holds the same value there stands in the way, while it is not itself void.
   */
  voiding: z
    .strictObject({
      reliedOnBy: z
        .array(z.strictObject({ recordKind: idSchema, at: valuePlaceSchema, own: valuePlaceSchema }))
        .max(10)
        .default([]),
    })
    .exactOptional(),
});
