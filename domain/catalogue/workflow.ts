/** What a workflow IS: who decides what in which order, and what follows. domain/cases/engine.ts runs it. */
import { z } from 'zod';
import { effectSchema } from './effect.ts';
import { fieldIdSchema, idSchema } from './ids.ts';

/** A permission of an account at the desk. */
const permission = idSchema.default('review');

/** From where the work is known whose body decides. */
const workOfSchema = z.union([
  /** Its id stands in that field of the form. */
  z.strictObject({ form: fieldIdSchema }),
  /** It brought the lock on the person whose id number stands in that field; in the post of the other, where it names one. */
  z.strictObject({ lockOf: fieldIdSchema, post: fieldIdSchema.exactOptional() }),
]);

/** Who may decide a step. domain/cases/assignees.ts finds the party when the case opens. */
export const assigneeSchema = z.discriminatedUnion('who', [
  /** The department of the push field that the applicant chose. */
  z.strictObject({ who: z.literal('receiving-department'), permission }),
  /** A department by its name. */
  z.strictObject({ who: z.literal('department'), name: z.string().min(1).max(100), permission }),
  /** 主管部门 of the work. */
  z.strictObject({ who: z.literal('authority-of-work'), work: workOfSchema, permission }),
  /** 监督机构 of the work. */
  z.strictObject({ who: z.literal('supervisor-of-work'), work: workOfSchema, permission }),
  /** The person whose id number stands in that field of the form, and nobody else. */
  z.strictObject({ who: z.literal('named-person'), field: fieldIdSchema, label: z.string().min(1).max(50) }),
  /** The administrator of the company whose the record is: its main account. */
  z.strictObject({ who: z.literal('own-administrator') }),
]);
export type Assignee = z.infer<typeof assigneeSchema>;
export type AssigneeRuleId = Assignee['who'];

/** returned: 退回补正, the applicant corrects and hands in again. */
export const outcomeSchema = z.enum(['approved', 'refused', 'returned']);

export const decisionSchema = z.strictObject({
  id: idSchema,
  label: z.string().min(1),
  opinion: z.enum(['required', 'optional']),
  outcome: outcomeSchema,
  /** How its button looks; left out: as what its outcome is to the applicant. An upheld complaint is `approved`, and no good news. */
  tone: z.enum(['go', 'danger', 'plain']).exactOptional(),
  /** Of an approval: the step that comes next, where it is not the one below. Of a return: where it comes in again; this step if left out. */
  to: idSchema.exactOptional(),
  /** All of them must answer yes. */
  guards: z.array(idSchema).min(1).exactOptional(),
});
export type Decision = z.infer<typeof decisionSchema>;

/** What whoever decides writes. */
export const stepOpinionSchema = z.strictObject({
  /** 审核意见 if left out. */
  title: z.string().min(1).max(20).exactOptional(),
  /** 常用意见 to choose from; the desk's own if left out. */
  phrases: z.array(z.string().min(1).max(100)).min(1).max(12).exactOptional(),
});

export const workflowStepSchema = z
  .strictObject({
    id: idSchema,
    title: z.string().min(1),
    /** Short for anyOf with the receiving department's accounts that have this permission. */
    permission: idSchema.exactOptional(),
    /** 或签: the first of them decides. */
    anyOf: z.array(assigneeSchema).min(1).max(10).exactOptional(),
    /** 会签: each of them approves; one refusal or return is enough. */
    allOf: z.array(assigneeSchema).min(1).max(10).exactOptional(),
    decisions: z.array(decisionSchema).min(1),
    opinion: stepOpinionSchema.exactOptional(),
    /** 机器自动校核: the step decides itself when the record's light is this one, or when all these guards answer yes. */
    automatic: z
      .union([
        z.strictObject({ whenLight: z.literal('green'), decision: idSchema }),
        z.strictObject({ guards: z.array(idSchema).min(1), decision: idSchema }),
      ])
      .exactOptional(),
    /** Working days until the step should be decided. */
    dueDays: z.int().min(1).max(365).exactOptional(),
  })
  .refine(
    ({ permission: one, anyOf, allOf }) =>
      [one, anyOf, allOf].filter((way) => way !== undefined).length === 1,
    { error: 'who decides is said once: permission, anyOf or allOf' },
  );
export type WorkflowStep = z.infer<typeof workflowStepSchema>;

export const caseAboutSchema = z.enum(['record', 'account', 'person', 'work', 'lock']);
export type CaseAbout = z.infer<typeof caseAboutSchema>;

const effects = z.array(effectSchema).min(1).max(20).exactOptional();
/** open: a step waits. returned: 退回补正, waits for the applicant. The others are closed. */
export const caseStates = ['open', 'returned', 'approved', 'refused', 'withdrawn'] as const;
/** What happens to a case, by the moment at which its effects come about. */
export const caseMoments = ['opened', 'approved', 'refused', 'returned', 'withdrawn'] as const;
export type CaseMoment = (typeof caseMoments)[number];

const resultText = z.string().min(1).max(50).exactOptional();

export const workflowSchema = z.strictObject({
  id: idSchema,
  title: z.string().min(1),
  /** The kind of thing it is about; a record if left out. */
  about: caseAboutSchema.exactOptional(),
  /** The field of the record's form that holds the thing's id, where the thing is no record. */
  aboutField: fieldIdSchema.exactOptional(),
  /** In order, where a decision names no other. */
  steps: z.array(workflowStepSchema).min(1),
  /** 撤回 by the applicant; never if left out. */
  withdraw: z.enum(['while-undecided']).exactOptional(),
  /** How an end is called, where it has a name of its own: 注册成功. */
  results: z
    .strictObject({ approved: resultText, refused: resultText, withdrawn: resultText })
    .exactOptional(),
  effects: z
    .strictObject({
      opened: effects,
      approved: effects,
      refused: effects,
      returned: effects,
      withdrawn: effects,
    })
    .exactOptional(),
});
export type Workflow = z.infer<typeof workflowSchema>;

export interface StepAssignees {
  /** one: the first of them decides. each: every one of them approves. */
  mode: 'one' | 'each';
  assignees: readonly Assignee[];
}

export function assigneesOf({ permission: one, anyOf, allOf }: WorkflowStep): StepAssignees {
  if (allOf) return { mode: 'each', assignees: allOf };
  return {
    mode: 'one',
    assignees: anyOf ?? (one === undefined ? [] : [{ who: 'receiving-department', permission: one }]),
  };
}

/** Departments that some step names, whatever the record says. */
export const departmentsNamed = ({ steps }: Workflow): string[] =>
  steps.flatMap((step) =>
    assigneesOf(step).assignees.flatMap((one) => (one.who === 'department' ? [one.name] : [])),
  );

/** What an account at the desk needs for some decision of the step. */
export function stepPermissions(step: WorkflowStep): string[] {
  return assigneesOf(step).assignees.flatMap((one) => ('permission' in one ? [one.permission] : []));
}
