import { findParties } from '#domain/cases/assignees.ts';
import { deedsOf } from '#domain/cases/effects.ts';
import type { Deed } from '#domain/cases/effects.ts';
import { automaticDecision, decide, openCase, waitingStep } from '#domain/cases/engine.ts';
import { judgeGuards } from '#domain/cases/guards.ts';
import { momentOf } from '#domain/cases/guard-facts.ts';
import type { GuardVerdict } from '#domain/cases/guards.ts';
import type { GuardFacts } from '#domain/cases/guard-facts.ts';
import type { Case } from '#domain/cases/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { Effect } from '#domain/catalogue/effect.ts';
import { getGuard } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import type { LudengRecord } from '#domain/record/schema.ts';
import type { Complaint } from '#domain/record/standing.ts';
import type { RegisterRows } from '../../ports/register-rows.ts';
import { machineCheck } from '../texts.ts';
import type { AskQualifications } from './ask-qualifications.ts';

export interface CaseOpeningOptions {
  registers: Pick<RegisterRows, 'about'>;
  /** What lies with another register is fetched before the guards are asked. Without it they answer from what is known. */
  askQualifications?: AskQualifications;
}
export interface Opening {
  id: string;
  /** With the light that counts now. */
  record: LudengRecord;
  workflow: Workflow;
  /** The one that the case stays with. */
  catalogue: Catalogue;
  push?: { id: string; field: string; department: string };
  /** `department`: of the push field. */
  complaint?: { about: Complaint; department: string };
  /** False: what the server's own look does not bear out waits for a person, whatever the light. */
  mayGoOnByMachine: boolean;
  at: string;
}

const machine: Actor = {
  ...{ kind: 'server', account: '', name: machineCheck.by, roles: [], permissions: [], department: '' },
  ...{ assurance: [], mustChangePassword: false },
};

/** Opens a case and takes it as far as its automatic steps go. Nothing is written. */
export function createCaseOpening({ registers, askQualifications }: CaseOpeningOptions) {
  async function factsOf(record: LudengRecord, at: string, actor: Actor): Promise<GuardFacts> {
    const ids = [...new Set(Object.values(record.form).map((value) => value.trim()))].filter(
      (value) => value !== '' && value.length <= 64,
    );
    return {
      actor,
      record,
      registers: await registers.about(ids, at),
      ...momentOf(at),
    };
  }

  return {
    /** What the guards say here, where the registers are whole and fresh. */
    async judge(
      ids: readonly string[],
      {
        record,
        catalogue,
        actor,
        at,
      }: { record: LudengRecord; catalogue: Catalogue; actor: Actor; at: string },
    ): Promise<GuardVerdict> {
      if (ids.length === 0) return { verdict: 'allowed' };
      const guards = ids.map((id) => getGuard(catalogue, id));
      await askQualifications?.(guards, { record, catalogue, at });
      return judgeGuards(guards, await factsOf(record, at, actor));
    },

    /** Throws NO_ONE_DECIDES where a step finds nobody. */
    async open({ id, record, workflow, catalogue, push, complaint, mayGoOnByMachine, at }: Opening): Promise<{
      current: Case;
      deeds: Deed[];
    }> {
      const facts = await factsOf(record, at, machine);
      const department = push?.department ?? complaint?.department;
      const parties = findParties(workflow, {
        record,
        registers: facts.registers,
        ...(department === undefined ? {} : { receivingDepartment: department }),
      });
      const about = workflow.about ?? 'record';
      const aboutId =
        workflow.aboutField === undefined ? record.id : (record.form[workflow.aboutField] ?? '');
      const opened = openCase({
        id,
        about: { kind: about, id: aboutId },
        recordId: record.id,
        ...(push ? { pushId: push.id, pushField: push.field } : {}),
        ...(complaint ? { pushField: complaint.about.field, complaint: complaint.about } : {}),
        workflow,
        parties,
        at,
      });
      const doGuardsHold = (guards: readonly string[]): boolean =>
        judgeGuards(
          guards.map((guard) => getGuard(catalogue, guard)),
          facts,
        ).verdict === 'allowed';
      let current = opened.next;
      const effects: Effect[] = [...opened.effects];
      for (;;) {
        const light = record.light;
        const answer = mayGoOnByMachine
          ? automaticDecision(current, workflow, { light, doGuardsHold })
          : undefined;
        if (!answer) break;
        const { by, opinion } = machineCheck;
        const decided = decide(current, workflow, { ...answer, opinion, at, by, automatic: true });
        current = decided.next;
        effects.push(...decided.effects);
      }
      return { current, deeds: deedsOf(effects, { current, record }) };
    },
  };
}
export type CaseOpening = ReturnType<typeof createCaseOpening>;

/** Title of the step that waits; of the last one when none does. */
export function stepTitleOf(current: Case, workflow: Workflow): string {
  return (waitingStep(current, workflow) ?? workflow.steps.at(-1))?.title ?? '';
}
