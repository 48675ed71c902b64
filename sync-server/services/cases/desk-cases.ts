import { decideCase } from '#domain/cases/decide-case.ts';
import type { Case } from '#domain/cases/schema.ts';
import { overruleLight } from '#domain/cases/overrule-light.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import { demand, filterFor, may } from '#domain/accounts/permissions.ts';
import { actorName } from '#domain/accounts/schema.ts';
import type { ThingOf } from '#domain/accounts/permissions.ts';
import type { Actor } from '#domain/accounts/schema.ts';
import type { CaseDetail, OverruleRequest } from '#domain/contracts/desk/cases.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { Quad } from '#domain/reading/schema.ts';
import type { LudengRecord, Material, Push } from '#domain/record/schema.ts';
import { placesOf } from '#paper/check/places.ts';
import type { BlobStore } from '../../ports/blob-store.ts';
import type { CaseQuery, CaseRows, RecordRows, StoredCase, StoredRecord } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import type { OverruleRows } from '../../ports/overrule-rows.ts';
import type { SealVerifier } from '../../ports/seal-verifier.ts';
import type { Clock, Log, MakeId } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { audiencesOfRecord } from '../submissions/audiences-of-record.ts';
import { closingChanges, stepTitleOf } from './open-push.ts';
import type { VerificationCodes } from '../credentials/verification-codes.ts';

export interface DeskCasesOptions {
  cases: CaseRows;
  overrules: OverruleRows;
  records: RecordRows;
  catalogues: CatalogueRows;
  /** The present one, for cases whose own is gone. */
  catalogue: Catalogue;
  blobs: BlobStore;
  seals: SealVerifier;
  verificationCodes: Pick<VerificationCodes, 'of'>;
  announcements: Announcements;
  /** The pixels of these places as a JPEG; undefined when they lie off the page. Throws FILE_DAMAGED. */
  cutMarks: (page: Uint8Array, places: Quad[][]) => Promise<Uint8Array | undefined>;
  clock: Clock;
  makeId: MakeId;
  log: Log;
}

/** With whom it belongs to. */
type FoundCase = StoredCase & { subject: string };

