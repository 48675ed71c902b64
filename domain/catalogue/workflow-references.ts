/** What can be said of workflows and guards before anybody uses them: nothing unknown, no circle, nothing dead, nothing out of reach. */
import type { Effect } from './effect.ts';
import type { Expression, Operand } from './guard.ts';
import { fieldAt } from './field-at.ts';
import { fieldsOfGuard, fieldsOfWorkflow, guardsOfWorkflow, placesOfWorkflow } from './named-fields.ts';
import type { ParsedFiles } from './parsed-files.ts';
import { compiles, reportRepeats } from './report.ts';
import type { Report } from './report.ts';
import type { RecordKind } from './schema.ts';
import { caseMoments } from './workflow.ts';
import type { Workflow, WorkflowStep } from './workflow.ts';

type Reporter = (file: string) => Report;

export function checkWorkflows(files: ParsedFiles, reporter: Reporter): void {
  for (const { file, value } of files.workflows) checkWorkflow(value, files, reporter(file));
}

export function checkGuards(files: ParsedFiles, reporter: Reporter): void {
  const used = new Set([
    ...files.workflows.flatMap(({ value }) => guardsOfWorkflow(value).map(({ id }) => id)),
    ...files.recordKinds.flatMap(({ value }) => actionsOf(value).flatMap(({ guards }) => guards ?? [])),
  ]);
  for (const { file, value } of files.guards) {
    if (!used.has(value.id)) reporter(file)('id', `no action and no workflow asks this guard: ${value.id}`);
    if (value.rule === 'expression') checkExpression(value.when, 'when', reporter(file));
  }
}

const actionsOf = (kind: RecordKind) => Object.values(kind.actions ?? {});

/** Every field that a workflow about this kind's records, a guard of it or of an action names stands in the kind's form. */
export function checkNamedFields(kind: RecordKind, files: ParsedFiles, report: Report): void {
  const missing = (named: readonly string[]): string[] =>
    [...new Set(named)].filter((id) => !kind.form.some((field) => field.id === id));
  const fieldsOf = (guards: readonly string[]): string[] =>
    files.guards
      .filter(({ value }) => guards.includes(value.id))
      .flatMap(({ value }) => fieldsOfGuard(value));
  const typeOf = (id: string) => files.documentTypes.find(({ value }) => value.id === id)?.value;
  const check = (path: string, start: string): void => {
    for (const id of opens(start, files)) {
      const workflow = files.workflows.find(({ value }) => value.id === id)?.value;
      if (!workflow) continue;
      const guards = guardsOfWorkflow(workflow).map((guard) => guard.id);
      for (const field of missing([...fieldsOfWorkflow(workflow), ...fieldsOf(guards)]))
        report(path, `${id} names a field that this form does not have: ${field}`);
      for (const place of placesOfWorkflow(workflow))
        if (!fieldAt(kind, place, typeOf))
          report(path, `${id} takes a value from where this kind has none: ${JSON.stringify(place)}`);
    }
  };
  check('workflow', kind.workflow);
  for (const [id, { guards = [], opens: opened }] of Object.entries(kind.actions ?? {})) {
    if (opened !== undefined) check(`actions.${id}.opens`, opened);
    for (const field of missing(fieldsOf(guards)))
      report(`actions.${id}.guards`, `a guard names a field that this form does not have: ${field}`);
  }
}

function checkWorkflow(workflow: Workflow, files: ParsedFiles, report: Report): void {
  const { steps } = workflow;
  reportRepeats(steps, 'steps', report);
  const about = workflow.about ?? 'record';
  if (about !== 'record' && workflow.aboutField === undefined)
    report('aboutField', `about a ${about}: which field of the form holds its id?`);
  if (about === 'record' && workflow.aboutField !== undefined)
    report('aboutField', 'a case about a record needs no field');
  steps.forEach((step, index) => checkStep(step, steps, `steps.${index}`, report));
  for (const { id, path } of guardsOfWorkflow(workflow))
    if (!files.guards.some(({ value }) => value.id === id)) report(path, `unknown guard: ${id}`);
  checkOrder(steps, report);
  checkEffects(workflow, files, report);
}

function checkStep(step: WorkflowStep, steps: readonly WorkflowStep[], at: string, report: Report): void {
  reportRepeats(step.decisions, `${at}.decisions`, report);
  const { automatic } = step;
  if (automatic && !step.decisions.some(({ id }) => id === automatic.decision))
    report(`${at}.automatic.decision`, `unknown decision: ${automatic.decision}`);
  step.decisions.forEach(({ to, outcome }, index) => {
    if (to === undefined) return;
    if (!steps.some(({ id }) => id === to)) report(`${at}.decisions.${index}.to`, `unknown step: ${to}`);
    else if (outcome === 'refused') report(`${at}.decisions.${index}.to`, 'a refusal ends the case');
  });
  if (!step.decisions.some(({ outcome }) => outcome !== 'returned'))
    report(`${at}.decisions`, 'nothing here approves or refuses: the case would never end');
  const next = new Set(
    step.decisions.filter(({ outcome }) => outcome === 'approved').map(({ to }) => to ?? ''),
  );
  if (step.allOf && next.size > 1)
    report(`${at}.decisions`, 'all of them approve: their approvals must lead to one step');
}

