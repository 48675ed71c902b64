import { handIn } from '#domain/cases/engine.ts';
import { isClosed } from '#domain/cases/schema.ts';
import { getProgramme, getRecordKind, getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { mayGoOnByMachine } from '#domain/record/compare-checks.ts';
import type { CaseRows, RecordRows, StoredCase, StoredRecord } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { announceCase } from './announce-case.ts';
import { stepTitleOf } from './case-opening.ts';
import type { CaseOpening, Opening } from './case-opening.ts';
import { tellChanges } from './open-push.ts';
import type { JobOutcome } from '../run-jobs.ts';

export interface OpenCaseOptions {
  opening: Pick<CaseOpening, 'open'>;
  records: Pick<RecordRows, 'find'>;
  cases: CaseRows;
  catalogues: Pick<CatalogueRows, 'find'>;
  catalogue: Catalogue;
  announcements: Announcements;
  clock: Clock;
  makeId: MakeId;
  log: Log;
}

/** A case that a stored record's action or another case's decision opens; one that was returned goes on where it was returned to. */
export function createOpenCase(options: OpenCaseOptions) {
  const { opening, records, cases, catalogues, catalogue, announcements, clock, makeId, log } = options;

  return async function openCase(job: Job): Promise<JobOutcome> {
    const [workflowId = '', recordId = ''] = job.refId.split(' ');
    const stored = await records.find(recordId);
    if (stored?.state !== 'stored') return { type: 'wait', waitsFor: recordId };
    const running = (await cases.ofRecord(recordId)).filter(
      ({ case: one }) => one.workflow === workflowId && !isClosed(one.state),
    );
    // several departments may have given it back by one workflow: each has a job of its own
    const standing = running.find(({ case: one }) => one.state === 'returned') ?? running[0];
    const to = audiencesOfRecord(stored);
    const opened = standing
      ? { current: await handInAgain(job, standing, stored), deeds: [] }
      : await openNew(job, stored, workflowId);
    if (typeof opened === 'string') return { type: 'park', reason: opened };
    announceCase(announcements, 'case-opened', { ...opened, subject: stored.record.subject });
    announcements.announceFeed(to);
    log.info({ caseId: opened.current.id, state: opened.current.state }, 'case opened');
    return { type: 'done' };
  };

  async function openNew(job: Job, stored: StoredRecord, workflowId: string) {
    const at = clock.now();
    const { record, light, uniqueCode } = stored;
    const programme = getProgramme(catalogue, record.programme);
    const kind = getRecordKind(catalogue, programme.id, record.kind);
    const workflow = getWorkflow(catalogue, workflowId);
    const opened = await tryOpening({
      id: makeId(),
      record: light === undefined ? record : { ...record, light },
      workflow,
      catalogue,
      mayGoOnByMachine: record.materials.every(({ rechecked }) => mayGoOnByMachine(rechecked)),
      at,
    });
    if (typeof opened === 'string') return opened;
    const { current, deeds } = opened;
    await cases.open({
      jobId: job.id,
      at,
      stepTitle: stepTitleOf(current, workflow),
      stored: {
        case: current,
        revision: 0,
        stationId: stored.stationId,
        programme: programme.id,
        kindTitle: kind.title,
        subjectName: record.subject.name,
        ...(uniqueCode === undefined ? {} : { uniqueCode }),
        ...(light === undefined ? {} : { light }),
        catalogueHash: catalogue.hash,
      },
      deeds,
      to: audiencesOfRecord(stored),
      changes: tellChanges(current, workflow),
    });
    return opened;
  }

  async function tryOpening(given: Opening) {
    try {
      return await opening.open(given);
    } catch (error) {
      if (error instanceof AppError && error.code === 'NO_ONE_DECIDES') return error.message;
      throw error;
    }
  }

  async function handInAgain(job: Job, before: StoredCase, stored: StoredRecord) {
    const at = clock.now();
    const pinned = await catalogues.find(before.catalogueHash);
    if (!pinned) throw new AppError('CATALOGUE_UNKNOWN', { case: before.case.id });
    const { next } =
      before.case.state === 'returned'
        ? handIn(before.case, { at, by: stored.record.subject.name })
        : { next: before.case };
    const workflow = getWorkflow(pinned, next.workflow);
    await cases.proceed({
      before,
      jobId: job.id,
      next,
      stepTitle: stepTitleOf(next, workflow),
      ...(stored.light === undefined ? {} : { light: stored.light }),
      deeds: [],
      to: audiencesOfRecord(stored),
      changes: tellChanges(next, workflow),
      at,
      actor: stored.stationId,
      operation: 'case-handed-in',
    });
    return next;
  }
}
