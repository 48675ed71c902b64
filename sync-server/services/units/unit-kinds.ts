/** How the kinds of record by which a unit's accounts change name their fields: the workflow that each opens says it. */
import type { Catalogue, RecordKind } from '#domain/catalogue/schema.ts';
import { getGuard, getRecordKind, getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Effect } from '#domain/catalogue/effect.ts';
import { assigneesOf } from '#domain/catalogue/workflow.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import type { Values } from '#domain/primitives.ts';
import { AppError } from '#domain/errors/app-error.ts';

type EffectOf<Id extends Effect['effect']> = Extract<Effect, { effect: Id }>;

export interface PersonForm {
  name: string;
  idNumber: string;
  mobile: string;
}

export interface HandlerKind {
  kind: RecordKind;
  /** Fields of the form. */
  fields: PersonForm & { type: string; confirmer: string; keySerial?: string };
  /** What is said where the person has an account of this type already. */
  takenText: string;
}

export function handlerKindOf(catalogue: Catalogue, programme: string, kindId: string): HandlerKind {
  const { kind, workflow } = opened(catalogue, programme, kindId);
  const effect = effectOf(workflow, 'opened', 'open-account');
  const { type } = effect;
  if (typeof type === 'string') throw new AppError('NOT_FOUND', { kind: kindId, effect: 'open-account' });
  const guards = (kind.actions?.submit?.guards ?? []).map((id) => getGuard(catalogue, id));
  return {
    kind,
    fields: {
      ...effect.person,
      type: type.form,
      confirmer: confirmerOf(workflow),
      ...(effect.keySerial === undefined ? {} : { keySerial: effect.keySerial }),
    },
    takenText: guards.find(({ rule }) => rule === 'holds-no-account')?.text ?? '',
  };
}

export function mainChangeKindOf(
  catalogue: Catalogue,
  programme: string,
  kindId: string,
): { kind: RecordKind; fields: PersonForm & { confirmer: string } } {
  const { kind, workflow } = opened(catalogue, programme, kindId);
  const { person } = effectOf(workflow, 'approved', 'replace-main-handler');
  return { kind, fields: { ...person, confirmer: confirmerOf(workflow) } };
}

/** Fields by which a registration names the main handler; undefined where its workflow opens no account. */
export function mainHandlerFieldsOf(catalogue: Catalogue, kind: RecordKind): PersonForm | undefined {
  const opens = kind.actions?.submit?.opens;
  const workflow = opens === undefined ? undefined : getWorkflow(catalogue, opens);
  return workflow?.effects?.approved?.find((effect) => effect.effect === 'open-account')?.person;
}

/** What a form says of somebody. */
export const personIn = (form: Values, fields: PersonForm): PersonForm => ({
  name: form[fields.name] ?? '',
  idNumber: form[fields.idNumber] ?? '',
  mobile: form[fields.mobile] ?? '',
});

function opened(catalogue: Catalogue, programme: string, kindId: string) {
  const kind = getRecordKind(catalogue, programme, kindId);
  return { kind, workflow: getWorkflow(catalogue, kind.actions?.submit?.opens ?? '') };
}

function effectOf<Id extends Effect['effect']>(
  workflow: Workflow,
  moment: 'opened' | 'approved',
  id: Id,
): EffectOf<Id> {
  const isOne = (effect: Effect): effect is EffectOf<Id> => effect.effect === id;
  const effect = workflow.effects?.[moment]?.find(isOne);
  if (!effect) throw new AppError('NOT_FOUND', { workflow: workflow.id, effect: id });
  return effect;
}

/** The field that names who confirms: of the first step that a named person decides. */
function confirmerOf(workflow: Workflow): string {
  for (const step of workflow.steps)
    for (const assignee of assigneesOf(step).assignees)
      if (assignee.who === 'named-person') return assignee.field;
  throw new AppError('NOT_FOUND', { workflow: workflow.id, who: 'named-person' });
}
