import { describe, expect, it } from 'vitest';
import { buildCatalogue } from './build-catalogue.ts';

const approve = { id: 'approve', label: '通过', opinion: 'optional', outcome: 'approved' };
const refuse = { id: 'refuse', label: '不通过', opinion: 'required', outcome: 'refused' };
const giveBack = { id: 'return', label: '退回补正', opinion: 'required', outcome: 'returned' };
const step = (id: string, ...decisions: object[]) => ({ id, title: id, permission: 'review', decisions });
const workflow = (rest: object) => ({ id: 'review', title: '核验', ...rest });
const guard = { id: 'green-only', rule: 'light-is', lights: ['green'], text: '须为绿灯' };

/** Problems of these files, one a line. */
function problems(files: Record<string, object>): string[] {
  const built = buildCatalogue(
    Object.entries(files).map(([path, data]) => ({ path, data })),
    () => 'hash',
  );
  return built.ok ? [] : built.problems.map(({ file, path, message }) => `${file} ${path}: ${message}`);
}
const ofReview = (rest: object, more: Record<string, object> = {}) =>
  problems({ 'workflows/review.yaml': workflow(rest), ...more });

describe('workflows that cannot be run are named with file and path', () => {
  it('takes a workflow of each kind of step', () => {
    const steps = [
      { ...step('first', { ...approve, guards: ['green-only'] }, refuse, giveBack), dueDays: 5 },
      {
        id: 'both',
        title: '会签',
        allOf: [{ who: 'receiving-department' }, { who: 'department', name: '监督站' }],
        decisions: [approve, { ...giveBack, to: 'first' }],
      },
    ];
    const effects = { withdrawn: [{ effect: 'notify', to: 'applicant', text: '已撤回' }] };
    expect(
      ofReview({ steps, withdraw: 'while-undecided', effects }, { 'guards/green-only.yaml': guard }),
    ).toEqual([]);
  });

  it.each<[string, object]>([
    [
      'steps.1.decisions.0.to: a circle: a leads back to b',
      { steps: [step('a', approve), step('b', { ...approve, to: 'a' })] },
    ],
    ['steps.0.decisions.0.to: a circle: a leads back to a', { steps: [step('a', { ...approve, to: 'a' })] }],
    [
      'steps.1: no decision leads to this step: b',
      { steps: [step('a', { ...approve, to: 'c' }), step('b', approve), step('c', approve)] },
    ],
    ['steps.1: no decision leads to this step: b', { steps: [step('a', refuse), step('b', approve)] }],
    ['steps.0.decisions.0.to: unknown step: z', { steps: [step('a', { ...approve, to: 'z' })] }],
    [
      'steps.0.decisions.0.to: a refusal ends the case',
      { steps: [step('a', { ...refuse, to: 'a' }, approve)] },
    ],
    [
      'steps.0.decisions.1.to: a return leads back, and b comes after a',
      { steps: [step('a', approve, { ...giveBack, to: 'b' }), step('b', approve)] },
    ],
    [
      'steps.0.decisions: nothing here approves or refuses: the case would never end',
      { steps: [step('a', giveBack)] },
    ],
    [
      'effects.refused: nothing in this workflow comes to refused',
      { steps: [step('a', approve)], effects: { refused: [{ effect: 'release-lock' }] } },
    ],
    [
      'effects.returned: nothing in this workflow comes to returned',
      { steps: [step('a', approve)], effects: { returned: [{ effect: 'release-lock' }] } },
    ],
    [
      'effects.withdrawn: nothing in this workflow comes to withdrawn',
      { steps: [step('a', approve)], effects: { withdrawn: [{ effect: 'release-lock' }] } },
    ],
    [
      'effects.approved: nothing in this workflow comes to approved',
      { steps: [step('a', refuse)], effects: { approved: [{ effect: 'release-lock' }] } },
    ],
    [
      'effects.approved.0.workflow: unknown workflow: nothing',
      { steps: [step('a', approve)], effects: { approved: [{ effect: 'open-case', workflow: 'nothing' }] } },
    ],
    [
      'effects.approved.0.workflow: a circle: a case of review opens one of review again',
      { steps: [step('a', approve)], effects: { approved: [{ effect: 'open-case', workflow: 'review' }] } },
    ],
    [
      'steps.0.decisions.0.guards.0: unknown guard: nothing',
      { steps: [step('a', { ...approve, guards: ['nothing'] })] },
    ],
    [
      'steps.0.automatic.guards.0: unknown guard: nothing',
      { steps: [{ ...step('a', approve), automatic: { guards: ['nothing'], decision: 'approve' } }] },
    ],
    [
      'steps.0: who decides is said once: permission, anyOf or allOf',
      { steps: [{ ...step('a', approve), anyOf: [{ who: 'receiving-department' }] }] },
    ],
    [
      'steps.0: who decides is said once: permission, anyOf or allOf',
      { steps: [{ id: 'a', title: 'a', decisions: [approve] }] },
    ],
    [
      'steps.0.decisions: all of them approve: their approvals must lead to one step',
      {
        steps: [
          {
            id: 'a',
            title: 'a',
            allOf: [{ who: 'receiving-department' }],
            decisions: [approve, { ...approve, id: 'skip', to: 'c' }],
          },
          step('b', approve),
          step('c', approve),
        ],
      },
    ],
    [
      'aboutField: about a person: which field of the form holds its id?',
      { about: 'person', steps: [step('a', approve)] },
    ],
  ])('%s', (expected, rest) => {
    expect(ofReview(rest)).toContain(`workflows/review.yaml ${expected}`);
  });

  it('finds a circle of cases over several files', () => {
    const opening = (id: string, next: string) => ({
      ...workflow({
        steps: [step('a', approve)],
        effects: { approved: [{ effect: 'open-case', workflow: next }] },
      }),
      id,
    });
    expect(
      problems({
        'workflows/one.yaml': opening('one', 'two'),
        'workflows/two.yaml': opening('two', 'three'),
        'programmes/here/workflows/three.yaml': opening('three', 'one'),
      }).filter((line) => line.includes('a circle')),
    ).toHaveLength(3);
  });

  it('names a guard that nobody asks, and one whose answer never changes', () => {
    const steps = [step('a', { ...approve, guards: ['green-only'] })];
    expect(ofReview({ steps: [step('a', approve)] }, { 'guards/green-only.yaml': guard })).toEqual([
      'guards/green-only.yaml id: no action and no workflow asks this guard: green-only',
    ]);
    const fixed = (when: object) => ({ id: 'green-only', rule: 'expression', when, text: '须为绿灯' });
    expect(
      ofReview({ steps }, { 'guards/green-only.yaml': fixed({ not: { all: [{ equals: ['a', 'a'] }] } }) }),
    ).toEqual([
      'guards/green-only.yaml when.not.all.0: only constants are compared: the answer never changes',
    ]);
    expect(
      ofReview({ steps }, { 'guards/green-only.yaml': fixed({ matches: [{ form: 'name' }, '('] }) }),
    ).toEqual(['guards/green-only.yaml when.matches.1: not a regular expression: (']);
  });

  it('takes a guard that only an action asks, and names what the form of that kind lacks', () => {
    const kind = (form: object[]) => ({
      ...{ id: 'unlock', title: '解锁', cardinality: 'many', materials: [], form, workflow: 'review' },
      actions: { submit: { label: '上报', guards: ['locked'], opens: 'review' } },
    });
    const files = (form: object[]) => ({
      'workflows/review.yaml': workflow({ steps: [step('a', approve)] }),
      'programmes/here/guards/locked.yaml': { id: 'locked', rule: 'is-locked', text: '未锁定' },
      'programmes/here/records/unlock.yaml': kind(form),
    });
    const own = (form: object[]) =>
      problems(files(form)).filter((line) => !line.includes('no programme.yaml'));
    expect(own([{ id: 'person', label: '人员', kind: 'id-number' }])).toEqual([]);
    expect(own([{ id: 'name', label: '姓名', kind: 'text' }])).toEqual([
      'programmes/here/records/unlock.yaml actions.submit.guards: a guard names a field that this form does not have: person',
    ]);
  });
});

