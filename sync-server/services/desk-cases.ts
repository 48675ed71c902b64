import { decideCase } from '#domain/cases/decide-case.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue, Workflow } from '#domain/catalogue/schema.ts';
import type { AccountView, CaseDetail } from '#domain/contracts/console-server.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { CaseQuery, CaseRows, RecordRows, StoredCase, StoredRecord } from '../ports/case-rows.ts';
import type { CatalogueRows } from '../ports/catalogue-rows.ts';
import type { SealVerifier } from '../ports/seal-verifier.ts';
import type { Clock, Log } from '../ports/surroundings.ts';
import type { Announcements } from './announcements.ts';
import { closingChanges, stepTitleOf } from './open-push.ts';

/** A permission: sees the cases of every department. */
export const allDepartments = 'all-departments';

export interface DeskCasesOptions {
  cases: CaseRows;
  records: RecordRows;
  catalogues: CatalogueRows;
  /** The present one, for cases whose own is gone. */
  catalogue: Catalogue;
  blobs: BlobStore;
  seals: SealVerifier;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}

/** What a department sees and decides. A case of another department is not there at all: NOT_FOUND. */
export function createDeskCases(options: DeskCasesOptions) {
  const { cases, records, catalogues, catalogue, blobs, seals, announcements, clock, log } = options;

  async function findCase(account: AccountView, id: string): Promise<StoredCase> {
    const stored = await cases.find(id);
    if (!stored || !maySee(account, stored.department)) throw new AppError('NOT_FOUND', { case: id });
    return stored;
  }

  async function workflowOf(stored: StoredCase): Promise<Workflow> {
    const pinned = (await catalogues.find(stored.catalogueHash)) ?? catalogue;
    return getWorkflow(pinned, stored.case.workflow);
  }

  async function findRecord(account: AccountView, recordId: string): Promise<StoredRecord> {
    const visible = (await cases.ofRecord(recordId)).some(({ department }) => maySee(account, department));
    const stored = visible ? await records.find(recordId) : undefined;
    if (!stored) throw new AppError('NOT_FOUND', { record: recordId });
    return stored;
  }

  async function findPdf(account: AccountView, { recordId, slot }: { recordId: string; slot: string }) {
    const { record, materials } = await findRecord(account, recordId);
    const verified = materials.find((candidate) => candidate.slot === slot);
    const material = record.materials.find((candidate) => candidate.slot === slot);
    if (!verified || !material) throw new AppError('NOT_FOUND', { slot });
    return { material, pdfSha: verified.pdfSha };
  }

  const detailOf = async (account: AccountView, stored: StoredCase): Promise<CaseDetail> => {
    const { record, receivedAt, materials, stationId } = await findRecord(account, stored.case.recordId);
    const workflow = await workflowOf(stored);
    const step = stored.case.state === 'open' ? workflow.steps[stored.case.step] : undefined;
    const mayDecide = step !== undefined && account.permissions.includes(step.permission);
    return {
      case: stored.case,
      record,
      stationId,
      receivedAt,
      seals: materials.map(({ slot, report }) => ({
        slot,
        valid: report.valid,
        signerName: report.signerName,
        certificateSerial: report.certificateSerial,
        issuerName: report.issuerName,
        problems: report.problems,
      })),
      decisions: mayDecide ? step.decisions : [],
    };
  };

  return {
    list: (account: AccountView, query: Omit<CaseQuery, 'department'>) =>
      cases.list({
        ...query,
        department: account.permissions.includes(allDepartments) ? undefined : account.department,
      }),

    detail: async (account: AccountView, id: string) => detailOf(account, await findCase(account, id)),

    /** Throws NOT_FOUND, FORBIDDEN, OPINION_REQUIRED, CASE_CLOSED (decided already, by whomever). */
    async decide(
      account: AccountView,
      id: string,
      request: { step: string; decision: string; opinion: string },
    ): Promise<CaseDetail> {
      const stored = await findCase(account, id);
      const workflow = await workflowOf(stored);
      const asked = workflow.steps.find((step) => step.id === request.step);
      if (asked && !account.permissions.includes(asked.permission)) throw new AppError('FORBIDDEN');
      const at = clock.now();
      const next = decideCase(stored.case, workflow, { ...request, at, by: account.name });
      const decision = next.decisions.at(-1);
      if (!decision) throw new Error('a decision leaves a decision');
      const isFirst = await cases.decide({
        stationId: stored.stationId,
        next,
        decision,
        decisionsBefore: stored.case.decisions.length,
        stepTitle: stepTitleOf(next, workflow),
        changes: closingChanges(next),
        at,
        accountId: account.id,
      });
      if (!isFirst) throw new AppError('CASE_CLOSED', { case: id });
      log.info({ caseId: id, accountId: account.id, state: next.state }, 'case decided');
      announcements.announce({ type: 'case-changed', caseId: id, department: stored.department });
      announcements.announce({ type: 'feed', stationId: stored.stationId });
      return detailOf(account, { ...stored, case: next });
    },

    async pdf(account: AccountView, place: { recordId: string; slot: string }): Promise<Uint8Array> {
      return blobs.read((await findPdf(account, place)).pdfSha);
    },

    /** `page` counts from 0. Taken out of the sealed PDF where the station did not send it by itself. */
    async page(
      account: AccountView,
      { page, ...place }: { recordId: string; slot: string; page: number },
    ): Promise<Uint8Array> {
      const { material, pdfSha } = await findPdf(account, place);
      const sha = material.pages[page]?.sha;
      if (sha === undefined) throw new AppError('NOT_FOUND', { page });
      if (await blobs.has(sha)) return blobs.read(sha);
      const picture = await seals.picture(await blobs.read(pdfSha), sha);
      if (!picture) throw new AppError('NOT_FOUND', { page });
      return picture;
    },

    maySee,
  };
}
export type DeskCases = ReturnType<typeof createDeskCases>;

function maySee(account: AccountView, department: string): boolean {
  return account.permissions.includes(allDepartments) || account.department === department;
}
