import { demand, may } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue, Programme } from '#domain/catalogue/schema.ts';
import type { Case } from '#domain/cases/schema.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { complaintsAmong, isLost } from '#domain/record/complaints.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import type { CaseRows } from '../../ports/case-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { announceCase } from './announce-case.ts';
import { stepTitleOf } from './case-opening.ts';
import type { CaseOpening } from './case-opening.ts';
import { factsOf } from './found-case.ts';
import type { FoundCase } from './found-case.ts';
import { tellChanges } from './open-push.ts';

export interface LodgeComplaintOptions {
  opening: Pick<CaseOpening, 'open'>;
  cases: Pick<CaseRows, 'ofRecord' | 'open'>;
  /** The present one: who may complain is asked of today's configuration. */
  catalogue: Catalogue;
  announcements: Announcements;
  clock: Clock;
  makeId: MakeId;
  log: Log;
}

/** 投诉: a department that relies on what it approved says what is wrong with it; by a workflow of its own it is decided. */
export function createLodgeComplaint(options: LodgeComplaintOptions) {
  const { opening, cases, catalogue, announcements, clock, makeId, log } = options;

  const programmeOf = (found: FoundCase): Programme | undefined =>
    catalogue.programmes.find(({ id }) => id === found.programme);

  const ofRecord = async (recordId: string): Promise<Case[]> =>
    (await cases.ofRecord(recordId)).map((one) => one.case);

  /** Answers the id of the complaint's case. Throws FORBIDDEN, COMPLAINT_NOT_POSSIBLE, COMPLAINT_WAITS, NO_ONE_DECIDES. */
  async function lodge(actor: Actor, found: FoundCase, reason: string): Promise<string> {
    const { case: pushed, owner } = found;
    const programme = programmeOf(found);
    const rule = programme?.complaints;
    const field = programme?.pushFields.find(({ id }) => id === pushed.pushField);
    if (!rule || !field || !owner || pushed.pushId === undefined)
      throw new AppError('COMPLAINT_NOT_POSSIBLE', { case: pushed.id });
    demand(actor, 'case.complain', factsOf(pushed, owner, rule.permission), { case: pushed.id });
    const others = complaintsAmong(await ofRecord(owner.id));
    if (pushed.state !== 'approved' || owner.state !== 'stored' || isLost({ id: pushed.pushId }, others))
      throw new AppError('COMPLAINT_NOT_POSSIBLE', { case: pushed.id });

    const workflow = getWorkflow(catalogue, rule.workflow);
    const at = clock.now();
    const by = actor.department === '' ? field.department : actor.department;
    const { light } = owner;
    const { current, deeds } = await opening.open({
      id: makeId(),
      record: light === undefined ? owner.record : { ...owner.record, light },
      ...{ workflow, catalogue, at },
      complaint: {
        about: { push: pushed.pushId, field: field.id, reason, by },
        department: field.department,
      },
      mayGoOnByMachine: false,
    });
    const to = audiencesOfRecord(owner, found.stationId);
    const { workflow: _workflow, owner: _owner, pinned: _pinned, ...place } = found;
    const isFirst = await cases.open({
      ...{ actor: actor.account, to, deeds, at },
      stepTitle: stepTitleOf(current, workflow),
      stored: { ...place, case: current, revision: 0, catalogueHash: catalogue.hash },
      changes: tellChanges(current, workflow),
    });
    if (!isFirst) throw new AppError('COMPLAINT_WAITS', { case: pushed.id });
    log.info({ caseId: current.id, accountId: actor.account }, 'complaint lodged');
    announceCase(announcements, 'case-opened', { current, deeds, subject: owner.record.subject });
    announcements.announceFeed(to);
    return current.id;
  }

  return {
    lodge,
    /** Whether the page offers it; whether it goes, `lodge` says. */
    mayLodge: (actor: Actor, found: FoundCase): boolean => {
      const permission = programmeOf(found)?.complaints?.permission;
      const { case: pushed, owner } = found;
      if (permission === undefined || pushed.pushId === undefined || pushed.state !== 'approved')
        return false;
      return may(actor, 'case.complain', factsOf(pushed, owner, permission)).allowed;
    },
  };
}