describe('what effects write into the registers is known to the programme', () => {
  const programme = {
    ...{ id: 'office', name: '办事大厅', region: '云南省', codePrefix: 'BS', loginWays: ['ukey'] },
    ...{ subjectRoles: [{ id: 'builder', name: '建设单位' }], pushFields: [] },
    sections: [{ id: 'works', title: '工程', recordKinds: ['work-permit'] }],
    works: {
      ...{ owner: 'builder', unitRoles: [{ id: 'contractor', title: '施工单位' }], posts: [] },
      bodies: { authority: '主管部门', supervisor: '监督机构' },
      fields: [{ id: 'permitDate', label: '发证日期' }],
    },
    qualifications: [{ id: 'constructor', registeredAs: ['注册建造师'] }],
  };
  const asked = [
    {
      ...{ id: 'kind', label: '类别', kind: 'choice', required: true },
      choices: ['constructor', 'clerk'].map((value) => ({ value, label: value })),
    },
  ];
  const kind = {
    ...{ id: 'work-permit', title: '补录', cardinality: 'many', workflow: 'review', materials: [], asked },
    form: ['work', 'number', 'day'].map((id) => ({ id, label: id, kind: 'text' })),
    pushable: false,
  };
  const ofEffect = (effect: object) =>
    ofReview(
      { steps: [step('a', approve)], effects: { approved: [effect] } },
      { 'programmes/office/programme.yaml': programme, 'programmes/office/records/work-permit.yaml': kind },
    ).filter((problem) => problem.includes('records/work-permit.yaml'));

  it('names the key of a work that no work has, and those that there are', () => {
    const set = (values: object) => ofEffect({ effect: 'change-work', work: 'work', set: values });
    expect(set({ permitNumber: 'number', permitDate: 'day' })).toEqual([]);
    expect(set({ permitNumer: 'number' })).toEqual([
      'programmes/office/records/work-permit.yaml workflow: review: change-work sets what no work has: permitNumer (known: name, contractNumber, permitNumber, permitDate)',
    ]);
  });

  it('names what no work has and no form has, where a kind is about a work, and what the programme says of works amiss', () => {
    const ofWork = (about: object, works: object = {}) =>
      ofReview(
        { steps: [step('a', approve)] },
        {
          'programmes/office/programme.yaml': { ...programme, works: { ...programme.works, ...works } },
          'programmes/office/records/work-permit.yaml': { ...kind, ofWork: { begins: 'row', ...about } },
        },
      ).filter((problem) => problem.startsWith('programmes/office'));
    expect(ofWork({ shows: { number: 'permitNumber' }, starts: { day: 'permitDate' } })).toEqual([]);
    const file = 'programmes/office/records/work-permit.yaml ofWork';
    expect(ofWork({ field: 'site', shows: { numer: 'name' }, starts: { day: 'permitDay' } })).toEqual([
      `${file}.field: no field of this form: site`,
      `${file}.shows: no field of this form: numer`,
      `${file}.starts: no work has this: permitDay (known: name, contractNumber, permitNumber, authority, supervisor, permitDate)`,
    ]);
    expect(ofWork({ begins: 'choice' })).toEqual([`${file}.choice: missing: what is the dialog called?`]);
    const post = { id: 'manager', title: '项目经理', unit: 'builder' };
    const of = 'programmes/office/programme.yaml works';
    expect(ofWork({}, { owner: 'nobody', posts: [post, post] })).toEqual([
      `${of}.posts.1.id: given twice: manager`,
      `${of}.owner: unknown subject role: nobody`,
      `${of}.posts.0.unit: no unit role of the programme: builder`,
      `${of}.posts.1.unit: no unit role of the programme: builder`,
    ]);
  });

  it('names a qualification that the programme does not have, and a place that the record does not have', () => {
    const note = (rest: object) =>
      ofEffect({
        effect: 'note-qualification',
        person: { form: 'work' },
        number: { form: 'number' },
        ...rest,
      });
    expect(note({ kind: 'constructor', validUntil: { form: 'day' } })).toEqual([]);
    expect(note({ kind: { answer: 'kind' } }).join()).toContain('no qualification of the programme: clerk');
    expect(note({ kind: { form: 'number' } }).join()).toContain('its kind is no choice');
    expect(note({ kind: 'constructor', number: { slot: 'paper', field: 'number' } }).join()).toContain(
      'takes a value from where this kind has none',
    );
  });
});
