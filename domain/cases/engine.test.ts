import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { workflowSchema } from '../catalogue/workflow.ts';
import type { Workflow } from '../catalogue/workflow.ts';
import { AppError } from '../errors/app-error.ts';
import { findParties } from './assignees.ts';
import {
  automaticDecision,
  claim,
  decide,
  handIn,
  mayWithdraw,
  openCase,
  partiesAt,
  release,
  withdraw,
} from './engine.ts';
import { isClosed } from './schema.ts';
import type { Case } from './schema.ts';

const approve = { id: 'approve', label: '审核通过', opinion: 'optional', outcome: 'approved' };
const refuse = { id: 'refuse', label: '审核不通过', opinion: 'required', outcome: 'refused' };
const giveBack = { id: 'return', label: '退回补正', opinion: 'required', outcome: 'returned' };
const decisions = [approve, refuse, giveBack];
const a = 'department:甲站';
const b = 'department:乙局';
const two = [
  { who: 'department', name: '甲站' },
  { who: 'department', name: '乙局' },
];
const at = '2026-11-21T08:00:00.000Z';

const make = (rest: object): Workflow => workflowSchema.parse({ id: 'review', title: '核验', ...rest });
const anyOf = make({
  steps: [{ id: 'review', title: '或签', anyOf: two, decisions }],
  withdraw: 'while-undecided',
});
const allOf = make({ steps: [{ id: 'review', title: '会签', allOf: two, decisions }] });
const twoSteps = make({
  steps: [
    { id: 'both', title: '会签', allOf: two, decisions },
    {
      id: 'last',
      title: '审定',
      anyOf: [two[1]],
      decisions: [approve, refuse, { ...giveBack, to: 'both' }],
    },
  ],
  effects: {
    opened: [{ effect: 'notify', to: 'bodies', text: '新事项' }],
    approved: [{ effect: 'release-lock', person: 'person' }],
    refused: [{ effect: 'notify', to: 'applicant', text: '未通过' }],
    returned: [{ effect: 'notify', to: 'applicant', text: '请补正' }],
  },
});

function open(workflow: Workflow): Case {
  return openCase({
    id: '01K00000000000000000000001',
    about: { kind: 'record', id: '01K00000000000000000000002' },
    recordId: '01K00000000000000000000002',
    workflow,
    parties: findParties(workflow, {
      record: { form: {}, subject: { name: '甲', creditCode: 'A' } },
      registers: {},
    }),
    at,
  }).next;
}
function act(current: Case, workflow: Workflow, party: string, decision: string, opinion = '理由') {
  return decide(current, workflow, {
    step: current.step ?? '',
    decision,
    opinion,
    party,
    account: `account of ${party}`,
    at,
    by: party,
  });
}
const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
  return undefined;
};

describe('或签 and 会签', () => {
  it('any-of is closed by the first approval, and the other is told', () => {
    const { next } = act(open(anyOf), anyOf, a, 'approve');
    expect(next).toMatchObject({ state: 'approved', closedAt: at });
    expect(next.step).toBeUndefined();
    expect(codeOf(() => act({ ...next, step: 'review' }, anyOf, b, 'approve'))).toBe('CASE_CLOSED');
  });
  it('all-of waits for every one, and nobody approves twice', () => {
    const first = act(open(allOf), allOf, a, 'approve').next;
    expect(first).toMatchObject({ state: 'open', step: 'review' });
    expect(codeOf(() => act(first, allOf, a, 'approve'))).toBe('ALREADY_DECIDED');
    expect(codeOf(() => act(first, allOf, a, 'refuse'))).toBe('ALREADY_DECIDED');
    expect(act(first, allOf, b, 'approve').next.state).toBe('approved');
  });
  it('all-of ends with one refusal', () => {
    const first = act(open(allOf), allOf, a, 'approve').next;
    expect(act(first, allOf, b, 'refuse').next.state).toBe('refused');
  });
  it('knows no third party, no unknown decision, no refusal without a reason', () => {
    expect(codeOf(() => act(open(anyOf), anyOf, 'department:丙', 'approve'))).toBe('FORBIDDEN');
    expect(codeOf(() => act(open(anyOf), anyOf, a, 'postpone'))).toBe('NOT_FOUND');
    expect(codeOf(() => act(open(anyOf), anyOf, a, 'refuse', '  '))).toBe('OPINION_REQUIRED');
  });
});

describe('退回补正', () => {
  it('goes back to the named step, and approvals before it count no more', () => {
    let current = act(open(twoSteps), twoSteps, a, 'approve').next;
    current = act(current, twoSteps, b, 'approve').next;
    expect(current.step).toBe('last');
    const given = act(current, twoSteps, b, 'return', '缺附件');
    expect(given.next).toMatchObject({ state: 'returned', step: 'both' });
    expect(given.effects).toEqual(twoSteps.effects?.returned);
    expect(codeOf(() => act(given.next, twoSteps, a, 'approve'))).toBe('CASE_CLOSED');
    current = handIn(given.next, { at, by: '申请人' }).next;
    expect(current).toMatchObject({ state: 'open', step: 'both' });
    current = act(current, twoSteps, a, 'approve').next;
    expect(current).toMatchObject({ state: 'open', step: 'both' });
    current = act(current, twoSteps, b, 'approve').next;
    const closed = act(current, twoSteps, b, 'approve');
    expect(closed.next.state).toBe('approved');
    expect(closed.effects).toEqual(twoSteps.effects?.approved);
    expect(closed.next.decisions.map(({ outcome }) => outcome)).toEqual([
      ...['approved', 'approved', 'returned', 'handed-in', 'approved', 'approved', 'approved'],
    ]);
    expect(codeOf(() => handIn(closed.next, { at, by: '申请人' }))).toBe('CASE_CLOSED');
  });
});

