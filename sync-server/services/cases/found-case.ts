import type { ThingOf } from '#domain/accounts/permissions.ts';
import { systemPermission } from '#domain/accounts/systems.ts';
import { departmentsOf } from '#domain/cases/assignees.ts';
import type { Case } from '#domain/cases/schema.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import type { Workflow } from '#domain/catalogue/workflow.ts';
import { AppError } from '#domain/errors/app-error.ts';
import { subjectIdOf } from '#domain/record/subject-id.ts';
import type { CaseRows, RecordRows, StoredCase, StoredRecord } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';

/** With the record that opened it, and what it runs by. */
export type FoundCase = StoredCase & { owner?: StoredRecord; workflow: Workflow; pinned: Catalogue };

export interface FindCaseOptions {
  cases: Pick<CaseRows, 'find'>;
  records: Pick<RecordRows, 'find'>;
  catalogues: Pick<CatalogueRows, 'find'>;
}

/** Nobody is asked who may see it: whoever calls does so. */
export function createFindCase({ cases, records, catalogues }: FindCaseOptions) {
  return {
    async withOwner(id: string): Promise<(StoredCase & { owner?: StoredRecord }) | undefined> {
      const stored = await cases.find(id);
      const recordId = stored?.case.recordId;
      const owner = recordId === undefined ? undefined : await records.find(recordId);
      return stored && { ...stored, ...(owner ? { owner } : {}) };
    },

    /** By the definition that it began with, never today's. Throws CATALOGUE_UNKNOWN. */
    async pin(stored: StoredCase & { owner?: StoredRecord }): Promise<FoundCase> {
      const pinned = await catalogues.find(stored.catalogueHash);
      if (!pinned) throw new AppError('CATALOGUE_UNKNOWN', { case: stored.case.id });
      return { ...stored, pinned, workflow: getWorkflow(pinned, stored.case.workflow) };
    },
  };
}
export type FindCase = ReturnType<typeof createFindCase>;

/** `permission`: of the step that is asked about. */
export const factsOf = (
  { parties }: Pick<Case, 'parties'>,
  owner: StoredRecord | undefined,
  permission = '',
): ThingOf<'case.decide'> => ({
  department: departmentsOf({ parties }),
  person: parties.flatMap(({ person }) => person?.value ?? []),
  administered: parties.flatMap(({ administered: one }) => (one ? [`${one.scheme}:${one.value}`] : [])),
  permission,
  subject: owner ? subjectOf(owner) : '',
  system: owner ? systemOf(owner) : '',
});

export const subjectOf = ({ record }: StoredRecord): string => subjectIdOf(record.subject);
export const systemOf = ({ record }: StoredRecord): string => systemPermission(record.programme);
