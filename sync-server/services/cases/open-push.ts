import { automaticDecision, decideCase, openCase } from '#domain/cases/decide-case.ts';
import type { Case } from '#domain/cases/schema.ts';
import { getProgramme, getRecordKind, getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import type { ErrorCode } from '#domain/errors/table.ts';
import { audienceOf } from '#domain/sync/audience.ts';
import { pushPayloadSchema } from '#domain/sync/schema.ts';
import type { Change } from '#domain/sync/schema.ts';
import { mayGoOnByMachine } from '#domain/verdict/compare-checks.ts';
import type { LightColour } from '#domain/verdict/schema.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../submissions/audiences-of-record.ts';
import { refusalText } from '../submissions/refusal.ts';
import type { JobOutcome } from '../run-jobs.ts';
import { machineCheck } from '../texts.ts';

export interface OpenPushOptions {
  items: ItemRows;
  records: RecordRows;
  cases: CaseRows;
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
  const { items, records, cases, catalogue, hasLine, announcements, clock, makeId, log } = options;

  return async function openPush(job: Job): Promise<JobOutcome> {
    const item = await items.find(job.refId);
    if (!item) return { type: 'park', reason: 'item missing' };
    const push = pushPayloadSchema.parse(JSON.parse(item.payload));
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
      await cases.refusePush({ jobId: job.id, to: own, change, at });
      announcements.announceFeed(own);
      log.warn({ pushId: push.id }, 'push refused');
      return { type: 'done' };
    };
    const because = (code: ErrorCode) => refuse(refusalText({ code }));
    if (stored.stationId !== stationId) return because('FORBIDDEN');
    if (stored.rejection) return refuse(stored.rejection.message);
    if (!field || !kind.pushable || light === undefined || uniqueCode === undefined)
      return because('NOT_FOUND');

    const workflow = getWorkflow(catalogue, kind.workflow);
    const opened = openCase({
      id: makeId(),
      recordId: stored.id,
      pushId: push.id,
      workflow,
      pushField: field.id,
      at,
    });
    // whatever the light: what the server's own look does not bear out waits for a person
    const isConfirmed = stored.record.materials.every(({ rechecked }) => mayGoOnByMachine(rechecked));
    const current = isConfirmed ? decideByMachine(opened, workflow, light, at) : opened;
    const isNew = await cases.open({
      jobId: job.id,
      deliveryJobId: hasLine(field.department) ? makeId() : undefined,
      at,
      stepTitle: stepTitleOf(current, workflow),
      stored: {
        case: current,
        stationId,
        programme: programme.id,
        kindTitle: kind.title,
        subjectName: stored.record.subject.name,
        uniqueCode,
        light,
        department: field.department,
        catalogueHash: catalogue.hash,
      },
      to,
      changes: [
        { kind: 'push-state', recordId: stored.id, pushId: push.id, state: 'under-review', at, push: made },
        ...closingChanges(current),
      ],
    });
    if (isNew) {
      announcements.announce({ type: 'case-opened', caseId: current.id, department: field.department });
      announcements.announceFeed(to);
      log.info({ caseId: current.id, state: current.state }, 'case opened');
    }
    return { type: 'done' };
  };
}

/** 机器自动校核: as far as the workflow's automatic steps go. */
export function decideByMachine(opened: Case, workflow: Workflow, light: LightColour, at: string): Case {
  let current = opened;
  for (;;) {
    const answer = automaticDecision(current, workflow, light);
    if (!answer) return current;
    current = decideCase(current, workflow, {
      ...answer,
      opinion: machineCheck.opinion,
      at,
      by: machineCheck.by,
      automatic: true,
    });
  }
}

/** What the station hears when a case is closed; nothing while it is open. */
export function closingChanges({ state, recordId, pushId, decisions }: Case): Change[] {
  const last = decisions.at(-1);
  if (state === 'open' || !last) return [];
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

/** Title of the step that waits; of the last one when none does. */
export function stepTitleOf({ step }: Case, { steps }: Workflow): string {
  return (steps[step] ?? steps.at(-1))?.title ?? '';
}
