import { demand, filterFor, may } from '#domain/accounts/permissions.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { departmentsOf, partyOf } from '#domain/cases/assignees.ts';
import { claim, decide, release } from '#domain/cases/engine.ts';
import type { CaseStep } from '#domain/cases/engine.ts';
import { overruleLight } from '#domain/cases/overrule-light.ts';
import type { Case, CaseParty } from '#domain/cases/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import type { OverruleRequest, UnmaskCaseRequest, UnmaskedField } from '#domain/contracts/desk/cases.ts';
import type { CaseDetail } from '#domain/contracts/desk/case-detail.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { CaseOperation, CaseQuery, CaseRows, RecordRows, StoredRecord } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { LogRows } from '../../ports/log-rows.ts';
import type { OverruleRows } from '../../ports/overrule-rows.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { announceCase } from './announce-case.ts';
import type { CaseOpening } from './case-opening.ts';
import { createCaseDetails } from './case-details.ts';
import type { CaseDetailsOptions } from './case-details.ts';
import { createFindCase, factsOf, subjectOf, systemOf } from './found-case.ts';
import type { FoundCase } from './found-case.ts';
import { createLodgeComplaint } from './lodge-complaint.ts';
import { createProceedCase } from './proceed-case.ts';
import { maskAbout } from './masked-detail.ts';
import { unmaskField } from './unmask-case.ts';

export interface DeskCasesOptions extends Omit<CaseDetailsOptions, 'mayComplain'> {
  cases: CaseRows;
  overrules: OverruleRows;
  records: RecordRows;
  catalogues: CatalogueRows;
  opening: CaseOpening;
  announcements: Announcements;
  onDecided?: () => void;
  logRows: Pick<LogRows, 'append'>;
  clock: Clock;
  makeId: MakeId;
  log: Log;
}

