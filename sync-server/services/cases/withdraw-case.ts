import { withdraw } from '#domain/cases/engine.ts';
import type { CaseStep } from '#domain/cases/engine.ts';
import { deedsOf } from '#domain/cases/effects.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { CaseRows, RecordRows, StoredCase, StoredRecord } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { SubscriptionRows } from '../../ports/subscription-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { announceCase } from './announce-case.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { readPayload } from '../submissions/read-payload.ts';
import type { JobOutcome } from '../run-jobs.ts';
import { stepTitleOf } from './case-opening.ts';
import { mayActFrom } from './may-act-from.ts';
import { tellChanges } from './open-push.ts';

export interface WithdrawCaseOptions {
  items: Pick<ItemRows, 'find'>;
  records: Pick<RecordRows, 'find'>;
  cases: Pick<CaseRows, 'find' | 'proceed' | 'endUndone'>;
  catalogues: Pick<CatalogueRows, 'find'>;
  subscriptions: Pick<SubscriptionRows, 'wasProved'>;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}

/** 撤回 from a counter: the case ends, or, where somebody has decided meanwhile, the station hears how it stands. */
export function createWithdrawCase(options: WithdrawCaseOptions) {
  const { items, records, cases, catalogues, subscriptions, announcements, clock, log } = options;

  return async function withdrawCase(job: Job): Promise<JobOutcome> {
    const item = await items.find(job.refId);
    if (!item) return { type: 'park', reason: 'item missing' };
    const asked = readPayload(item, 'withdraw');
    const stored = await records.find(asked.recordId);
    const found = await cases.find(asked.caseId);
    if (!stored || found?.case.recordId !== stored.id) return { type: 'park', reason: 'case missing' };
    const mayAct = await mayActFrom(item, stored, subscriptions);
    if (!mayAct) return { type: 'park', reason: 'a record of another station' };
    const pinned = await catalogues.find(found.catalogueHash);
    if (!pinned) throw new AppError('CATALOGUE_UNKNOWN', { case: found.case.id });
    const workflow = getWorkflow(pinned, found.case.workflow);
    const at = clock.now();
    const ended = tryWithdrawal(() => withdraw(found.case, workflow, { at, by: asked.requestedBy }));
    const [change] = tellChanges(ended?.next ?? found.case, workflow);
    if (!ended && change) {
      const to = [audienceOf.station(item.stationId)];
      await cases.endUndone({ jobId: job.id, to, change, at });
      announcements.announceFeed(to);
      log.warn({ caseId: found.case.id, state: found.case.state }, 'case not withdrawn');
    }
    if (ended) await end(job, { found, stored, ended, stationId: item.stationId, at });
    return { type: 'done' };

    async function end(
      { id: jobId }: Job,
      step: { found: StoredCase; stored: StoredRecord; ended: CaseStep; stationId: string; at: string },
    ): Promise<void> {
      const { next, effects } = step.ended;
      const to = audiencesOfRecord(step.stored, step.stationId);
      const deeds = deedsOf(effects, { current: next, record: step.stored.record });
      await cases.proceed({
        ...{ before: step.found, jobId, next, to, deeds, at: step.at },
        stepTitle: stepTitleOf(next, workflow),
        changes: tellChanges(next, workflow),
        actor: step.stationId,
        operation: 'case-withdrawn',
      });
      announceCase(announcements, 'case-changed', {
        current: next,
        deeds,
        subject: step.stored.record.subject,
      });
      announcements.announceFeed(to);
      log.info({ caseId: next.id }, 'case withdrawn');
    }
  };
}

/** Undefined where it is too late, or the workflow knows no withdrawal. */
function tryWithdrawal(step: () => CaseStep): CaseStep | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof AppError && error.code === 'CASE_CLOSED') return undefined;
    throw error;
  }
}