/** What a department sees and decides. A case of another department is not there at all: NOT_FOUND. */
export function createDeskCases(options: DeskCasesOptions) {
  const {
    cases,
    overrules,
    records,
    catalogues,
    catalogue,
    blobs,
    seals,
    verificationCodes,
    announcements,
    cutMarks,
    clock,
    makeId,
    log,
  } = options;

  async function findCase(actor: Actor, id: string): Promise<FoundCase> {
    const stored = await cases.find(id);
    const owner = stored && (await records.find(stored.case.recordId));
    if (!stored || !owner) throw new AppError('NOT_FOUND', { case: id });
    const found = { ...stored, subject: subjectOf(owner) };
    demand(actor, 'case.read', factsOf(found), { case: id });
    return found;
  }

  async function workflowOf(stored: StoredCase): Promise<Workflow> {
    const pinned = (await catalogues.find(stored.catalogueHash)) ?? catalogue;
    return getWorkflow(pinned, stored.case.workflow);
  }

  async function findRecord(actor: Actor, recordId: string): Promise<StoredRecord> {
    const stored = await records.find(recordId);
    const departments = (await cases.ofRecord(recordId)).map(({ department }) => department);
    if (!stored) throw new AppError('NOT_FOUND', { record: recordId });
    demand(actor, 'record.read', { departments, subject: subjectOf(stored) }, { record: recordId });
    return stored;
  }

  async function findPdf(actor: Actor, { recordId, slot }: { recordId: string; slot: string }) {
    const { record, materials } = await findRecord(actor, recordId);
    const verified = materials.find((candidate) => candidate.slot === slot);
    const material = record.materials.find((candidate) => candidate.slot === slot);
    if (!verified || !material) throw new AppError('NOT_FOUND', { slot });
    return { material, pdfSha: verified.pdfSha };
  }

  /** Taken out of the sealed PDF where the station did not send it by itself. */
  async function pictureOf(
    { material, pdfSha }: { material: Material; pdfSha: string },
    page: number,
  ): Promise<Uint8Array> {
    const sha = material.pages[page]?.sha;
    if (sha === undefined) throw new AppError('NOT_FOUND', { page });
    if (await blobs.has(sha)) return blobs.read(sha);
    const picture = await seals.picture(await blobs.read(pdfSha), sha);
    if (!picture) throw new AppError('NOT_FOUND', { page });
    return picture;
  }

  const fieldNames = (programme: string): ReadonlyMap<string, string> =>
    new Map(
      catalogue.programmes.find(({ id }) => id === programme)?.pushFields.map(({ id, name }) => [id, name]),
    );

  function withCode(record: LudengRecord): LudengRecord {
    const { digitalCertificate: issued } = record;
    if (!issued) return record;
    const verificationCode = verificationCodes.of(issued.uniqueCode);
    return { ...record, digitalCertificate: { ...issued, verificationCode } };
  }

  const detailOf = async (actor: Actor, stored: FoundCase): Promise<CaseDetail> => {
    const { record, receivedAt, materials, stationId } = await findRecord(actor, stored.case.recordId);
    const workflow = await workflowOf(stored);
    const step = stored.case.state === 'open' ? workflow.steps[stored.case.step] : undefined;
    const mayDecide =
      step !== undefined && may(actor, 'case.decide', factsOf(stored, step.permission)).allowed;
    return {
      case: stored.case,
      record: { ...withCode(record), operations: [], pushes: [] },
      stationId,
      receivedAt,
      stationLog: record.operations,
      pushes: (await cases.ofRecord(record.id))
        .filter((one) => may(actor, 'case.read', factsOf({ ...one, subject: stored.subject })).allowed)
        .map(({ case: one }) => pushOf(one, fieldNames(record.programme))),
      seals: materials.map(({ slot, report }) => ({
        slot,
        valid: report.valid,
        signerName: report.signerName,
        certificateSerial: report.certificateSerial,
        issuerName: report.issuerName,
        problems: report.problems,
      })),
      overrules: await overrules.ofCase(stored.case.id),
      decisions: mayDecide
        ? step.decisions.flatMap(({ outcome, ...one }) =>
            outcome === 'returned' ? [] : [{ ...one, outcome }],
          )
        : [],
    };
  };

  return {
    list: (actor: Actor, query: Omit<CaseQuery, 'visible'>) =>
      cases.list({
        ...query,
        visible: filterFor(actor, 'case.list'),
      }),

    detail: async (actor: Actor, id: string) => detailOf(actor, await findCase(actor, id)),

    /** Throws NOT_FOUND, FORBIDDEN, OPINION_REQUIRED, CASE_CLOSED (decided already, by whomever). */
    async decide(
      actor: Actor,
      id: string,
      request: { step: string; decision: string; opinion: string },
    ): Promise<CaseDetail> {
      const stored = await findCase(actor, id);
      const workflow = await workflowOf(stored);
      const asked = workflow.steps.find((step) => step.id === request.step);
      // a step that is not there is the engine's to refuse
      if (asked) demand(actor, 'case.decide', factsOf(stored, asked.permission));
      const at = clock.now();
      const next = decideCase(stored.case, workflow, { ...request, at, by: actorName(actor) });
      const decision = next.decisions.at(-1);
      if (!decision) throw new Error('a decision leaves a decision');
      const to = audiencesOfRecord(await findRecord(actor, stored.case.recordId), stored.stationId);
      const isFirst = await cases.decide({
        to,
        next,
        decision,
        decisionsBefore: stored.case.decisions.length,
        stepTitle: stepTitleOf(next, workflow),
        changes: closingChanges(next),
        at,
        accountId: actor.account,
      });
      if (!isFirst) throw new AppError('CASE_CLOSED', { case: id });
      log.info({ caseId: id, accountId: actor.account, state: next.state }, 'case decided');
      announcements.announce({ type: 'case-changed', caseId: id, department: stored.department });
      announcements.announceFeed(to);
      return detailOf(actor, { ...stored, case: next });
    },

    /**
     * 改判. Throws NOT_FOUND, FORBIDDEN, OPINION_REQUIRED, BAD_REQUEST (that light already), CASE_CLOSED (decided, or
     * overruled by somebody else meanwhile).
     */
    async overrule(actor: Actor, id: string, request: OverruleRequest): Promise<CaseDetail> {
      const stored = await findCase(actor, id);
      const workflow = await workflowOf(stored);
      const asked = workflow.steps.find((step) => step.id === request.step);
      demand(actor, 'case.overrule', factsOf(stored, asked?.permission));
      const found = await findRecord(actor, stored.case.recordId);
      const { record } = found;
      const audiences = audiencesOfRecord(found, stored.stationId);
      const earlier = await overrules.ofCase(id);
      const at = clock.now();
      const { step, slot, field, light: to, reason } = request;
      const overrule = overruleLight({ current: stored.case, workflow, record }, earlier, {
        ...{ id: makeId(), step, slot, field, to, reason, at },
        by: actorName(actor),
      });
      const isFirst = await overrules.add({
        caseId: id,
        to: audiences,
        overrule,
        decisionsBefore: stored.case.decisions.length,
        overrulesBefore: earlier.length,
        change: { kind: 'light-overruled', recordId: record.id, overrule },
        accountId: actor.account,
        at,
      });
      if (!isFirst) throw new AppError('CASE_CLOSED', { case: id });
      log.info({ caseId: id, accountId: actor.account, field, light: to }, 'light overruled');
      announcements.announce({ type: 'case-changed', caseId: id, department: stored.department });
      announcements.announceFeed(audiences);
      return detailOf(actor, stored);
    },

    /** What the seals of a material prove, as of now; an HTML page. */
    async sealReport(actor: Actor, place: { recordId: string; slot: string }): Promise<string> {
      const { pdfSha } = await findPdf(actor, place);
      return seals.explain(await blobs.read(pdfSha), { at: clock.now(), title: `${place.slot}.pdf` });
    },

    async pdf(actor: Actor, place: { recordId: string; slot: string }): Promise<Uint8Array> {
      return blobs.read((await findPdf(actor, place)).pdfSha);
    },

    /** `page` counts from 0. */
    async page(
      actor: Actor,
      { page, ...place }: { recordId: string; slot: string; page: number },
    ): Promise<Uint8Array> {
      return pictureOf(await findPdf(actor, place), page);
    },

    /** A field's marks on the page that its score was made of, cut here: a station could send any picture. */
    async crop(
      actor: Actor,
      { field, ...place }: { recordId: string; slot: string; field: string },
    ): Promise<Uint8Array> {
      const found = await findPdf(actor, place);
      const { marks, checked, rechecked } = found.material;
      const own = rechecked?.state === 'done' ? rechecked.checked : checked;
      const all = marks[field] ?? [];
      const page = own?.evidence[field]?.crop?.page ?? all[0]?.page;
      if (page === undefined) throw new AppError('NOT_FOUND', { field });
      const boxes = all.filter((mark) => mark.page === page).map(({ box }) => box);
      const cut = await cutMarks(await pictureOf(found, page), placesOf(boxes));
      if (!cut) throw new AppError('NOT_FOUND', { field });
      return cut;
    },

    /** Whether to tell of a case of that department. */
    maySee: (actor: Actor, department: string): boolean =>
      may(actor, 'case.read', factsOf({ department, subject: '' })).allowed,
  };
}
export type DeskCases = ReturnType<typeof createDeskCases>;

/** The push as its case stands. */
function pushOf(current: Case, names: ReadonlyMap<string, string>): Push {
  const last = current.state === 'open' ? undefined : current.decisions.at(-1);
  return {
    id: current.pushId,
    field: current.pushField,
    fieldName: names.get(current.pushField) ?? current.pushField,
    pushedAt: current.openedAt,
    state: current.state === 'open' ? 'under-review' : current.state,
    ...(last ? { decidedAt: last.at, opinion: last.opinion, decidedBy: last.by } : {}),
  };
}

/** `permission`: of the step that is asked about. */
const factsOf = (
  { department, subject }: Pick<FoundCase, 'department' | 'subject'>,
  permission = '',
): ThingOf<'case.decide'> => ({ department, permission, subject });

const subjectOf = ({ record }: StoredRecord): string => `credit-code:${record.subject.creditCode}`;
