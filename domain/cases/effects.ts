/** What an effect does to whom: the workflow's words made concrete by the case and its record. The server writes them (sync-server/store/effects). */
import type { Effect, EffectId } from '../catalogue/effect.ts';
import type { IdOrField } from '../catalogue/ids.ts';
import type { Subject, Values } from '../primitives.ts';
import { parseDate } from '../fields/dates.ts';
import { valueAt } from '../record/in-browser.ts';
import type { LudengRecord } from '../record/schema.ts';
import { canonicalNumber } from '../registers/works.ts';
import { administratorKey, departmentsOf } from './assignees.ts';
import type { HeldQualification, UnitOfWork } from '../registers/schema.ts';
import type { Case } from './schema.ts';

/** Done exactly once, in the transaction of the decision. */
export type Deed =
  | { deed: 'release-lock'; person: string; post?: string }
  | { deed: 'begin-appointment'; person: string; work: string; post: string }
  | { deed: 'end-appointment'; person: string; work: string; post: string }
  /** `since`: when the form was begun with what the register had. */
  | { deed: 'change-work'; work: string; set: Values; since: string }
  | { deed: 'change-work-unit'; work: string; unit: UnitOfWork }
  | { deed: 'finish-work'; work: string }
  | { deed: 'note-qualification'; person: string; held: HeldQualification }
  | { deed: 'register-unit'; name: string; code: string; representative: string }
  | {
      deed: 'open-account';
      kind: 'main' | 'handler';
      type: string;
      person: NamedPerson;
      unit: Pick<Subject, 'name' | 'creditCode' | 'kind'>;
      keySerial?: string;
      pending: boolean;
      recordId: string;
    }
  | { deed: 'enable-account'; recordId: string }
  | { deed: 'drop-account'; recordId: string }
  | { deed: 'replace-main-handler'; person: NamedPerson; unit: string }
  | { deed: 'confirm-name'; account: string }
  | { deed: 'issue-credential'; recordId: string }
  | { deed: 'revoke-credential'; recordId: string; reason: string; by: string }
  | { deed: 'set-state'; recordId: string; to: 'void' | 'standing'; by: string }
  | { deed: 'open-case'; workflow: string; recordId: string }
  | { deed: 'link-records'; recordId: string }
  | { deed: 'notify'; audience: string; text: string }
  /** Of every 退回补正, whatever the workflow says. */
  | { deed: 'return-record'; recordId: string; reason: string };
export type DeedId = Deed['deed'];

export interface NamedPerson {
  name: string;
  idNumber: string;
  mobile: string;
}

interface EffectFacts {
  current: Case;
  record: Pick<LudengRecord, 'id' | 'createdAt' | 'form' | 'answers' | 'materials' | 'subject'>;
}
type RuleOf<Id extends EffectId> = Extract<Effect, { effect: Id }>;

