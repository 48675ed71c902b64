/** Port: lights that reviewers set against the check. Only ever added to. */
import type { LightOverrule } from '#domain/record/schema.ts';
import type { Audience } from '#domain/sync/audience.ts';
import type { Change } from '#domain/sync/change.ts';

export interface OverruleRows {
  /** Oldest first. */
  ofCase(caseId: string): Promise<LightOverrule[]>;
  /**
   * One transaction: the row, the change for whoever may see the record and the operation. False, and nothing is written, when the
   * case is closed or somebody decided or overruled since (`decisionsBefore`, `overrulesBefore`).
   */
  add(input: {
    caseId: string;
    to: readonly Audience[];
    overrule: LightOverrule;
    decisionsBefore: number;
    overrulesBefore: number;
    change: Change;
    accountId: string;
    at: string;
  }): Promise<boolean>;
}