/** Approvals go forward only, and every step can be come to. */
function checkOrder(steps: readonly WorkflowStep[], report: Report): void {
  const indexOf = (id: string) => steps.findIndex((step) => step.id === id);
  const edges = steps.flatMap(({ decisions }, from) =>
    decisions.flatMap(({ outcome, to }, at) => {
      if (outcome === 'refused') return [];
      const target = to === undefined ? (outcome === 'approved' ? from + 1 : from) : indexOf(to);
      return target < 0 || target >= steps.length ? [] : [{ from, target, outcome, at }];
    }),
  );
  const forward = edges.filter(({ outcome }) => outcome === 'approved');
  const reachable = (start: number, along: typeof edges): Set<number> => {
    const seen = new Set<number>();
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop())
      for (const { from, target } of along)
        if (from === at && !seen.has(target)) {
          seen.add(target);
          open.push(target);
        }
    return seen;
  };
  for (const { from, target, at } of forward)
    if (target === from || reachable(target, forward).has(from))
      report(
        `steps.${from}.decisions.${at}.to`,
        `a circle: ${steps[target]?.id} leads back to ${steps[from]?.id}`,
      );
  for (const { from, target, outcome, at } of edges)
    if (outcome === 'returned' && target !== from && reachable(from, forward).has(target))
      report(
        `steps.${from}.decisions.${at}.to`,
        `a return leads back, and ${steps[target]?.id} comes after ${steps[from]?.id}`,
      );
  const reached = reachable(0, edges).add(0);
  steps.forEach(({ id }, index) => {
    if (!reached.has(index)) report(`steps.${index}`, `no decision leads to this step: ${id}`);
  });
}

function checkEffects(workflow: Workflow, files: ParsedFiles, report: Report): void {
  const outcomes = new Set(
    workflow.steps.flatMap(({ decisions }) => decisions.map(({ outcome }) => outcome)),
  );
  for (const moment of caseMoments) {
    const effects = workflow.effects?.[moment];
    if (!effects) continue;
    const mayOccur =
      moment === 'opened' ||
      (moment === 'withdrawn' ? workflow.withdraw !== undefined : outcomes.has(moment));
    if (!mayOccur) report(`effects.${moment}`, `nothing in this workflow comes to ${moment}`);
    effects.forEach((effect, index) => {
      if (effect.effect !== 'open-case') return;
      const path = `effects.${moment}.${index}.workflow`;
      if (!files.workflows.some(({ value }) => value.id === effect.workflow))
        report(path, `unknown workflow: ${effect.workflow}`);
      else if (opens(effect.workflow, files).has(workflow.id))
        report(path, `a circle: a case of ${effect.workflow} opens one of ${workflow.id} again`);
    });
  }
}

/** The workflow itself and all whose cases it opens, directly or by others. */
export function opens(start: string, files: ParsedFiles): Set<string> {
  const seen = new Set([start]);
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const found = files.workflows.find(({ value }) => value.id === id)?.value;
    for (const effect of caseMoments.flatMap((moment): Effect[] => found?.effects?.[moment] ?? []))
      if (effect.effect === 'open-case' && !seen.has(effect.workflow)) {
        seen.add(effect.workflow);
        open.push(effect.workflow);
      }
  }
  return seen;
}

function checkExpression(expression: Expression, path: string, report: Report): void {
  if ('all' in expression || 'any' in expression) {
    const [key, parts] =
      'all' in expression ? (['all', expression.all] as const) : (['any', expression.any] as const);
    parts.forEach((part, index) => checkExpression(part, `${path}.${key}.${index}`, report));
  } else if ('not' in expression) checkExpression(expression.not, `${path}.not`, report);
  else if ('matches' in expression && !compiles(expression.matches[1]))
    report(`${path}.matches.1`, `not a regular expression: ${expression.matches[1]}`);
  else if (isConstant(expression)) report(path, 'only constants are compared: the answer never changes');
}

/** The answer can only ever be one: a dead rule. */
function isConstant(expression: Expression): boolean {
  const operands: Operand[] =
    'equals' in expression
      ? expression.equals
      : 'before' in expression
        ? expression.before
        : 'in' in expression
          ? [expression.in[0]]
          : 'atMost' in expression
            ? [expression.atMost[0]]
            : 'matches' in expression
              ? [expression.matches[0]]
              : 'present' in expression
                ? [expression.present]
                : [];
  return operands.length > 0 && operands.every((operand) => typeof operand !== 'object');
}
