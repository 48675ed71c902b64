/** 核验方式 of a push field for records of a kind. */
import type { Programme, RecordKind } from './schema.ts';
import type { Workflow } from './workflow.ts';

type PushField = Programme['pushFields'][number];

/** machine: 机器自动校核, a green record passes by itself. person: 人工形式核验. */
export type VerificationWay = 'machine' | 'person';

export const verificationWayTexts = {
  machine: '机器自动校核',
  person: '人工形式核验',
} as const satisfies Record<VerificationWay, string>;

/** Where the field says nothing, the kind's workflow counts. */
export const pushWorkflowOf = (field: PushField, kind: Pick<RecordKind, 'workflow'>): string =>
  field.workflow ?? kind.workflow;

export function verificationWay(
  field: PushField,
  { kind, workflows }: { kind: Pick<RecordKind, 'workflow'>; workflows: readonly Workflow[] },
): VerificationWay {
  const id = pushWorkflowOf(field, kind);
  const steps = workflows.find((workflow) => workflow.id === id)?.steps ?? [];
  return steps.length > 0 && steps.every(({ automatic }) => automatic !== undefined) ? 'machine' : 'person';
}