/** What a department sees and decides. A case of another department is not there at all: NOT_FOUND. */
export function createDeskCases(options: DeskCasesOptions) {
  const { cases, overrules, records, announcements, logRows, clock, makeId, log } = options;

  const finding = createFindCase(options);
  const going = createProceedCase(options);

  async function findCase(actor: Actor, id: string): Promise<FoundCase> {
    const stored = await finding.withOwner(id);
    if (!stored) throw new AppError('NOT_FOUND', { case: id });
    demand(actor, 'case.read', factsOf(stored.case, stored.owner), { case: id });
    return finding.pin(stored);
  }

  async function findRecord(actor: Actor, recordId: string): Promise<StoredRecord> {
    const stored = await records.find(recordId);
    if (!stored) throw new AppError('NOT_FOUND', { record: recordId });
    const departments = (await cases.ofRecord(recordId)).flatMap((one) => departmentsOf(one.case));
    demand(
      actor,
      'record.read',
      { departments, subject: subjectOf(stored), system: systemOf(stored) },
      { record: recordId },
    );
    return stored;
  }

  const complaints = createLodgeComplaint(options);
  const { detailOf } = createCaseDetails({ ...options, mayComplain: complaints.mayLodge });

  const proceed = async (
    actor: Actor,
    found: FoundCase,
    step: CaseStep,
    act: { operation: CaseOperation; at: string },
  ): Promise<CaseDetail> => detailOf(actor, await going.proceed(actor, found, step, act));

  /**
   * The actor's party at the step that is asked about. Throws CASE_CLOSED where a later one waits, CONFIRMATION_MISSING where an
   * earlier one does, FORBIDDEN where it is not his.
   */
  function partyAt(actor: Actor, { case: current, owner, workflow }: FoundCase, step: string): CaseParty {
    const asked = current.parties.filter((party) => party.step === step);
    const party = partyOf(actor, asked);
    if (asked.length > 0 && !party) throw new AppError('FORBIDDEN');
    if (party && isBefore(current, { workflow, step }))
      throw new AppError('CONFIRMATION_MISSING', { case: current.id });
    if (!party || current.step !== step) throw new AppError('CASE_CLOSED', { case: current.id });
    if (party.person) demand(actor, 'case.confirm', factsOf(current, owner));
    else demand(actor, 'case.decide', factsOf(current, owner, party.permission));
    return party;
  }

  return {
    async list(actor: Actor, query: Omit<CaseQuery, 'visible'>) {
      const page = await cases.list({ ...query, visible: filterFor(actor, 'case.list') });
      if (actor.kind !== 'staff') return page;
      return { ...page, cases: page.cases.map((one) => ({ ...one, about: maskAbout(one.about) })) };
    },

    detail: async (actor: Actor, id: string) => detailOf(actor, await findCase(actor, id)),

    /**
     * Throws NOT_FOUND, FORBIDDEN, OPINION_REQUIRED, CASE_CLOSED (decided already, by whomever), CASE_CLAIMED,
     * ALREADY_DECIDED, GUARD_REFUSED with the guard's words.
     */
    async decide(
      actor: Actor,
      id: string,
      request: { step: string; decision: string; opinion: string },
    ): Promise<CaseDetail> {
      const found = await findCase(actor, id);
      const at = clock.now();
      const party = partyAt(actor, found, request.step);
      const decided = decide(found.case, found.workflow, {
        ...request,
        at,
        by: actorName(actor),
        account: actor.account,
        party: party.key,
      });
      await going.holdGuards(actor, found, request.decision);
      return proceed(actor, found, decided, { operation: 'case-decided', at });
    },

    /** 投诉. Throws NOT_FOUND, FORBIDDEN, COMPLAINT_NOT_POSSIBLE, COMPLAINT_WAITS. */
    async complain(actor: Actor, id: string, { reason }: { reason: string }): Promise<CaseDetail> {
      const complaint = await complaints.lodge(actor, await findCase(actor, id), reason);
      return detailOf(actor, await findCase(actor, complaint));
    },

    /** 认领. Throws as `decide` does. */
    async claim(actor: Actor, id: string, { step }: { step: string }): Promise<CaseDetail> {
      const found = await findCase(actor, id);
      const at = clock.now();
      const { key: party } = partyAt(actor, found, step);
      const next = claim(found.case, { party, account: actor.account, name: actorName(actor), at });
      if (next === found.case) return detailOf(actor, found);
      return proceed(actor, found, { next, effects: [] }, { operation: 'case-claimed', at });
    },

    /** 释放. Throws as `decide` does. */
    async release(actor: Actor, id: string, { step }: { step: string }): Promise<CaseDetail> {
      const found = await findCase(actor, id);
      const { key: party } = partyAt(actor, found, step);
      const next = release(found.case, { party, account: actor.account });
      if (next === found.case) return detailOf(actor, found);
      return proceed(actor, found, { next, effects: [] }, { operation: 'case-released', at: clock.now() });
    },

    /**
     * 改判. Throws NOT_FOUND, FORBIDDEN, OPINION_REQUIRED, BAD_REQUEST (that light already), CASE_CLOSED (decided, or
     * overruled by somebody else meanwhile).
     */
    async overrule(actor: Actor, id: string, request: OverruleRequest): Promise<CaseDetail> {
      const found = await findCase(actor, id);
      const { case: current, owner } = found;
      const asked = current.parties.filter((one) => one.step === request.step);
      const permission = partyOf(actor, asked)?.permission;
      demand(actor, 'case.overrule', factsOf(current, owner, permission));
      if (!owner) throw new AppError('NOT_FOUND', { case: id });
      const { record } = owner;
      const audiences = audiencesOfRecord(owner, found.stationId);
      const earlier = await overrules.ofCase(id);
      const at = clock.now();
      const { step, slot, field, light: to, reason } = request;
      const overrule = overruleLight({ current, record }, earlier, {
        ...{ id: makeId(), step, slot, field, to, reason, at },
        by: actorName(actor),
      });
      const isFirst = await overrules.add({
        caseId: id,
        to: audiences,
        overrule,
        decisionsBefore: current.decisions.length,
        overrulesBefore: earlier.length,
        change: { kind: 'light-overruled', recordId: record.id, overrule },
        accountId: actor.account,
        at,
      });
      if (!isFirst) throw new AppError('CASE_CLOSED', { case: id });
      log.info({ caseId: id, accountId: actor.account, field, light: to }, 'light overruled');
      announceCase(announcements, 'case-changed', { current, deeds: [], subject: record.subject });
      announcements.announceFeed(audiences);
      return detailOf(actor, found);
    },

    /** One masked value, whole, and a line of the log. Throws NOT_FOUND. */
    async unmask(actor: Actor, id: string, { reason, ...asked }: UnmaskCaseRequest): Promise<UnmaskedField> {
      const { case: current, owner, pinned } = await findCase(actor, id);
      demand(actor, 'case.unmask', factsOf(current, owner), { case: id });
      if (!owner) throw new AppError('NOT_FOUND', { case: id });
      const unmasked = unmaskField(owner.record, asked, pinned);
      const detail = `${asked.field}：${reason}`;
      const line = {
        at: clock.now(),
        kind: 'unmask',
        actor: actor.account,
        action: 'case-unmasked',
      } as const;
      // before the answer: nobody sees it without the line
      await logRows.append({ ...line, refId: id, detail });
      return unmasked;
    },

    /** Whether to tell of a case of that authority. */
    maySee: (actor: Actor, department: string): boolean =>
      may(actor, 'case.read', {
        ...{ department, permission: '', subject: '', person: '', administered: '', system: '' },
      }).allowed,

    findRecord,
  };
}
export type DeskCases = ReturnType<typeof createDeskCases>;

/** Whether the case still waits at a step above that one. */
function isBefore(
  { state, step: waiting }: Case,
  { workflow: { steps }, step }: { workflow: Workflow; step: string },
): boolean {
  const placeOf = (id: string | undefined): number => steps.findIndex((one) => one.id === id);
  return state === 'open' && placeOf(waiting) < placeOf(step);
}
