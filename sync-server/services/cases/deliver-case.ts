import { departmentsOf } from '#domain/cases/assignees.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { DepartmentClient } from '../../ports/department-client.ts';
import type { Job, JobRows } from '../../ports/job-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { JobOutcome } from '../run-jobs.ts';

export interface DeliverCaseOptions {
  cases: Pick<CaseRows, 'find'>;
  records: Pick<RecordRows, 'find'>;
  jobs: Pick<JobRows, 'finish'>;
  /** By name of the department. */
  lines: ReadonlyMap<string, DepartmentClient>;
  clock: Clock;
  log: Log;
}

/**
 * Tells a department's own system of a case: at least once, with one key. What became of an earlier try is never guessed:
 * the department is asked first, each time. A failure is tried again later and parked in the end; a refusal is parked at once.
 */
export function createDeliverCase({ cases, records, jobs, lines, clock, log }: DeliverCaseOptions) {
  return async function deliverCase(job: Job): Promise<JobOutcome> {
    const stored = await cases.find(job.refId);
    const { recordId, pushId: key = stored?.case.id } = stored?.case ?? {};
    const record = recordId === undefined ? undefined : await records.find(recordId);
    if (!stored || !record || key === undefined) return { type: 'park', reason: 'case missing' };
    const line = departmentsOf(stored.case).flatMap((name) => lines.get(name) ?? [])[0];
    if (!line) return { type: 'park', reason: 'no line to the department' };
    const { id: caseId, openedAt } = stored.case;
    if (!(await line.has(key))) {
      const { programme, kindTitle, uniqueCode, light } = stored;
      const { subject } = record.record;
      const outcome = await line.send({
        key,
        caseId,
        recordId: record.id,
        uniqueCode: uniqueCode ?? '',
        programme,
        kindTitle,
        subject,
        light: light ?? '',
        openedAt,
      });
      if (!outcome.accepted) return { type: 'park', reason: outcome.reason };
    }
    await jobs.finish(job.id, { effect: 'push-delivered', refId: key, at: clock.now() });
    log.info({ caseId }, 'case delivered');
    return { type: 'done' };
  };
}
