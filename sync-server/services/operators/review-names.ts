import { demand, demandAtAll, filterFor } from '#domain/accounts/permissions.ts';
import type { Operator } from '#domain/accounts/operators.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { administratorKey, partyOf } from '#domain/cases/assignees.ts';
import { decide, partiesAt, waitingStep } from '#domain/cases/engine.ts';
import { tellApplicant } from '#domain/cases/tell-applicant.ts';
import type { ApplicationDetail, ApplicationSummary } from '#domain/contracts/unit/name-applications.ts';
import type { Notice, TodoDecision } from '#domain/contracts/mobile/todos.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { maskMobile } from '#domain/text/masking.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { CaseRows } from '../../ports/case-rows.ts';
import type { OperatorRows } from '../../ports/operator-rows.ts';
import type { PersonNoticeRows } from '../../ports/person-rows.ts';
import type { Clock } from '../../ports/surroundings.ts';
import { decisionView } from '../cases/case-views.ts';
import { factsOf } from '../cases/found-case.ts';
import type { FindCase, FoundCase } from '../cases/found-case.ts';
import { describeAttachments, describeFields } from '../cases/person-case-views.ts';
import type { ProceedCase } from '../cases/proceed-case.ts';

/** What the server filled in tells the administrator nothing. */
const accountFieldsOf = ({ pinned, programme }: FoundCase): string[] =>
  pinned.programmes.flatMap(({ id, operators }) =>
    id === programme && operators ? [operators.realName.account] : [],
  );

const maxListed = 200;
const maxNotices = 20;

export interface ReviewNamesOptions {
  operators: Pick<OperatorRows, 'list'>;
  cases: Pick<CaseRows, 'withParty'>;
  finding: FindCase;
  proceeding: ProceedCase;
  notices: Pick<PersonNoticeRows, 'list'>;
  blobs: Pick<BlobStore, 'read'>;
  clock: Pick<Clock, 'now'>;
}

/** 用户审核: what the administrator of a company does with its operators' applications. Of another company's there are none. */
export function createReviewNames(options: ReviewNamesOptions) {
  const { operators, cases, finding, proceeding, notices, blobs, clock } = options;

  const ownOperators = async (actor: Actor): Promise<ReadonlyMap<string, Operator>> =>
    new Map((await operators.list(filterFor(actor, 'operator.read'))).map((one) => [one.id, one]));

  function summaryOf(found: FoundCase, known: ReadonlyMap<string, Operator>): ApplicationSummary | undefined {
    const { case: current, workflow } = found;
    const operator = known.get(current.about.id);
    if (!operator) return undefined;
    const { text, at, opinion } = tellApplicant(current, workflow);
    const isWaiting = waitingStep(current, workflow) !== undefined;
    return {
      ...{ id: current.id, name: operator.name, mobile: maskMobile(operator.mobile) },
      ...{ operatorState: operator.state, stateText: text, isWaiting, handedInAt: current.openedAt },
      ...(isWaiting ? {} : { decidedAt: at }),
      ...(opinion === undefined ? {} : { opinion }),
    };
  }

  /** Throws NOT_FOUND, also for one of another company. */
  async function find(actor: Actor, id: string): Promise<FoundCase> {
    const stored = await finding.withOwner(id);
    if (!stored) {
      demandAtAll(actor, 'name-application.review');
      throw new AppError('NOT_FOUND', { application: id });
    }
    demand(actor, 'name-application.review', factsOf(stored.case, stored.owner), { application: id });
    return finding.pin(stored);
  }

  async function detailOf(actor: Actor, found: FoundCase): Promise<ApplicationDetail> {
    const summary = summaryOf(found, await ownOperators(actor));
    if (!summary) throw new AppError('NOT_FOUND', { application: found.case.id });
    const step = waitingStep(found.case, found.workflow);
    return {
      ...summary,
      fields: describeFields(found, accountFieldsOf(found)),
      attachments: describeAttachments(found),
      ...(step ? { step: step.id } : {}),
      decisions: step ? step.decisions.map(decisionView) : [],
    };
  }

  return {
    async list(actor: Actor): Promise<{ applications: ApplicationSummary[]; notices: Notice[] }> {
      demandAtAll(actor, 'name-application.list');
      const { organisation } = actor;
      if (!organisation) return { applications: [], notices: [] };
      const own = administratorKey(organisation);
      const known = await ownOperators(actor);
      const applications: ApplicationSummary[] = [];
      for (const stored of await cases.withParty(own, maxListed)) {
        const summary = summaryOf(await finding.pin(stored), known);
        if (summary) applications.push(summary);
      }
      const told = await notices.list([own], maxNotices);
      return { applications, notices: told.map(({ caseId: _case, ...notice }) => notice) };
    },

    detail: async (actor: Actor, id: string): Promise<ApplicationDetail> =>
      detailOf(actor, await find(actor, id)),

    /** Throws NOT_FOUND where the record has no such file. */
    async picture(
      actor: Actor,
      { id, index }: { id: string; index: number },
    ): Promise<{ bytes: Uint8Array; mime: string }> {
      const { owner } = await find(actor, id);
      const file = owner?.record.attachments?.[index];
      if (!file) throw new AppError('NOT_FOUND', { attachment: index });
      return { bytes: await blobs.read(file.sha), mime: file.mime };
    },

    /** Throws NOT_FOUND, OPINION_REQUIRED, CASE_CLOSED where it is decided already. */
    async decide(
      actor: Actor,
      id: string,
      { step, decision, opinion }: TodoDecision,
    ): Promise<ApplicationDetail> {
      const found = await find(actor, id);
      const at = clock.now();
      const party = partyOf(actor, partiesAt(found.case));
      if (!party) throw new AppError('CASE_CLOSED', { case: id });
      const decided = decide(found.case, found.workflow, {
        ...{ step, decision, opinion, at, by: actorName(actor), account: actor.account, party: party.key },
      });
      await proceeding.holdGuards(actor, found, decision);
      const next = await proceeding.proceed(actor, found, decided, { operation: 'case-decided', at });
      return detailOf(actor, next);
    },
  };
}
export type ReviewNames = ReturnType<typeof createReviewNames>;