describe('撤回', () => {
  it('ends a case of which nothing was decided, and no other', () => {
    expect(withdraw(open(anyOf), anyOf, { at, by: '申请人' }).next).toMatchObject({ state: 'withdrawn' });
    const returned = act(open(anyOf), anyOf, a, 'return').next;
    expect(mayWithdraw(returned, anyOf)).toBe(false);
    const again = handIn(returned, { at, by: '申请人' }).next;
    expect(codeOf(() => withdraw(again, anyOf, { at, by: '申请人' }))).toBe('CASE_CLOSED');
    expect(codeOf(() => withdraw(open(allOf), allOf, { at, by: '申请人' }))).toBe('CASE_CLOSED');
  });
});

describe('认领, 释放', () => {
  const who = (party: string, account: string) => ({ party, account, name: account, at });
  it('keeps others of the same body off, and the other body not', () => {
    const held = claim(open(anyOf), who(a, '张三'));
    expect(claim(held, who(a, '张三'))).toBe(held);
    expect(codeOf(() => claim(held, who(a, '李四')))).toBe('CASE_CLAIMED');
    expect(codeOf(() => act(held, anyOf, a, 'approve'))).toBe('CASE_CLAIMED');
    expect(act(held, anyOf, b, 'approve').next.state).toBe('approved');
    expect(codeOf(() => release(held, { party: a, account: '李四' }))).toBe('CASE_CLAIMED');
    expect(act(release(held, { party: a, account: '张三' }), anyOf, a, 'approve').next.state).toBe(
      'approved',
    );
  });
  it('is none of whoever may not decide', () => {
    expect(codeOf(() => claim(open(anyOf), who('department:丙', '王五')))).toBe('FORBIDDEN');
  });
});

describe('机器自动校核', () => {
  const machine = { id: 'm', title: '机器', permission: 'review', decisions: [approve] };
  const byLight = make({
    steps: [
      { ...machine, automatic: { whenLight: 'green', decision: 'approve' } },
      { ...machine, id: 'n' },
    ],
  });
  const parties = [{ step: 'm', key: a, department: '甲站', permission: 'review' }];
  const current: Case = { ...open(anyOf), workflow: 'review', step: 'm', parties };
  const ask = (light: 'green' | 'yellow' | undefined) =>
    automaticDecision(current, byLight, { light, doGuardsHold: () => false });
  it('decides green and nothing else, and is no withdrawal’s hindrance', () => {
    expect(ask('green')).toEqual({ step: 'm', decision: 'approve' });
    expect(ask('yellow')).toBeUndefined();
    expect(ask(undefined)).toBeUndefined();
    const next = decide(current, byLight, {
      ...{ step: 'm', decision: 'approve', opinion: '', at, by: '机器', automatic: true },
    }).next;
    expect(next).toMatchObject({ state: 'open', step: 'n' });
    expect(automaticDecision(next, byLight, { light: 'green', doGuardsHold: () => true })).toBeUndefined();
    expect(mayWithdraw(next, { ...byLight, withdraw: 'while-undecided' })).toBe(true);
  });
  it('decides by guards where the step names some', () => {
    const byGuards = make({
      steps: [{ ...machine, automatic: { guards: ['x'], decision: 'approve' } }],
    });
    const hold = (answer: boolean) =>
      automaticDecision(current, byGuards, { light: undefined, doGuardsHold: () => answer });
    expect(hold(true)).toEqual({ step: 'm', decision: 'approve' });
    expect(hold(false)).toBeUndefined();
  });
});

describe('whatever is done in whatever order', () => {
  const move = fc.record({
    party: fc.constantFrom(a, b, 'department:丙'),
    what: fc.constantFrom('approve', 'refuse', 'return', 'hand-in', 'withdraw', 'claim', 'release'),
  });
  it('a closed case stays as it is, an open one has a waiting step with parties, effects come once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(anyOf, allOf, twoSteps),
        fc.array(move, { maxLength: 30 }),
        (workflow, moves) => {
          let current = open(workflow);
          let closings = 0;
          for (const { party, what } of moves) {
            const before = structuredClone(current);
            const wasClosed = isClosed(current.state);
            const who = { party, account: `account of ${party}`, name: party, at };
            try {
              if (what === 'claim') current = claim(current, who);
              else if (what === 'release') current = release(current, who);
              else {
                const acted =
                  what === 'hand-in'
                    ? handIn(current, { at, by: party })
                    : what === 'withdraw'
                      ? withdraw(current, workflow, { at, by: party })
                      : act(current, workflow, party, what);
                current = acted.next;
                if (isClosed(current.state)) closings += 1;
              }
            } catch (error) {
              expect(error).toBeInstanceOf(AppError);
              expect(current).toEqual(before);
            }
            if (wasClosed) expect(current).toEqual(before);
            else if (isClosed(current.state)) expect(current.step).toBeUndefined();
            else expect(partiesAt(current).length).toBeGreaterThan(0);
          }
          expect(closings).toBe(isClosed(current.state) ? 1 : 0);
        },
      ),
    );
  });
});
