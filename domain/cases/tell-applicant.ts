/** How a case stands, in the words that its applicant reads. */
import type { Workflow } from '../catalogue/workflow.ts';
import type { RecordCase } from '../record/standing.ts';
import { mayWithdraw, waitingStep } from './engine.ts';
import type { Case } from './schema.ts';

const usualResults = {
  approved: '审核通过',
  refused: '审核不通过',
  withdrawn: '已撤回',
} as const;

export function tellApplicant(current: Case, workflow: Workflow): RecordCase {
  const last = current.decisions.at(-1);
  return {
    id: current.id,
    title: workflow.title,
    state: current.state,
    text: textOf(current, workflow),
    entries: current.decisions.length,
    at: last?.at ?? current.openedAt,
    ...(last === undefined || last.by === '' ? {} : { by: last.by }),
    ...(last === undefined || last.opinion === '' ? {} : { opinion: last.opinion }),
    ...(current.complaint ? { complaint: current.complaint } : {}),
    mayWithdraw: mayWithdraw(current, workflow),
  };
}

function textOf(current: Case, workflow: Workflow): string {
  const { state } = current;
  if (state === 'returned') return '退回补正';
  if (state === 'open') return waitingStep(current, workflow)?.title ?? workflow.title;
  return workflow.results?.[state] ?? usualResults[state];
}
