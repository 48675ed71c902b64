import { deviceName } from '#domain/accounts/device-name.ts';
import { knownPerson } from '#domain/accounts/conditions.ts';
import { demand, demandAtAll } from '#domain/accounts/permissions.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import { withProof } from '#domain/accounts/assurance.ts';
import type { Proof } from '#domain/accounts/assurance.ts';
import { decide, waitingStep } from '#domain/cases/engine.ts';
import type { CaseParty } from '#domain/cases/schema.ts';
import { getGuard } from '#domain/catalogue/lookup.ts';
import type { Decision } from '#domain/catalogue/workflow.ts';
import type { FaceWanted, Todo, TodoDecision, TodoDetail } from '#domain/contracts/mobile/todos.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { CaseRows, RecordRows } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { PersonRows, RecordOrigins } from '../../ports/person-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import type { Consents } from '../persons/consents.ts';
import type { FaceChecks } from '../persons/face-checks.ts';
import type { CaseOpening } from './case-opening.ts';
import { createFindCase, factsOf } from './found-case.ts';
import type { FoundCase } from './found-case.ts';
import { describeAttachments, describeFields, todoOf } from './person-case-views.ts';
import { createProceedCase } from './proceed-case.ts';

export interface PersonCasesOptions {
  cases: Pick<CaseRows, 'find' | 'withParty' | 'proceed'>;
  records: Pick<RecordRows, 'find'>;
  catalogues: Pick<CatalogueRows, 'find'>;
  opening: Pick<CaseOpening, 'judge'>;
  announcements: Announcements;
  persons: Pick<PersonRows, 'find'>;
  consents: Pick<Consents, 'demand' | 'general'>;
  faces: Pick<FaceChecks, 'begin'>;
  origins: RecordOrigins;
  blobs: Pick<BlobStore, 'read'>;
  clock: Clock;
  log: Log;
}

const maxListed = 200;

