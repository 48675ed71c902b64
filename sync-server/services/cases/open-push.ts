import { reasonOf } from '#domain/cases/effects.ts';
import type { Case } from '#domain/cases/schema.ts';
import { tellApplicant } from '#domain/cases/tell-applicant.ts';
import { getProgramme, getRecordKind, getWorkflow } from '#domain/catalogue/lookup.ts';
import { pushWorkflowOf } from '#domain/catalogue/verification-way.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';
import { mayGoOnByMachine } from '#domain/record/compare-checks.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { SubscriptionRows } from '../../ports/subscription-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { announceCase } from './announce-case.ts';
import { stepTitleOf } from './case-opening.ts';
import { mayActFrom } from './may-act-from.ts';
import type { CaseOpening, Opening } from './case-opening.ts';
import { readPayload } from '../submissions/read-payload.ts';
import { refusalText } from '../submissions/refusal.ts';
import type { JobOutcome } from '../run-jobs.ts';

type Opened = Awaited<ReturnType<CaseOpening['open']>>;

export interface OpenPushOptions {
  opening: CaseOpening;
  items: ItemRows;
  records: RecordRows;
  cases: CaseRows;
  /** Where the subject's key was: a station acts on what another entered only after it was there. */
  subscriptions: Pick<SubscriptionRows, 'wasProved'>;
  catalogue: Catalogue;
  /** Whether the department's own system wants to hear of its cases. */
  hasLine: (department: string) => boolean;
  announcements: Announcements;
  clock: Clock;
  makeId: MakeId;
  log: Log;
}

/** 推送: a stored record goes to the department of the chosen field as a case. One that is not verified yet is waited for. */
export function createOpenPush(options: OpenPushOptions) {
  const {
    opening,
    items,
    records,
    cases,
    subscriptions,
    catalogue,
    hasLine,
    announcements,
    clock,
    makeId,
    log,
  } = options;

  return async function openPush(job: Job): Promise<JobOutcome> {
    const item = await items.find(job.refId);
    if (!item) return { type: 'park', reason: 'item missing' };
    const push = readPayload(item, 'push');
    const stored = await records.find(push.recordId);
    if (!stored) return { type: 'wait', waitsFor: push.recordId };
    const { stationId } = item;
    const at = clock.now();

    const programme = getProgramme(catalogue, stored.record.programme);
    const kind = getRecordKind(catalogue, programme.id, stored.record.kind);
    const field = programme.pushFields.find(({ id }) => id === push.field);
    const { light, uniqueCode } = stored;
    const to = audiencesOfRecord(stored, stationId);
    // whoever holds the record and did not make the push learns of it with the first word on it
    const made = {
      field: push.field,
      fieldName: field?.name ?? push.field,
      pushedAt: push.requestedAt < item.receivedAt ? push.requestedAt : item.receivedAt,
      by: push.requestedBy,
    };
    // nobody else hears of what was not to be: a station can name any record
    const refuse = async (opinion: string): Promise<JobOutcome> => {
      const own = [audienceOf.station(stationId)];
      const change: Change = {
        kind: 'push-state',
        recordId: push.recordId,
        pushId: push.id,
        state: 'refused',
        at,
        opinion,
        push: made,
      };
      await cases.endUndone({ jobId: job.id, to: own, change, at });
      announcements.announceFeed(own);
      log.warn({ pushId: push.id }, 'push refused');
      return { type: 'done' };
    };
    const because = (code: ErrorCode) => refuse(refusalText({ code }));
    if (!(await mayActFrom(item, stored, subscriptions))) return because('FORBIDDEN');
    if (stored.releasedAt !== undefined) return because('PERSON_RELEASED');
    if (stored.rejection) return refuse(stored.rejection.message);
    if (!field || !kind.pushable || light === undefined || uniqueCode === undefined)
      return because('NOT_FOUND');

    const workflow = getWorkflow(catalogue, pushWorkflowOf(field, kind));
    // whatever the light: what the server's own look does not bear out waits for a person
    const mayGoOn = stored.record.materials.every(({ rechecked }) => mayGoOnByMachine(rechecked));
    const opened = await openingOf({
      id: makeId(),
      record: { ...stored.record, light },
      workflow,
      catalogue,
      push: { id: push.id, field: field.id, department: field.department },
      mayGoOnByMachine: mayGoOn,
      at,
    });
    if ('code' in opened) return because(opened.code);
    const { current, deeds } = opened;
    const isNew = await cases.open({
      jobId: job.id,
      deliveryJobId: hasLine(field.department) ? makeId() : undefined,
      at,
      stepTitle: stepTitleOf(current, workflow),
      stored: {
        case: current,
        revision: 0,
        stationId,
        programme: programme.id,
        kindTitle: kind.title,
        subjectName: stored.record.subject.name,
        uniqueCode,
        light,
        catalogueHash: catalogue.hash,
      },
      to,
      deeds,
      changes: [
        { kind: 'push-state', recordId: stored.id, pushId: push.id, state: 'under-review', at, push: made },
        ...tellChanges(current, workflow),
      ],
    });
    if (isNew) {
      announceCase(announcements, 'case-opened', { ...opened, subject: stored.record.subject });
      announcements.announceFeed(to);
      log.info({ caseId: current.id, state: current.state }, 'case opened');
    }
    return { type: 'done' };
  };

  /** A workflow that names nobody refuses the push in words, instead of waiting for ever. */
  async function openingOf(given: Opening): Promise<Opened | { code: 'NO_ONE_DECIDES' }> {
    try {
      return await opening.open(given);
    } catch (error) {
      if (error instanceof AppError && error.code === 'NO_ONE_DECIDES') return { code: error.code };
      throw error;
    }
  }
}

/**
 * What the applicant hears of a case: how the one of a 提交 stands, that the record is given back, how the case of a push ended.
 * `workflow`: the one it runs by; without it, where that is not known any more, its steps have no names.
 */
export function tellChanges(current: Case, workflow: Workflow | undefined): Change[] {
  const { recordId, pushId } = current;
  if (recordId === undefined || pushId !== undefined || !workflow) return closingChanges(current);
  return [
    { kind: 'case-state', recordId, case: tellApplicant(current, workflow) },
    ...closingChanges(current),
  ];
}

function closingChanges(current: Case): Change[] {
  const { id: caseId, state, recordId, pushId, decisions } = current;
  const last = decisions.at(-1);
  if (!last || recordId === undefined) return [];
  if (state === 'returned')
    return [
      { kind: 'record-returned', recordId, caseId, at: last.at, by: last.by, reason: reasonOf(current) },
    ];
  if (pushId === undefined) return [];
  if (state !== 'approved' && state !== 'refused') return [];
  return [
    {
      kind: 'push-state',
      recordId,
      pushId,
      state,
      at: last.at,
      opinion: last.opinion,
      decidedBy: last.by,
    },
  ];
}
