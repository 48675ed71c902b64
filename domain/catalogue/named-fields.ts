/** Which guards a workflow asks, and which fields of a form workflows and guards name. */
import type { Effect } from './effect.ts';
import type { IdOrField } from './ids.ts';
import type { Expression, Guard, NamedRule, Operand } from './guard.ts';
import type { ValuePlace } from './in-browser.ts';
import { caseMoments } from './workflow.ts';
import type { Assignee, Workflow } from './workflow.ts';

export function guardsOfWorkflow({ steps }: Workflow): { id: string; path: string }[] {
  return steps.flatMap(({ automatic, decisions }, step) => [
    ...(automatic && 'guards' in automatic
      ? automatic.guards.map((id, at) => ({ id, path: `steps.${step}.automatic.guards.${at}` }))
      : []),
    ...decisions.flatMap(({ guards }, decision) =>
      (guards ?? []).map((id, at) => ({ id, path: `steps.${step}.decisions.${decision}.guards.${at}` })),
    ),
  ]);
}

export function fieldsOfWorkflow({ aboutField, steps, effects }: Workflow): string[] {
  return [
    ...(aboutField === undefined ? [] : [aboutField]),
    ...steps.flatMap(({ anyOf, allOf }) => [...(anyOf ?? []), ...(allOf ?? [])].flatMap(fieldsOfAssignee)),
    ...caseMoments.flatMap((moment) => (effects?.[moment] ?? []).flatMap(fieldsOfEffect)),
  ];
}

/** Answers, fields of the form and fields of papers that effects take values from. */
export function placesOfWorkflow({ effects }: Workflow): ValuePlace[] {
  return caseMoments.flatMap((moment) =>
    (effects?.[moment] ?? []).flatMap((effect) => {
      if (effect.effect !== 'note-qualification') return [];
      const { person, kind, number, validUntil } = effect;
      return [person, number, ...[kind, validUntil].filter((one) => typeof one === 'object')];
    }),
  );
}

export function fieldsOfGuard(guard: Guard): string[] {
  return guard.rule === 'expression' ? fieldsOfExpression(guard.when) : fieldsOfRule(guard);
}

/** The fields that name the persons whose qualifications a guard asks for. */
export function qualifiedPersonsOf(guard: Guard): string[] {
  return guard.rule === 'expression'
    ? rulesOf(guard.when).flatMap(qualifiedPersonOf)
    : qualifiedPersonOf(guard);
}

const qualifiedPersonOf = (rule: NamedRule): string[] =>
  rule.rule === 'holds-qualification' ? [rule.person] : [];

function rulesOf(expression: Expression): NamedRule[] {
  if ('rule' in expression) return [expression];
  if ('all' in expression) return expression.all.flatMap(rulesOf);
  if ('any' in expression) return expression.any.flatMap(rulesOf);
  return 'not' in expression ? rulesOf(expression.not) : [];
}

function fieldsOfAssignee(assignee: Assignee): string[] {
  if (assignee.who === 'named-person') return [assignee.field];
  if (!('work' in assignee)) return [];
  const { work } = assignee;
  return 'form' in work ? [work.form] : [work.lockOf, ...(work.post === undefined ? [] : [work.post])];
}

function fieldsOfEffect(effect: Effect): string[] {
  switch (effect.effect) {
    case 'release-lock':
      return [effect.person, ...(effect.post === undefined ? [] : [effect.post])];
    case 'begin-appointment':
    case 'end-appointment':
      return [effect.person, effect.work, ...fieldOfType(effect.post)];
    case 'change-work':
      return [effect.work, ...Object.values(effect.set)];
    case 'change-work-unit':
      return [effect.work, effect.role, effect.name, effect.code];
    case 'note-qualification':
      return [];
    case 'finish-work':
      return [effect.work];
    case 'register-unit':
      return [effect.name, effect.code, effect.representative];
    case 'notify':
      return typeof effect.to === 'string' ? [] : Object.values(effect.to);
    case 'confirm-name':
      return [effect.account];
    case 'open-account':
      return [
        ...Object.values(effect.person),
        ...Object.values(effect.unit ?? {}),
        ...(effect.keySerial === undefined ? [] : [effect.keySerial]),
        ...fieldOfType(effect.type),
      ];
    case 'replace-main-handler':
      return Object.values(effect.person);
    case 'link-records':
    case 'enable-account':
    case 'drop-account':
    case 'open-case':
    case 'issue-credential':
    case 'revoke-credential':
    case 'set-state':
      return [];
  }
}

const fieldOfType = (type: IdOrField | undefined): string[] => (typeof type === 'object' ? [type.form] : []);

function fieldsOfRule(rule: NamedRule): string[] {
  if (rule.rule === 'light-is') return [];
  if (rule.rule === 'unit-is-new') return [rule.code];
  if (rule.rule === 'own-work') return [rule.work];
  if (rule.rule === 'permit-is-new') return [rule.permit, rule.work];
  if (rule.rule === 'not-at-work') return [rule.person, rule.work];
  if (rule.rule === 'at-work') return [rule.person, rule.work, ...fieldOfType(rule.post)];
  if (rule.rule === 'has-real-name') return [rule.person, rule.name];
  if (rule.rule === 'holds-no-account') return [rule.person, ...fieldOfType(rule.type)];
  if (rule.rule === 'appointments-below' || rule.rule === 'is-not-locked')
    return [rule.person, ...(rule.besides === undefined ? [] : [rule.besides])];
  if (rule.rule === 'is-locked') return [rule.person, ...fieldOfType(rule.post)];
  return [rule.person];
}

function fieldsOfExpression(expression: Expression): string[] {
  if ('rule' in expression) return fieldsOfRule(expression);
  if ('all' in expression) return expression.all.flatMap(fieldsOfExpression);
  if ('any' in expression) return expression.any.flatMap(fieldsOfExpression);
  if ('not' in expression) return fieldsOfExpression(expression.not);
  if ('equals' in expression) return expression.equals.flatMap(fieldsOfOperand);
  if ('before' in expression) return expression.before.flatMap(fieldsOfOperand);
  if ('in' in expression) return fieldsOfOperand(expression.in[0]);
  if ('atMost' in expression) return fieldsOfOperand(expression.atMost[0]);
  if ('matches' in expression) return fieldsOfOperand(expression.matches[0]);
  return fieldsOfOperand(expression.present);
}

function fieldsOfOperand(operand: Operand): string[] {
  if (typeof operand !== 'object') return [];
  if ('form' in operand) return [operand.form];
  return 'in' in operand ? [operand.in] : [];
}