/** 待办事项: the cases that name a person, seen and decided by that person alone. Each other one hears TODO_UNKNOWN. */
export function createPersonCases(options: PersonCasesOptions) {
  const { cases, catalogues, persons, consents, faces, origins, blobs, clock } = options;
  const finding = createFindCase(options);
  const going = createProceedCase(options);

  async function find(actor: Actor, action: 'todo.read' | 'todo.decide', id: string): Promise<FoundCase> {
    const stored = await finding.withOwner(id);
    if (!stored) {
      demandAtAll(actor, action);
      throw new AppError('TODO_UNKNOWN', { todo: id });
    }
    demand(actor, action, factsOf(stored.case, stored.owner), { todo: id });
    return finding.pin(stored);
  }

  const ownKey = (actor: Actor): string => `id-number:${knownPerson(actor) ?? ''}`;

  /** The face counts for a decision where one of its guards asks for the person named. */
  const needsFace = ({ pinned }: FoundCase, { guards = [] }: Decision): boolean =>
    guards.some((id) => getGuard(pinned, id).rule === 'is-named-person');

  /** The person's party at the step. Throws TODO_DONE where the person has decided it, CASE_CLOSED where another one waits. */
  function ownParty(actor: Actor, { case: current }: FoundCase, step: string): CaseParty {
    const key = ownKey(actor);
    const party = current.parties.find((one) => one.key === key && one.step === step);
    if (!party) throw new AppError('TODO_UNKNOWN', { todo: current.id });
    if (current.state === 'open' && current.step === step) return party;
    const own = current.decisions.findLast((one) => one.party === key && one.step === step);
    throw new AppError(own ? 'TODO_DONE' : 'CASE_CLOSED', { todo: current.id });
  }

  /** Throws what `ownParty` throws, NOT_FOUND for an unknown decision, OPINION_REQUIRED, GUARD_REFUSED, CASE_CLOSED. */
  async function decideNow(
    actor: Actor,
    found: FoundCase,
    { step, decision, opinion }: TodoDecision,
  ): Promise<FoundCase> {
    const at = clock.now();
    const party = ownParty(actor, found, step);
    const decided = decide(found.case, found.workflow, {
      ...{ step, decision, opinion, at, by: actorName(actor), account: actor.account, party: party.key },
    });
    await going.holdGuards(actor, found, decision);
    return going.proceed(actor, found, decided, { operation: 'case-decided', at });
  }

  const decisionIn = (found: FoundCase, wanted: Pick<TodoDecision, 'decision'>): Decision => {
    const decision = waitingStep(found.case, found.workflow)?.decisions.find(
      ({ id }) => id === wanted.decision,
    );
    if (!decision) throw new AppError('NOT_FOUND', { decision: wanted.decision });
    return decision;
  };

  async function detailOf(actor: Actor, found: FoundCase): Promise<TodoDetail> {
    const { case: current, workflow, owner, programme } = found;
    const todo = todoOf({ ...found, title: workflow.title, own: ownKey(actor) });
    const step = waitingStep(current, workflow);
    const origin = owner ? await origins.of(owner.id) : undefined;
    return {
      ...todo,
      programme,
      submitted: {
        by: owner?.record.subject.name ?? found.subjectName,
        at: owner?.record.submittedAt ?? current.openedAt,
        place: origin?.place ?? '',
        device: origin?.device ? deviceName(origin.device) : '',
        isStation: origin?.isStation ?? false,
      },
      fields: describeFields(found),
      attachments: describeAttachments(found),
      ...(todo.isWaiting && step ? { step: step.id } : {}),
      decisions:
        todo.isWaiting && step
          ? step.decisions.map((one) => ({
              ...{ id: one.id, label: one.label, opinion: one.opinion, outcome: one.outcome },
              needsFace: needsFace(found, one),
            }))
          : [],
      history: current.decisions.map((one) => ({
        stepTitle: workflow.steps.find(({ id }) => id === one.step)?.title ?? '',
        ...{ label: one.label, outcome: one.outcome, opinion: one.opinion, at: one.at },
      })),
    };
  }

  return {
    /** Newest first. Nobody without a real name has any. */
    async list(actor: Actor, state: 'waiting' | 'done'): Promise<Todo[]> {
      demandAtAll(actor, 'todo.list');
      if (knownPerson(actor) === undefined) return [];
      const own = ownKey(actor);
      const found = await cases.withParty(own, maxListed);
      const listed: Todo[] = [];
      for (const one of found) {
        const pinned = await catalogues.find(one.catalogueHash);
        const title = pinned?.workflows.find(({ id }) => id === one.case.workflow)?.title;
        const todo = todoOf({ ...one, title: title ?? one.kindTitle, own });
        const isDone = one.case.decisions.some(({ party }) => party === own);
        if (state === 'waiting' ? todo.isWaiting : isDone && !todo.isWaiting) listed.push(todo);
      }
      return listed;
    },

    detail: async (actor: Actor, id: string): Promise<TodoDetail> =>
      detailOf(actor, await find(actor, 'todo.read', id)),

    /** Throws NOT_FOUND where the record has no such file. */
    async attachment(
      actor: Actor,
      { id, index }: { id: string; index: number },
    ): Promise<{ bytes: Uint8Array; mime: string }> {
      const { owner } = await find(actor, 'todo.read', id);
      const file = owner?.record.attachments?.[index];
      if (!file) throw new AppError('NOT_FOUND', { attachment: index });
      return { bytes: await blobs.read(file.sha), mime: file.mime };
    },

    /** Of a decision that asks for no face; ASSURANCE_TOO_LOW for one that does. Throws what `decideNow` throws. */
    async decide(actor: Actor, id: string, wanted: TodoDecision): Promise<TodoDetail> {
      const found = await find(actor, 'todo.decide', id);
      ownParty(actor, found, wanted.step);
      await consents.demand(actor, found.programme, consents.general);
      if (needsFace(found, decisionIn(found, wanted))) throw new AppError('ASSURANCE_TOO_LOW', { todo: id });
      return detailOf(actor, await decideNow(actor, found, wanted));
    },

    /** For one decision of one case alone. Throws what `ownParty` throws, the consents that are missing, SERVICE_UNREACHABLE. */
    async beginFace(
      actor: Actor,
      wanted: Extract<FaceWanted, { purpose: 'decision' }>,
      returnUrlOf: (id: string) => string,
    ): Promise<{ id: string; url: string }> {
      const found = await find(actor, 'todo.decide', wanted.todo);
      ownParty(actor, found, wanted.step);
      const { id: decision, label } = decisionIn(found, wanted);
      await consents.demand(actor, found.programme, [...consents.general, 'face']);
      const person = await persons.find(actor.account);
      if (person?.idNumber === undefined) throw new AppError('REAL_NAME_MISSING');
      return faces.begin({
        account: actor.account,
        person: { name: person.name, idNumber: person.idNumber },
        purpose: `${label}“${found.workflow.title}”：${found.subjectName}`,
        about: `case:${found.case.id}:${wanted.step}:${decision}`,
        ...{ wanted, returnUrlOf },
      });
    },

    /** The face has passed: the decision is taken with it. Throws what `decideNow` throws. */
    async decideWithFace(
      actor: Actor,
      wanted: Extract<FaceWanted, { purpose: 'decision' }>,
      proof: Proof,
    ): Promise<void> {
      const found = await find(actor, 'todo.decide', wanted.todo);
      await decideNow({ ...actor, assurance: withProof(actor.assurance, proof) }, found, wanted);
    },
  };
}
export type PersonCases = ReturnType<typeof createPersonCases>;
