import type { ActionId } from '#domain/sync/action.ts';
import type { JobKind } from '../../ports/job-rows.ts';

/** Which work an action makes; named as when each action was an item of its own, in the queue and in what is counted. */
export const jobOfAction = {
  submit: 'submission',
  push: 'push',
  withdraw: 'withdrawal',
  release: 'release',
} as const satisfies Record<ActionId, JobKind>;
