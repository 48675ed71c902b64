import { getProgramme, getRecordKind } from '#domain/catalogue/lookup.ts';
import type { Catalogue } from '#domain/catalogue/schema.ts';
import { partsOf } from '#domain/record/file-parts.ts';
import { isOfReleased } from '#domain/record/releasing.ts';
import type { RecordRows } from '../../ports/case-rows.ts';
import type { ItemRows } from '../../ports/item-rows.ts';
import type { Job } from '../../ports/job-rows.ts';
import type { SubscriptionRows } from '../../ports/subscription-rows.ts';
import type { Clock, Log } from '../../ports/surroundings.ts';
import type { Announcements } from '../announcements.ts';
import { mayActFrom } from '../cases/may-act-from.ts';
import type { JobOutcome } from '../run-jobs.ts';
import { readPayload } from './read-payload.ts';

export interface ReleaseFileOptions {
  items: Pick<ItemRows, 'find'>;
  records: Pick<RecordRows, 'find' | 'release'>;
  subscriptions: Pick<SubscriptionRows, 'wasProved'>;
  catalogue: Catalogue;
  announcements: Announcements;
  clock: Clock;
  log: Log;
}

/** 解绑 from a counter: the person and all that was entered of the person are hidden from the subject from then on. */
export function createReleaseFile(options: ReleaseFileOptions) {
  const { items, records, subscriptions, catalogue, announcements, clock, log } = options;

  return async function releaseFile(job: Job): Promise<JobOutcome> {
    const item = await items.find(job.refId);
    if (!item) return { type: 'park', reason: 'item missing' };
    const asked = readPayload(item, 'release');
    const stored = await records.find(asked.recordId);
    // its submission may be behind it in another queue
    if (!stored) return { type: 'wait', waitsFor: asked.recordId };
    if (!(await mayActFrom(item, stored, subscriptions)))
      return { type: 'park', reason: 'a record of another station' };
    const { record: file } = stored;
    const programme = getProgramme(catalogue, file.programme);
    const kind = getRecordKind(catalogue, file.programme, file.kind);
    const parts = partsOf(programme, kind);
    if (!kind.file?.release) return { type: 'park', reason: 'nothing to be released' };
    const told = await records.release({
      ...{ jobId: job.id, stationId: item.stationId, file },
      kinds: parts.map(({ id }) => id),
      isOfFile: (record) => {
        const own = [kind, ...parts].find(({ id }) => id === record.kind);
        return own !== undefined && parts.some((part) => isOfReleased(own, record, file, part));
      },
      at: clock.now(),
      by: asked.requestedBy,
      action: kind.file.release.label,
    });
    announcements.announceFeed(told);
    log.info({ recordId: file.id }, 'file released');
    return { type: 'done' };
  };
}
