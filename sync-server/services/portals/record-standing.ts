import { tellApplicant } from '#domain/cases/tell-applicant.ts';
import { getWorkflow } from '#domain/catalogue/lookup.ts';
import type { CaseDecision } from '#domain/cases/schema.ts';
import type { RecordKind } from '#domain/catalogue/schema.ts';
import type { RecordLogEntry } from '#domain/contracts/portal/records.ts';
import { AppError } from '#domain/errors/app-error.ts';
import type { RecordCase } from '#domain/record/standing.ts';
import type { CaseRows, StoredCase } from '../../ports/case-rows.ts';
import type { CatalogueRows } from '../../ports/catalogue-rows.ts';
import { portalLog } from '../texts.ts';
import type { RecordVersion } from './record-deeds.ts';

/** What departments say of a record that was handed in at a portal: how each case stands, and what was done in it. */
export function createRecordStanding({
  cases,
  catalogues,
}: {
  cases: Pick<CaseRows, 'ofRecord'>;
  catalogues: Pick<CatalogueRows, 'find'>;
}) {
  async function told({ case: current, catalogueHash }: StoredCase): Promise<RecordCase> {
    const pinned = await catalogues.find(catalogueHash);
    if (!pinned) throw new AppError('CATALOGUE_UNKNOWN', { case: current.id });
    return tellApplicant(current, getWorkflow(pinned, current.workflow));
  }

  return {
    /** Oldest first. */
    async casesOf(id: string): Promise<RecordCase[]> {
      return Promise.all((await cases.ofRecord(id)).map(told));
    },

    /** Oldest first: handed in, as often as it was, and whatever was decided. `versions`: of the record, and of those before it. */
    async logOf(versions: readonly RecordVersion[], kind: RecordKind): Promise<RecordLogEntry[]> {
      const action = kind.actions?.submit?.label ?? portalLog.submitted;
      const id = versions[0]?.record.id ?? '';
      const handedIn = versions
        .filter(({ record }) => record.id === id)
        .map(({ record }) => ({
          at: record.submittedAt ?? record.createdAt,
          by: record.handedIn?.by ?? record.operations.at(-1)?.by ?? record.subject.name,
          ...{ action, opinion: '' },
        }));
      const decided = (await cases.ofRecord(id)).flatMap(({ case: one }) =>
        one.decisions
          .filter(isDecided)
          .map(({ at, by, label, opinion }) => ({ at, by, action: label, opinion })),
      );
      return [...handedIn, ...decided].toSorted((left, right) => (left.at < right.at ? -1 : 1));
    },
  };
}
/** That it was handed in again stands there already, with who did. */
const isDecided = ({ outcome }: CaseDecision): boolean => outcome !== 'handed-in';

export type RecordStanding = ReturnType<typeof createRecordStanding>;
