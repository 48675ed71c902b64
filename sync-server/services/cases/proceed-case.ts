import type { Actor } from '#domain/accounts/schema.ts';
import { deedsOf } from '#domain/cases/effects.ts';
import type { CaseStep } from '#domain/cases/engine.ts';
import { waitingStep } from '#domain/cases/engine.ts';
import { textOf } from '#domain/cases/guards.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { CaseOperation, CaseRows } from '../../ports/case-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../../ports/audiences-of-record.ts';
import { announceCase } from './announce-case.ts';
import { stepTitleOf } from './case-opening.ts';
import type { CaseOpening } from './case-opening.ts';
import type { FoundCase } from './found-case.ts';
import { tellChanges } from './open-push.ts';

export interface ProceedCaseOptions {
  cases: Pick<CaseRows, 'proceed' | 'find'>;
  opening: Pick<CaseOpening, 'judge'>;
  announcements: Announcements;
  /** A decision may have made work of its own: a further case. */
  onDecided?: () => void;
  clock: Clock;
  log: Log;
}

/** How a case goes on by whoever acts, at the desk or on the phone: its guards are asked here, and one transaction writes all of it. */
export function createProceedCase({
  cases,
  opening,
  announcements,
  onDecided,
  clock,
  log,
}: ProceedCaseOptions) {
  return {
    /**
     * Throws GUARD_REFUSED with the words of whatever does not hold; CASE_CLOSED where it no longer holds because somebody else
     * has just decided.
     */
    async holdGuards(
      actor: Actor,
      { case: current, workflow, pinned, owner, revision }: FoundCase,
      decision: string,
    ): Promise<void> {
      const guards =
        waitingStep(current, workflow)?.decisions.find(({ id }) => id === decision)?.guards ?? [];
      if (guards.length === 0 || !owner) return;
      const question = { record: owner.record, catalogue: pinned, actor, at: clock.now() };
      const answer = await opening.judge(guards, question);
      if (answer.verdict === 'allowed') return;
      const now = await cases.find(current.id);
      if (now?.revision !== revision) throw new AppError('CASE_CLOSED', { case: current.id });
      throw new AppError('GUARD_REFUSED', { text: textOf(answer.answers) });
    },

    /** Writes the step and tells whoever shows it. Throws CASE_CLOSED where somebody else was first. */
    async proceed(
      actor: Actor,
      found: FoundCase,
      { next, effects }: CaseStep,
      { operation, at }: { operation: CaseOperation; at: string },
    ): Promise<FoundCase> {
      const { workflow, owner, pinned: _pinned, ...before } = found;
      const to = owner ? audiencesOfRecord(owner, before.stationId) : [];
      const deeds = owner ? deedsOf(effects, { current: next, record: owner.record }) : [];
      const isFirst = await cases.proceed({
        before,
        next,
        to,
        stepTitle: stepTitleOf(next, workflow),
        deeds,
        changes: isForApplicant(operation) ? tellChanges(next, workflow) : [],
        at,
        actor: actor.account,
        operation,
      });
      if (!isFirst) throw new AppError('CASE_CLOSED', { case: next.id });
      log.info({ caseId: next.id, accountId: actor.account, state: next.state }, operation);
      announceCase(announcements, 'case-changed', { current: next, deeds, subject: owner?.record.subject });
      announcements.announceFeed(to);
      if (deeds.some(({ deed }) => deed === 'open-case')) onDecided?.();
      return { ...found, case: next, revision: before.revision + 1 };
    },
  };
}
/** Who looks after it is the body's own affair. */
const isForApplicant = (operation: CaseOperation): boolean =>
  operation !== 'case-claimed' && operation !== 'case-released';

export type ProceedCase = ReturnType<typeof createProceedCase>;
