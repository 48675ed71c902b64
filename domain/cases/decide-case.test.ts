import { describe, expect, it } from 'vitest';
import { workflowSchema } from '../catalogue/workflow.ts';
import { AppError } from '../errors/app-error.ts';
import { automaticDecision, decideCase, openCase } from './decide-case.ts';

const decisions = [
  { id: 'approve', label: '审核通过', opinion: 'optional', outcome: 'approved' },
  { id: 'refuse', label: '审核不通过', opinion: 'required', outcome: 'refused' },
];
const workflow = workflowSchema.parse({
  id: 'two-steps',
  title: '两级审核',
  steps: [
    {
      id: 'machine',
      title: '机器自动校核',
      permission: 'review',
      decisions,
      automatic: { whenLight: 'green', decision: 'approve' },
    },
    { id: 'manual', title: '人工形式核验', permission: 'review', decisions },
  ],
});
const at = '2026-11-21T08:00:00.000Z';
const opened = () =>
  openCase({
    id: '01K00000000000000000000001',
    recordId: '01K00000000000000000000002',
    pushId: '01K00000000000000000000003',
    workflow,
    pushField: 'construction-tendering',
    at,
  });
const decide = (step: string, decision: string, opinion = '', current = opened()) =>
  decideCase(current, workflow, { step, decision, opinion, at, by: '张三' });
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
  return undefined;
};

describe('decideCase', () => {
  it('goes on to the next step, then closes as approved', () => {
    const second = decide('machine', 'approve');
    expect(second).toMatchObject({ state: 'open', step: 1 });
    const closed = decide('manual', 'approve', ' 同意 ', second);
    expect(closed).toMatchObject({ state: 'approved', step: 2, closedAt: at });
    expect(closed.decisions.map((decision) => decision.opinion)).toEqual(['', '同意']);
  });
  it('closes at a refusal', () => {
    expect(decide('machine', 'refuse', '附件不清晰')).toMatchObject({
      state: 'refused',
      step: 2,
      closedAt: at,
    });
  });
  it('demands an opinion for a refusal', () => {
    expect(codeOf(() => decide('machine', 'refuse', '  '))).toBe('OPINION_REQUIRED');
  });
  it('refuses a second decision on a step that is over, and on a closed case', () => {
    const second = decide('machine', 'approve');
    expect(codeOf(() => decide('machine', 'approve', '', second))).toBe('CASE_CLOSED');
    expect(codeOf(() => decide('machine', 'approve', '', decide('machine', 'refuse', '不清晰')))).toBe(
      'CASE_CLOSED',
    );
  });
  it('knows only the decisions of the step', () => {
    expect(codeOf(() => decide('machine', 'postpone'))).toBe('NOT_FOUND');
  });
  it('leaves the case it was given as it is', () => {
    const before = opened();
    decide('machine', 'approve', '', before);
    expect(before).toEqual(opened());
  });
});

describe('automaticDecision', () => {
  it('decides green at an automatic step and nothing else', () => {
    expect(automaticDecision(opened(), workflow, 'green')).toEqual({ step: 'machine', decision: 'approve' });
    expect(automaticDecision(opened(), workflow, 'yellow')).toBeUndefined();
    expect(automaticDecision(opened(), workflow, undefined)).toBeUndefined();
    expect(automaticDecision(decide('machine', 'approve'), workflow, 'green')).toBeUndefined();
  });
});
