/** Who may decide the steps of a case: found once, when it opens, and kept with it. */
import type { Identity } from '../accounts/identity.ts';
import type { Actor } from '../accounts/schema.ts';
import { allDepartments } from '../accounts/desk-permissions.ts';
import { isAssured } from '../accounts/assurance.ts';
import { assigneesOf } from '../catalogue/workflow.ts';
import type { Assignee, AssigneeRuleId, Workflow } from '../catalogue/workflow.ts';
import { AppError } from '../errors/app-error.ts';
import type { LudengRecord } from '../record/schema.ts';
import { identityOfSubject } from '../record/subject-id.ts';
import type { Registers, RegisteredWork } from '../registers/schema.ts';
import type { Case, CaseParty } from './schema.ts';

export interface AssigneeFacts {
  record: Pick<LudengRecord, 'form' | 'subject'>;
  registers: Registers;
  /** Of the push field that the applicant chose. */
  receivingDepartment?: string;
}
type Found = Omit<CaseParty, 'step' | 'key'>;
type RuleOf<Id extends AssigneeRuleId> = Extract<Assignee, { who: Id }>;

export const assigneeRules = {
  'receiving-department': ({ permission }, { receivingDepartment: department }) =>
    department === undefined ? [] : [{ department, permission }],
  department: ({ name, permission }) => [{ department: name, permission }],
  'authority-of-work': ({ work, permission }, facts) =>
    worksOf(work, facts).map(({ authority }) => ({ department: authority, permission })),
  'supervisor-of-work': ({ work, permission }, facts) =>
    worksOf(work, facts).map(({ supervisor }) => ({ department: supervisor, permission })),
  'named-person': ({ field, label }, { record }) => {
    const value = record.form[field]?.trim() ?? '';
    return value === '' ? [] : [{ person: { kind: 'person', scheme: 'id-number', value, name: label } }];
  },
  'own-administrator': (_, { record }) => [{ administered: identityOfSubject(record.subject) }],
} satisfies { [Id in AssigneeRuleId]: (rule: RuleOf<Id>, facts: AssigneeFacts) => Found[] };

/** Throws NO_ONE_DECIDES when nobody is found for a step: the case would wait for ever. */
export function findParties(workflow: Workflow, facts: AssigneeFacts): CaseParty[] {
  return workflow.steps.flatMap((step) => {
    const found = assigneesOf(step).assignees.flatMap((assignee) => {
      // the table's line is the one of the assignee's own id, which the type of a lookup by a variable loses
      const find = assigneeRules[assignee.who] as (rule: Assignee, facts: AssigneeFacts) => Found[];
      return find(assignee, facts);
    });
    const parties = found.map((one): CaseParty => ({ ...one, step: step.id, key: keyOf(one) }));
    const distinct = parties.filter(
      ({ key }, index) => parties.findIndex((one) => one.key === key) === index,
    );
    if (distinct.length === 0) throw new AppError('NO_ONE_DECIDES', { step: step.title });
    return distinct;
  });
}

/** The party of the waiting step for which this actor may decide: as that person, for one's own department, or for all. */
export function partyOf(actor: Actor, parties: readonly CaseParty[]): CaseParty | undefined {
  const asPerson = parties.find(
    ({ person }) => person && isAssured(actor.assurance, { level: 'face', kind: 'person', of: person }),
  );
  if (asPerson) return asPerson;
  const asAdministrator = parties.find(({ administered }) => isAdministrator(actor, administered));
  if (asAdministrator) return asAdministrator;
  const permitted = parties.filter(
    ({ permission }) =>
      actor.kind === 'staff' && permission !== undefined && actor.permissions.includes(permission),
  );
  const own = permitted.find(({ department }) => department !== undefined && department === actor.department);
  return own ?? (actor.permissions.includes(allDepartments) ? permitted[0] : undefined);
}

function isAdministrator({ kind, organisation }: Actor, administered: Identity | undefined): boolean {
  if (kind !== 'main' || organisation === undefined || administered === undefined) return false;
  return administratorKey(organisation) === administratorKey(administered);
}

/** As a party that decides, and as an audience that is told. */
export const administratorKey = ({ scheme, value }: Pick<Identity, 'scheme' | 'value'>): string =>
  `administrator:${scheme}:${value}`;

/** Departments that see the case: all that decide some step of it. */
export const departmentsOf = ({ parties }: Pick<Case, 'parties'>): string[] => [
  ...new Set(parties.flatMap(({ department }) => department ?? [])),
];

function keyOf({ department, person, administered }: Found): string {
  if (person) return `id-number:${person.value}`;
  return administered ? administratorKey(administered) : `department:${department ?? ''}`;
}

function worksOf(
  work: Extract<Assignee, { who: 'authority-of-work' }>['work'],
  { record, registers }: AssigneeFacts,
): RegisteredWork[] {
  const works = registers.works?.rows ?? [];
  if ('form' in work) return works.filter(({ id }) => id === record.form[work.form]);
  const post = work.post === undefined ? '' : (record.form[work.post] ?? '');
  const ids = (registers.locks?.rows ?? [])
    .filter((lock) => lock.person === record.form[work.lockOf] && (post === '' || lock.post === post))
    .map((lock) => lock.work);
  return works.filter(({ id }) => ids.includes(id));
}