/** Total, as the tables of guards and assignees are. */
export const effectRules = {
  'release-lock': ({ person, post: field }, { record }) => {
    const post = field === undefined ? '' : formValue(record, field);
    return [{ deed: 'release-lock', person: formValue(record, person), ...(post === '' ? {} : { post }) }];
  },
  'begin-appointment': (effect, { record }) => [
    { deed: 'begin-appointment', ...appointmentOf(effect, record) },
  ],
  'end-appointment': (effect, { record }) =>
    formValue(record, effect.person) === ''
      ? []
      : [{ deed: 'end-appointment', ...appointmentOf(effect, record) }],
  'change-work': ({ work, set }, { record }) => [
    {
      deed: 'change-work',
      work: formValue(record, work),
      set: Object.fromEntries(Object.entries(set).map(([id, field]) => [id, formValue(record, field)])),
      since: record.createdAt,
    },
  ],
  'change-work-unit': ({ work, role, name, code }, { record }) => [
    {
      deed: 'change-work-unit',
      work: formValue(record, work),
      unit: { role: formValue(record, role), code: formValue(record, code), name: formValue(record, name) },
    },
  ],
  'finish-work': ({ work }, { record }) => [{ deed: 'finish-work', work: formValue(record, work) }],
  'note-qualification': ({ person, kind, number, validUntil }, { record }) => {
    const until = validUntil && parseDate(valueAt(record, validUntil));
    return [
      {
        deed: 'note-qualification',
        person: canonicalNumber(valueAt(record, person)),
        held: {
          kind: typeof kind === 'string' ? kind : valueAt(record, kind),
          ...{ number: valueAt(record, number).trim(), source: 'paper' },
          ...(until === undefined ? {} : { validUntil: until }),
        },
      },
    ];
  },
  'register-unit': ({ name, code, representative }, { record }) => [
    {
      deed: 'register-unit',
      name: formValue(record, name),
      code: formValue(record, code),
      representative: formValue(record, representative),
    },
  ],
  'open-account': ({ kind, type, person, unit, keySerial, pending }, { record }) => [
    {
      deed: 'open-account',
      kind,
      type: named(record, type),
      person: personOf(record, person),
      unit: unit
        ? { ...record.subject, name: formValue(record, unit.name), creditCode: formValue(record, unit.code) }
        : record.subject,
      ...serialOf(record, keySerial),
      pending,
      recordId: record.id,
    },
  ],
  'enable-account': (_, { record }) => [{ deed: 'enable-account', recordId: record.id }],
  'drop-account': (_, { record }) => [{ deed: 'drop-account', recordId: record.id }],
  'replace-main-handler': ({ person }, { record }) => [
    {
      deed: 'replace-main-handler',
      person: personOf(record, person),
      unit: record.subject.creditCode,
    },
  ],
  'confirm-name': ({ account }, { record }) => [
    { deed: 'confirm-name', account: formValue(record, account) },
  ],
  'issue-credential': (_, { record }) => [{ deed: 'issue-credential', recordId: record.id }],
  'revoke-credential': ({ reason }, { record, current }) => {
    const { by = '', opinion = '' } = current.decisions.at(-1) ?? {};
    const told = opinion === '' ? reason : `${reason}：${opinion}`;
    return [{ deed: 'revoke-credential', recordId: record.id, reason: told, by }];
  },
  'set-state': ({ to }, { record, current }) => [
    { deed: 'set-state', recordId: record.id, to, by: current.decisions.at(-1)?.by ?? '' },
  ],
  'link-records': (_, { record }) => [{ deed: 'link-records', recordId: record.id }],
  'open-case': ({ workflow }, { record }) => [{ deed: 'open-case', workflow, recordId: record.id }],
  notify: ({ to, text }, { record, current }) =>
    audiencesOf(to, record, current).map((audience) => ({ deed: 'notify', audience, text })),
} satisfies { [Id in EffectId]: (effect: RuleOf<Id>, facts: EffectFacts) => Deed[] };

export function deedsOf(effects: readonly Effect[], facts: EffectFacts): Deed[] {
  const { current } = facts;
  const returned: Deed[] =
    current.state === 'returned' && current.recordId !== undefined
      ? [{ deed: 'return-record', recordId: current.recordId, reason: reasonOf(current) }]
      : [];
  const further = effects.flatMap((effect) => {
    // the table's line is the one of the effect's own id, which the type of a lookup by a variable loses
    const make = effectRules[effect.effect] as (effect: Effect, facts: EffectFacts) => Deed[];
    return make(effect, facts);
  });
  return [...returned, ...further];
}

/** Why the case was given back. */
export const reasonOf = ({ decisions }: Case): string => {
  const last = decisions.at(-1);
  return last?.opinion === '' ? last.label : (last?.opinion ?? '');
};

function audiencesOf(to: RuleOf<'notify'>['to'], record: EffectFacts['record'], current: Case): string[] {
  if (to === 'applicant') return [`subject:${record.subject.creditCode}`];
  if (to === 'bodies') return departmentsOf(current).map((department) => `authority:${department}`);
  if (to === 'administrators')
    return current.parties.flatMap(({ administered }) =>
      administered ? [administratorKey(administered)] : [],
    );
  if ('account' in to) return [`account:${formValue(record, to.account)}`];
  return [`person:${formValue(record, to.form)}`];
}

const appointmentOf = (
  { person, work, post }: Pick<RuleOf<'begin-appointment'>, 'person' | 'work' | 'post'>,
  record: EffectFacts['record'],
): { person: string; work: string; post: string } => ({
  person: formValue(record, person),
  work: formValue(record, work),
  post: named(record, post),
});

const named = (record: EffectFacts['record'], id: IdOrField): string =>
  typeof id === 'string' ? id : formValue(record, id.form);

const personOf = (
  record: EffectFacts['record'],
  { name, idNumber, mobile }: RuleOf<'replace-main-handler'>['person'],
): NamedPerson => ({
  name: formValue(record, name),
  idNumber: formValue(record, idNumber),
  mobile: formValue(record, mobile),
});

function serialOf(record: EffectFacts['record'], field: string | undefined): { keySerial?: string } {
  const keySerial = field === undefined ? '' : formValue(record, field);
  return keySerial === '' ? {} : { keySerial };
}

/** Every field that an effect names stands in the kind's form: the load of the configuration saw to it. */
const formValue = ({ form }: EffectFacts['record'], field: string): string => form[field]?.trim() ?? '';
