/**
 * What a kind of record declares beside its form and its papers: what its actions need, which attachments belong to it, which
 * steps its work has, what a person may do with it, and where the paper must say what was chosen before. All of it may be left
 * out, as in the catalogues of before: then the kind is one of sealed and checked papers, handed in by 提交.
 */
import { z } from 'zod';
import { assuranceLevelSchema, identityKindSchema } from '../accounts/identity.ts';
import type { AssuranceLevel, IdentityKind } from '../accounts/identity.ts';
import { fieldIdSchema, idSchema } from './ids.ts';

/**
 * seal. material: every paper in a file of its own, and the record as a whole. record: the record as a whole alone, with form,
 * answers, attachments and the pages of its papers. none: nothing is sealed.
 * check. required: every paper is checked and none is red. none: papers are kept and not judged; the record has no light.
 * assurance. How surely whoever hands it in must have proved who he is, and as what.
 */
export const needsSchema = z.strictObject({
  seal: z.enum(['record', 'material', 'none']).exactOptional(),
  check: z.enum(['required', 'none']).exactOptional(),
  assurance: z.strictObject({ level: assuranceLevelSchema, kind: identityKindSchema }).exactOptional(),
});

export interface Needs {
  seal: 'record' | 'material' | 'none';
  check: 'required' | 'none';
  assurance: { level: AssuranceLevel; kind: IdentityKind };
}

/** Those who hand in sign in with the company's key: what every catalogue of before asks for. */
const usualAssurance: Needs['assurance'] = { level: 'signed', kind: 'organisation' };

export function needsOf(kind: {
  materials: readonly unknown[];
  needs?: z.infer<typeof needsSchema> | undefined;
}): Needs {
  const hasPapers = kind.materials.length > 0;
  return {
    seal: kind.needs?.seal ?? (hasPapers ? 'material' : 'record'),
    check: hasPapers ? (kind.needs?.check ?? 'required') : 'none',
    assurance: kind.needs?.assurance ?? usualAssurance,
  };
}

/** Files that belong to the record and are kept, hashed, sent and shown, and neither read nor marked nor checked. */
export const attachmentSlotSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1).max(100),
  required: z.boolean().default(false),
  /** Files of this attachment, at most. */
  maxFiles: z.int().min(1).max(20).default(5),
  accept: z
    .array(z.enum(['picture', 'pdf']))
    .min(1)
    .default(['picture', 'pdf']),
  hint: z.string().min(1).max(300).exactOptional(),
  /** The paper that it is: it is read, and what stands in these of its fields fills those of the form. It is not checked. */
  reads: z
    .strictObject({ documentType: idSchema, fills: z.record(fieldIdSchema, fieldIdSchema) })
    .exactOptional(),
});
export type AttachmentSlot = z.infer<typeof attachmentSlotSchema>;
export type AttachmentFormat = AttachmentSlot['accept'][number];

/** What a person may do with a record of the kind, beside filling it in. The key says what happens: see domain/record/lifecycle.ts. */
export const actionIdSchema = z.enum(['submit', 'push', 'revise']);
export const actionSchema = z.strictObject({
  /** As it stands on the button: 提交, 上报. */
  label: z.string().min(1).max(20),
  /** All of them must answer yes, or unknown where the station lacks the register: then the server judges. */
  guards: z.array(idSchema).min(1).exactOptional(),
  /** A case of this workflow is opened when the record is stored. */
  opens: idSchema.exactOptional(),
});
export const actionsSchema = z.partialRecord(actionIdSchema, actionSchema);

/** The steps of the work on a paper, in their order; a kind leaves out what it does not have. */
export const journeySteps = ['capture', 'read', 'confirm', 'mark', 'seal', 'check', 'submit'] as const;
export const journeyStepSchema = z.enum(journeySteps);
export type JourneyStep = z.infer<typeof journeyStepSchema>;

interface JourneyOfKind {
  materials: readonly unknown[];
  needs?: z.infer<typeof needsSchema> | undefined;
  journey?: readonly JourneyStep[] | undefined;
}
/** The steps that a kind has: as it says, or all that its needs leave. */
export function journeyOf(kind: JourneyOfKind): readonly JourneyStep[] {
  if (kind.journey) return journeySteps.filter((step) => kind.journey?.includes(step));
  const { seal, check } = needsOf(kind);
  const left: Record<JourneyStep, boolean> = {
    capture: kind.materials.length > 0,
    read: kind.materials.length > 0 && check === 'required',
    confirm: kind.materials.length > 0 && check === 'required',
    mark: check === 'required',
    seal: seal === 'material',
    check: check === 'required',
    submit: true,
  };
  return journeySteps.filter((step) => left[step]);
}

/** Where something was said before the paper came: an answer, a field of the form, or what stands for every record of the kind. */
const chosenSchema = z.union([
  z.strictObject({ answer: fieldIdSchema }),
  z.strictObject({ form: fieldIdSchema }),
  z.strictObject({
    always: z.array(z.string().min(1)).min(1),
    /** What stands on papers that do not belong here. */
    never: z.array(z.string().min(1)).min(1).exactOptional(),
    label: z.string().min(1),
    said: z.string().min(1),
  }),
]);

/**
 * What was chosen must stand on the paper, else the paper is red: a record opened as 市政公用工程施工总承包 takes no paper that
 * says 建筑机电安装工程专业承包 alone. The value of `field` names the line of the paper that is meant.
 */
export const agreementSchema = z.strictObject({
  chosen: chosenSchema,
  slot: idSchema,
  /** Its value must be what was chosen; it must be compared, for only then does the paper say it too. */
  field: fieldIdSchema,
  /** Fields that stand in the same line of the paper: the grade beside the qualification. */
  with: z.array(fieldIdSchema).exactOptional(),
  /** The field that holds all lines of the paper, where it has several. */
  among: fieldIdSchema.exactOptional(),
  /** The choices do not list all that may stand there: only what is another choice's contradicts. */
  open: z.literal(true).exactOptional(),
  /** The month that was typed (2025年6月) lies within the period of `field`. */
  compare: z.literal('month').exactOptional(),
});
export type Agreement = z.infer<typeof agreementSchema>;
